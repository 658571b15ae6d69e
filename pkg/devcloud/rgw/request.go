package rgw

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

const maxAnswer = 1 << 20

// iam calls one action of the IAM API (Query protocol, version 2010-05-08) as
// the administrator. It needs no SDK: five actions are in use, and none of
// their answers is read.
func (s *Server) iam(ctx context.Context, action string, form url.Values) error {
	form.Set("Action", action)
	form.Set("Version", "2010-05-08")
	// In a body the gateway takes "+" for itself, not for a space.
	body := strings.ReplaceAll(form.Encode(), "+", "%20")
	return s.call(ctx, s.admin, http.MethodPost, "/", []byte(body), "application/x-www-form-urlencoded")
}

// call signs and sends one request. An answer other than
// 2xx is an error with its status and body.
func (s *Server) call(ctx context.Context, as credentials, method, target string, body []byte, kind string) error {
	req, err := http.NewRequestWithContext(ctx, method, s.Endpoint+target, bytes.NewReader(body))
	if err != nil {
		return err
	}
	sum := sha256.Sum256(body)
	hash := hex.EncodeToString(sum[:])
	req.Header.Set("X-Amz-Content-Sha256", hash)
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	creds := aws.Credentials{AccessKeyID: as.id, SecretAccessKey: string(as.secret.Reveal())}
	signer := v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = true })
	if err := signer.SignHTTP(ctx, creds, req, hash, "s3", Region, s.config.Now()); err != nil {
		return err
	}
	resp, err := s.http.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return err
	}
	if resp.StatusCode/100 != 2 {
		return &refusal{resp.StatusCode, fmt.Sprintf("%.300s", answer)}
	}
	return nil
}

// refusal is an answer of the gateway to its administrator.
type refusal struct {
	status int
	body   string
}

// Error implements error.
func (r *refusal) Error() string { return fmt.Sprintf("status %d: %s", r.status, r.body) }
