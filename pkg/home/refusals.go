package home

import (
	"fmt"
	"slices"
	"time"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/files"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

const (
	refusalsFile = "refusals.json"
	// maxRefusals is how many are remembered; maxRefusal bounds each text of one.
	maxRefusals = 20
	maxRefusal  = 1024
)

// Refusal is what a host answered to this machine, for the person who asks why
// later: problem details (RFC 9457) without what nobody asks for. It holds no
// secret: neither a token nor a key stands in problem details, and what is put
// here was shown on the terminal already.
type Refusal struct {
	RequestID string    `json:"request_id"`
	Time      time.Time `json:"time"`
	// Command is the words of the command without its arguments, such as "cred fetch".
	Command string `json:"command"`
	// As is the identity that acted, or empty where several did, or none.
	As     string        `json:"as,omitzero"`
	Code   apierr.Code   `json:"code"`
	Layer  apierr.Layer  `json:"layer,omitzero"`
	Why    string        `json:"why"`
	Fix    string        `json:"fix,omitzero"`
	Layers apierr.Layers `json:"layers,omitzero"`
	Check  apierr.Check  `json:"check,omitzero"`
}

type refusalsJSON struct {
	Version  int       `json:"version"`
	Refusals []Refusal `json:"refusals"` // newest last
}

// Remember keeps a refusal, and forgets the oldest of more than 20.
func (d *Dir) Remember(r Refusal) error {
	for _, text := range []string{r.RequestID, r.Command, r.As, r.Why, r.Fix, string(r.Code), string(r.Layer), string(r.Check)} {
		if len(text) > maxRefusal {
			return fmt.Errorf("remembering a refusal: one of its texts is longer than %d bytes", maxRefusal)
		}
	}
	for _, reach := range []*apierr.Reach{&r.Layers.Mint, &r.Layers.Worker, &r.Layers.IAM, &r.Layers.Bucket} {
		if *reach != "" && !slices.Contains([]apierr.Reach{apierr.Passed, apierr.Decided, apierr.NotReached}, *reach) {
			*reach = apierr.NotReached // a host of another kind says what it likes
		}
	}
	return d.locked(func() error {
		all := slices.DeleteFunc(d.Refusals(), func(have Refusal) bool { return have.RequestID == r.RequestID })
		all = append(all, r)
		b, err := strictjson.Encode(refusalsJSON{fileVersion, all[max(0, len(all)-maxRefusals):]})
		if err != nil {
			return fmt.Errorf("remembering a refusal: %w", err)
		}
		if err := files.Replace(d.path(refusalsFile), b); err != nil {
			return fmt.Errorf("remembering a refusal: %w", err)
		}
		return nil
	})
}

// Refusals are those that are remembered, newest last. What is damaged, foreign or
// open to others is as good as forgotten: the next one is written over it.
func (d *Dir) Refusals() []Refusal {
	held, err := files.Read(d.path(refusalsFile))
	if err != nil {
		return nil
	}
	var f refusalsJSON
	if err := strictjson.Decode(held.Reveal(), &f); err != nil || f.Version != fileVersion || len(f.Refusals) > maxRefusals {
		return nil
	}
	return f.Refusals
}
