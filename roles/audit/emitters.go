package audit

import (
	"fmt"
	"regexp"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/files"
	"github.com/litentry/agentkeys/pkg/jose"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

// Emitters is who may hand in events. The zero value is nobody.
type Emitters struct {
	receipts *audit.Verifier
	roles    map[string]string // role by thumbprint
	file     api.AuditEmitters
}

var roleForm = regexp.MustCompile(`^[a-z]{1,9}$`)

// LoadEmitters reads the file of emitters.
func LoadEmitters(path string) (Emitters, error) {
	b, err := files.ReadPublic(path)
	if err != nil {
		return Emitters{}, fmt.Errorf("reading --audit-emitters: %w", err)
	}
	e, err := ParseEmitters(b)
	if err != nil {
		return Emitters{}, fmt.Errorf("--audit-emitters %s: %w", path, err)
	}
	return e, nil
}

// ParseEmitters reads the content of the file strictly. An identity key stands
// there once: it speaks for one role.
func ParseEmitters(b []byte) (Emitters, error) {
	out := Emitters{roles: map[string]string{}}
	if err := strictjson.Decode(b, &out.file); err != nil {
		return Emitters{}, err
	}
	if out.file.Format != api.AuditEmittersFormat {
		return Emitters{}, fmt.Errorf("format is not %s", api.AuditEmittersFormat)
	}
	var all []jose.PublicKey
	for i, e := range out.file.Emitters {
		if !roleForm.MatchString(e.Role) || e.Role == audit.EmitterAgent || e.Role == audit.EmitterOperator {
			return Emitters{}, fmt.Errorf("emitters[%d]: role is not the name of a role", i)
		}
		encoded, err := strictjson.Encode(e.Keys)
		if err != nil {
			return Emitters{}, err
		}
		set, err := jose.ParseKeySet(encoded)
		if err != nil {
			return Emitters{}, fmt.Errorf("emitters[%d]: %w", i, err)
		}
		for _, k := range set.Keys() {
			if _, twice := out.roles[k.Thumbprint()]; twice {
				return Emitters{}, fmt.Errorf("emitters[%d]: key %s is listed twice: it speaks for one role", i, k.Thumbprint())
			}
			out.roles[k.Thumbprint()] = e.Role
			all = append(all, k)
		}
	}
	if len(all) == 0 {
		return Emitters{}, fmt.Errorf("it lists no emitter")
	}
	keys, err := jose.NewKeySet(all...)
	if err != nil {
		return Emitters{}, err
	}
	out.receipts = audit.NewVerifier(keys)
	return out, nil
}
