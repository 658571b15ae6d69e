package blob

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/sts"
)

// Attempt is one request that storage is expected to refuse. Unlike everything
// else here it names objects by text, since what no typed name can say is what
// is tried; so it is bounded by what it can do harm to: a put never replaces
// anything, and a delete is for the caller to aim at a name that nobody has.
type Attempt struct {
	Method string // GET, PUT or DELETE
	Key    string // of an object; empty for the bucket itself
	// Query is the one parameter list of the request, such as list-type=2.
	Query url.Values
	Body  []byte
	// Session signs the request; nil sends it unsigned.
	Session *sts.Credentials
}

// Verdict is what storage answered.
type Verdict struct {
	Status int
	Code   string // of the service; empty for a success
}

var attemptKey = regexp.MustCompile(`^[A-Za-z0-9/._-]*$`)

// Attempt sends the request once and says what storage answered. Only silence is
// an error (storage_unavailable); nothing that was read is returned.
func (s *Store) Attempt(ctx context.Context, a Attempt, now time.Time) (Verdict, error) {
	if !attemptKey.MatchString(a.Key) {
		return Verdict{}, errors.New("object storage: a name that an attempt cannot have")
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	r, err := s.request(ctx, a, now)
	if err != nil {
		return Verdict{}, err
	}
	resp, err := s.options.HTTPClient.Do(r)
	if err != nil {
		return Verdict{}, apierr.Wrap(apierr.StorageUnavailable, err, "storage gave no answer")
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, 2*MaxObject))
	if err != nil {
		return Verdict{}, apierr.Wrap(apierr.StorageUnavailable, err, "storage's answer broke off")
	}
	defer clear(body)
	v := Verdict{Status: resp.StatusCode}
	if resp.StatusCode >= 300 {
		var e struct{ Code string }
		if err := xml.Unmarshal(body, &e); err == nil {
			v.Code = e.Code
		}
	}
	return v, nil
}

// request builds and signs the request.
func (s *Store) request(ctx context.Context, a Attempt, now time.Time) (*http.Request, error) {
	r, err := http.NewRequestWithContext(ctx, a.Method, s.origin()+"/"+a.Key, bytes.NewReader(a.Body))
	if err != nil {
		return nil, fmt.Errorf("object storage: %w", err)
	}
	if a.Key == "" && s.options.UsePathStyle {
		r.URL.Path = strings.TrimSuffix(r.URL.Path, "/")
	}
	r.URL.RawQuery = a.Query.Encode()
	sum := sha256.Sum256(a.Body)
	hash := hex.EncodeToString(sum[:])
	r.Header.Set("X-Amz-Content-Sha256", hash)
	if a.Method == http.MethodPut && a.Key != "" {
		r.Header.Set("If-None-Match", "*")
	} else if a.Method == http.MethodPut {
		r.Header.Set("X-Amz-Checksum-Crc32", base64.StdEncoding.EncodeToString(binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE(a.Body))))
	}
	if a.Session == nil {
		return r, nil
	}
	c := a.Session
	signer := v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = true })
	return r, signer.SignHTTP(ctx, aws.Credentials{
		AccessKeyID: c.AccessKeyID, SecretAccessKey: string(c.SecretAccessKey.Reveal()), SessionToken: string(c.SessionToken.Reveal()),
	}, r, hash, "s3", s.options.Region, now)
}

// origin is where the bucket answers (S3 user guide, "Virtual hosting of
// buckets"): below the configured endpoint, or at a host of its own.
func (s *Store) origin() string {
	if s.options.BaseEndpoint != nil {
		return strings.TrimSuffix(*s.options.BaseEndpoint, "/") + "/" + s.bucket
	}
	domain := "amazonaws.com"
	if strings.HasPrefix(s.options.Region, "cn-") {
		domain += ".cn"
	}
	return "https://" + s.bucket + ".s3." + s.options.Region + "." + domain
}
