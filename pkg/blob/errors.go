package blob

import (
	"errors"
	"net/http"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go"

	"github.com/litentry/agentkeys/pkg/apierr"
)

// Answer is what storage itself said in an error of this package: S3's code, such
// as AccessDenied, and the HTTP status; empty and 0 where it said nothing.
func Answer(err error) (code string, status int) { return codeOf(err) }

// codeOf is the service's error code and HTTP status, as far as there are any.
func codeOf(err error) (code string, status int) {
	var (
		api  smithy.APIError
		resp *awshttp.ResponseError
	)
	if errors.As(err, &api) {
		code = api.ErrorCode()
	}
	if errors.As(err, &resp) {
		status = resp.HTTPStatusCode()
	}
	return code, status
}

// mapped turns an error of the SDK into one of the table. The SDK's text goes
// to the log only.
func mapped(err error, doing string) error {
	if err == nil || apierr.CodeOf(err) != "" {
		return err
	}
	code, status := codeOf(err)
	switch {
	case code == "NoSuchKey":
		return apierr.Wrap(apierr.NotFound, err, "nothing is stored there")
	case status == http.StatusForbidden, status == http.StatusUnauthorized,
		// S3 answers these with status 400.
		code == "ExpiredToken", code == "InvalidToken", code == "TokenRefreshRequired":
		return apierr.Wrap(apierr.StorageDenied, err, "storage refused this session while %s", doing)
	}
	return apierr.Wrap(apierr.StorageUnavailable, err, "storage gave no answer while %s", doing)
}

// Refusals are the codes of a [Session] whatever it is asked: storage's no, and that
// it gave no answer.
func Refusals() []apierr.Code { return []apierr.Code{apierr.StorageDenied, apierr.StorageUnavailable} }
