package cli

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/urfave/cli/v2"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/cli/ui"
	"github.com/litentry/agentkeys/pkg/keeper"
	"github.com/litentry/agentkeys/pkg/omni"
)

// k3State is what `k3 status` answers.
type k3State struct {
	Epoch      uint32           `json:"current_epoch"`
	Governance common.Address   `json:"governance"`
	Maintainer common.Address   `json:"maintainer,omitzero"`
	Signers    []k3SignerState  `json:"signers"`
	Epochs     []k3EpochState   `json:"epochs"`
	Objects    []k3ObjectsState `json:"objects,omitzero"`
	Agreed     bool             `json:"signers_agree"` // those that answer
	Silent     int              `json:"signers_silent,omitzero"`
}

type k3SignerState struct {
	URL      string `json:"url"`
	Identity string `json:"identity"`
	Error    string `json:"error,omitzero"` // why it gives no answer
	api.Epochs
}

type k3EpochState struct {
	Epoch     uint64    `json:"epoch"`
	Check     string    `json:"check"`
	Created   time.Time `json:"created,omitzero"`
	Destroyed time.Time `json:"destroyed,omitzero"`
	State     string    `json:"state"` // current | old | prepared | destroyed
	Objects   *int      `json:"objects,omitzero"`
	Signers   int       `json:"signers"`
}

type k3ObjectsState struct {
	Class string `json:"class"`
	keeper.Census
}

func (p *program) k3Status() *cli.Command {
	var f storageFlags
	return &cli.Command{
		Name: "status", Usage: "epochs, their ages, who holds them, and what is sealed under them",
		UsageText: "k3 status [--objects [--storage-credentials FILE]]",
		Description: `Asks the chain and every signer of the profile, and compares the key-check values. With --objects it looks at every stored object too, which needs the credentials of the maintenance role.

Examples:
  agentkeys k3 status
  agentkeys k3 status --objects --storage-credentials maintenance.json`,
		Flags: append(f.flags(), &cli.BoolFlag{Name: "objects", Destination: &f.wanted, Usage: "count the stored objects of each epoch"}),
		Action: func(c *cli.Context) error {
			if err := noArguments(c); err != nil {
				return err
			}
			return p.k3ShowStatus(c.Context, f)
		},
	}
}

func (p *program) k3ShowStatus(ctx context.Context, f storageFlags) error {
	st, err := p.k3Ask(ctx)
	if err != nil {
		return err
	}
	if f.wanted {
		if err := p.k3CountObjects(ctx, f, &st); err != nil {
			return err
		}
	}
	if err := p.print(st, p.k3Views(st)...); err != nil {
		return err
	}
	if st.Silent > 0 {
		return ui.WithExit(fmt.Errorf("%d of %d signers give no answer", st.Silent, len(st.Signers)), ui.ExitRemote)
	}
	return nil
}

// k3Ask asks the chain and every signer.
func (p *program) k3Ask(ctx context.Context) (k3State, error) {
	client, err := p.chainClient()
	if err != nil {
		return k3State{}, err
	}
	now, err := client.Counter(ctx)
	if err != nil {
		return k3State{}, err
	}
	pr, err := p.load()
	if err != nil {
		return k3State{}, err
	}
	if len(pr.Signers) == 0 {
		return k3State{}, errNoSigners()
	}
	st := k3State{Epoch: now.Epoch, Governance: now.Governance, Maintainer: now.Maintainer, Agreed: true}
	for _, at := range pr.Signers {
		one := k3SignerState{URL: at.URL, Identity: at.Key}
		s, err := p.signer(ctx, pr, at, nil)
		if err == nil {
			one.Epochs, err = s.Status(ctx)
		}
		if err != nil { // the others are worth seeing all the same
			f := ui.Explain(err)
			one.Error, st.Silent = f.Why, st.Silent+1
		}
		st.Signers = append(st.Signers, one)
	}
	st.fold()
	return st, nil
}

// fold brings the signers' lists together, one row for each epoch that anybody
// names. They agree when each of them has each epoch from 1 to the chain's, and
// the same.
func (st *k3State) fold() {
	rows := map[uint64]*k3EpochState{}
	answered, ring := 0, ""
	for _, s := range st.Signers {
		if s.Error != "" {
			continue
		}
		if answered++; answered == 1 {
			ring = s.Ring
		}
		st.Agreed = st.Agreed && s.Ring == ring
		for _, e := range s.Epochs.Epochs {
			row := rows[e.Epoch]
			if row == nil {
				row = &k3EpochState{Epoch: e.Epoch, Check: e.Check, Created: e.Created, Destroyed: e.Destroyed}
				rows[e.Epoch] = row
			}
			row.Signers++
			// Two keys that are only prepared are what the next rotation settles.
			same := row.Check == e.Check || e.Epoch > uint64(st.Epoch)
			st.Agreed = st.Agreed && same && row.Destroyed.IsZero() == e.Destroyed.IsZero()
		}
	}
	// The numbers are a host's word: what is listed is walked over, not counted up to.
	for i, n := range slices.Sorted(maps.Keys(rows)) {
		row := rows[n]
		switch {
		case !row.Destroyed.IsZero():
			row.State = "destroyed"
		case n == uint64(st.Epoch):
			row.State = "current"
		case n > uint64(st.Epoch):
			row.State = "prepared"
		default:
			row.State = "old"
		}
		// A key that is only prepared is at some signers while a rotation runs.
		held := row.Signers == answered || row.State == "prepared"
		st.Agreed = st.Agreed && held && n == uint64(i)+1
		st.Epochs = append(st.Epochs, *row)
	}
	st.Agreed = st.Agreed && rows[uint64(st.Epoch)] != nil
}

func (p *program) k3CountObjects(ctx context.Context, f storageFlags, st *k3State) error {
	buckets, err := p.buckets(ctx, f)
	if err != nil {
		return err
	}
	for i := range st.Epochs {
		st.Epochs[i].Objects = new(int)
	}
	for _, b := range buckets {
		c, err := keeper.Count(ctx, []keeper.Bucket{b}, omni.Actor{}, nil)
		if err != nil {
			return err
		}
		st.Objects = append(st.Objects, k3ObjectsState{string(b.Class), c})
		for i, e := range st.Epochs {
			*st.Epochs[i].Objects += c.Objects[e.Epoch]
		}
	}
	return nil
}

func (p *program) k3Views(st k3State) []ui.View {
	maintainer := "none: nobody may have data keys re-wrapped"
	if st.Maintainer != (common.Address{}) {
		maintainer = st.Maintainer.Hex()
	}
	agreed := "all hold the same keys"
	if st.Silent > 0 {
		agreed = fmt.Sprintf("%d of them silent; the others hold the same keys", st.Silent)
	}
	switch {
	case st.Silent == len(st.Signers):
		agreed = "none gives an answer"
	case !st.Agreed:
		agreed = "THEY DIFFER, or lack the key of an epoch: see the check values in -o json, and do not rotate"
	}
	views := []ui.View{ui.Facts{
		{Key: "current epoch", Value: strconv.Itoa(int(st.Epoch))},
		{Key: "governance", Value: st.Governance.Hex()},
		{Key: "maintainer", Value: maintainer},
		{Key: "signers", Value: fmt.Sprintf("%d, %s", len(st.Signers), agreed)},
	}}
	for _, s := range st.Signers {
		if s.Error != "" {
			views = append(views, ui.Facts{{Key: "no answer", Value: s.URL + ": " + s.Error}})
		}
	}
	t := ui.Rows{Header: []string{"epoch", "state", "check value", "age", "objects"}, Right: []int{0, 4}}
	for _, e := range st.Epochs {
		objects, age := "-", "-"
		if e.Objects != nil {
			objects = strconv.Itoa(*e.Objects)
		}
		if !e.Created.IsZero() {
			age = ui.Duration(p.Now().Sub(e.Created).Truncate(time.Second))
		}
		t.Rows = append(t.Rows, []string{strconv.FormatUint(e.Epoch, 10), e.State, e.Check, age, objects})
	}
	views = append(views, t)
	for _, o := range st.Objects {
		if o.Strange > 0 {
			views = append(views, ui.Text(fmt.Sprintf("%s: %d objects are none that this system writes", o.Class, o.Strange)))
		}
	}
	return views
}
