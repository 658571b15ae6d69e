package cli

import (
	"fmt"
	"strings"

	"github.com/litentry/agentkeys/pkg/cli/ui"
	"github.com/litentry/agentkeys/pkg/profile"
	"github.com/litentry/agentkeys/pkg/provision"
)

// provisionWords is what `aws provision -o json` answers.
type provisionWords struct {
	Account  string             `json:"account"`
	Region   string             `json:"region"`
	DryRun   bool               `json:"dry_run"`
	Done     bool               `json:"already_done"`
	Changes  []provision.Change `json:"changes"`
	Warnings []string           `json:"warnings,omitzero"`
	// WriterPolicy is for whoever writes the archive.
	WriterPolicy string `json:"archive_writer_policy,omitzero"`
}

func (p *program) printProvision(pr *profile.Profile, plan *provision.Plan, want provision.Want, dryRun bool) error {
	w := provisionWords{
		Account: pr.Cloud.AccountID, Region: pr.Cloud.Region, DryRun: dryRun, Done: len(plan.Changes) == 0,
		Changes: plan.Changes, Warnings: plan.Warnings,
	}
	if w.Changes == nil {
		w.Changes = []provision.Change{}
	}
	if want.Archive != nil {
		w.WriterPolicy = string(want.Archive.Policy)
	}
	result := "was so already; nothing was changed"
	switch n := counted(len(plan.Changes), "change"); {
	case dryRun && w.Done:
		result = "everything is there: nothing would be changed"
	case dryRun:
		result = n + " would be made; none was"
	case !w.Done:
		result = n + " made"
	}
	t := ui.Rows{Header: []string{"resource", "state"}, Wrap: true}
	for _, r := range plan.Resources {
		t.Rows = append(t.Rows, []string{r, stateOf(plan.Of(r), dryRun)})
	}
	views := []ui.View{t}
	if dryRun {
		views = append(views, differences(plan)...)
	}
	views = append(views, ui.Facts{{Key: "account", Value: fmt.Sprintf("%s, %s", w.Account, w.Region)}, {Key: "result", Value: result}})
	if err := p.print(w, views...); err != nil {
		return err
	}
	for _, text := range plan.Warnings {
		p.note("warning: %s", text)
	}
	if want.Archive != nil && !p.wantsJSON() {
		p.note("the archive's writer %s needs this as its one inline policy:", want.Archive.PrincipalARN)
		p.note("%s", strings.Join(strings.Fields(w.WriterPolicy), " "))
	}
	return nil
}

// stateOf says in words what is or was done to a resource.
func stateOf(changes []provision.Change, dryRun bool) string {
	if len(changes) == 0 {
		return "as it should be"
	}
	var made, changed []string
	for _, c := range changes {
		if c.New {
			made = append(made, c.Setting)
		} else {
			changed = append(changed, c.Setting)
		}
	}
	words := [2]string{"made: ", "changed: "}
	if dryRun {
		words = [2]string{"to be made: ", "to be changed: "}
	}
	var out []string
	for i, list := range [][]string{made, changed} {
		if len(list) > 0 {
			out = append(out, words[i]+strings.Join(list, ", "))
		}
	}
	return strings.Join(out, "; ")
}

// differences shows what is there and would be said otherwise.
func differences(plan *provision.Plan) []ui.View {
	var views []ui.View
	for _, c := range plan.Changes {
		if len(c.Diff) == 0 {
			continue
		}
		var lines ui.Commands
		for _, d := range c.Diff {
			lines = append(lines, ui.Command{Line: d})
		}
		views = append(views, ui.Heading(c.Resource+", "+c.Setting+":"), lines)
	}
	return views
}
