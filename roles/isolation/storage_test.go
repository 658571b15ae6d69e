package isolation_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/oidc"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/sts"
)

// storage names a storage session: whose prefix, which class, what for.
type storage struct {
	of     *person
	class  service.Class
	access string
}

func (s storage) String() string {
	return fmt.Sprintf("%s's %s session (%s)", s.of.name, s.class, s.access)
}

// may is the model of IAM and buckets (SPEC section 4): reading needs read or
// write, changing needs write or provision, listing any of them, on the own prefix
// in the bucket of the own class.
func (s storage) may(owner *person, bucket service.Class, op service.Op) verdict {
	reads, writes := s.access != "provision", s.access != "read"
	right := map[service.Op]bool{service.OpFetch: reads, service.OpList: true, service.OpStore: writes, service.OpTeardown: writes}[op]
	if s.of == owner && s.class == bucket && right {
		return verdict{}
	}
	return by(apierr.LayerStorage, apierr.StorageDenied)
}

// keep stores what fetches find; what is absent and what is forbidden look the same.
func (w *world) keep() {
	w.t.Helper()
	for _, p := range w.people() {
		for _, c := range classes() {
			s, _ := w.Profile.Cloud.Storage(c.class)
			_, err := w.s3(w.Profile.Cloud.S3Endpoint, w.storage(storage{p, c.class, "write"})).PutObject(w.t.Context(), &s3.PutObjectInput{
				Bucket: &s.Bucket, Key: aws.String(prefix(p, c.class) + "kept.enc"), Body: strings.NewReader(kept(p, c.class)),
			})
			if err != nil {
				w.t.Fatal(err)
			}
		}
	}
}

// storageSessions are all that there can be for these people.
func storageSessions(people ...*person) []storage {
	var out []storage
	for _, p := range people {
		for _, c := range classes() {
			for _, a := range c.access {
				out = append(out, storage{p, c.class, a})
			}
		}
	}
	return out
}

// webIdentity is a token such as the broker mints, by K2.
func (w *world) webIdentity(s storage) string {
	w.t.Helper()
	token, _, err := w.issuer.Mint(oidc.Request{Class: s.class, Operator: s.of.operator, Actor: s.of.actor, Access: oidc.Access(s.access)})
	if err != nil {
		w.t.Fatal(err)
	}
	return token
}

// exchange takes a role with a token.
func (w *world) exchange(token string, class service.Class, access string) (sts.Credentials, error) {
	return w.own.caller.STS.Exchange(w.t.Context(), sts.ExchangeRequest{
		RoleARN: w.Profile.Cloud.SessionRoleARN(class, access), WebIdentityToken: token, SessionName: "isolation",
	})
}

// storage is the session, made once.
func (w *world) storage(s storage) sts.Credentials {
	w.t.Helper()
	return w.sessions.get(s, func() sts.Credentials {
		return must[sts.Credentials](w.t)(w.exchange(w.webIdentity(s), s.class, s.access))
	})
}

// s3 is a client of one's own, which asks what it likes.
func (w *world) s3(endpoint string, c sts.Credentials) *s3.Client {
	return w.s3By(w.own.caller.API.HTTP, endpoint, c)
}

// s3By is s3, which calls as web does.
func (w *world) s3By(web *http.Client, endpoint string, c sts.Credentials) *s3.Client {
	key, secret, token := c.AccessKeyID, string(c.SecretAccessKey.Reveal()), string(c.SessionToken.Reveal())
	return s3.New(s3.Options{
		BaseEndpoint: aws.String(endpoint), Region: w.Profile.Cloud.Region, UsePathStyle: true, RetryMaxAttempts: 1,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: key, SecretAccessKey: secret, SessionToken: token}, nil
		}),
		RequestChecksumCalculation: aws.RequestChecksumCalculationWhenRequired, ResponseChecksumValidation: aws.ResponseChecksumValidationWhenRequired,
		HTTPClient: web,
	})
}

// prefix is the folder of an actor in a class.
func prefix(p *person, c service.Class) string {
	return "bots/" + p.actor.Key() + "/" + string(c) + "/"
}

// touch does one thing to an object of somebody in the bucket of a class.
func (w *world) touch(endpoint string, creds sts.Credentials, owner *person, bucket service.Class, op service.Op) verdict {
	w.t.Helper()
	v := w.touches(w.s3(endpoint, creds), owner, bucket, op, "bytes")
	v.gave = ""
	return v
}

// touches is touch, which tells what was read or listed; a body is put.
func (w *world) touches(c *s3.Client, owner *person, bucket service.Class, op service.Op, body string) verdict {
	w.t.Helper()
	s, _ := w.Profile.Cloud.Storage(bucket)
	ctx, key := w.t.Context(), aws.String(prefix(owner, bucket)+"direct.enc")
	var gave string
	var err error
	switch op {
	case service.OpStore:
		_, err = c.PutObject(ctx, &s3.PutObjectInput{Bucket: &s.Bucket, Key: key, Body: strings.NewReader(body)})
	case service.OpFetch:
		key = aws.String(prefix(owner, bucket) + "kept.enc")
		var got *s3.GetObjectOutput
		if got, err = c.GetObject(ctx, &s3.GetObjectInput{Bucket: &s.Bucket, Key: key}); err == nil {
			gave = string(must[[]byte](w.t)(io.ReadAll(got.Body)))
		}
	case service.OpList:
		var got *s3.ListObjectsV2Output
		if got, err = c.ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: &s.Bucket, Prefix: aws.String(prefix(owner, bucket))}); err == nil {
			var names []string
			for _, o := range got.Contents {
				names = append(names, strings.TrimPrefix(aws.ToString(o.Key), prefix(owner, bucket)))
			}
			gave = strings.Join(names, " ")
		}
	default:
		_, err = c.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &s.Bucket, Key: key})
	}
	v := storageVerdict(w.t, err)
	v.gave = gave
	return v
}

// storageVerdict reads storage's own answer.
func storageVerdict(t testing.TB, err error) verdict {
	t.Helper()
	var api smithy.APIError
	switch {
	case err == nil:
		return verdict{}
	case errors.As(err, &api) && api.ErrorCode() == "AccessDenied":
		return by(apierr.LayerStorage, apierr.StorageDenied)
	}
	t.Errorf("storage: %v", err)
	return by("", "no answer of storage")
}

// storageCells are layers three and four by themselves: every session at every
// bucket, for every op, on everybody's prefix; and every token at every role.
func storageCells(w *world) []cell {
	w.keep()
	var out []cell
	for _, s := range storageSessions(w.own, w.sibling, w.stranger) {
		for _, owner := range w.people() {
			for _, bucket := range classes() {
				for _, op := range []service.Op{service.OpStore, service.OpFetch, service.OpList, service.OpTeardown} {
					want := s.may(owner, bucket.class, op)
					if want.code == "" {
						want.gave = s.gives(op)
					}
					out = append(out, cell{name: fmt.Sprintf("%s: %s of %s's in the bucket of %s", s, op, owner.name, bucket.class), want: want, call: func() verdict { return w.reaches(s, owner, bucket.class, op) }})
				}
			}
		}
	}
	return append(out, roleCells(w)...)
}

// roleCells offer every kind of token for every role.
func roleCells(w *world) []cell {
	var out []cell
	for _, c := range classes() {
		for _, a := range c.access {
			arn := w.Profile.Cloud.SessionRoleARN(c.class, a)
			take := func(token string) func() verdict {
				return func() verdict { return w.opens(token, w.own, c.class, a) }
			}
			for _, s := range storageSessions(w.own) {
				want := by(apierr.LayerStorage, apierr.StorageDenied)
				if w.Profile.Cloud.SessionRoleARN(s.class, s.access) == arn {
					want = verdict{gave: folder(w.own, c.class)}
				}
				out = append(out, cell{name: fmt.Sprintf("web identity of %s for the role of %s, %s", s, c.class, a), want: want, call: take(w.webIdentity(s))})
			}
			for _, k := range w.kinds() {
				if k.what != webIdentity && k.token != nil {
					out = append(out, cell{name: fmt.Sprintf("%s for the role of %s, %s", k.name, c.class, a), want: by(apierr.LayerStorage, apierr.StorageDenied), call: func() verdict { return take(k.token())() }})
				}
			}
		}
	}
	return out
}

// TestStorageModel: a model that allowed nothing would be easy to satisfy.
func TestStorageModel(t *testing.T) {
	a, b := &person{name: "a"}, &person{name: "b"}
	n := 0
	for _, s := range storageSessions(a) {
		for _, owner := range []*person{a, b} {
			for _, bucket := range classes() {
				for _, op := range []service.Op{service.OpStore, service.OpFetch, service.OpList, service.OpTeardown} {
					if s.may(owner, bucket.class, op) == (verdict{}) {
						n++
						if owner == b || s.class != bucket.class {
							t.Errorf("%s may %s of %s in %s", s, op, owner.name, bucket.class)
						}
					}
				}
			}
		}
	}
	if n != 2+4+3+2+4 { // read, write, provision; read, write
		t.Errorf("%d cells are allowed", n)
	}
}
