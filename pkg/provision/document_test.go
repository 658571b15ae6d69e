package provision

import (
	"slices"
	"strings"
	"testing"

	"github.com/litentry/agentkeys/pkg/blob/policy"
	"github.com/litentry/agentkeys/pkg/service"
)

const base = `{"Version":"2012-10-17","Statement":[
	{"Sid":"A","Effect":"Allow","Action":["s3:GetObject","s3:PutObject"],"Resource":"arn:aws:s3:::b/*","Condition":{"StringEquals":{"aws:PrincipalTag/class":["x","y"]},"Bool":{"aws:SecureTransport":"true"}}},
	{"Sid":"B","Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::b"]}]}`

// TestSameMeaning: the layouts in which clouds hand back what was put.
func TestSameMeaning(t *testing.T) {
	for name, edit := range map[string][]string{
		"as it is":            {},
		"a list of one":       {`"Action":"s3:*"`, `"Action":["s3:*"]`},
		"one of a list":       {`["arn:aws:s3:::b"]`, `"arn:aws:s3:::b"`},
		"another order":       {`["s3:GetObject","s3:PutObject"]`, `["s3:PutObject","s3:GetObject"]`},
		"said twice":          {`["x","y"]`, `["y","x","y"]`},
		"a truth value":       {`"aws:SecureTransport":"true"`, `"aws:SecureTransport":true`},
		"white space":         {"\n\t", " "},
		"members in disorder": {`"Sid":"B","Effect":"Deny"`, `"Effect":"Deny","Sid":"B"`},
	} {
		if diff, err := compare([]byte(strings.NewReplacer(edit...).Replace(base)), []byte(base)); err != nil || len(diff) > 0 {
			t.Errorf("%s: %q, %v", name, diff, err)
		}
	}
	swapped := `{"Statement":[` + base[strings.Index(base, `{"Sid":"B"`):len(base)-2] + `,` + strings.TrimSuffix(base[strings.Index(base, `{"Sid":"A"`):strings.Index(base, `{"Sid":"B"`)], ",\n\t") + `],"Version":"2012-10-17"}`
	if diff, err := compare([]byte(swapped), []byte(base)); err != nil || len(diff) > 0 {
		t.Errorf("statements in another order: %q, %v", diff, err)
	}
	single := `{"Version":"2012-10-17","Statement":{"Sid":"A","Effect":"Deny","Action":"s3:*"}}`
	if diff, err := compare([]byte(single), []byte(strings.NewReplacer(`{"Sid"`, `[{"Sid"`, `"}}`, `"}]}`).Replace(single))); err != nil || len(diff) > 0 {
		t.Errorf("a statement without a list: %q, %v", diff, err)
	}
}

// TestOtherMeaning: one change at a time is seen, and what is shown is it.
func TestOtherMeaning(t *testing.T) {
	for _, c := range []struct {
		old, change string
		diff        []string
	}{
		{`"Deny"`, `"Allow"`, []string{"- B Effect: Allow", "+ B Effect: Deny"}},
		{`"s3:PutObject"`, `"s3:*"`, []string{"- A Action: s3:*", "+ A Action: s3:PutObject"}},
		{`,"s3:PutObject"`, ``, []string{"+ A Action: s3:PutObject"}},
		{`"x"`, `"z"`, []string{"- A Condition StringEquals aws:PrincipalTag/class: z", "+ A Condition StringEquals aws:PrincipalTag/class: x"}},
		{`"StringEquals"`, `"StringLike"`, []string{
			"+ A Condition StringEquals: there", "+ A Condition StringEquals aws:PrincipalTag/class: x", "+ A Condition StringEquals aws:PrincipalTag/class: y",
			"- A Condition StringLike: there", "- A Condition StringLike aws:PrincipalTag/class: x", "- A Condition StringLike aws:PrincipalTag/class: y",
		}},
		{`"Principal":"*"`, `"Principal":{"AWS":"arn:aws:iam::111122223333:root"}`, []string{"- B Principal: there", "+ B Principal: *", "- B Principal AWS: arn:aws:iam::111122223333:root"}},
		{`"2012-10-17"`, `"2008-10-17"`, []string{"- Version: 2008-10-17", "+ Version: 2012-10-17"}},
		{`{"Version"`, `{"Id":"x","Version"`, []string{"- Id: x"}},
		{`"Action":"s3:*"`, `"NotAction":[]`, []string{"+ B Action: s3:*", "- B NotAction: nothing"}},
	} {
		diff, err := compare([]byte(strings.Replace(base, c.old, c.change, 1)), []byte(base))
		slices.Sort(diff)
		slices.Sort(c.diff)
		if err != nil || !slices.Equal(diff, c.diff) {
			t.Errorf("%s -> %s: %q, %v", c.old, c.change, diff, err)
		}
	}
	for _, doc := range []string{"", "null", "[]", "{", `{"Statement":[1]}`, `{"Statement":[{"Sid":"A"}],"Statement":[]}`} {
		if diff, err := compare([]byte(doc), []byte(base)); err != nil || len(diff) == 0 {
			t.Errorf("%s passes for the same: %v", doc, err)
		}
		if _, err := compare([]byte(base), []byte(doc)); err == nil {
			t.Errorf("%s is wanted", doc)
		}
	}
	// A statement cannot hide behind the place of another.
	hidden := `{"Version":"2012-10-17","Statement":[{"Sid":"A","Effect":"Deny"},{"Sid":"A Effect","Effect":"Allow"},{"Sid":"A","Effect":"Allow"},{"Sid":"Version","Effect":"Allow"}]}`
	if diff, err := compare([]byte(hidden), []byte(`{"Version":"2012-10-17","Statement":[{"Sid":"A","Effect":"Deny"}]}`)); err != nil || len(diff) < 3 {
		t.Errorf("%q, %v", diff, err)
	}
}

// FuzzMeaning: nothing that is handed out stops a plan, a document means the same
// as itself, and what differs from ours is never empty handed.
func FuzzMeaning(f *testing.F) {
	set, err := policy.Render(policy.Params{
		Partition: "aws", AccountID: "111122223333", Provider: "broker.example.com",
		Classes: []policy.Class{{Class: service.Memory, Bucket: "acme-memory", Role: "acme-memory"}},
	})
	if err != nil {
		f.Fatal(err)
	}
	for _, doc := range []string{base, string(set.Roles[0].Trust), string(set.Roles[0].Policy), string(set.Buckets[0].Policy), "", "null", `{"Statement":{}}`, `{"Statement":[[]]}`} {
		f.Add([]byte(doc))
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		m, err := parseMeaning(doc)
		if err != nil {
			return
		}
		if diff := difference(m, m); len(diff) > 0 {
			t.Fatalf("differs from itself: %q", diff)
		}
		if _, err := compare(decoded(string(doc)), []byte(base)); err != nil {
			t.Fatal(err)
		}
	})
}
