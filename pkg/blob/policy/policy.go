// Package policy renders the IAM and bucket policies on which the isolation in
// storage rests (layers three and four): which web identity may take which
// role, what a role reaches, and what a bucket refuses whatever a role says.
//
// The laws that hold here:
//
//   - One set of templates serves every data class; a class is one more
//     [Class] in [Params].
//   - A role is taken only with a token of the issuer, for the audience of STS,
//     whose tags name this class, an access that the role is for, and an actor
//     of 64 characters.
//   - A session lists and touches bots/<its actor tag>/<class>/ and nothing
//     else: ListBucket on the bucket under a condition on s3:prefix, object
//     actions on the objects. Reading needs access read or write, changing
//     needs write, or provision in the role for provisioning, which never reads.
//   - The role for maintenance is taken by principals of the account itself,
//     never by a web identity, with tags that name the class and the access
//     maintenance. It lists below bots/, reads and replaces the objects of its
//     class, whose content is sealed, and deletes nothing: the bucket refuses
//     that, too, whatever the role says. Who of the account may take it is said
//     in the policies of the account's users, which are not rendered here.
//   - No role may read or delete a version, change an ACL or a policy; that no
//     version is deleted the bucket says once more, to everybody.
//   - Where [Sources] are named, objects and listings are for whoever calls from
//     one of them, whatever session it has. Taking a role is not restricted:
//     agents do that from anywhere, and only workers touch storage.
//   - The archive of the audit log has a bucket and one writer of its own
//     ([RenderArchive]), who puts each object once and does nothing else.
//   - A bucket of a class refuses object access and listing by whoever is not a session of
//     its class in one of its roles, administrators included; changing the
//     bucket itself stays with the account's administrators.
//
// What goes into a template has passed a grammar first, so that no value can
// become JSON, a wildcard or a policy variable. It talks to no cloud.
package policy

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"text/template"

	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

//go:embed templates/*.json
var templates embed.FS

// ErrInvalid is wrapped by every refusal of parameters.
var ErrInvalid = errors.New("invalid policy parameters")

// Params are the names that the policies are about.
type Params struct {
	Partition string // aws, aws-cn, aws-us-gov
	AccountID string // 12 digits
	// Provider is the issuer's URL without its scheme; see [ProviderOf].
	Provider string
	Classes  []Class
	// Sources restricts objects and listings to where the workers call from; the
	// zero value restricts nothing.
	Sources Sources
	// TLS refuses whatever comes over plain HTTP; storage on loopback speaks
	// nothing else.
	TLS bool
}

// Class is what one data class has of its own.
type Class struct {
	Class  service.Class
	Bucket string
	// Role is taken by agents for their own objects (access read or write).
	Role string
	// ProvisionRole is taken by masters for their agents' objects; empty for
	// a class that is not provisioned.
	ProvisionRole string
	// MaintenanceRole is taken by the account's operators to move stored
	// objects to another key epoch; empty for a class without maintenance.
	MaintenanceRole string
}

// Set is everything rendered.
type Set struct {
	ProviderARN string
	Roles       []Role
	Buckets     []Bucket
}

// Role is an IAM role with its trust policy and its one inline policy.
type Role struct {
	Name, ARN string
	// Use is the class and who takes the role: <class>/agents, <class>/provision or
	// <class>/maintenance.
	Use           string
	Trust, Policy []byte
}

// UseArchive is the Use of the archive's bucket. No data class has that name.
const UseArchive = "archive"

// Bucket is a bucket with its policy.
type Bucket struct {
	Name string
	// Use is the data class that lies there, or [UseArchive].
	Use    string
	Policy []byte
}

var (
	partition = regexp.MustCompile(`^aws(-cn|-us-gov)?$`)
	accountID = regexp.MustCompile(`^[0-9]{12}$`)
	// A host, perhaps a port, perhaps a path, as in an OIDC provider's ARN.
	provider   = regexp.MustCompile(`^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?(/[A-Za-z0-9._-]+)*$`)
	bucketName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$`)
	roleName   = regexp.MustCompile(`^[A-Za-z0-9+=,.@_-]{1,64}$`)
)

// ProviderOf is the OIDC provider's name for an issuer's URL: the URL without
// its scheme.
func ProviderOf(issuer string) (string, error) {
	name, ok := strings.CutPrefix(issuer, "https://")
	if !ok {
		name, ok = strings.CutPrefix(issuer, "http://")
	}
	if !ok || !provider.MatchString(name) {
		return "", fmt.Errorf("%w: issuer %q is not an http(s) URL of host, port and path", ErrInvalid, issuer)
	}
	return name, nil
}

// Render makes the policies. Names must be well formed and no two classes may
// share a bucket or a role.
func Render(p Params) (Set, error) {
	if err := p.check(); err != nil {
		return Set{}, err
	}
	set := Set{ProviderARN: "arn:" + p.Partition + ":iam::" + p.AccountID + ":oidc-provider/" + p.Provider}
	for _, c := range p.Classes {
		v := values{
			Provider: p.Provider, ProviderARN: set.ProviderARN, Class: string(c.Class),
			BucketARN: "arn:" + p.Partition + ":s3:::" + c.Bucket,
			OwnPrefix: "bots/${aws:PrincipalTag/agentkeys_actor_omni}/" + string(c.Class) + "/",
			OmniShape: strings.Repeat("?", 64),
			RoleARNs:  []string{p.roleARN(c.Role)}, AccountARN: "arn:" + p.Partition + ":iam::" + p.AccountID + ":root",
			Sources: p.Sources.elsewhere(), TLS: p.TLS,
		}
		role, err := v.role(p, c.Role, "agents", "trust.json", "session.json", "read", "write")
		if err != nil {
			return Set{}, err
		}
		set.Roles = append(set.Roles, role)
		if c.ProvisionRole != "" {
			v.RoleARNs = append(v.RoleARNs, p.roleARN(c.ProvisionRole))
			if role, err = v.role(p, c.ProvisionRole, "provision", "trust.json", "provision.json", "provision"); err != nil {
				return Set{}, err
			}
			set.Roles = append(set.Roles, role)
		}
		if c.MaintenanceRole != "" {
			v.RoleARNs = append(v.RoleARNs, p.roleARN(c.MaintenanceRole))
			if role, err = v.role(p, c.MaintenanceRole, "maintenance", "maintenance-trust.json", "maintenance.json"); err != nil {
				return Set{}, err
			}
			set.Roles = append(set.Roles, role)
		}
		doc, err := v.render("bucket.json")
		if err != nil {
			return Set{}, err
		}
		set.Buckets = append(set.Buckets, Bucket{c.Bucket, string(c.Class), doc})
	}
	return set, nil
}

func (p Params) roleARN(name string) string {
	return "arn:" + p.Partition + ":iam::" + p.AccountID + ":role/" + name
}

func (p Params) check() error {
	switch {
	case !partition.MatchString(p.Partition):
		return fmt.Errorf("%w: partition %q", ErrInvalid, p.Partition)
	case !accountID.MatchString(p.AccountID):
		return fmt.Errorf("%w: account id %q is not 12 digits", ErrInvalid, p.AccountID)
	case !provider.MatchString(p.Provider):
		return fmt.Errorf("%w: OIDC provider %q", ErrInvalid, p.Provider)
	case len(p.Classes) == 0:
		return fmt.Errorf("%w: no data class", ErrInvalid)
	}
	if err := p.Sources.Check(); err != nil {
		return err
	}
	var names []string
	for _, c := range p.Classes {
		if _, err := service.ParseClass(string(c.Class)); err != nil {
			return fmt.Errorf("%w: %w", ErrInvalid, err)
		}
		if !bucketName.MatchString(c.Bucket) {
			return fmt.Errorf("%w: bucket %q of %s", ErrInvalid, c.Bucket, c.Class)
		}
		mine := []string{"class " + string(c.Class), "bucket " + c.Bucket}
		for i, r := range []string{c.Role, c.ProvisionRole, c.MaintenanceRole} {
			if i > 0 && r == "" {
				continue
			}
			if !roleName.MatchString(r) {
				return fmt.Errorf("%w: role %q of %s", ErrInvalid, r, c.Class)
			}
			mine = append(mine, "role "+r)
		}
		for _, n := range mine {
			if slices.Contains(names, n) {
				return fmt.Errorf("%w: %s is named twice", ErrInvalid, n)
			}
			names = append(names, n)
		}
	}
	return nil
}

// values are what the templates name.
type values struct {
	Provider, ProviderARN string
	AccountARN            string
	Archiver              string // ARN of who writes the archive
	Class                 string
	BucketARN, OwnPrefix  string
	OmniShape             string
	Access, RoleARNs      []string
	Sources               *elsewhere // nil without any
	TLS                   bool
}

func (v values) role(p Params, name, takenBy, trustFile, file string, access ...string) (Role, error) {
	v.Access = access
	trust, err := v.render(trustFile)
	if err != nil {
		return Role{}, err
	}
	doc, err := v.render(file)
	return Role{Name: name, ARN: p.roleARN(name), Use: v.Class + "/" + takenBy, Trust: trust, Policy: doc}, err
}

func (v values) render(file string) ([]byte, error) {
	t, err := template.New(file).Option("missingkey=error").Funcs(template.FuncMap{
		"json": func(a any) (string, error) { b, err := strictjson.Encode(a); return string(b), err },
	}).ParseFS(templates, "templates/"+file)
	if err != nil {
		return nil, fmt.Errorf("policy template %s: %w", file, err)
	}
	var out bytes.Buffer
	if err := t.Execute(&out, v); err != nil {
		return nil, fmt.Errorf("policy template %s: %w", file, err)
	}
	return out.Bytes(), nil
}
