package demo

import (
	"bytes"
	"context"
	"fmt"
	"net/http"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/sts"
)

// noteKey is the memory that the stage keeps.
const noteKey = "note"

func (s *stage3) credential(ctx context.Context) (string, error) {
	s.stored = append(s.stored, service.Credentials)
	if _, err := s.command(ctx, bytes.NewReader(s.Credential), "cred", "store", "--as", agentName, "--service", isolatedName); err != nil {
		return "", err
	}
	got, err := s.command(ctx, nil, "cred", "fetch", "--as", agentName, "--service", isolatedName)
	if err != nil {
		return "", err
	}
	return s.same(got)
}

// same holds that what came back is what was stored.
func (s *stage3) same(got []byte) (string, error) {
	if !bytes.Equal(got, s.Credential) {
		return "", fmt.Errorf("%d bytes came back with SHA-256 %s; %d were stored with %s", len(got), digest(got), len(s.Credential), digest(s.Credential))
	}
	return fmt.Sprintf("%d bytes came back, SHA-256 %s: identical", len(got), digest(got)), nil
}

func (s *stage3) memory(ctx context.Context) (string, error) {
	if _, err := s.worker(service.Memory); err != nil {
		return "", err
	}
	s.stored = append(s.stored, service.Memory)
	if _, err := s.command(ctx, bytes.NewReader(s.Credential), "memory", "put", "--as", agentName, "--namespace", isolatedName, noteKey); err != nil {
		return "", err
	}
	got, err := s.command(ctx, nil, "memory", "get", "--as", agentName, "--namespace", isolatedName, noteKey)
	if err != nil {
		return "", err
	}
	return s.same(got)
}

// worker is the address of a class's worker.
func (s *stage3) worker(c service.Class) (string, error) {
	at := s.own.Hosts.Cred
	if c == service.Memory {
		at = s.own.Hosts.Memory
	}
	if at == "" {
		return "", lacking("the profile names no worker for %s", c)
	}
	return at, nil
}

// reading is how a class's worker is asked for what the stage stored.
func reading(c service.Class) (mint, path, name string, objects []string) {
	if c == service.Memory {
		return api.PathCapMemoryGet, api.PathMemoryGet + "/" + noteKey, isolatedNamespace, []string{noteKey}
	}
	return api.PathCapCredFetch, api.PathCredFetch, isolatedName, nil
}

// ask presents a capability at a class's worker, with everything else as that
// worker wants it: its storage session, its path, and a proof over them.
func (s *stage3) ask(ctx context.Context, capability string, at service.Class) ([]byte, error) {
	host, err := s.worker(at)
	if err != nil {
		return nil, err
	}
	creds, err := s.own.Storage(ctx, want(at))
	if err != nil {
		return nil, err
	}
	_, path, _, objects := reading(at)
	h := http.Header{}
	sts.SetHeaders(h, creds)
	return s.own.API.Post(ctx, api.Request{URL: host + path, Token: capability, Key: s.own.Key, Header: h, Objects: objects})
}

// capabilityAt presents the capability of one class at the worker of another, and
// then, unspent, where it belongs.
func (s *stage3) capabilityAt(of, at service.Class) func(context.Context) (string, error) {
	return func(ctx context.Context) (string, error) {
		for _, c := range []service.Class{of, at} {
			if _, err := s.worker(c); err != nil {
				return "", err
			}
			if _, _, err := s.bucketOf(c); err != nil {
				return "", err
			}
		}
		mint, _, name, _ := reading(of)
		c, err := s.own.Mint(ctx, mint, api.CapRequest{Service: name})
		if err != nil {
			return "", err
		}
		_, err = s.ask(ctx, c.Token, at)
		detail, err := refused(err, http.StatusForbidden, apierr.CapDataClassMismatch)
		if err != nil {
			return "", err
		}
		s.refusals++
		got, err := s.ask(ctx, c.Token, of)
		if err != nil {
			return "", fmt.Errorf("the same capability at its own worker: %w", err)
		}
		if _, err := s.same(got); err != nil {
			return "", err
		}
		return detail + "; at its own worker the same capability reads the same bytes", nil
	}
}
