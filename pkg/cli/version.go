package cli

import (
	"fmt"

	"github.com/urfave/cli/v2"

	"github.com/litentry/agentkeys/pkg/cli/ui"
	"github.com/litentry/agentkeys/pkg/role"
)

func (p *program) versionCommand() *cli.Command {
	return &cli.Command{
		Name: "version", Usage: "say which build this is", Category: categoryOther,
		Action: func(c *cli.Context) error {
			if err := noArguments(c); err != nil {
				return err
			}
			v := p.Version
			for _, r := range p.Roles {
				v.Roles = append(v.Roles, r.Name)
			}
			return p.print(v, ui.Facts{{Key: Name, Value: v.Version}, {Key: "revision", Value: v.Revision}, {Key: "go", Value: v.Go}, {Key: "roles", Value: role.Names(p.Roles)}})
		},
	}
}

func (p *program) completionCommand() *cli.Command {
	return &cli.Command{
		Name: "completion", Usage: "print a completion script for a shell", Category: categoryOther,
		UsageText: "completion bash|zsh|fish",
		Description: `Examples:
  source <(agentkeys completion bash)
  agentkeys completion fish > ~/.config/fish/completions/agentkeys.fish`,
		Action: func(c *cli.Context) error {
			if c.Args().Len() != 1 {
				return usage("completion takes one shell: bash, zsh or fish")
			}
			script, ok := completions()[c.Args().First()]
			if !ok {
				return usage("completion knows bash, zsh and fish, not %q", c.Args().First())
			}
			_, err := fmt.Fprint(p.Stdout, script)
			return err
		},
	}
}

// completions ask the program itself what may follow, and leave files to the
// shell.
func completions() map[string]string {
	return map[string]string{
		"bash": `_agentkeys() {
  local IFS=$'\n'
  COMPREPLY=($("${COMP_WORDS[0]}" __complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o bashdefault -o default -F _agentkeys agentkeys
`,
		"zsh": `#compdef agentkeys
_agentkeys() {
  local -a choices
  choices=(${(f)"$(${words[1]} __complete "${(@)words[2,CURRENT]}" 2>/dev/null)"})
  if (( ${#choices} )); then
    compadd -a choices
  else
    _files
  fi
}
if [ "$funcstack[1]" = "_agentkeys" ]; then
  _agentkeys "$@"
else
  compdef _agentkeys agentkeys
fi
`,
		"fish": `function __agentkeys_complete
  set -l words (commandline -opc)
  set -l current (commandline -ct)
  set -l choices ($words[1] __complete $words[2..-1] "$current" 2>/dev/null)
  if test (count $choices) -gt 0
    printf '%s\n' $choices
  else
    __fish_complete_path "$current"
  end
end
complete -c agentkeys -f -a '(__agentkeys_complete)'
`,
	}
}

// noArguments refuses what a command would silently ignore.
func noArguments(c *cli.Context) error {
	if c.Args().Present() {
		return usage("%s takes no argument, got %q", c.Command.Name, c.Args().First())
	}
	return nil
}
