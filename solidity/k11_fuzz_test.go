package solidity_test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
)

// The differential law of client data: whatever K11Verifier accepts, a JSON
// parser that accepts it too reads as the expected type, challenge and origin,
// whichever of two duplicates it prefers, and as not cross-origin.

// differential judges one client data text with every signature valid.
func differential(m *machine, c *ceremony) (accepted bool, err error) {
	_, fault, err := m.judge(c)
	if err != nil || fault != "" {
		return false, err
	}
	if !strings.HasPrefix(c.client, c.upToOrigin()) {
		return true, fmt.Errorf("accepted without its beginning: %q", c.client)
	}
	var last map[string]any
	if json.Unmarshal([]byte(c.client), &last) != nil {
		// The bound on what follows crossOrigin is not a grammar.
		if !strings.HasPrefix(c.client, c.upToOrigin()+`,"crossOrigin":false,`) {
			return true, fmt.Errorf("accepted and no JSON: %q", c.client)
		}
		return true, nil
	}
	first, err := firstWins(c.client)
	if err != nil {
		return true, fmt.Errorf("two parsers disagree about %q: %w", c.client, err)
	}
	for name, value := range map[string]any{"type": "webauthn.get", "challenge": c.challenge(), "origin": c.storedOrigin} {
		if last[name] != value || first[name] != fmt.Sprintf("%q", value) {
			return true, fmt.Errorf("%s of %q: %v or %v", name, c.client, last[name], first[name])
		}
	}
	if cross, ok := last["crossOrigin"]; ok && cross != false {
		return true, fmt.Errorf("crossOrigin of %q", c.client)
	}
	if _, ok := last["topOrigin"]; ok {
		return true, fmt.Errorf("topOrigin of %q", c.client)
	}
	return true, nil
}

// firstWins reads the top-level members, the first of duplicates.
func firstWins(text string) (map[string]string, error) {
	d := jsontext.NewDecoder(strings.NewReader(text), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	if _, err := d.ReadToken(); err != nil {
		return nil, err
	}
	members := map[string]string{}
	for d.PeekKind() == '"' {
		name, err := d.ReadToken()
		if err != nil {
			return nil, err
		}
		key := name.String()
		value, err := d.ReadValue()
		if err != nil {
			return nil, err
		}
		if _, seen := members[key]; !seen {
			members[key] = string(value)
		}
	}
	return members, nil
}

// pieces are what attacks are put together from.
func pieces(c *ceremony) []string {
	return []string{
		`{`, `}`, `,`, `:`, `"`, `\`, `\"`, ` `, "\n", "\x00", "\u017f", `[`, `]`, `null`, `true`, `false`, `=`, `'`, `/`,
		`"type"`, `"challenge"`, `"origin"`, `"crossOrigin"`, `"topOrigin"`, `"Type"`, `"\u0074ype"`, `"tokenBinding"`,
		`"type":"webauthn.get"`, `"type":"webauthn.create"`, `"webauthn.get"`, `webauthn.create`,
		`"challenge":"` + c.challenge() + `"`, c.challenge(), `"challenge":"AAAA"`, strings.Repeat("A", 43),
		`"origin":"` + testOrigin + `"`, testOrigin, `"origin":"http://evil.example"`, `http://localhost:1`,
		`,"crossOrigin":false`, `,"crossOrigin":true`, `,"topOrigin":"https://evil.example"`, `,"a":{"origin":"b"}`,
		`,"x":"y"`, `,"x":[{"y":"}"}]`, c.honest(), c.upToOrigin(),
	}
}

// mutate edits the honest text as the script says, three bytes an edit.
func mutate(c *ceremony, script []byte) string {
	parts := pieces(c)
	text := []byte(c.honest())
	for len(script) >= 4 && len(text) < 2000 {
		op, what := script[0], int(script[1])
		at := int(binary.BigEndian.Uint16(script[2:])) % (len(text) + 1)
		script = script[4:]
		if op&0x40 != 0 && len(text) > 120 { // most of what matters is at the end
			at = len(text) - at%(len(text)-110)
		}
		piece := []byte(parts[what%len(parts)])
		switch op % 6 {
		case 0: // insert a piece
			text = bytes.Join([][]byte{text[:at], piece, text[at:]}, nil)
		case 1: // overwrite with a piece
			text = append(text[:at:at], append(piece, text[min(at+len(piece), len(text)):]...)...)
		case 2: // delete
			text = append(text[:at:at], text[min(at+what%40, len(text)):]...)
		case 3: // set a byte
			if at < len(text) {
				text[at] = byte(what)
			}
		case 4: // append a member before the end
			if len(text) > 0 {
				text = append(append(append(text[:len(text)-1:len(text)-1], ','), piece...), '}')
			}
		case 5: // flip a bit
			if at < len(text) {
				text[at] ^= 1 << (what % 8)
			}
		}
	}
	return string(text)
}

// TestK11DifferentialWithJSONParsers runs a fixed number of mutations; the fuzz
// target below runs as many as one likes.
func TestK11DifferentialWithJSONParsers(t *testing.T) {
	t.Parallel()
	const runs = 12_000
	m := newMachine(t, london())
	m.etchAlwaysValid()
	c := newCeremony()
	st := &stream{seed: "client data"}
	var accepted, changed int
	for range runs {
		h := st.hash()
		c.client = mutate(c, h[:4*(1+int(h[31])%5)])
		ok, err := differential(m, c)
		if err != nil {
			t.Fatal(err)
		}
		if ok {
			accepted++
			if c.client != c.honest() {
				changed++
			}
		}
	}
	t.Logf("%d of %d accepted, %d of them changed", accepted, runs, changed)
	if accepted == runs || changed < runs/100 {
		t.Errorf("the mutations prove little: %d accepted, %d of them changed", accepted, changed)
	}
}

func FuzzK11ClientData(f *testing.F) {
	c := newCeremony()
	for name, fault := range k11Faults() {
		c := newCeremony()
		fault.change(c)
		if name != "1 MB" && c.storedOrigin == testOrigin {
			f.Add([]byte(c.client), []byte{})
		}
	}
	f.Add([]byte{}, []byte{4, 40, 0, 0, 0x40, 7, 0, 3})
	m := newMachine(f, london())
	m.etchAlwaysValid()
	f.Fuzz(func(t *testing.T, text, script []byte) {
		c.client = string(text)
		if len(text) == 0 {
			c.client = mutate(c, script)
		}
		if _, err := differential(m, c); err != nil {
			t.Fatal(err)
		}
	})
}
