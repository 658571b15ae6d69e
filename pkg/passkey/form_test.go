package passkey_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"math/big"
	"strings"
	"testing"

	"github.com/litentry/agentkeys/pkg/omni"
	"github.com/litentry/agentkeys/pkg/passkey"
)

func TestCheckOrigin(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a.", 126) + "b"
	good := []struct{ rp, origin string }{
		{"localhost", "http://localhost:8095"},
		{"localhost", "http://companion.localhost:1"},
		{"localhost", "http://localhost"},
		{"companion.localhost", "http://companion.localhost:65535"},
		{"localhost", "https://localhost"},
		{"example.org", "https://example.org"},
		{"example.org", "https://app.example.org:8443"},
		{long, "https://" + long},
	}
	for _, c := range good {
		if err := passkey.CheckOrigin(c.rp, c.origin); err != nil {
			t.Errorf("%s of %s: %v", c.origin, c.rp, err)
		}
	}
	bad := []struct{ rp, origin string }{
		{"", "https://example.org"},
		{"example.org", ""},
		{"Example.org", "https://example.org"},
		{"example.org", "https://Example.org"},
		{"example.org", "http://example.org"},
		{"example.org", "https://evilexample.org"},
		{"app.example.org", "https://example.org"},
		{"example.org", "https://example.org.evil"},
		{"localhost", "http://localhost.evil:8095"},
		{"localhost", "http://notlocalhost"},
		{"localhost", "http://localhost:"},
		{"localhost", "http://localhost:0"},
		{"localhost", "http://localhost:080"},
		{"localhost", "http://localhost:80"},
		{"example.org", "https://example.org:443"},
		{"localhost", "http://localhost:65536"},
		{"localhost", "http://localhost:+1"},
		{"localhost", "http://localhost:8095/"},
		{"localhost", "http://localhost:8095/x"},
		{"localhost", "http://user@localhost:8095"},
		{"localhost", "http://localhost:8095?x"},
		{"localhost", "http://localhost:8095#x"},
		{"localhost", "HTTP://localhost:8095"},
		{"localhost", "ws://localhost:8095"},
		{"localhost", "ws://localhost"},
		{"localhost", "localhost"},
		{"localhost", "localhost:8095"},
		{"127.0.0.1", "http://127.0.0.1:8095"},
		{"127.0.0.1", "https://127.0.0.1"},
		{"localhost", `http://localhost:8095"`},
		{"exa_mple.org", "https://exa_mple.org"},
		{"-a.org", "https://-a.org"},
		{"a-.org", "https://a-.org"},
		{"a..org", "https://a..org"},
		{".org", "https://.org"},
		{"example.org.", "https://example.org."},
		{"exämple.org", "https://exämple.org"},
		{long + "c", "https://" + long + "c"},
		{strings.Repeat("a", 64), "https://" + strings.Repeat("a", 64)},
		{"localhost", "http://local\\host"},
		{"localhost", "http://localhost\x00"},
	}
	for _, c := range bad {
		if err := passkey.CheckOrigin(c.rp, c.origin); !errors.Is(err, passkey.ErrOriginForm) {
			t.Errorf("%q of %q: %v", c.origin, c.rp, err)
		}
	}
}

func TestCredentialHashes(t *testing.T) {
	t.Parallel()
	c := newMaker(t).assert.Credential
	if c.IDHash() != sha256.Sum256(c.ID) || c.RPIDHash() != sha256.Sum256([]byte(testRP)) || c.OriginHash() != sha256.Sum256([]byte(testOrigin)) {
		t.Error("hashes are SHA-256 of id, relying party id and origin")
	}
	if c.DeviceKey() != omni.DeviceKeyOfPasskey(c.X, c.Y) {
		t.Error("the device key is the passkey's")
	}
}

func TestCredentialFile(t *testing.T) {
	t.Parallel()
	c := newMaker(t).assert.Credential
	c.BackupEligible = true
	text, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	var back passkey.Credential
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(back.ID, c.ID) || back.X != c.X || back.Y != c.Y || back.SignCount != 6 || !back.BackupEligible || back.Origin != c.Origin || back.RPID != c.RPID {
		t.Fatalf("%+v became %+v", c, back)
	}
	swap := func(from, to string) string { return strings.Replace(string(text), from, to, 1) }
	x := "0x" + hex.EncodeToString(c.X[:])
	for name, bad := range map[string]string{
		"empty": "", "null": "null", "trailing": string(text) + "{}", "unknown member": swap(`{`, `{"a":1,`),
		"duplicate": swap(`{`, `{"version":1,`), "version 2": swap(`"version":1`, `"version":2`),
		"id padded": swap(`"credential_id":"`, `"credential_id":"=`), "empty id": swap(`Y3JlZGVudGlhbA`, ``),
		"id with stray bits": swap(`Y3JlZGVudGlhbA`, `Y3JlZGVudGlhbB`), "id with newline": swap(`Y3JlZGVudGlhbA`, `Y3JlZGVudGlh\nbA`),
		"id too long": swap(`Y3JlZGVudGlhbA`, strings.Repeat("A", 1366)),
		"x upper":     swap(x, strings.ToUpper(x)), "x short": swap(x, x[:64]), "x no hex": swap(x, x[:65]+"g"), "x without 0x": swap(x, "00"+x[2:]),
		"y no hex": swap(`"y":"0x`, `"y":"0y`), "off the curve": swap(`"x":"0x`+x[2:4], `"x":"0x`+flip(x[2:4])), "origin": swap(testOrigin, "http://evil.example"),
		"negative count": swap(`"sign_count":6`, `"sign_count":-1`), "large count": swap(`"sign_count":6`, `"sign_count":4294967296`),
	} {
		if _, err := passkey.ParseCredential([]byte(bad)); !errors.Is(err, passkey.ErrCredential) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := json.Marshal(passkey.Credential{}); !errors.Is(err, passkey.ErrCredential) {
		t.Errorf("an empty credential was written: %v", err)
	}
}

func flip(digits string) string {
	if digits == "00" {
		return "01"
	}
	return "00"
}

func TestAssertionJSON(t *testing.T) {
	t.Parallel()
	m := newMaker(t)
	a, err := passkey.VerifyAssertion(m.assertion(), m.assert)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	var back passkey.Assertion
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	if back.R.Cmp(a.R) != 0 || back.S.Cmp(a.S) != 0 || !bytes.Equal(back.AuthenticatorData, a.AuthenticatorData) || !bytes.Equal(back.ClientDataJSON, a.ClientDataJSON) {
		t.Fatalf("%s", text)
	}
	if back.SignCount() != 7 {
		t.Errorf("sign count %d", back.SignCount())
	}
	change := func(f func(map[string]string)) []byte {
		var v map[string]string
		if err := json.Unmarshal(text, &v); err != nil {
			t.Fatal(err)
		}
		f(v)
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	word := func(n *big.Int) string { return "0x" + hex.EncodeToString(n.FillBytes(make([]byte, 32))) }
	half := new(big.Int).Rsh(order(), 1)
	set := func(k, v string) []byte { return change(func(m map[string]string) { m[k] = v }) }
	for name, bad := range map[string][]byte{
		"empty": nil, "trailing": append(bytes.Clone(text), 'x'), "unknown": set("a", "b"), "missing": change(func(m map[string]string) { delete(m, "r") }),
		"r zero": set("r", word(new(big.Int))), "r = n": set("r", word(order())), "s zero": set("s", word(new(big.Int))),
		"s high": set("s", word(half.Add(half, big.NewInt(1)))), "s no word": set("s", "0x1"), "r no word": set("r", "1"),
		"short data": set("authenticator_data", "AAAA"), "no data": set("authenticator_data", "="), "no client data": set("client_data_json", ""), "bad client data": set("client_data_json", "="),
		"long client data": set("client_data_json", strings.Repeat("A", 1368)), "long data": set("authenticator_data", strings.Repeat("A", 1368)),
	} {
		if _, err := passkey.ParseAssertion(bad); !errors.Is(err, passkey.ErrAssertion) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := json.Marshal(passkey.Assertion{}); !errors.Is(err, passkey.ErrAssertion) {
		t.Errorf("an empty assertion was written: %v", err)
	}
	if (passkey.Assertion{}).SignCount() != 0 {
		t.Error("an empty assertion has a count")
	}
}
