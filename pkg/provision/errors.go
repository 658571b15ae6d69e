package provision

import (
	"errors"
	"net/http"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go"

	"github.com/litentry/agentkeys/pkg/apierr"
)

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

// is reports whether the service answered with one of the codes.
func is(err error, codes ...string) bool {
	got, _ := codeOf(err)
	for _, c := range codes {
		if got == c && got != "" {
			return true
		}
	}
	return false
}

// mapped tells a refusal from no answer. The SDK's text is for the log.
func mapped(err error, doing string) error {
	if err == nil {
		return nil
	}
	code, status := codeOf(err)
	switch {
	case code == "Throttling", code == "ThrottlingException", code == "SlowDown", code == "OperationAborted",
		status == http.StatusTooManyRequests, status == http.StatusRequestTimeout:
	case status == http.StatusForbidden, status == http.StatusUnauthorized:
		return apierr.Wrap(apierr.StorageDenied, err, "the cloud refused these keys while %s (%s)", doing, code)
	case status >= 400 && status < 500:
		return apierr.Wrap(apierr.StorageDenied, err, "the cloud does not take this while %s (%s)", doing, code)
	}
	return apierr.Wrap(apierr.StorageUnavailable, err, "the cloud gave no answer while %s", doing)
}
