package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/litentry/agentkeys/pkg/cli/ui"
	"github.com/litentry/agentkeys/pkg/profile"
)

// chainFlags say which chain a new profile is for.
type chainFlags struct {
	chain string
	rpc   cli.StringSlice
}

func (f *chainFlags) flags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "chain", Destination: &f.chain, EnvVars: []string{"AGENTKEYS_CHAIN"}, DefaultText: "that of the profile", Usage: "`NAME|FILE` of the chain: heima, dev, anvil, or a file with the chain part of a profile"},
		&cli.StringSliceFlag{Name: "rpc", Destination: &f.rpc, EnvVars: []string{"AGENTKEYS_RPC"}, DefaultText: "those of the profile or the chain", Usage: "`URL` of an RPC endpoint, repeatable; production needs two of different operators, or one on loopback"},
	}
}

// endpoints are those of --rpc. The environment separates them by commas.
func (f *chainFlags) endpoints() []string {
	var out []string
	for _, v := range f.rpc.Value() {
		for u := range strings.SplitSeq(v, ",") {
			if u = strings.TrimSpace(u); u != "" {
				out = append(out, u)
			}
		}
	}
	return out
}

// draft is a profile on the way to a file: its contracts may be absent.
type draft struct {
	*profile.Profile
	path  string
	fresh bool // nobody wrote it yet
	// rpc are the endpoints that the file keeps: --rpc is for this run, unless
	// it begins the file.
	rpc []string
}

// save writes the profile.
func (d draft) save() error {
	d.Chain.RPC = d.rpc
	return d.Save(d.path)
}

// draft reads the profile that a deployment completes, or begins it from
// --chain.
func (p *program) draft(f *chainFlags) (draft, error) {
	path, err := p.draftPath(f.chain != "")
	if err != nil {
		return draft{}, err
	}
	have, err := profile.LoadDraft(path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && f.chain == "":
		return draft{}, ui.WithFix(fmt.Errorf("there is no profile %s: name the chain to begin one", path), "agentkeys contracts deploy --chain heima|dev|anvil|FILE")
	case errors.Is(err, fs.ErrNotExist):
		begun, err := profile.ForChain(f.chain, f.endpoints())
		if err != nil {
			return draft{}, err
		}
		return draft{begun, path, true, begun.Chain.RPC}, nil
	case err != nil:
		return draft{}, err
	}
	if err := sameChain(have, f, path); err != nil {
		return draft{}, err
	}
	kept := have.Chain.RPC
	if rpc := f.endpoints(); len(rpc) > 0 {
		have.Chain.RPC = rpc
		if err := have.ValidateDraft(); err != nil {
			return draft{}, err
		}
	}
	return draft{have, path, false, kept}, nil
}

// sameChain refuses to use a profile for another chain than it was written for.
func sameChain(have *profile.Profile, f *chainFlags, path string) error {
	if f.chain == "" {
		return nil
	}
	rpc := f.endpoints()
	if len(rpc) == 0 {
		rpc = have.Chain.RPC
	}
	want, err := profile.ForChain(f.chain, rpc)
	if err != nil {
		return err
	}
	if want.Chain.ChainID != have.Chain.ChainID {
		return fmt.Errorf("%s is for chain %d (%s), not for chain %d (%s): name another profile with --profile", path, have.Chain.ChainID, have.Chain.Name, want.Chain.ChainID, want.Chain.Name)
	}
	return nil
}

// draftPath is where the profile is or will be. A named chain never lands in
// the profile of `dev`.
func (p *program) draftPath(named bool) (string, error) {
	if p.global.profile != "" {
		return p.global.profile, nil
	}
	d, err := p.home()
	if err != nil {
		return "", err
	}
	if !named {
		if path, err := p.profilePath(); err == nil {
			return path, nil
		}
	}
	return d.ProfilePath(), nil
}
