package provision

import (
	"context"
	"fmt"
	"slices"
)

// Plan is what was found and what is to be done, in the order in which it will
// be done.
type Plan struct {
	// Resources are all that was looked at, each once.
	Resources []string
	Changes   []Change
	// Warnings are what a person should look at: it is not what was asked for,
	// and nothing here would undo it.
	Warnings []string

	adopt      bool
	deployment string
	foreign    []error
}

// Change is one call that will be made.
type Change struct {
	Resource string `json:"resource"` // such as "bucket agentkeys-vault"
	Setting  string `json:"setting"`  // such as "versioning"
	// New tells what is absent from what is there and says something else.
	New bool `json:"new"`
	// Diff are the differences, one a line: "- " is there, "+ " will be. It is
	// empty for what is new.
	Diff []string `json:"diff,omitzero"`

	apply func(context.Context) error
}

// Apply makes the changes in their order, and tells done of each. It stops at
// the first that fails; whatever was made stays, and a new plan goes on there.
func (p *Plan) Apply(ctx context.Context, done func(Change)) error {
	for _, c := range p.Changes {
		if err := c.apply(ctx); err != nil {
			return fmt.Errorf("%s, %s: %w", c.Resource, c.Setting, err)
		}
		if done != nil {
			done(c)
		}
	}
	return nil
}

// Of are the changes of one resource.
func (p *Plan) Of(resource string) []Change {
	return slices.DeleteFunc(slices.Clone(p.Changes), func(c Change) bool { return c.Resource != resource })
}

func (p *Plan) look(resource string) { p.Resources = append(p.Resources, resource) }

// refuse collects what is not ours. It reports whether to go on, which is so
// for what is to be adopted.
func (p *Plan) refuse(resource, why string) bool {
	if !p.adopt {
		p.foreign = append(p.foreign, fmt.Errorf("%s: %w: %s", resource, ErrForeign, why))
	}
	return p.adopt
}

// inUse collects what is in use for something else.
func (p *Plan) inUse(resource, why string) {
	p.foreign = append(p.foreign, inUse(resource, why))
}

func inUse(resource, why string) error {
	return fmt.Errorf("%s: %w: %s", resource, ErrInUse, why)
}

// tag plans the tags that a resource lacks; it shows them where it has others of ours.
func (p *Plan) tag(resource string, have tags, lacking []string, apply func(context.Context) error) {
	isNew := !have.marked()
	if isNew {
		lacking = nil
	}
	p.add(resource, "tag", isNew, lacking, apply)
}

func (p *Plan) warn(format string, args ...any) {
	p.Warnings = append(p.Warnings, fmt.Sprintf(format, args...))
}

func (p *Plan) add(resource, setting string, isNew bool, diff []string, apply func(context.Context) error) {
	p.Changes = append(p.Changes, Change{Resource: resource, Setting: setting, New: isNew, Diff: diff, apply: apply})
}
