package signer

import (
	"testing"

	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

// TestAWorkerIsNoSigner: a key that is listed as both would have the keys of
// epochs sealed to a worker.
func TestAWorkerIsNoSigner(t *testing.T) {
	var all []jose.PrivateKey
	for range 3 {
		k, err := jose.GenerateKey()
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, k)
	}
	set := func(k jose.PrivateKey) jose.KeySet {
		s, err := jose.NewKeySet(k.Public())
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	worker, own, peer := all[0], all[1], all[2]
	b, err := strictjson.Encode(WorkersFile{Format: workersFormat, Workers: []WorkerFile{{Class: service.Credentials, URLs: []string{"https://cred.example.com"}, Keys: set(worker).JWKS()}}})
	if err != nil {
		t.Fatal(err)
	}
	w, err := ParseWorkers(b)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name    string
		own     jose.PrivateKey
		peers   jose.KeySet
		refused bool
	}{
		{"apart", own, set(peer), false},
		{"apart, without peers", own, jose.KeySet{}, false},
		{"a peer that is this signer", own, set(own), false},
		{"the worker is a peer", own, set(worker), true},
		{"the worker is this signer", worker, set(peer), true},
	} {
		k := newTaker(t)
		p := k.p
		p.Workers, p.Identity, p.Peers = w, c.own, c.peers
		if _, err := New(k.env, p); (err != nil) != c.refused {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}
