package passkey_test

import (
	"bytes"
	"encoding/asn1"
	"errors"
	"math/big"
	"strings"
	"testing"

	"github.com/litentry/agentkeys/pkg/passkey"
)

// clientFaults hold for both ceremonies.
func clientFaults() map[string]struct {
	change func(string) string
	want   error
} {
	type fault = struct {
		change func(string) string
		want   error
	}
	swap := func(from, to string) func(string) string {
		return func(s string) string { return strings.Replace(s, from, to, 1) }
	}
	tail := func(members string) func(string) string {
		return func(s string) string { return strings.TrimSuffix(s, "}") + members }
	}
	return map[string]fault{
		"no crossOrigin":         {swap(`,"crossOrigin":false`, ""), nil},
		"an appended member":     {tail(`,"other":"do not compare against a template. See https://goo.gl/yabPex"}`), nil},
		"longest":                {func(s string) string { return pad(s, passkey.MaxClientData) }, nil},
		"too long":               {func(s string) string { return pad(s, passkey.MaxClientData+1) }, passkey.ErrClientDataForm},
		"null":                   {func(string) string { return "null" }, passkey.ErrClientDataForm},
		"space and null":         {func(string) string { return " null" }, passkey.ErrClientDataForm},
		"a string":               {func(string) string { return `"x"` }, passkey.ErrClientDataForm},
		"an array":               {func(string) string { return `[]` }, passkey.ErrClientDataForm},
		"an empty object":        {func(string) string { return `{}` }, passkey.ErrClientDataForm},
		"empty":                  {func(string) string { return ` ` }, passkey.ErrClientDataForm},
		"trailing bytes":         {func(s string) string { return s + " {}" }, passkey.ErrClientDataForm},
		"byte order mark":        {func(s string) string { return "\ufeff" + s }, passkey.ErrClientDataForm},
		"not closed":             {tail(""), passkey.ErrClientDataForm},
		"invalid UTF-8":          {tail(",\"a\":\"\xff\"}"), passkey.ErrClientDataForm},
		"type again":             {tail(`,"type":"webauthn.get"}`), passkey.ErrClientDataForm},
		"challenge again":        {tail(`,"challenge":"AAAA"}`), passkey.ErrClientDataForm},
		"type within":            {tail(`,"a":{"type":1}}`), passkey.ErrClientDataForm},
		"challenge within":       {tail(`,"a":{"challenge":1}}`), passkey.ErrClientDataForm},
		"origin within":          {tail(`,"a":{"origin":1}}`), passkey.ErrClientDataForm},
		"crossOrigin within":     {tail(`,"a":{"crossOrigin":1}}`), passkey.ErrClientDataForm},
		"topOrigin within":       {tail(`,"a":{"topOrigin":1}}`), passkey.ErrClientDataForm},
		"no crossOrigin, a tail": {swap(`,"crossOrigin":false`, `,"a":1`), passkey.ErrClientDataForm},
		"escape in the tail":     {tail(`,"a":"\n"}`), passkey.ErrClientDataForm},
		"space":                  {swap(`,"origin"`, `, "origin"`), passkey.ErrClientDataForm},
		"escaped type":           {swap("webauthn", `web\u0061uthn`), passkey.ErrClientDataForm},
		"reordered":              {func(s string) string { return `{"a":1,` + s[1:] }, passkey.ErrClientDataForm},
		"member before cross":    {swap(`,"crossOrigin"`, `,"a":1,"crossOrigin"`), passkey.ErrClientDataForm},
		"type is no string":      {swap(`"type":"webauthn.`, `"type":1,"a":"webauthn.`), passkey.ErrClientDataForm},
		"cross-origin":           {swap(":false", ":true"), passkey.ErrCrossOrigin},
		"cross-origin, a number": {swap(":false", ":1"), passkey.ErrCrossOrigin},
		"topOrigin":              {tail(`,"topOrigin":"http://evil.example"}`), passkey.ErrCrossOrigin},
		"another challenge":      {swap(`"challenge":"A`, `"challenge":"B`), passkey.ErrChallenge},
		"another port":           {swap(":8095", ":8096"), passkey.ErrOrigin},
		"another scheme":         {swap("http:", "https:"), passkey.ErrOrigin},
		"another type":           {swap("webauthn.", "payment."), passkey.ErrCeremonyType},
	}
}

func pad(s string, size int) string {
	head := strings.TrimSuffix(s, "}") + `,"x":"`
	return head + strings.Repeat("y", size-len(head)-2) + `"}`
}

func TestClientDataOfBothCeremonies(t *testing.T) {
	t.Parallel()
	for name, f := range clientFaults() {
		m := newMaker(t)
		m.enroll.Challenge, m.assert.Challenge = [32]byte{}, [32]byte{}
		m.client = f.change(clientData("webauthn.create", m.enroll.Challenge, testOrigin))
		if _, err := passkey.VerifyEnrollment(m.enrollment(), m.enroll); !is(err, f.want) {
			t.Errorf("enrollment, %s: %v; want %v", name, err, f.want)
		}
		m.client = f.change(clientData("webauthn.get", m.assert.Challenge, testOrigin))
		if _, err := passkey.VerifyAssertion(m.assertion(), m.assert); !is(err, f.want) {
			t.Errorf("assertion, %s: %v; want %v", name, err, f.want)
		}
	}
}

// is wants exactly that sentinel, or no error.
func is(err, want error) bool {
	if want == nil {
		return err == nil
	}
	return errors.Is(err, want)
}

func TestCeremoniesAreNotInterchangeable(t *testing.T) {
	t.Parallel()
	m := newMaker(t)
	m.client = clientData("webauthn.get", m.enroll.Challenge, testOrigin)
	if _, err := passkey.VerifyEnrollment(m.enrollment(), m.enroll); !errors.Is(err, passkey.ErrCeremonyType) {
		t.Errorf("an assertion's client data in an enrollment: %v", err)
	}
	m.client = clientData("webauthn.create", m.assert.Challenge, testOrigin)
	if _, err := passkey.VerifyAssertion(m.assertion(), m.assert); !errors.Is(err, passkey.ErrCeremonyType) {
		t.Errorf("an enrollment's client data in an assertion: %v", err)
	}
}

func TestVerifyEnrollment(t *testing.T) {
	t.Parallel()
	cose := func(change func(map[int]any)) func(*maker) {
		return func(m *maker) { change(m.cose.(map[int]any)) }
	}
	cases := map[string]struct {
		change func(*maker)
		want   error
	}{
		"none":             {func(*maker) {}, nil},
		"self-attestation": {func(m *maker) { m.statements = true }, nil},
		"synced":           {func(m *maker) { m.flags |= 0x18 }, nil},
		"longest id":       {func(m *maker) { m.id = bytes.Repeat([]byte{1}, 1023) }, nil},

		"id too long":           {func(m *maker) { m.id = bytes.Repeat([]byte{1}, 1024) }, passkey.ErrAuthenticatorData},
		"no id":                 {func(m *maker) { m.id = nil }, passkey.ErrAuthenticatorData},
		"user not present":      {func(m *maker) { m.flags = 0x04 }, passkey.ErrUserNotPresent},
		"user not verified":     {func(m *maker) { m.flags = 0x01 }, passkey.ErrUserNotVerified},
		"backed up, ineligible": {func(m *maker) { m.flags |= 0x10 }, passkey.ErrBackupFlags},
		"extensions":            {func(m *maker) { m.flags |= 0x80; m.trailing = []byte{0xa0} }, passkey.ErrAuthenticatorData},
		"trailing bytes":        {func(m *maker) { m.trailing = []byte{0} }, passkey.ErrAuthenticatorData},
		"behind the object":     {func(m *maker) { m.after = []byte{0} }, passkey.ErrAttestation},
		"another rp":            {func(m *maker) { m.enroll.RPID = "localhost" }, passkey.ErrRPIDHash},
		"extension flag alone":  {func(m *maker) { m.flags |= 0x80 }, passkey.ErrAuthenticatorData},
		"not flagged":           {func(m *maker) { m.flags |= attested; m.unflagged = true }, passkey.ErrAuthenticatorData},
		"32 bytes":              {func(m *maker) { m.authData = authData(testRP, flags|attested, 0)[:32] }, passkey.ErrAuthenticatorData},
		"no credential data":    {func(m *maker) { m.authData = authData(testRP, flags, 0) }, passkey.ErrAuthenticatorData},
		"credential data cut":   {func(m *maker) { m.authData = authData(testRP, flags|attested, 0) }, passkey.ErrAuthenticatorData},
		"id cut": {func(m *maker) {
			m.authData = append(authData(testRP, flags|attested, 0), append(make([]byte, 16), 0, 9, 1)...)
		}, passkey.ErrAuthenticatorData},
		"key cut": {func(m *maker) {
			m.authData = append(authData(testRP, flags|attested, 0), append(make([]byte, 16), 0, 1, 1)...)
		}, passkey.ErrKey},
		"36 bytes":              {func(m *maker) { m.authData = authData(testRP, flags|attested, 0)[:36] }, passkey.ErrAuthenticatorData},
		"too large":             {func(m *maker) { m.trailing = make([]byte, 8192) }, passkey.ErrAttestation},
		"another format":        {func(m *maker) { m.format = "fido-u2f" }, passkey.ErrAttestation},
		"none with a statement": {func(m *maker) { m.statement = map[string]any{"alg": -7} }, passkey.ErrAttestation},
		"packed with a certificate": {func(m *maker) {
			m.format, m.statement = "packed", map[string]any{"alg": -7, "sig": []byte{1}, "x5c": [][]byte{{1}}}
		}, passkey.ErrAttestation},
		"self-attestation by another": {func(m *maker) { m.statements = true; m.private = newMaker(m.t).private }, passkey.ErrAttestation},
		"self-attestation empty":      {func(m *maker) { m.format, m.statement = "packed", struct{}{} }, passkey.ErrAttestation},

		"ES384":           {cose(func(k map[int]any) { k[3] = -35 }), passkey.ErrKey},
		"RS256":           {cose(func(k map[int]any) { k[3] = -257 }), passkey.ErrKey},
		"P-384":           {cose(func(k map[int]any) { k[-1] = 2 }), passkey.ErrKey},
		"OKP":             {cose(func(k map[int]any) { k[1] = 1 }), passkey.ErrKey},
		"x of 31 bytes":   {cose(func(k map[int]any) { k[-2] = make([]byte, 31) }), passkey.ErrKey},
		"x of 33 bytes":   {cose(func(k map[int]any) { k[-2] = append([]byte{0}, k[-2].([]byte)...) }), passkey.ErrKey},
		"y of 31 bytes":   {cose(func(k map[int]any) { k[-3] = make([]byte, 31) }), passkey.ErrKey},
		"y compressed":    {cose(func(k map[int]any) { k[-3] = true }), passkey.ErrKey},
		"no y":            {cose(func(k map[int]any) { delete(k, -3) }), passkey.ErrKey},
		"one member more": {cose(func(k map[int]any) { k[4] = 1 }), passkey.ErrKey},
		"off the curve":   {cose(func(k map[int]any) { k[-3] = k[-2] }), passkey.ErrKey},
		"infinity":        {cose(func(k map[int]any) { k[-2], k[-3] = make([]byte, 32), make([]byte, 32) }), passkey.ErrKey},

		"no user name":   {func(m *maker) { m.enroll.UserName = "" }, passkey.ErrRequest},
		"no user id":     {func(m *maker) { m.enroll.UserID = nil }, passkey.ErrRequest},
		"long user id":   {func(m *maker) { m.enroll.UserID = make([]byte, 65) }, passkey.ErrRequest},
		"foreign origin": {func(m *maker) { m.enroll.Origin = "http://evil.localhost:8095" }, passkey.ErrOriginForm},
	}
	for name, c := range cases {
		m := newMaker(t)
		c.change(m)
		cred, err := passkey.VerifyEnrollment(m.enrollment(), m.enroll)
		if !is(err, c.want) {
			t.Errorf("%s: %v; want %v", name, err, c.want)
		}
		if c.want != nil {
			if cred.ID != nil || cred.X != [32]byte{} {
				t.Errorf("%s: refused, and answered %+v", name, cred)
			}
			continue
		}
		x, y := coordinates(t, &m.private.PublicKey)
		if !bytes.Equal(cred.ID, m.id) || cred.RPID != testRP || cred.Origin != testOrigin || cred.X != x || cred.Y != y {
			t.Errorf("%s: credential %+v", name, cred)
		}
		if cred.BackupEligible != (m.flags&0x08 != 0) {
			t.Errorf("%s: backup eligible %t", name, cred.BackupEligible)
		}
	}
	m := newMaker(t)
	resp := m.enrollment()
	resp.CredentialID = []byte("another")
	if _, err := passkey.VerifyEnrollment(resp, m.enroll); !errors.Is(err, passkey.ErrCredentialID) {
		t.Errorf("another raw id: %v", err)
	}
}

// TestCBORHasOneReading changes the encoding, not what it says.
func TestCBORHasOneReading(t *testing.T) {
	t.Parallel()
	m := newMaker(t)
	honest := m.enrollment().AttestationObject
	for name, object := range map[string][]byte{
		"honest": honest,
		// Another fmt in front, one more member in the map.
		"duplicate key":     append(append([]byte{0xa4}, append(m.marshal("fmt"), m.marshal("none")...)...), honest[1:]...),
		"another case":      bytes.Replace(honest, m.marshal("fmt"), m.marshal("Fmt"), 1),
		"unknown member":    append(append([]byte{0xa4}, append(m.marshal("x"), 0)...), honest[1:]...),
		"indefinite length": append(append([]byte{0xbf}, honest[1:]...), 0xff),
		"tagged":            append([]byte{0xd9, 0xd9, 0xf7}, honest...),
	} {
		resp := m.enrollment()
		resp.AttestationObject = object
		_, err := passkey.VerifyEnrollment(resp, m.enroll)
		if want := map[bool]error{false: passkey.ErrAttestation}[name == "honest"]; !is(err, want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestVerifyAssertion(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		change func(*maker)
		want   error
	}{
		"honest":        {func(*maker) {}, nil},
		"synced":        {func(m *maker) { m.flags |= 0x18 }, nil},
		"never counts":  {func(m *maker) { m.authData, m.assert.Credential.SignCount = authData(testRP, flags, 0), 0 }, nil},
		"counts first":  {func(m *maker) { m.authData, m.assert.Credential.SignCount = authData(testRP, flags, 1), 0 }, nil},
		"last count":    {func(m *maker) { m.authData = authData(testRP, flags, 1<<32-1) }, nil},
		"same count":    {func(m *maker) { m.assert.Credential.SignCount = 7 }, passkey.ErrSignCount},
		"smaller count": {func(m *maker) { m.assert.Credential.SignCount = 8 }, passkey.ErrSignCount},
		"count to zero": {func(m *maker) { m.authData = authData(testRP, flags, 0) }, passkey.ErrSignCount},

		"user not present":      {func(m *maker) { m.flags = 0x04 }, passkey.ErrUserNotPresent},
		"user not verified":     {func(m *maker) { m.flags = 0x01 }, passkey.ErrUserNotVerified},
		"backed up, ineligible": {func(m *maker) { m.flags |= 0x10 }, passkey.ErrBackupFlags},
		"extensions":            {func(m *maker) { m.flags |= 0x80; m.trailing = []byte{0xa0} }, passkey.ErrAuthenticatorData},
		"extension flag alone":  {func(m *maker) { m.flags |= 0x80 }, passkey.ErrAuthenticatorData},
		"32 bytes":              {func(m *maker) { m.authData = authData(testRP, flags, 7)[:32] }, passkey.ErrAuthenticatorData},
		"no authenticator data": {func(m *maker) { m.authData = []byte{} }, passkey.ErrAuthenticatorData},
		"credential data":       {func(m *maker) { m.flags |= attested }, passkey.ErrAuthenticatorData},
		"trailing bytes":        {func(m *maker) { m.trailing = []byte{0} }, passkey.ErrAuthenticatorData},
		"36 bytes":              {func(m *maker) { m.authData = authData(testRP, flags, 7)[:36] }, passkey.ErrAuthenticatorData},
		"another rp":            {func(m *maker) { m.authData = authData("localhost", flags, 7) }, passkey.ErrRPIDHash},
		"another id":            {func(m *maker) { m.assert.Credential.ID = []byte("another") }, passkey.ErrCredentialID},
		"another key":           {func(m *maker) { m.private = newMaker(m.t).private }, passkey.ErrSignature},
		"key off the curve":     {func(m *maker) { m.assert.Credential.Y[0] ^= 1 }, passkey.ErrCredential},
		"credential's origin":   {func(m *maker) { m.assert.Credential.Origin = "http://evil.example" }, passkey.ErrCredential},
		"no credential":         {func(m *maker) { m.assert.Credential = passkey.Credential{} }, passkey.ErrCredential},

		"no signature":       {func(m *maker) { m.signature = func([]byte) []byte { return nil } }, passkey.ErrAssertion},
		"raw r and s":        {func(m *maker) { m.signature = func([]byte) []byte { return make([]byte, 64) } }, passkey.ErrSignature},
		"trailing in DER":    {func(m *maker) { m.signature = func(s []byte) []byte { return append(s, 0) } }, passkey.ErrSignature},
		"bit flipped":        {func(m *maker) { m.signature = func(s []byte) []byte { s[len(s)-1] ^= 1; return s } }, passkey.ErrSignature},
		"r zero":             {der(func(r, _ *big.Int) { r.SetInt64(0) }), passkey.ErrSignature},
		"s zero":             {der(func(_, s *big.Int) { s.SetInt64(0) }), passkey.ErrSignature},
		"r negative":         {der(func(r, _ *big.Int) { r.Neg(r) }), passkey.ErrSignature},
		"r + n":              {der(func(r, _ *big.Int) { r.Add(r, order()) }), passkey.ErrSignature},
		"s + n":              {der(func(_, s *big.Int) { s.Add(s, order()) }), passkey.ErrSignature},
		"s = n":              {der(func(_, s *big.Int) { s.Set(order()) }), passkey.ErrSignature},
		"three in the DER":   {func(m *maker) { m.signature = threeIntegers }, passkey.ErrSignature},
		"s in the low half":  {der(func(_, s *big.Int) { s.Set(low(s)) }), nil},
		"s in the high half": {der(func(_, s *big.Int) { s.Sub(order(), low(s)) }), nil},
	}
	for name, c := range cases {
		m := newMaker(t)
		c.change(m)
		resp := m.assertion()
		a, err := passkey.VerifyAssertion(resp, m.assert)
		if !is(err, c.want) {
			t.Errorf("%s: %v; want %v", name, err, c.want)
		}
		if c.want != nil {
			if a.R != nil || a.AuthenticatorData != nil {
				t.Errorf("%s: refused, and answered %+v", name, a)
			}
			continue
		}
		if a.S.Cmp(low(a.S)) != 0 || a.Validate() != nil {
			t.Errorf("%s: s = %x is not normalised: %v", name, a.S, a.Validate())
		}
		if !bytes.Equal(a.AuthenticatorData, resp.AuthenticatorData) || !bytes.Equal(a.ClientDataJSON, resp.ClientDataJSON) {
			t.Errorf("%s: the answer is not what was signed", name)
		}
	}
}

func low(s *big.Int) *big.Int {
	if s.Cmp(new(big.Int).Rsh(order(), 1)) > 0 {
		return new(big.Int).Sub(order(), s)
	}
	return new(big.Int).Set(s)
}

type derSignature struct{ R, S *big.Int }

// der changes r and s of an honest signature.
func der(change func(r, s *big.Int)) func(*maker) {
	return func(m *maker) {
		m.signature = func(sig []byte) []byte {
			var v derSignature
			if _, err := asn1.Unmarshal(sig, &v); err != nil {
				m.t.Fatal(err)
			}
			change(v.R, v.S)
			b, err := asn1.Marshal(v)
			if err != nil {
				m.t.Fatal(err)
			}
			return b
		}
	}
}

// threeIntegers appends an integer within the sequence.
func threeIntegers(sig []byte) []byte {
	out := append(bytes.Clone(sig), 2, 1, 1)
	out[1] += 3
	return out
}
