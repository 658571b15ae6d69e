package cli

import (
	"slices"

	"github.com/urfave/cli/v2"

	"github.com/litentry/agentkeys/pkg/cli/demo"
)

// demoFlags are those of `demo`.
type demoFlags struct {
	credential, webauthn, storage, cloudKeys string
	here, allowSkip                          bool
	from, to, only                           int
}

// Who touches the passkeys of a demo.
const (
	touchedBySoftware = "software"
	touchedByNobody   = "none"
	touchedInBrowser  = "browser"
)

func (f *demoFlags) flags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "credential", Destination: &f.credential, DefaultText: "random bytes", Usage: "`@FILE` of 1 byte to 1 MiB: the secret to move"},
		&cli.IntFlag{Name: "from-step", Destination: &f.from, DefaultText: "1", Usage: "begin with step `N`; what it stands on runs before, and is not counted"},
		&cli.IntFlag{Name: "to-step", Destination: &f.to, DefaultText: "the last", Usage: "end with step `N`"},
		&cli.IntFlag{Name: "only-step", Destination: &f.only, DefaultText: "all of them", Usage: "run step `N` alone"},
		&cli.BoolFlag{Name: "allow-skip", Destination: &f.allowSkip, Usage: "skip a step whose prerequisite is not met, instead of failing"},
		&cli.StringFlag{Name: "webauthn", Destination: &f.webauthn, Value: touchedBySoftware, Usage: "`WHO` touches the passkey: software, or none, where everything that needs a touch is done already"},
		&cli.BoolFlag{Name: "here", Destination: &f.here, Usage: "run stage1, stage2 or stage3 against the profile and the state directory of this machine"},
		&cli.StringFlag{Name: "cloud-credentials", Destination: &f.cloudKeys, EnvVars: []string{"AGENTKEYS_CLOUD_CREDENTIALS"}, DefaultText: "in development the stack's own", Usage: "`FILE` in the form of credential_process, with which --here compares roles and policies"},
		&cli.StringFlag{Name: "storage", Destination: &f.storage, Value: demo.StorageDev, Usage: "`WHICH` storage stage3 starts: dev, or rgw, Ceph's object gateway, which nobody here wrote"},
	}
}

// check refuses what contradicts itself, before anything is started. A step that a
// stage does not have is no contradiction: nothing of it runs, and the result says so.
func (f *demoFlags) check(c *cli.Context) error {
	for _, name := range []string{"from-step", "to-step", "only-step"} {
		if c.IsSet(name) && c.Int(name) < 1 {
			return usage("--%s: steps are numbered from 1", name)
		}
	}
	switch {
	case f.only > 0 && (f.from > 0 || f.to > 0):
		return usage("--only-step goes without --from-step and --to-step")
	case f.to > 0 && f.from > f.to:
		return usage("no step is from %d on and up to %d", f.from, f.to)
	case f.webauthn == touchedInBrowser:
		return usage("--webauthn browser: there is no ceremony in a browser yet; software really signs, with a passkey for development, and none touches nothing")
	case f.webauthn != touchedBySoftware && f.webauthn != touchedByNobody:
		return usage("--webauthn is software or none, not %q", f.webauthn)
	case f.storage != demo.StorageDev && f.storage != demo.StorageRGW:
		return usage("--storage is dev or rgw, not %q", f.storage)
	}
	return nil
}

func (f *demoFlags) selection() demo.Selection {
	s := demo.Selection{From: f.from, To: f.to, AllowSkip: f.allowSkip}
	if f.only > 0 {
		s.From, s.To = f.only, f.only
	}
	return s
}

// demoStage is one that can be asked for by name.
type demoStage struct {
	name string
	run  stage
	// anywhere: it needs no stack of its own.
	anywhere bool
}

func demoStages() []demoStage {
	return []demoStage{
		{"loop", demo.Loop, false},
		{"stage1", demo.Stage1, true},
		{"stage2", demo.Stage2, true},
		{"stage3", demo.Stage3, true},
		{"rotation", demo.Rotation, false},
		{"audit", demo.Audit, false},
	}
}

// stagesNamed are those that a word stands for: none means the loop.
func stagesNamed(word string) (out []demoStage) {
	if word == "" {
		word = "loop"
	}
	all := demoStages()
	if word == "all" {
		return all
	}
	if i := slices.IndexFunc(all, func(s demoStage) bool { return s.name == word }); i >= 0 {
		out = append(out, all[i])
	}
	return out
}
