// Package devcloud is the cloud of a development stack in one http.Handler:
// object storage that speaks S3 (path style), STS with AssumeRoleWithWebIdentity
// and AssumeRole, and KMS with one key, enforcing the policies that the product
// ships.
//
// The laws that hold here:
//
//   - An allow-list: PutObject (also under If-Match with an ETag, or
//     If-None-Match: *, and with a SHA-256 checksum), GetObject (whole, or from its first byte on),
//     DeleteObject, ListObjectsV2, an unauthenticated HeadBucket,
//     AssumeRoleWithWebIdentity, AssumeRole, Encrypt and Decrypt, with the
//     parameters and headers that the product sends. Whatever else is asked is
//     refused before anybody's rights are looked at, so the refusal says
//     nothing about what exists.
//   - Every request is signed (AWS Signature Version 4): host, all x-amz-*
//     headers and the hash of the payload, which is compared with the payload.
//     It is checked by signing again over exactly the signed headers. Presigned
//     URLs, unsigned and chunked payloads do not exist.
//   - Storage knows sessions from STS, and users who have a policy of their own.
//     There is no root account. The other users of the configuration sign
//     AssumeRole and what is asked of KMS, and nothing else; a session signs
//     neither, and nor does a user with a policy.
//   - A version of an object may be asked for and deleted only where a policy
//     allows it, and then it says that it keeps none.
//   - With an administrator the cloud starts empty, and what that user makes is
//     durable: of IAM the OIDC provider and roles with inline policies, of S3
//     buckets with their settings and tags. It touches no object. Of the settings tags,
//     public access, ownership, versioning and encryption are kept and shown, and
//     nothing else; policies are in force as soon as they are answered.
//   - A user gets a session only from a role whose trust policy admits the
//     account and the tags that were asked for; it lives as long as was asked,
//     900 to 3600 s.
//   - A session of a web identity is given for a token that the issuer's published keys verify
//     and that the role's trust policy admits; it lives 900 s and carries the
//     token's tags. It is sealed into its own session token under a key on
//     disk, so that it survives a restart and nothing is stored per session.
//   - Role policy and bucket policy are evaluated together, see package iam. A
//     policy that says something which the evaluator does not know does not
//     load.
//   - A checksum that comes with a PutObject is one of the whole object, is
//     verified before anything is stored, and stands in the answer.
//   - An answered PutObject or DeleteObject is durable: one bbolt transaction,
//     synced, before the reply. A condition of a PutObject is judged in that
//     same transaction. It needs the right to read besides, as in S3.
//   - The KMS key never leaves its file. What it encrypts opens only under the
//     same encryption context, and every refusal to open reads the same.
//
// The objects lie in bbolt directly. gofakes3 was the alternative: behind it
// every request would be parsed twice, by the judge and by the executor, and
// its dozens of other operations would have to be kept shut; five operations
// over an ordered key space need neither.
//
// It does not version, does not replicate, encrypts nothing and is made for
// loopback.
package devcloud

import (
	"crypto/cipher"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/litentry/agentkeys/pkg/blob/policy"
	"github.com/litentry/agentkeys/pkg/blob/policy/iam"
)

// SessionLife is how long every session lives.
const SessionLife = 900 * time.Second

// Config is what a development cloud is made of.
type Config struct {
	Dir       string // where the data lies; created when absent
	Region    string
	AccountID string
	// Issuer is the URL of the one OIDC provider. Its discovery document
	// and keys are fetched when the first token comes.
	Issuer string
	// Roles and Buckets are there from the start, in a cloud without an
	// administrator.
	Roles   []policy.Role
	Buckets []policy.Bucket
	// Administrator makes the provider, the roles and the buckets through the
	// APIs of IAM and S3, in a cloud that starts without any. Optional.
	Administrator *User
	// Users of the account may take roles whose trust policy admits them,
	// and use the KMS key; in S3 they may do nothing. It is the other way
	// round for a user with a policy.
	Users []User
	// KMSKeyID is the id (a lower-case UUID) of the one KMS key; empty for a
	// cloud without one. See [KeyARN].
	KMSKeyID string
	Now      func() time.Time
	// HTTPClient reaches the issuer; optional.
	HTTPClient *http.Client
}

// Cloud is a running development cloud. It is safe for concurrent use.
type Cloud struct {
	region  string
	account string
	now     func() time.Time
	// administered says that an administrator makes what there is.
	administered bool
	made         *account
	users        map[string]user // by access key id
	kms          *kmsKey         // nil without one
	issuer       *issuer
	seal         cipher.AEAD
	objects      *objects
}

// role is a loaded role.
type role struct {
	arn      string
	trust    iam.Policy
	policies []iam.Policy
}

// Open loads the policies and opens the data below c.Dir.
func Open(c Config) (*Cloud, error) {
	if c.Region == "" || c.Now == nil || c.Dir == "" {
		return nil, errors.New("development cloud: directory, region and clock are required")
	}
	cloud := &Cloud{region: c.Region, account: c.AccountID, users: map[string]user{}, now: c.Now, administered: c.Administrator != nil}
	var err error
	if cloud.issuer, err = newIssuer(c.Issuer, c.AccountID, c.Now, c.HTTPClient); err != nil {
		return nil, fmt.Errorf("development cloud: %w", err)
	}
	if err := os.MkdirAll(c.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("development cloud: %w", err)
	}
	if cloud.seal, err = openSeal(filepath.Join(c.Dir, "session.key"), "key that seals storage sessions"); err != nil {
		return nil, fmt.Errorf("development cloud: %w", err)
	}
	if cloud.kms, err = openKMS(c); err != nil {
		return nil, fmt.Errorf("development cloud: %w", err)
	}
	if err := cloud.loadUsers(c.Users, c.Administrator); err != nil {
		return nil, fmt.Errorf("development cloud: %w", err)
	}
	if cloud.objects, err = openObjects(filepath.Join(c.Dir, "objects.db"), c.Buckets); err != nil {
		return nil, fmt.Errorf("development cloud: %w", err)
	}
	if err := cloud.load(c); err != nil {
		return nil, errors.Join(fmt.Errorf("development cloud: %w", err), cloud.objects.close())
	}
	return cloud, nil
}

// load reads every policy; one that does not load stops the start.
func (c *Cloud) load(cfg Config) (err error) {
	if cfg.Administrator == nil {
		c.made = handedOver()
	} else if c.made, err = openAccount(c.objects); err != nil {
		return err
	}
	if cfg.Administrator != nil && len(cfg.Roles)+len(cfg.Buckets) > 0 {
		return errors.New("roles and buckets are handed over, or made by an administrator, not both")
	}
	for _, r := range cfg.Roles {
		if !strings.Contains(r.ARN, ":iam::"+cfg.AccountID+":role/") {
			return fmt.Errorf("role %q is not one of account %q", r.ARN, cfg.AccountID)
		}
		trust, err := iam.Load(r.Trust, iam.Trust)
		if err != nil {
			return fmt.Errorf("trust policy of %s: %w", r.ARN, err)
		}
		p, err := iam.Load(r.Policy, iam.Identity)
		if err != nil {
			return fmt.Errorf("policy of %s: %w", r.ARN, err)
		}
		c.made.roleOf[r.ARN] = role{r.ARN, trust, []iam.Policy{p}}
	}
	for _, b := range cfg.Buckets {
		p, err := iam.Load(b.Policy, iam.Resource)
		if err != nil {
			return fmt.Errorf("policy of bucket %s: %w", b.Name, err)
		}
		c.made.bucketOf[b.Name] = p
	}
	return nil
}

// Handler serves all services at one origin: KMS is POST / with a target, STS
// is POST / without one, everything else is S3.
func (c *Cloud) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch root := r.Method == http.MethodPost && r.URL.Path == "/"; {
		case root && len(r.Header.Values(targetHeader)) > 0:
			c.serveKMS(w, r)
		case root:
			c.serveSTS(w, r)
		default:
			c.serveS3(w, r)
		}
	})
}

// Close closes the data. Requests that come later fail.
func (c *Cloud) Close() error { return c.objects.close() }

// RawObject is the stored object as it lies there, past every policy: it lets
// a demonstration show what storage can see. A missing one is fs.ErrNotExist.
func (c *Cloud) RawObject(bucket, key string) ([]byte, error) {
	o, found, err := c.objects.get(bucket, key)
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, fmt.Errorf("object %s in %s: %w", key, bucket, fs.ErrNotExist)
	}
	return o.data, nil
}
