package isolation_test

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/blob/policy"
	"github.com/litentry/agentkeys/pkg/dek"
	"github.com/litentry/agentkeys/pkg/profile"
	"github.com/litentry/agentkeys/pkg/service"
)

// oneBucket is a mistake that no profile can say, nor any two of which one account was
// provisioned: both classes lie in one bucket. Its policy is neither class's, for each
// refuses the other one's sessions.
func oneBucket(c *profile.Cloud) { c.MemoryBucket = c.VaultBucket }

// shares are the guards between the classes when no bucket keeps them apart.
func shares() []guard {
	var out []guard
	for _, g := range otherClass() {
		if g.where != byBucket {
			out = append(out, g)
		}
	}
	vault, notes := classes()[0], classes()[1]
	// moved puts what an agent has in one class in the place of what it has in the
	// other, which its own two sessions may, and fetches there.
	moved := func(l *layered, from, to class) verdict {
		for _, c := range []class{from, to} {
			if v := l.send(l.about(c.usual(l.own), service.OpStore)).verdict; v.code != "" {
				return v
			}
		}
		bucket, object, place := l.bucket(from.class), from.usual(l.own).object(), to.usual(l.own).object()
		at := l.Profile.Cloud.S3Endpoint
		got, err := l.s3(at, l.storage(storage{l.own, from.class, "read"})).GetObject(l.t.Context(), &s3.GetObjectInput{Bucket: &bucket, Key: &object})
		if err != nil {
			return storageVerdict(l.t, err)
		}
		text := string(must[[]byte](l.t)(io.ReadAll(got.Body)))
		if _, err := l.s3(at, l.storage(storage{l.own, to.class, "write"})).PutObject(l.t.Context(), &s3.PutObjectInput{Bucket: &bucket, Key: &place, Body: strings.NewReader(text)}); err != nil {
			return storageVerdict(l.t, err)
		}
		return l.send(l.about(to.usual(l.own), service.OpFetch)).verdict
	}
	shown := func(l *layered, from, to class) verdict {
		a := action(to.class, service.OpFetch)
		q := l.pass(l.own, to, a, a)
		q.Wrap = l.wrapOf(l.own, from)
		return l.released(dek.PathUnwrap, q).verdict
	}
	return append(
		out,
		refuses(atWorker, apierr.EnvelopeInvalid, func(l *layered) verdict { return moved(l, vault, notes) }),
		refuses(atWorker, apierr.EnvelopeInvalid, func(l *layered) verdict { return moved(l, notes, vault) }),
		refuses(atSigner, apierr.EnvelopeInvalid, func(l *layered) verdict { return shown(l, vault, notes) }),
		refuses(atSigner, apierr.EnvelopeInvalid, func(l *layered) verdict { return shown(l, notes, vault) }),
	)
}

// astray are the guards of a bucket against the worker of another class.
func astray() []guard {
	everything := func(l *layered) (v verdict) {
		notes := classes()[1]
		for _, op := range []service.Op{service.OpStore, service.OpFetch, service.OpList, service.OpTeardown} {
			c := l.about(notes.usual(l.own), op)
			if op == service.OpList {
				a := action(notes.class, op)
				c = l.use(l.own, a, storage{l.own, notes.class, accessFor(a)})
			}
			if v = l.send(c).verdict; v.code != apierr.StorageDenied {
				return v
			}
		}
		return v
	}
	return []guard{refuses(byRole, apierr.StorageDenied, everything), refuses(byBucket, apierr.StorageDenied, everything)}
}

// TestOneBucketForBothClasses: the mistake is refused before anything is made or
// served; and if it were not, everybody would still have its own in each class.
func TestOneBucketForBothClasses(t *testing.T) {
	l := newLayered(t, oneBucket)
	l.seed()
	l.unchanged()
	for _, c := range classes() {
		for _, p := range l.people() {
			a := l.send(l.use(p, action(c.class, service.OpList), storage{p, c.class, "read"}))
			if got := a.gives(listed(l.world, c.class, a)); got != (verdict{gave: strings.Join(c.names(p), " ")}) {
				t.Errorf("%s lists in %s: %s", p.name, c.class, got)
			}
		}
	}

	if err := l.Profile.Validate(); !errors.Is(err, profile.ErrInvalid) || !strings.Contains(err.Error(), "cloud.memory_bucket: must differ from vault_bucket") {
		t.Errorf("a profile with one bucket: %v", err)
	}
	params := must[policy.Params](t)(l.Profile.Policies())
	if _, err := policy.Render(params); !errors.Is(err, policy.ErrInvalid) || !strings.Contains(err.Error(), "is named twice") {
		t.Errorf("policies for one bucket: %v", err)
	}
	apart := *l.Profile
	apart.Cloud.MemoryBucket += "-memory"
	if err := apart.Validate(); err != nil {
		t.Errorf("the same profile with two buckets: %v", err)
	}
	params = must[policy.Params](t)(apart.Policies())
	if _, err := policy.Render(params); err != nil {
		t.Errorf("policies for two buckets: %v", err)
	}
}
