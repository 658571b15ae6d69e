package devcloud

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"go.etcd.io/bbolt"

	"github.com/litentry/agentkeys/pkg/blob/policy/iam"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

// account is what the administrator made: the provider, roles and buckets. What
// was handed over with the configuration is there too, and is not written down.
// A change is durable before it is answered.
type account struct {
	objects *objects

	// mu guards what follows.
	mu        sync.RWMutex
	providers map[string]providerState // by URL
	roles     map[string]roleState
	buckets   map[string]bucketState
	// loaded are the policies of both, which were admitted by package iam.
	roleOf   map[string]role // by ARN
	bucketOf map[string]iam.Policy
}

// The wire form of what is written down.
type providerState struct {
	URL         string            `json:"url"`
	Audiences   []string          `json:"audiences"`
	Thumbprints []string          `json:"thumbprints"`
	Tags        map[string]string `json:"tags"`
}

type roleState struct {
	Name        string            `json:"name"`
	ARN         string            `json:"arn"`
	Description string            `json:"description"`
	Trust       string            `json:"trust"`
	Policies    map[string]string `json:"policies"`
	Tags        map[string]string `json:"tags"`
}

type bucketState struct {
	Name         string `json:"name"`
	Policy       string `json:"policy"`        // empty for none
	PublicAccess string `json:"public_access"` // the document as it was put, as are the others
	Ownership    string `json:"ownership"`
	Versioning   string `json:"versioning"`
	Encryption   string `json:"encryption"`
	// Tags are absent in what was written down before there were any.
	Tags map[string]string `json:"tags,omitzero"`
}

// accountTable is where bbolt keeps it; no bucket can have that name.
const accountTable = "_account"

const (
	providerPrefix = "provider/"
	rolePrefix     = "role/"
	bucketPrefix   = "bucket/"
)

func openAccount(o *objects) (*account, error) {
	a := &account{
		objects: o, providers: map[string]providerState{}, roles: map[string]roleState{}, buckets: map[string]bucketState{},
		roleOf: map[string]role{}, bucketOf: map[string]iam.Policy{},
	}
	err := o.db.Update(func(tx *bbolt.Tx) error {
		t, err := tx.CreateBucketIfNotExists([]byte(accountTable))
		if err != nil {
			return err
		}
		return t.ForEach(func(k, v []byte) error { return a.read(string(k), v) })
	})
	if err != nil {
		return nil, fmt.Errorf("reading the account: %w", err)
	}
	return a, nil
}

// handedOver is an account whose roles and buckets come with the configuration.
func handedOver() *account {
	return &account{roleOf: map[string]role{}, bucketOf: map[string]iam.Policy{}}
}

func (a *account) read(key string, value []byte) error {
	switch {
	case strings.HasPrefix(key, providerPrefix):
		var p providerState
		if err := strictjson.Decode(value, &p); err != nil {
			return err
		}
		a.providers[p.URL] = p
		return nil
	case strings.HasPrefix(key, rolePrefix):
		var r roleState
		if err := strictjson.Decode(value, &r); err != nil {
			return err
		}
		return a.take(r)
	case strings.HasPrefix(key, bucketPrefix):
		var b bucketState
		if err := strictjson.Decode(value, &b); err != nil {
			return err
		}
		return a.takeBucket(b)
	}
	return fmt.Errorf("%q is nothing that is kept here", key)
}

// take loads a role's policies and puts it into the account.
func (a *account) take(r roleState) error {
	loaded := role{arn: r.ARN}
	var err error
	if loaded.trust, err = iam.Load([]byte(r.Trust), iam.Trust); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(r.Policies)) {
		p, err := iam.Load([]byte(r.Policies[name]), iam.Identity)
		if err != nil {
			return err
		}
		loaded.policies = append(loaded.policies, p)
	}
	a.roles[r.Name], a.roleOf[r.ARN] = r, loaded
	return nil
}

func (a *account) takeBucket(b bucketState) error {
	var p iam.Policy
	if b.Policy != "" {
		var err error
		if p, err = iam.Load([]byte(b.Policy), iam.Resource); err != nil {
			return err
		}
	}
	a.buckets[b.Name], a.bucketOf[b.Name] = b, p
	return nil
}

// role finds a role by its ARN.
func (a *account) role(arn string) (role, bool) {
	a.mu.RLock()
	defer a.mu.RUnlock()
	r, ok := a.roleOf[arn]
	return r, ok
}

// bucket finds the policy of a bucket: the zero policy for one without.
func (a *account) bucket(name string) (iam.Policy, bool) {
	a.mu.RLock()
	defer a.mu.RUnlock()
	p, ok := a.bucketOf[name]
	return p, ok
}

// admits reports whether the provider is there, with the audience.
func (a *account) admits(url, audience string) bool {
	a.mu.RLock()
	defer a.mu.RUnlock()
	return slices.Contains(a.providers[url].Audiences, audience)
}

// changeRole applies edit to the role of that name (the zero role when there is
// none), writes it down and then puts it in force.
func (a *account) changeRole(name string, edit func(r *roleState, there bool) error) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	r, there := a.roles[name]
	r.Policies, r.Tags = maps.Clone(r.Policies), maps.Clone(r.Tags)
	if err := edit(&r, there); err != nil {
		return err
	}
	trial := &account{roles: map[string]roleState{}, roleOf: map[string]role{}}
	if err := trial.take(r); err != nil {
		return fmt.Errorf("%w: %w", faultMalformedPolicy, err)
	}
	if err := a.write(rolePrefix+name, r, ""); err != nil {
		return err
	}
	return a.take(r)
}

// changeBucket is changeRole for a bucket, whose objects get a place with it.
func (a *account) changeBucket(name string, edit func(b *bucketState, there bool) error) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	b, there := a.buckets[name]
	if err := edit(&b, there); err != nil {
		return err
	}
	trial := &account{buckets: map[string]bucketState{}, bucketOf: map[string]iam.Policy{}}
	if err := trial.takeBucket(b); err != nil {
		return fmt.Errorf("%w: %w", faultBucketPolicy, err)
	}
	if err := a.write(bucketPrefix+name, b, name); err != nil {
		return err
	}
	return a.takeBucket(b)
}

// changeProvider is changeRole for the provider of that URL.
func (a *account) changeProvider(url string, edit func(p *providerState, there bool) error) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	p, there := a.providers[url]
	p.Tags = maps.Clone(p.Tags)
	if err := edit(&p, there); err != nil {
		return err
	}
	if err := a.write(providerPrefix+url, p, ""); err != nil {
		return err
	}
	a.providers[url] = p
	return nil
}

// write makes a change durable, and the place of a bucket's objects with it.
func (a *account) write(key string, v any, bucket string) error {
	text, err := strictjson.Encode(v)
	if err != nil {
		return err
	}
	return a.objects.db.Update(func(tx *bbolt.Tx) error {
		if bucket != "" {
			if _, err := tx.CreateBucketIfNotExists([]byte(bucket)); err != nil {
				return err
			}
		}
		return tx.Bucket([]byte(accountTable)).Put([]byte(key), text)
	})
}
