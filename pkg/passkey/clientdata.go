package passkey

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/litentry/agentkeys/pkg/strictjson"
)

// Ceremony types as clientDataJSON names them.
const (
	TypeCreate = "webauthn.create"
	TypeGet    = "webauthn.get"
)

// MaxClientData bounds clientDataJSON here and in K11Verifier. A browser sends
// about 120 to 250 bytes.
const MaxClientData = 1024

// ClientDataJSON serialises client data as browsers do (WebAuthn section
// 5.8.1.1) for a ceremony that is not cross-origin. The origin must have
// passed CheckOrigin, so that nothing in it needs an escape.
func ClientDataJSON(ceremony string, challenge [32]byte, origin string) []byte {
	return []byte(clientDataPrefix(ceremony, encodeChallenge(challenge), origin) + crossOriginFalse + "}")
}

const crossOriginFalse = `,"crossOrigin":false`

func clientDataPrefix(ceremony, challenge, origin string) string {
	return `{"type":"` + ceremony + `","challenge":"` + challenge + `","origin":"` + origin + `"`
}

func encodeChallenge(c [32]byte) string { return encodeBase64(c[:]) }

// guardClientData refuses what the library lets pass: JSON that is null or no
// object (on which it panics), duplicate members, cross-origin ceremonies; and
// any serialisation but the one that K11Verifier reads at constant offsets
// (WebAuthn section 5.8.1.2, the limited verification algorithm). Values are
// compared afterwards, by the library.
func guardClientData(data []byte) error {
	if len(data) > MaxClientData {
		return fmt.Errorf("%w: longer than %d bytes", ErrClientDataForm, MaxClientData)
	}
	if len(data) == 0 || data[0] != '{' {
		return fmt.Errorf("%w: not a JSON object", ErrClientDataForm)
	}
	var members map[string]any
	if err := strictjson.Decode(data, &members); err != nil {
		return fmt.Errorf("%w: %w", ErrClientDataForm, err)
	}
	if _, framed := members["topOrigin"]; framed {
		return fmt.Errorf("%w: topOrigin is present", ErrCrossOrigin)
	}
	if cross, present := members["crossOrigin"]; present && cross != false {
		return fmt.Errorf("%w: crossOrigin is not false", ErrCrossOrigin)
	}
	ceremony, _ := members["type"].(string)
	challenge, _ := members["challenge"].(string)
	origin, _ := members["origin"].(string)
	rest, ok := bytes.CutPrefix(data, []byte(clientDataPrefix(ceremony, challenge, origin)))
	if ok && string(rest) == "}" {
		return nil
	}
	tail, ok := bytes.CutPrefix(rest, []byte(crossOriginFalse))
	if !ok {
		return fmt.Errorf("%w: members are not in their order", ErrClientDataForm)
	}
	return guardTail(string(tail))
}

// guardTail looks at what a newer client may append after crossOrigin. It
// refuses the names of the members before it, at any depth, and escapes, with
// which a name can be spelled differently. K11Verifier has the same rule.
func guardTail(tail string) error {
	if strings.Contains(tail, `\`) {
		return fmt.Errorf("%w: an escape after crossOrigin", ErrClientDataForm)
	}
	for _, name := range []string{"type", "challenge", "origin", "crossOrigin", "topOrigin"} {
		if strings.Contains(tail, `"`+name+`"`) {
			return fmt.Errorf("%w: %s after crossOrigin", ErrClientDataForm, name)
		}
	}
	return nil
}
