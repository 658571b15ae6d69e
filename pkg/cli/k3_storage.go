package cli

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/litentry/agentkeys/pkg/blob"
	"github.com/litentry/agentkeys/pkg/files"
	"github.com/litentry/agentkeys/pkg/keeper"
	"github.com/litentry/agentkeys/pkg/profile"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/sts"
)

// storageFlags say with which credentials of the operator's all objects are
// reached.
type storageFlags struct {
	credentials string
	wanted      bool
}

func (f *storageFlags) flags(more ...cli.Flag) []cli.Flag {
	return append([]cli.Flag{
		&cli.StringFlag{Name: "storage-credentials", Destination: &f.credentials, EnvVars: []string{"AGENTKEYS_STORAGE_CREDENTIALS"}, DefaultText: "in development the stack's own", Usage: "`FILE` in the form of credential_process: keys that may take the maintenance role, or a session of it"},
	}, more...)
}

// maintenanceFile is where a stack of development keeps the keys of the user
// that may take the maintenance role.
const maintenanceFile = "maintenance.json"

// buckets are the storage of every class that the profile names, opened with
// sessions of the maintenance role.
func (p *program) buckets(_ context.Context, f storageFlags) ([]keeper.Bucket, error) {
	pr, err := p.load()
	if err != nil {
		return nil, err
	}
	path := f.credentials
	if path == "" {
		at, err := p.profilePath()
		if err != nil {
			return nil, err
		}
		if path = filepath.Join(filepath.Dir(at), maintenanceFile); !pr.IsDevelopment() || !exists(path) {
			return nil, usage("name the credentials of the maintenance role with --storage-credentials FILE")
		}
	}
	raw, err := files.Read(path)
	if err != nil {
		return nil, fmt.Errorf("--storage-credentials: %w", err)
	}
	defer raw.Destroy()
	given, err := sts.ParseProcessCredentials(raw.Reveal())
	if err != nil {
		return nil, fmt.Errorf("--storage-credentials %s: %w", path, err)
	}
	var out []keeper.Bucket
	for _, class := range []service.Class{service.Credentials, service.Memory} {
		has, named := pr.Cloud.Storage(class)
		if !named {
			continue
		}
		store, err := blob.New(blob.Config{Endpoint: pr.Cloud.S3Endpoint, Region: pr.Cloud.Region, Bucket: has.Bucket})
		if err != nil {
			return nil, err
		}
		s := &maintained{now: p.Now, store: store, class: class, profile: pr, given: given}
		out = append(out, keeper.Bucket{Class: class, Open: s.open})
	}
	return out, nil
}

// maintained renews the session of the maintenance role of one class.
type maintained struct {
	now     func() time.Time
	store   *blob.Store
	class   service.Class
	profile *profile.Profile
	given   sts.StaticKeys

	mu      sync.Mutex // guards what follows
	session *blob.Session
	expires time.Time
}

const (
	maintenanceLife  = time.Hour
	maintenanceSlack = 5 * time.Minute
)

func (m *maintained) open(ctx context.Context) (*blob.Session, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.session != nil && (m.expires.IsZero() || m.now().Before(m.expires)) {
		return m.session, nil
	}
	if m.given.SessionToken.Len() > 0 { // a session that the operator made
		m.session = m.store.Open(sts.Credentials{AccessKeyID: m.given.AccessKeyID, SecretAccessKey: m.given.SecretAccessKey, SessionToken: m.given.SessionToken})
		return m.session, nil
	}
	arn := m.profile.Cloud.MaintenanceRoleARN(m.class)
	if arn == "" {
		setting := map[service.Class]string{service.Credentials: "maintenance_role", service.Memory: "memory_maintenance_role"}[m.class]
		return nil, fmt.Errorf("the profile names no maintenance role for class %s (cloud.%s) that these keys could take", m.class, setting)
	}
	client, err := sts.New(sts.Config{Endpoint: m.profile.Cloud.STSEndpoint, Region: m.profile.Cloud.Region})
	if err != nil {
		return nil, err
	}
	creds, err := client.AssumeRole(ctx, sts.AssumeRequest{
		RoleARN: arn, SessionName: "agentkeys-maintenance", Duration: maintenanceLife,
		Tags: map[string]string{"agentkeys_class": string(m.class), "agentkeys_access": "maintenance"},
		Keys: m.given,
	})
	if err != nil {
		return nil, fmt.Errorf("taking the maintenance role: %w", err)
	}
	m.session, m.expires = m.store.Open(creds), creds.Expires.Add(-maintenanceSlack)
	return m.session, nil
}
