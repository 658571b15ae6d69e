// Package rgw runs Ceph's object gateway (RADOS Gateway) as the cloud of a
// development stack: real S3, STS and IAM that nobody here wrote, to judge the
// product's tokens, policies and workers by.
//
// The laws that hold here:
//
//   - Everything is one monitor, one OSD that keeps its objects in memory, and
//     one gateway on loopback. Nothing outlives the gateway: no process, and
//     nothing outside the directory that [Start] was given.
//   - The daemons end with the process that started them, however it ends
//     (Linux; elsewhere only [Server.Close] ends them).
//   - The account is a tenant of the gateway whose name is the account's
//     number, so that the ARNs are those of the product's policies.
//   - Policies are unrolled ([policy.Unroll]): the gateway knows no variables
//     in them. An actor that [Server.Provision] was not told has no rights.
//
// What Ceph 16 does not know, so that it is left out or does not hold here, found
// out by trying (what can be asked again stands in the suite of package cloudtest
// and in docs/rgw-differences.md):
//
//   - variables in Resource: unrolled, see above;
//   - aws:PrincipalArn in a bucket's policy, tags in AssumeRole, and a condition
//     on a tag that is not there: said in other words, see [policy.Gateway];
//   - s3:if-none-match as a condition key, and checksums of objects: no archive of
//     the audit log;
//   - an If-Match with the quotes of an ETag: nothing is replaced under it;
//   - conditions in a versioned bucket: versioning is off until [Server.Version];
//   - BlockPublicAcls: see makeBucket;
//   - any key of an issuer but the first: K2 rotates without overlap (the runbook
//     docs/runbook-jwks-rotation.md says how);
//   - thumbprints: one must be registered, and none is compared.
//
// It is for tests and demonstrations. The keys of its administrator are in
// memory only; the key with which the gateway seals sessions lies in its
// configuration file.
package rgw

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/litentry/agentkeys/pkg/secret"
	"github.com/litentry/agentkeys/pkg/strictjson"
	"github.com/litentry/agentkeys/pkg/sts"
)

// Region is what the gateway signs and is signed for.
const Region = "us-east-1"

// startBudget is how long the gateway may take until it answers; on two idle
// cores it takes 12 s.
const startBudget = 120 * time.Second

// Config says what is started and where.
type Config struct {
	// Programs is the directory of ceph-mon, ceph-osd, radosgw, ceph and the
	// other programs of Debian's packages; /usr/bin when they are installed.
	Programs string
	// Dir is an empty directory of the gateway's own, whose name is short:
	// that of a socket below it has at most 107 characters.
	Dir string
	// AccountID is the account, 12 digits.
	AccountID string
	Now       func() time.Time
}

// Server is a running gateway. It is safe for concurrent use.
type Server struct {
	// Endpoint is the origin of S3, STS and IAM.
	Endpoint string

	config  Config
	daemons []*daemon
	http    *http.Client
	// admin is an ordinary user of the account that may call IAM and owns the
	// buckets; signpost is one without an account, see makeBucket.
	admin, signpost credentials
}

type credentials struct {
	id     string
	secret secret.Secret
}

// Start makes a cluster and returns when the gateway answers.
func Start(ctx context.Context, c Config) (_ *Server, err error) {
	if c.Programs == "" || c.Dir == "" || len(c.AccountID) != 12 || c.Now == nil {
		return nil, errors.New("rgw: programs, directory, account and clock are required")
	}
	ctx, cancel := context.WithTimeout(ctx, startBudget)
	defer cancel()
	s := &Server{config: c, http: sts.HTTPClient(nil, maxAnswer)}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("rgw: %w", err), s.Close())
		}
	}()
	ports, err := freePorts(ctx, 2)
	if err != nil {
		return nil, err
	}
	s.Endpoint = "http://" + net.JoinHostPort("127.0.0.1", ports[1])
	if err := s.prepare(ctx, ports[0], ports[1]); err != nil {
		return nil, err
	}
	for _, d := range [][]string{
		{"ceph-mon", "-f", "-i", "a"},
		{"ceph-osd", "-f", "-i", "0"},
		{"radosgw", "-f", "-n", "client.rgw"},
	} {
		if d[0] == "ceph-osd" {
			if err := s.makeOSD(ctx); err != nil {
				return nil, err
			}
		}
		run, err := startDaemon(s.command(context.WithoutCancel(ctx), d[0], d[1:]...))
		if err != nil {
			return nil, fmt.Errorf("starting %s: %w", d[0], err)
		}
		s.daemons = append(s.daemons, run)
	}
	if err := s.await(ctx); err != nil {
		return nil, err
	}
	if err := s.makeUser(ctx, &s.signpost, "--uid", "signpost", "--display-name", "signpost"); err != nil {
		return nil, err
	}
	return s, s.makeUser(ctx, &s.admin, "--tenant", c.AccountID, "--uid", "admin", "--display-name", "admin",
		"--caps", "roles=*;oidc-provider=*;user-policy=*")
}

// prepare writes the configuration, the keys of the daemons and the monitor's
// store.
func (s *Server) prepare(ctx context.Context, monPort, port string) error {
	for _, d := range []string{"mon", "osd", "rgw", "run", "log"} {
		if err := os.MkdirAll(s.at(d), 0o700); err != nil {
			return err
		}
	}
	id := uuid.NewString()
	if err := os.WriteFile(s.at("ceph.conf"), s.settings(id, monPort, port), 0o600); err != nil {
		return err
	}
	ring := s.at("keyring")
	for _, c := range [][]string{
		{"ceph-authtool", ring, "--create-keyring", "--gen-key", "-n", "mon.", "--cap", "mon", "allow *"},
		{"ceph-authtool", ring, "--gen-key", "-n", "client.admin", "--cap", "mon", "allow *", "--cap", "osd", "allow *"},
		{"ceph-authtool", ring, "--gen-key", "-n", "client.rgw", "--cap", "mon", "allow rwx", "--cap", "osd", "allow rwx"},
		{"ceph-authtool", ring, "--gen-key", "-n", "osd.0", "--cap", "mon", "allow profile osd", "--cap", "osd", "allow *"},
		{"monmaptool", "--create", "--fsid", id, "--addv", "a", "[v2:127.0.0.1:" + monPort + "]", s.at("monmap")},
		{"ceph-mon", "--mkfs", "-i", "a", "--monmap", s.at("monmap"), "--keyring", ring},
	} {
		if _, err := s.run(ctx, c[0], c[1:]...); err != nil {
			return err
		}
	}
	return nil
}

func (s *Server) makeOSD(ctx context.Context) error {
	id := uuid.NewString()
	if _, err := s.run(ctx, "ceph", "osd", "new", id); err != nil {
		return err
	}
	_, err := s.run(ctx, "ceph-osd", "-i", "0", "--mkfs", "--osd-uuid", id)
	return err
}

// makeUser makes a user; the gateway invents its keys.
func (s *Server) makeUser(ctx context.Context, into *credentials, args ...string) error {
	out, err := s.run(ctx, "radosgw-admin", append([]string{"-n", "client.rgw", "user", "create"}, args...)...)
	if err != nil {
		return err
	}
	var user struct {
		Keys []struct {
			ID     string `json:"access_key"`
			Secret string `json:"secret_key"`
		} `json:"keys"`
	}
	if err := strictjson.DecodeAnswer(out, &user); err != nil {
		return fmt.Errorf("a user's keys: %w", err)
	}
	if len(user.Keys) != 1 {
		return fmt.Errorf("a user has %d keys", len(user.Keys))
	}
	*into = credentials{user.Keys[0].ID, secret.New([]byte(user.Keys[0].Secret))}
	return nil
}

// await asks until the gateway answers, or a daemon has ended.
func (s *Server) await(ctx context.Context) error {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.Endpoint+"/", nil)
		if err != nil {
			return err
		}
		if resp, err := s.http.Do(req); err == nil {
			_ = resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return nil
			}
		}
		for _, d := range s.daemons {
			if err := d.ended(); err != nil {
				return err
			}
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("waiting for the gateway: %w", ctx.Err())
		case <-tick.C:
		}
	}
}

// Close ends the daemons, the gateway first. What they kept is gone.
func (s *Server) Close() error {
	for i := len(s.daemons) - 1; i >= 0; i-- {
		s.daemons[i].kill()
	}
	s.daemons = nil
	return nil
}

func (s *Server) at(part string) string { return filepath.Join(s.config.Dir, part) }

// command is one of Ceph's programs with nothing of the surroundings.
func (s *Server) command(ctx context.Context, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, filepath.Join(s.config.Programs, name), args...)
	cmd.Dir = s.config.Dir
	cmd.Env = []string{"CEPH_CONF=" + s.at("ceph.conf"), "PATH=" + s.config.Programs + ":/usr/bin:/bin", "LC_ALL=C"}
	return cmd
}

func (s *Server) run(ctx context.Context, name string, args ...string) ([]byte, error) {
	var out, errs bytes.Buffer
	cmd := s.command(ctx, name, args...)
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("%s: %w: %.400s", name, err, errs.Bytes())
	}
	return out.Bytes(), nil
}

// freePorts are ports of loopback that were free a moment ago.
func freePorts(ctx context.Context, n int) ([]string, error) {
	var out []string
	for range n {
		l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		defer l.Close()
		out = append(out, strconv.Itoa(l.Addr().(*net.TCPAddr).Port))
	}
	return out, nil
}
