package signer

import (
	"fmt"
	"net/url"
	"slices"

	"github.com/litentry/agentkeys/pkg/dek"
	"github.com/litentry/agentkeys/pkg/files"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

// workersFormat, WorkersFile and WorkerFile are the protocol's.
const workersFormat = dek.WorkersFormat

type (
	// WorkersFile is the content of --signer-workers.
	WorkersFile = dek.WorkersFile
	// WorkerFile is one worker in it, or several that share an address.
	WorkerFile = dek.WorkerFile
)

// Workers is who may ask. The zero value is nobody.
type Workers struct {
	keys jose.KeySet
	by   map[string]worker
}

type worker struct {
	class service.Class
	urls  []string
}

// classes are those of which there is a worker.
func (w Workers) classes() []service.Class {
	out := []service.Class{}
	for _, one := range w.by {
		if !slices.Contains(out, one.class) {
			out = append(out, one.class)
		}
	}
	slices.Sort(out)
	return out
}

// LoadWorkers reads the file of workers.
func LoadWorkers(path string) (Workers, error) {
	b, err := files.ReadPublic(path)
	if err != nil {
		return Workers{}, fmt.Errorf("reading --signer-workers: %w", err)
	}
	w, err := ParseWorkers(b)
	if err != nil {
		return Workers{}, fmt.Errorf("--signer-workers %s: %w", path, err)
	}
	return w, nil
}

// ParseWorkers reads the content of the file strictly. An identity key stands
// there once: a worker has one class.
func ParseWorkers(b []byte) (Workers, error) {
	var f WorkersFile
	if err := strictjson.Decode(b, &f); err != nil {
		return Workers{}, err
	}
	if f.Format != workersFormat {
		return Workers{}, fmt.Errorf("format is not %s", workersFormat)
	}
	out := Workers{by: map[string]worker{}}
	var all []jose.PublicKey
	for i, w := range f.Workers {
		if _, err := service.ParseClass(string(w.Class)); err != nil {
			return Workers{}, fmt.Errorf("workers[%d]: %w", i, err)
		}
		if len(w.URLs) == 0 {
			return Workers{}, fmt.Errorf("workers[%d]: names no address", i)
		}
		for _, u := range w.URLs {
			if err := origin(u); err != nil {
				return Workers{}, fmt.Errorf("workers[%d]: %w", i, err)
			}
		}
		encoded, err := strictjson.Encode(w.Keys)
		if err != nil {
			return Workers{}, err
		}
		set, err := jose.ParseKeySet(encoded)
		if err != nil {
			return Workers{}, fmt.Errorf("workers[%d]: %w", i, err)
		}
		for _, k := range set.Keys() {
			if _, twice := out.by[k.Thumbprint()]; twice {
				return Workers{}, fmt.Errorf("workers[%d]: key %s is listed twice: a worker has one class", i, k.Thumbprint())
			}
			out.by[k.Thumbprint()] = worker{w.Class, slices.Clone(w.URLs)}
			all = append(all, k)
		}
	}
	if len(all) == 0 {
		return Workers{}, fmt.Errorf("it lists no worker")
	}
	var err error
	out.keys, err = jose.NewKeySet(all...)
	return out, err
}

// apart refuses an identity key that stands for a worker and for a signer: to
// such a worker the keys of epochs could be sealed, or it could answer as the
// signer.
func (w Workers) apart(own jose.PrivateKey, peers jose.KeySet) error {
	signers := append(peers.Thumbprints(), own.Public().Thumbprint())
	for _, k := range w.keys.Keys() {
		if slices.Contains(signers, k.Thumbprint()) {
			return fmt.Errorf("identity key %s is in --signer-workers and is a signer's (--signer-identity or --signer-peers): a worker has a key of its own", k.Thumbprint())
		}
	}
	return nil
}

// origin accepts scheme://host[:port] in the one form in which proofs name it.
func origin(s string) error {
	u, err := url.Parse(s)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.Scheme+"://"+u.Host != s {
		return fmt.Errorf("%q is not an origin such as https://cred.example.com", s)
	}
	return nil
}
