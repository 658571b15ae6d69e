package openapi

import (
	"reflect"
	"strings"
	"time"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/audit"
	"github.com/litentry/agentkeys/pkg/journal"
	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/service"
)

func text(pattern, example string) Schema {
	return Schema{Type: "string", Pattern: pattern, Examples: []any{example}}
}

// hex32 is 32 bytes in the one form that they have in JSON.
func hex32(digit string) Schema { return text("^0x[0-9a-f]{64}$", "0x"+strings.Repeat(digit, 64)) }

// form is what a name in a tag, or in a path, stands for.
func form(name string) (Schema, bool) {
	switch name {
	case "operator", "actor":
		return hex32("1"), true
	case "address":
		return text("^0x[0-9a-fA-F]{40}$", "0x"+strings.Repeat("1", 40)), true
	case "id", "nonce": // jose.NewID, audit.NewID
		return text("^[A-Za-z0-9_-]{22}$", strings.Repeat("A", 22)), true
	case "class":
		return ofType(reflect.TypeFor[service.Class]())
	case "service":
		return text(`^(\*|(memory:)?[a-z0-9][a-z0-9._-]{0,63}|email:[a-z0-9][a-z0-9._+-]{0,63}@[a-z0-9.-]{1,253})$`, "github"), true
	case "key":
		return text("^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$", "todo"), true
	case "request":
		return text("^[A-Za-z0-9_-]{1,64}$", "REQUEST"), true
	case "cursor":
		return text("^(0|[1-9][0-9]{0,15})$", "1"), true
	}
	return Schema{}, false
}

// ofType is the form of a type that has one of its own.
func ofType(t reflect.Type) (Schema, bool) {
	switch t {
	case reflect.TypeFor[omni.Operator](), reflect.TypeFor[omni.Actor](), reflect.TypeFor[omni.DeviceKey](), reflect.TypeFor[journal.Hash]():
		return hex32("1"), true
	case reflect.TypeFor[time.Time]():
		return Schema{Type: "string", Format: "date-time", Examples: []any{"2027-01-31T09:00:00Z"}}, true
	case reflect.TypeFor[service.Name]():
		s, ok := form("service")
		s.Pattern = strings.Replace(s.Pattern, `\*|`, "", 1)
		return s, ok
	case reflect.TypeFor[service.MemoryKey]():
		return form("key")
	case reflect.TypeFor[service.Class]():
		return values(service.Credentials, service.Memory, service.Email), true
	case reflect.TypeFor[service.Op]():
		return text("^[a-z][a-z0-9_-]{0,31}$", "deploy"), true
	case reflect.TypeFor[audit.Result]():
		return values(audit.Allowed, audit.Denied, audit.Completed, audit.Failed, audit.Noted), true
	case reflect.TypeFor[journal.State]():
		return values(journal.Built, journal.Submitted, journal.Mined, journal.Confirmed), true
	case reflect.TypeFor[apierr.Reach]():
		return values(apierr.Passed, apierr.Decided, apierr.NotReached), true
	case reflect.TypeFor[apierr.Code]():
		var codes []apierr.Code
		for _, d := range apierr.Table() {
			codes = append(codes, d.Code)
		}
		return values(codes...), true
	}
	return Schema{}, false
}

func values[T ~string](all ...T) Schema {
	s := Schema{Type: "string"}
	for _, v := range all {
		s.Enum = append(s.Enum, string(v))
	}
	return s
}
