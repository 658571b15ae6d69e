package devstack

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/litentry/agentkeys/pkg/blob/policy"
	"github.com/litentry/agentkeys/pkg/devcloud"
	"github.com/litentry/agentkeys/pkg/devcloud/rgw"
	"github.com/litentry/agentkeys/pkg/files"
	"github.com/litentry/agentkeys/pkg/oidc"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/strictjson"
	"github.com/litentry/agentkeys/pkg/sts"
)

// startCloud serves S3, STS and IAM that enforce the product's own policies, and
// provisions the account as in production. With storage of another kind it does
// so there.
func (s *Stack) startCloud(ctx context.Context, c Config, l net.Listener) error {
	params, err := s.Profile.Policies()
	if err != nil {
		return err
	}
	set, err := policy.Render(params)
	if err != nil {
		return err
	}
	if c.Storage != nil {
		return errors.Join(l.Close(), s.provision(ctx, c, set))
	}
	administrator, err := openAdministrator(c.Dir)
	if err != nil {
		return err
	}
	user, err := cloudUser(maintenanceUser, filepath.Join(c.Dir, MaintenanceFile))
	if err != nil {
		return fmt.Errorf("a user of the cloud: %w", err)
	}
	archiver, err := cloudUser(archiverUser, filepath.Join(c.Dir, archiverFile))
	if err != nil {
		return fmt.Errorf("a user of the cloud: %w", err)
	}
	archive, err := policy.RenderArchive(policy.ArchiveParams{Partition: "aws", AccountID: accountID, Bucket: ArchiveBucket, User: archiverUser})
	if err != nil {
		return err
	}
	archiver.Policy = archive.Policy
	s.Cloud, err = devcloud.Open(devcloud.Config{
		Dir: filepath.Join(c.Dir, "cloud"), Region: region, AccountID: accountID, Issuer: s.Profile.OIDCIssuer,
		Administrator: &administrator, Users: []devcloud.User{user, archiver}, Now: c.Now,
	})
	if err != nil {
		return fmt.Errorf("starting the cloud: %w", err)
	}
	s.web = &http.Server{Handler: s.Cloud.Handler(), ReadHeaderTimeout: 5 * time.Second, IdleTimeout: time.Minute}
	go func() { _ = s.web.Serve(l) }()
	return provisioned(ctx, s.Profile, administrator, archive)
}

// cloudUser opens the keys of a user, and makes them once.
func cloudUser(name, path string) (devcloud.User, error) {
	held, err := files.Read(path)
	if errors.Is(err, fs.ErrNotExist) {
		text, err := strictjson.Encode(sts.ProcessCredentials{
			Version: 1, AccessKeyID: "AKIA" + rand.Text()[:16], SecretAccessKey: rand.Text() + rand.Text()[:14],
		})
		if err != nil {
			return devcloud.User{}, err
		}
		if err := files.Create(path, text); err != nil {
			return devcloud.User{}, err
		}
		held, err = files.Read(path)
		if err != nil {
			return devcloud.User{}, err
		}
	} else if err != nil {
		return devcloud.User{}, err
	}
	k, err := sts.ParseProcessCredentials(held.Reveal())
	return devcloud.User{Name: name, AccessKeyID: k.AccessKeyID, SecretAccessKey: k.SecretAccessKey}, err
}

// gatewayUser makes a user of a gateway and keeps its keys.
func gatewayUser(ctx context.Context, s *rgw.Server, name, path string) error {
	k, err := s.MakeUser(ctx, name)
	if err != nil {
		return err
	}
	text, err := strictjson.Encode(sts.ProcessCredentials{Version: 1, AccessKeyID: k.AccessKeyID, SecretAccessKey: string(k.SecretAccessKey.Reveal())})
	if err != nil {
		return err
	}
	return files.Replace(path, text)
}

// gateway is storage whose policies must be told every actor.
type gateway struct {
	server *rgw.Server
	set    policy.Set

	mu     sync.Mutex // guards actors, and is held while policies are replaced
	actors []omni.Actor
}

// provision makes the account's roles and buckets on a gateway. It wants the
// thumbprint of K2's certificate, which the broker finds when it starts.
func (s *Stack) provision(ctx context.Context, c Config, set policy.Set) error {
	set, err := policy.Gateway(set, maintenanceUser)
	if err != nil {
		return err
	}
	if err := gatewayUser(ctx, c.Storage, maintenanceUser, filepath.Join(c.Dir, MaintenanceFile)); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Join(c.Dir, "broker"), 0o700); err != nil {
		return err
	}
	k2, err := oidc.OpenKey(filepath.Join(c.Dir, "broker", "k2.pem"), true, c.Now)
	if err != nil {
		return fmt.Errorf("the issuer's key: %w", err)
	}
	s.gateway = &gateway{server: c.Storage, set: set}
	return c.Storage.Provision(ctx, rgw.Cloud{Issuer: s.Profile.OIDCIssuer, Certificate: k2.Public().Certificate(), Set: set})
}

// Admit gives actors the rights in storage that the policies promise. With the
// embedded cloud nothing is to be done: its policies hold for every actor.
func (s *Stack) Admit(ctx context.Context, actors ...omni.Actor) error {
	if s.gateway == nil {
		return nil
	}
	g := s.gateway
	g.mu.Lock()
	defer g.mu.Unlock()
	all := slices.Concat(g.actors, actors)
	if err := g.server.Admit(ctx, g.set, all...); err != nil {
		return err
	}
	g.actors = all
	return nil
}
