package demo

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"time"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/blob"
	"github.com/litentry/agentkeys/pkg/cli/ui"
	"github.com/litentry/agentkeys/pkg/dek"
	"github.com/litentry/agentkeys/pkg/dpop"
	"github.com/litentry/agentkeys/pkg/envelope"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/keys"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

// The two secrets of the rotation: one from before, one from after.
const (
	beforeName = "before"
	afterName  = "after"
)

// rotation is the state that its steps share.
type rotation struct {
	*loop
	wrapped []byte // the first object as it lay under epoch 1
	began   time.Time
}

// Rotation shows that the key under everything can be replaced while the
// product runs, and that nothing is lost.
func Rotation(ctx context.Context, c Config) (ui.Report, error) {
	r := &rotation{loop: newLoop(c)}
	ran := play(ctx, c, stage{name: "rotation", about: "the key under everything is replaced while the worker runs", steps: r.steps()})
	return ui.Report{Stages: []ui.Stage{ran}}, r.close()
}

func (r *rotation) steps() []step {
	return []step{
		{name: "start the stack", proves: "the signer is a role of its own; the worker holds no key that opens anything", run: r.start},
		{name: "an operator, and an agent with two services", proves: "the people of the story", run: r.people},
		{name: "a secret is stored", proves: "its data key comes from the signer, under epoch 1", run: r.storeBefore},
		{name: "a target that is reached sends nothing", proves: "rotating twice by mistake changes nothing", run: r.already},
		{name: "rotate", proves: "the signer has the key of epoch 2 before the chain says 2", run: r.rotate},
		{name: "another secret is stored", proves: "the running worker writes under epoch 2 at once, without a restart", run: r.storeAfter},
		{name: "both are read", proves: "what was written before a rotation stays readable after it", run: r.readBoth},
		{name: "refused: a worker without the agent's proof", proves: "a stolen worker gets no data key; with the proof the same request gets one", run: r.noProof},
		{name: "re-encrypt", proves: "old objects move to epoch 2 without being opened", run: r.reencrypt},
		{name: "both are read", proves: "the bytes are the same", run: r.readBoth},
		{name: "destroy the key of epoch 1", proves: "only after a look at every object; a tombstone stays", run: r.destroy},
		{name: "both are read", proves: "nothing needed it", run: r.readBoth},
		{name: "the old object is dead", proves: "a copy from before the re-encryption opens nowhere any more", run: r.dead},
		{name: "three epochs ahead", proves: "three steps, three transactions", run: r.three},
		{name: "both are read, and the summary", proves: "what signer and chain say in the end", run: r.summary},
	}
}

func (r *rotation) start(ctx context.Context) (string, error) {
	r.began = r.Now()
	return r.startStack(ctx)
}

func (r *rotation) people(ctx context.Context) (string, error) {
	if _, err := r.registerOperators(ctx); err != nil {
		return "", err
	}
	detail, err := r.bindAgent(ctx)
	if err != nil {
		return "", err
	}
	for _, s := range []string{beforeName, afterName} {
		if _, err := r.command(ctx, nil, "scope", "set", "--as", operatorName, "--agent", agentName, "--service", s, "--ops", "read,write,list"); err != nil {
			return "", err
		}
	}
	return detail + "; it may read and write two services", nil
}

// store has the agent store the secret, and answers the epoch.
func (r *rotation) store(ctx context.Context, name string) (uint64, error) {
	if _, err := r.command(ctx, bytes.NewReader(r.secretOf(name)), "cred", "store", "--as", agentName, "--service", name); err != nil {
		return 0, err
	}
	return r.epochOf(name)
}

// secretOf is a secret of its own for each name.
func (r *rotation) secretOf(name string) []byte {
	return append([]byte(name+":"), r.Credential[:min(len(r.Credential), 1<<19)]...)
}

func (r *rotation) raw(name string) ([]byte, error) {
	s, err := service.Parse(name)
	if err != nil {
		return nil, err
	}
	return r.stack.Cloud.RawObject(r.profile.Cloud.VaultBucket, blob.CredentialKey(r.actor, s).String())
}

func (r *rotation) epochOf(name string) (uint64, error) {
	raw, err := r.raw(name)
	if err != nil {
		return 0, err
	}
	return envelope.Epoch(raw)
}

func (r *rotation) storeBefore(ctx context.Context) (string, error) {
	epoch, err := r.store(ctx, beforeName)
	if err != nil {
		return "", err
	}
	if epoch != 1 {
		return "", fmt.Errorf("it is sealed under epoch %d", epoch)
	}
	r.wrapped, err = r.raw(beforeName)
	return fmt.Sprintf("%q lies in storage under epoch 1", beforeName), err
}

// rotated is what `k3 rotate` answers.
type rotated struct {
	From   uint64 `json:"from_epoch"`
	To     uint64 `json:"to_epoch"`
	Epochs []struct {
		Epoch uint64 `json:"epoch"`
		Check string `json:"check"`
		Tx    string `json:"transaction"`
	} `json:"epochs"`
}

// rotateTo runs the command and counts what it sent by the wallet's nonce.
func (r *rotation) rotateTo(ctx context.Context, target, transactions int) (rotated, error) {
	var out rotated
	before, err := r.sent(ctx)
	if err != nil {
		return out, err
	}
	answer, err := r.command(ctx, nil, "k3", "rotate", "--target-epoch", fmt.Sprint(target), "-o", "json")
	if err != nil {
		return out, err
	}
	if err := strictjson.DecodeAnswer(answer, &out); err != nil {
		return out, err
	}
	after, err := r.sent(ctx)
	if err != nil {
		return out, err
	}
	if after-before != uint64(transactions) || len(out.Epochs) != transactions || out.To != uint64(target) {
		return out, fmt.Errorf("%d transactions were sent and %d told, to epoch %d; %d were expected, to epoch %d", after-before, len(out.Epochs), out.To, transactions, target)
	}
	return out, nil
}

// sent is how many transactions governance has sent.
func (r *rotation) sent(ctx context.Context) (uint64, error) {
	c, err := r.chain.Counter(ctx)
	if err != nil {
		return 0, err
	}
	return r.chain.Sent(ctx, c.Governance)
}

func (r *rotation) already(ctx context.Context) (string, error) {
	_, err := r.rotateTo(ctx, 1, 0)
	return "epoch 1 is current: no transaction", err
}

func (r *rotation) rotate(ctx context.Context) (string, error) {
	out, err := r.rotateTo(ctx, 2, 1)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("epoch 2, key-check value %s, one transaction", out.Epochs[0].Check), nil
}

func (r *rotation) storeAfter(ctx context.Context) (string, error) {
	epoch, err := r.store(ctx, afterName)
	if err != nil {
		return "", err
	}
	if epoch != 2 {
		return "", fmt.Errorf("it is sealed under epoch %d, not 2", epoch)
	}
	return fmt.Sprintf("%q lies in storage under epoch 2", afterName), nil
}

func (r *rotation) readBoth(ctx context.Context) (string, error) {
	detail := ""
	for _, name := range []string{beforeName, afterName} {
		got, err := r.command(ctx, nil, "cred", "fetch", "--as", agentName, "--service", name)
		if err != nil {
			return "", err
		}
		if !bytes.Equal(got, r.secretOf(name)) {
			return "", fmt.Errorf("%q came back as %d other bytes", name, len(got))
		}
		epoch, err := r.epochOf(name)
		if err != nil {
			return "", err
		}
		detail += fmt.Sprintf("%q under epoch %d, ", name, epoch)
	}
	return detail + "both identical", nil
}

// noProof asks for a data key as the worker does, with everything a stolen
// worker host holds, but a proof by another key than the agent's.
func (r *rotation) noProof(ctx context.Context) (string, error) {
	identity, err := jose.LoadKey(filepath.Join(r.home.Root(), "dev", "cred", "identity.pem"))
	if err != nil {
		return "", err
	}
	_, err = r.unwrapAs(ctx, identity, r.stranger.Key)
	detail, err := refused(err, http.StatusUnauthorized, apierr.ProofInvalid)
	if err != nil {
		return "", err
	}
	if _, err := r.unwrapAs(ctx, identity, r.agent.Key); err != nil {
		return "", fmt.Errorf("with the agent's proof it is refused too: %w", err)
	}
	unlisted, err := jose.GenerateKey()
	if err != nil {
		return "", err
	}
	_, err = r.unwrapAs(ctx, unlisted, r.agent.Key)
	if _, err := refused(err, http.StatusForbidden, apierr.WorkerNotListed); err != nil {
		return "", err
	}
	return detail + "; with the agent's proof it opens; a worker that is not listed gets 403 worker_not_listed", nil
}

func (r *rotation) unwrapAs(ctx context.Context, identity jose.PrivateKey, prover *ecdsa.PrivateKey) (keys.DEK, error) {
	c, err := r.agent.Mint(ctx, api.PathCapCredFetch, api.CapRequest{Service: beforeName})
	if err != nil {
		return keys.DEK{}, err
	}
	pr := r.profile
	url := pr.Hosts["cred"] + api.PathCredFetch
	proof, err := dpop.Sign(prover, dpop.Request{Method: http.MethodPost, URL: url, Token: c.Token, Now: r.Now()})
	if err != nil {
		return keys.DEK{}, err
	}
	set, err := api.FetchKeys(ctx, r.agent.API.HTTP, pr.Hosts["signer"]+api.PathSignerJWKS)
	if err != nil {
		return keys.DEK{}, err
	}
	worker, err := dek.NewClient(dek.ClientConfig{
		Class: service.Credentials, Identity: identity, Signers: set, Now: r.Now,
		Post: func(ctx context.Context, path string, body []byte) ([]byte, error) {
			return r.agent.API.Post(ctx, api.Request{URL: pr.Hosts["signer"] + path, ContentType: "application/json", Body: body})
		},
	})
	if err != nil {
		return keys.DEK{}, err
	}
	w, err := envelope.Wrapped(r.wrapped)
	if err != nil {
		return keys.DEK{}, err
	}
	return worker.Unwrap(ctx, keys.Request{Evidence: keys.Evidence{Capability: c.Token, Proof: proof, Method: http.MethodPost, URL: url}}, w)
}

func (r *rotation) reencrypt(ctx context.Context) (string, error) {
	// Governance names itself maintainer here; elsewhere they are two.
	c, err := r.chain.Counter(ctx)
	if err != nil {
		return "", err
	}
	if _, err := r.command(ctx, nil, "k3", "maintainer", c.Governance.Hex()); err != nil {
		return "", err
	}
	var out struct {
		Scanned int `json:"scanned"`
		Current int `json:"current"`
		Moved   int `json:"moved"`
	}
	answer, err := r.command(ctx, nil, "k3", "reencrypt", "-o", "json")
	if err != nil {
		return "", err
	}
	if err := strictjson.DecodeAnswer(answer, &out); err != nil {
		return "", err
	}
	epoch, err := r.epochOf(beforeName)
	if err != nil {
		return "", err
	}
	now, err := r.raw(beforeName)
	if err != nil {
		return "", err
	}
	if epoch != 2 || out.Moved != 1 || out.Current != 1 || !bytes.Equal(now[len(now)-16:], r.wrapped[len(r.wrapped)-16:]) {
		return "", fmt.Errorf("%d moved, %d were current, epoch %d", out.Moved, out.Current, epoch)
	}
	return fmt.Sprintf("%d looked at, %d moved, %d current already; the sealed bytes themselves did not change", out.Scanned, out.Moved, out.Current), nil
}

func (r *rotation) destroy(ctx context.Context) (string, error) {
	if _, err := r.command(ctx, nil, "k3", "destroy", "--epoch", "2", "--yes"); err == nil {
		return "", errors.New("the current epoch was destroyed")
	}
	if _, err := r.command(ctx, nil, "k3", "destroy", "--epoch", "1", "--yes"); err != nil {
		return "", err
	}
	return "epoch 1 is gone; the same for epoch 2, which is in use, was refused", nil
}

// dead puts the old object back where it was: the agent is told that it does
// not open.
func (r *rotation) dead(ctx context.Context) (string, error) {
	identity, err := jose.LoadKey(filepath.Join(r.home.Root(), "dev", "cred", "identity.pem"))
	if err != nil {
		return "", err
	}
	_, err = r.unwrapAs(ctx, identity, r.agent.Key)
	d, ok := apierr.Lookup(apierr.EnvelopeInvalid)
	if !ok {
		return "", errors.New("no such code")
	}
	return refused(err, d.Status, apierr.EnvelopeInvalid)
}

func (r *rotation) three(ctx context.Context) (string, error) {
	out, err := r.rotateTo(ctx, 5, 3)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("from epoch %d to %d in three transactions", out.From, out.To), nil
}

func (r *rotation) summary(ctx context.Context) (string, error) {
	both, err := r.readBoth(ctx)
	if err != nil {
		return "", err
	}
	answer, err := r.command(ctx, nil, "k3", "status", "--objects", "-o", "json")
	if err != nil {
		return "", err
	}
	var st struct {
		Epoch  uint32 `json:"current_epoch"`
		Agreed bool   `json:"signers_agree"`
		Epochs []struct {
			Epoch   uint64 `json:"epoch"`
			State   string `json:"state"`
			Objects int    `json:"objects"`
		} `json:"epochs"`
	}
	if err := strictjson.DecodeAnswer(answer, &st); err != nil {
		return "", err
	}
	text := ""
	for _, e := range st.Epochs {
		text += fmt.Sprintf("%d %s %d, ", e.Epoch, e.State, e.Objects)
	}
	if st.Epoch != 5 || !st.Agreed || text != "1 destroyed 0, 2 old 2, 3 old 0, 4 old 0, 5 current 0, " {
		return "", fmt.Errorf("epoch %d, agreed %t, by epoch: %s", st.Epoch, st.Agreed, text)
	}
	return fmt.Sprintf("%s; epoch, state, objects: %sno role was restarted in %s", both, text, ui.Duration(r.Now().Sub(r.began).Truncate(time.Millisecond))), nil
}
