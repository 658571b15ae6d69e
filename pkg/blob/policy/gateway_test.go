package policy_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/litentry/agentkeys/pkg/blob/policy"
	"github.com/litentry/agentkeys/pkg/blob/policy/iam"
	"github.com/litentry/agentkeys/pkg/strictjson"
)

func gateway(t testing.TB, s policy.Set, keepers ...string) policy.Set {
	t.Helper()
	out, err := policy.Gateway(s, keepers...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestGatewayGolden: what is said in other words. That RGW refuses by it is held by
// the suite of package cloudtest.
func TestGatewayGolden(t *testing.T) {
	set := render(t, params())
	out := gateway(t, set, "keeper", "second")
	docs := map[string][]byte{"bucket-agentkeys-vault.json": out.Buckets[0].Policy, "bucket-agentkeys-memory.json": out.Buckets[1].Policy}
	for i, r := range out.Roles {
		before := set.Roles[i]
		if r.Name == "agentkeys-vault-maintenance" {
			docs["role-"+r.Name+"-trust.json"], docs["role-"+r.Name+".json"] = r.Trust, r.Policy
			continue
		}
		if r.ARN != before.ARN || !bytes.Equal(r.Trust, before.Trust) || !bytes.Equal(r.Policy, before.Policy) {
			t.Errorf("%s has changed", r.Name)
		}
	}
	for name, doc := range docs {
		path := filepath.Join("testdata", "gateway", name)
		if *update {
			if err := os.WriteFile(path, append(doc, '\n'), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil || !bytes.Equal(append(doc, '\n'), want) {
			t.Errorf("%s: %v\n%s", name, err, doc)
		}
	}
	if !bytes.Equal(set.Buckets[0].Policy, render(t, params()).Buckets[0].Policy) {
		t.Error("the set that was given has changed")
	}
}

// TestGatewayRefusesTheSame: what a bucket refuses besides, to sessions of its roles
// that have tags, it refuses as before.
func TestGatewayRefusesTheSame(t *testing.T) {
	t.Parallel()
	set := render(t, params())
	out := gateway(t, set, "keeper")
	for i, b := range set.Buckets {
		// The evaluator knows no principals but all of them, so these statements go;
		// the ones whose words they replace go on the other side.
		before := lacking(t, b.Policy, "OnlyItsRoles", "OnlyItsRolesList", "MaintenanceNeverDeletes")
		after := lacking(t, out.Buckets[i].Policy, "OnlyItsRoles", "OnlyItsRolesList", "MaintenanceNeverDeletes")
		want, got := mustLoad(t, before, iam.Resource), mustLoad(t, after, iam.Resource)
		allow := mustLoad(t, []byte(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":["arn:aws:s3:::agentkeys-vault","arn:aws:s3:::agentkeys-vault/*","arn:aws:s3:::agentkeys-memory","arn:aws:s3:::agentkeys-memory/*"]}]}`), iam.Identity)
		n := 0
		for _, a := range roleAttempts("agentkeys-vault") {
			req := a.request()
			allowed := iam.Allowed(req, allow, want)
			if allowed != iam.Allowed(req, allow, got) {
				t.Fatalf("%s: %+v", b.Name, req)
			}
			if allowed {
				n++
			}
		}
		if n == 0 {
			t.Errorf("%s: nothing is allowed: the table shows nothing", b.Name)
		}
	}
}

func lacking(t testing.TB, doc []byte, sids ...string) []byte {
	t.Helper()
	var d struct {
		Version   string
		Statement []map[string]any
	}
	if err := strictjson.Decode(doc, &d); err != nil {
		t.Fatal(err)
	}
	kept, found := d.Statement[:0:0], 0
	for _, s := range d.Statement {
		if strings.Contains(" "+strings.Join(sids, " ")+" ", " "+s["Sid"].(string)+" ") {
			found++
			continue
		}
		kept = append(kept, s)
	}
	if found != len(sids) {
		t.Fatalf("%d of the statements %v are there", found, sids)
	}
	d.Statement = kept
	out, err := strictjson.Encode(d)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestGatewayRefuses: what it cannot say, it does not say.
func TestGatewayRefuses(t *testing.T) {
	edit := func(into func(*policy.Set) *[]byte, old, text string) func(*policy.Set) {
		return func(s *policy.Set) {
			doc := into(s)
			changed := strings.Replace(string(*doc), old, text, 1)
			if changed == string(*doc) {
				t.Fatalf("%q is not there", old)
			}
			*doc = []byte(changed)
		}
	}
	trust := func(s *policy.Set) *[]byte { return &s.Roles[2].Trust }
	rights := func(s *policy.Set) *[]byte { return &s.Roles[2].Policy }
	bucket := func(s *policy.Set) *[]byte { return &s.Buckets[0].Policy }
	for name, c := range map[string]struct {
		edit    func(*policy.Set)
		keepers []string
		want    string
	}{
		"as rendered":                {func(*policy.Set) {}, []string{"keeper"}, ""},
		"no keeper":                  {func(*policy.Set) {}, nil, "role agentkeys-vault-maintenance is for maintenance, and no user may take it"},
		"no maintenance":             {func(s *policy.Set) { s.Roles = append(s.Roles[:2:2], s.Roles[3:]...) }, nil, ""},
		"a keeper of no name":        {func(*policy.Set) {}, []string{""}, `user ""`},
		"everybody a keeper":         {func(*policy.Set) {}, []string{"*"}, `user "*"`},
		"a role of no account":       {func(s *policy.Set) { s.Roles[2].ARN = "x" }, []string{"keeper"}, "is taken in another way"},
		"a trust that refuses":       {edit(trust, `"Allow"`, `"Deny"`), []string{"keeper"}, "is taken in another way"},
		"a right without tags":       {edit(rights, `"aws:PrincipalTag/agentkeys_access": "maintenance"`, `"aws:PrincipalTag/agentkeys_access": "write"`), []string{"keeper"}, "not a right of maintenance"},
		"a refusal among the rights": {edit(rights, `"Allow"`, `"Deny"`), []string{"keeper"}, "not a right of maintenance"},
		"callers and something else": {edit(bucket, `"Condition": {"StringNotEquals": {`, `"Condition": {"StringNotEquals": {"aws:PrincipalTag/agentkeys_access": "write", `), []string{"keeper"}, "that is not the only one"},
		"one caller, not a list":     {edit(bucket, `["arn:aws:iam::111122223333:role/agentkeys-vault","arn:aws:iam::111122223333:role/agentkeys-vault-provision","arn:aws:iam::111122223333:role/agentkeys-vault-maintenance"]`, `"x"`), []string{"keeper"}, "that is not the only one"},
		"callers who are allowed":    {edit(bucket, `"Deny"`, `"Allow"`), []string{"keeper"}, "that is not the only one"},
		"a bucket of no roles": {func(s *policy.Set) {
			s.Buckets[0].Policy = lacking(t, s.Buckets[0].Policy, "OnlyItsRoles", "OnlyItsRolesList")
		}, []string{"keeper"}, "it names no roles"},
		"a caller of no name":       {edit(bucket, `"arn:aws:iam::111122223333:role/agentkeys-vault",`, `7,`), []string{"keeper"}, "other callers than those of the statement before, or none"},
		"others for lists":          {edit(bucket, `,"arn:aws:iam::111122223333:role/agentkeys-vault-maintenance"`, ``), []string{"keeper"}, "other callers than those of the statement before, or none"},
		"access and something else": {edit(bucket, `{"aws:PrincipalTag/agentkeys_access": "maintenance"}`, `{"aws:PrincipalTag/agentkeys_access": "maintenance", "aws:PrincipalTag/agentkeys_class": "memory"}`), []string{"keeper"}, "that is not the only one"},
		"no JSON":                   {func(s *policy.Set) { s.Buckets[0].Policy = []byte("{") }, []string{"keeper"}, "the policy of bucket agentkeys-vault"},
		"an unknown member":         {edit(bucket, `"Sid"`, `"Id": "x", "Sid"`), []string{"keeper"}, "the policy of bucket agentkeys-vault"},
	} {
		s := render(t, params())
		c.edit(&s)
		_, err := policy.Gateway(s, c.keepers...)
		if (err == nil) != (c.want == "") || err != nil && (!errors.Is(err, policy.ErrInvalid) || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
