package isolation_test

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/captoken"
	"github.com/litentry/agentkeys/pkg/dpop"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/oidc"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

// kept is what lies in a folder for those who go to storage themselves.
func kept(p *person, c service.Class) string { return fmt.Sprintf("kept for %s in %s", p.name, c) }

// folder are the names in the folder of a person in a class, in the order of a list.
func folder(p *person, c service.Class) string {
	names := []string{"kept.enc"}
	for _, o := range classOf(c).things(p) {
		names = append(names, strings.TrimPrefix(o.object(), prefix(p, c)))
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}

// gives is what a storage session gives whom it allows something, in the words in
// which [world.reaches] tells it.
func (s storage) gives(op service.Op) string {
	switch op {
	case service.OpStore:
		return fmt.Sprintf("put by %s", s)
	case service.OpFetch:
		return kept(s.of, s.class)
	case service.OpList:
		return folder(s.of, s.class)
	}
	return "gone"
}

// reaches does one thing with a session to an object of somebody in the bucket of a
// class, and tells what came of it: what was read or listed, and of what changes
// something, what storage itself has there afterwards.
func (w *world) reaches(s storage, owner *person, bucket service.Class, op service.Op) verdict {
	w.t.Helper()
	defer w.hold(owner, bucket)()
	at := w.Profile.Cloud.S3Endpoint
	if op == service.OpTeardown {
		if v := w.touch(at, w.storage(storage{owner, bucket, "write"}), owner, bucket, service.OpStore); v.code != "" {
			w.t.Fatalf("putting what is to be removed: %s", v)
		}
	}
	v := w.touches(w.s3(at, w.storage(s)), owner, bucket, op, s.gives(service.OpStore))
	if op == service.OpFetch || op == service.OpList {
		return v
	}
	raw, err := w.Cloud.RawObject(w.bucket(bucket), prefix(owner, bucket)+"direct.enc")
	there := err == nil
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		w.t.Fatal(err)
	}
	switch allowed := v.code == ""; {
	case op == service.OpStore && (allowed || there):
		v.gave = string(raw)
	case op == service.OpTeardown && !there:
		v.gave = "gone"
	case op == service.OpTeardown && allowed:
		v.gave = "still there"
	}
	if there {
		if r := w.touch(at, w.storage(storage{owner, bucket, "write"}), owner, bucket, service.OpTeardown); r.code != "" {
			w.t.Fatalf("removing it: %s", r)
		}
	}
	return v
}

// bucket is that of a class.
func (w *world) bucket(c service.Class) string {
	s, _ := w.Profile.Cloud.Storage(c)
	return s.Bucket
}

// opens takes a role with a token and tells what its session lists in a folder.
func (w *world) opens(token string, p *person, c service.Class, access string) verdict {
	w.t.Helper()
	creds, err := w.exchange(token, c, access)
	if err != nil {
		return of(err)
	}
	defer w.hold(p, c)()
	return w.touches(w.s3(w.Profile.Cloud.S3Endpoint, creds), p, c, service.OpList, "")
}

// rights are a capability in words: whose device may do what, for whom.
func rights(device *person, operator omni.Operator, actor *person, a service.Action, s string) string {
	return fmt.Sprintf("%s %s may %s %q of %s in %s", device.device, dpop.Thumbprint(&device.key.PublicKey), a.Op, s, actor.actor, a.Class) + " for " + operator.String()
}

// rightsIn are those of a capability that the broker answered with.
func (w *world) rightsIn(a answer) verdict {
	w.t.Helper()
	if a.code != "" {
		return a.verdict
	}
	var c api.Capability
	if err := strictjson.DecodeAnswer(a.body, &c); err != nil {
		w.t.Fatal(err)
	}
	set := must[jose.KeySet](w.t)(jose.NewKeySet(w.k1.Public()))
	g, err := must[*captoken.Verifier](w.t)(captoken.NewVerifier(set, w.Profile.CapIssuer, w.now)).Verify(c.Token)
	if err != nil {
		return a.gives(err.Error())
	}
	s := g.ServiceName().String()
	if g.ServiceName().IsZero() {
		s = service.Any
	}
	return a.gives(fmt.Sprintf("%s %s may %s %q of %s in %s for %s", g.Device(), g.Thumbprint(), g.Op(), s, g.Actor(), g.Class(), g.Operator()))
}

// tags are what storage hears of a web identity.
func tags(p *person, c service.Class, access string) string {
	return fmt.Sprint([]string{p.operator.Key(), p.actor.Key(), string(c), access})
}

// tagsIn are those of a web identity that the broker answered with.
func (w *world) tagsIn(a answer) verdict {
	w.t.Helper()
	if a.code != "" {
		return a.verdict
	}
	var id api.WebIdentity
	if err := strictjson.DecodeAnswer(a.body, &id); err != nil {
		w.t.Fatal(err)
	}
	var claims struct {
		Tags struct {
			Principal map[string][]string `json:"principal_tags"`
		} `json:"https://aws.amazon.com/tags"`
	}
	if err := strictjson.DecodeAnswer(must[[]byte](w.t)(jose.DecodeSegment(strings.Split(id.Token, ".")[1])), &claims); err != nil {
		w.t.Fatal(err)
	}
	var have []string
	for _, name := range []string{oidc.TagOperator, oidc.TagActor, oidc.TagClass, oidc.TagAccess} {
		have = append(have, claims.Tags.Principal[name]...)
	}
	if id.Access != strings.Join(claims.Tags.Principal[oidc.TagAccess], " ") {
		have = append(have, "said to be "+id.Access)
	}
	return a.gives(fmt.Sprint(have))
}

// journalOf is a journal in the words in which [world.journalIn] tells it.
func journalOf(o omni.Operator) string { return "the journal of " + o.String() }

// journalIn tells whose journal an answer of the audit role is about. What says
// nothing of any, because there is nothing new, is about that of who asked.
func (w *world) journalIn(a answer, asked omni.Operator) verdict {
	w.t.Helper()
	if a.code != "" {
		return a.verdict
	}
	var said struct {
		Operator omni.Operator    `json:"operator_omni"` // of a status
		Batch    api.AuditBatch   `json:"batch"`         // of a proof, or a flush
		Batches  []api.AuditBatch `json:"batches"`
		Places   []journal.Place  `json:"places"` // of a note
	}
	if err := strictjson.DecodeAnswer(a.body, &said); err != nil {
		// The batches of a status are a number.
		var status api.AuditStatus
		if err := strictjson.DecodeAnswer(a.body, &status); err != nil {
			w.t.Fatal(err)
		}
		said.Operator = status.Operator
	}
	whose := []omni.Operator{said.Operator, said.Batch.Operator}
	for _, b := range said.Batches {
		whose = append(whose, b.Operator)
	}
	for _, p := range said.Places {
		whose = append(whose, p.Operator)
	}
	for _, o := range whose {
		if !o.IsZero() && o != asked {
			return a.gives(journalOf(o))
		}
	}
	return a.gives(journalOf(asked))
}
