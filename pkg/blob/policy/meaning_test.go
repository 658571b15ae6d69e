package policy_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/litentry/agentkeys/pkg/blob/policy"
	"github.com/litentry/agentkeys/pkg/blob/policy/iam"
)

// attempt is one request to storage.
type attempt struct {
	role, class, access, actor string // the session; empty tags are absent
	action, bucket, object     string
	prefix                     *string
}

func (a attempt) request() iam.Request {
	r := iam.Request{
		Action: "s3:" + a.action, Resource: "arn:aws:s3:::" + a.bucket,
		Context: map[string]string{"aws:PrincipalArn": "arn:aws:iam::111122223333:role/" + a.role},
	}
	for k, v := range map[string]string{"class": a.class, "access": a.access, "actor_omni": a.actor} {
		if v != "" {
			r.Context["aws:PrincipalTag/agentkeys_"+k] = v
		}
	}
	if a.object != "" {
		r.Resource += "/" + a.object
	}
	if a.prefix != nil {
		r.Context["s3:prefix"] = *a.prefix
	}
	return r
}

// expected is what the product promises, written down a second time without
// policies.
func (a attempt) expected() bool {
	if a.role == "agentkeys-vault-maintenance" {
		return a.expectedOfMaintenance()
	}
	home := "bots/" + a.actor + "/credentials/"
	session := a.role == "agentkeys-vault" && (a.access == "read" || a.access == "write") ||
		a.role == "agentkeys-vault-provision" && a.access == "provision"
	if a.bucket != "agentkeys-vault" || a.class != "credentials" || a.actor == "" {
		return false
	}
	mine := strings.HasPrefix(a.object, home)
	switch a.action {
	case "ListBucket": // either role may list whatever its access says
		return strings.HasPrefix(a.role, "agentkeys-vault") && a.prefix != nil && strings.HasPrefix(*a.prefix, home)
	case "GetObject":
		return session && mine && a.access != "provision"
	case "PutObject", "DeleteObject":
		return session && mine && a.access != "read"
	}
	return false
}

// expectedOfMaintenance: whose object it is does not matter, and neither does
// an actor in the session.
func (a attempt) expectedOfMaintenance() bool {
	if a.bucket != "agentkeys-vault" || a.class != "credentials" || a.access != "maintenance" {
		return false
	}
	below, ok := strings.CutPrefix(a.object, "bots/")
	switch a.action {
	case "ListBucket":
		return a.prefix != nil && strings.HasPrefix(*a.prefix, "bots/")
	case "GetObject", "PutObject":
		return ok && strings.Contains(below, "/credentials/")
	}
	return false
}

var (
	alice = strings.Repeat("a1", 32)
	bob   = strings.Repeat("b2", 32)
)

// attempts is every combination.
func attempts() []attempt {
	var out []attempt
	var where []attempt
	for _, bucket := range []string{"agentkeys-vault", "agentkeys-memory", "agentkeys-vault2"} {
		for _, action := range []string{"GetObject", "PutObject", "DeleteObject", "GetObjectVersion", "DeleteObjectVersion", "PutObjectAcl"} {
			for _, object := range []string{
				"bots/" + alice + "/credentials/github.enc", "bots/" + bob + "/credentials/github.enc", "bots/" + alice + "/memory/github.enc",
				"bots/" + alice + "/credentials", "bots/*/credentials/github.enc", "bots//credentials/github.enc", "x/bots/" + alice + "/credentials/github.enc",
			} {
				where = append(where, attempt{action: action, bucket: bucket, object: object})
			}
		}
		for _, action := range []string{"ListBucket", "ListBucketVersions", "ListBucketMultipartUploads"} {
			where = append(where, attempt{action: action, bucket: bucket})
			for _, prefix := range []string{
				"", "bots/", "bots/" + alice, "bots/" + alice + "/", "bots/" + alice + "/credentials", "bots/" + alice + "/credentials/",
				"bots/" + alice + "/credentials/github.enc", "bots/" + bob + "/credentials/", "bots/*/credentials/", "bots//credentials/",
				"bots/" + alice[:63], "bots/" + alice + "/memory/",
			} {
				where = append(where, attempt{action: action, bucket: bucket, prefix: &prefix})
			}
		}
		if bucket == "agentkeys-vault2" { // a longer name: its own folder is enough
			where = slices.DeleteFunc(where, func(a attempt) bool {
				return a.bucket == bucket && !strings.HasPrefix(a.object, "bots/"+alice+"/cred") && (a.prefix == nil || !strings.HasPrefix(*a.prefix, "bots/"+alice+"/cred"))
			})
		}
	}
	for _, role := range []string{"agentkeys-vault", "agentkeys-vault-provision", "agentkeys-vault-maintenance", "agentkeys-memory", "admin"} {
		for _, class := range []string{"credentials", "memory", ""} {
			for _, access := range []string{"read", "write", "provision", "maintenance", ""} {
				for _, actor := range []string{alice, "*", "", alice[:62] + "??"} {
					for _, w := range where {
						w.role, w.class, w.access, w.actor = role, class, access, actor
						out = append(out, w)
					}
				}
			}
		}
	}
	return out
}

// policies of the vault: by role, and of the bucket.
type loaded struct {
	roles  map[string]iam.Policy
	bucket iam.Policy
}

func load(t testing.TB, set policy.Set) loaded {
	t.Helper()
	l := loaded{roles: map[string]iam.Policy{}}
	for _, r := range set.Roles {
		l.roles[r.Name] = mustLoad(t, r.Policy, iam.Identity)
	}
	l.bucket = mustLoad(t, set.Buckets[0].Policy, iam.Resource)
	return l
}

func mustLoad(t testing.TB, doc []byte, k iam.Kind) iam.Policy {
	t.Helper()
	p, err := iam.Load(doc, k)
	if err != nil {
		t.Fatalf("%v\n%s", err, doc)
	}
	return p
}

func TestPoliciesMeanWhatIsPromised(t *testing.T) {
	t.Parallel()
	l := load(t, render(t, params()))
	allowed := 0
	for _, a := range attempts() {
		if a.role == "agentkeys-memory" && a.bucket == "agentkeys-memory" {
			continue // the memory class's own business
		}
		policies := []iam.Policy{l.roles[a.role]}
		if a.bucket == "agentkeys-vault" {
			policies = append(policies, l.bucket)
		}
		got := iam.Allowed(a.request(), policies...)
		if got {
			allowed++
		}
		if got != a.expected() {
			t.Errorf("allowed: %v, promised: %v: %+v", got, a.expected(), a.request())
		}
	}
	if allowed < 20 {
		t.Errorf("only %d attempts were allowed: the table shows nothing", allowed)
	}
}

// judge judges each document by itself, so that no document can lean on
// another: a role without a bucket policy, and the bucket policy against a
// role that may do everything.
func judge(t testing.TB, docs [4][]byte) func(attempt) [4]bool {
	r, p, m := mustLoad(t, docs[0], iam.Identity), mustLoad(t, docs[1], iam.Identity), mustLoad(t, docs[2], iam.Identity)
	b := mustLoad(t, docs[3], iam.Resource)
	anything := mustLoad(t, []byte(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*",
		"Resource":["arn:aws:s3:::agentkeys-vault","arn:aws:s3:::agentkeys-vault/*"]}]}`), iam.Identity)
	return func(a attempt) [4]bool {
		req := a.request()
		return [4]bool{iam.Allowed(req, r), iam.Allowed(req, p), iam.Allowed(req, m), iam.Allowed(req, anything, b)}
	}
}

// TestEveryClauseMatters takes every clause of every document out in turn. If
// no verdict changes, the clause is not held by the table above.
func TestEveryClauseMatters(t *testing.T) {
	t.Parallel()
	set, all := render(t, params()), attempts()
	// The strange sessions are the other test's: here one agent is enough.
	all = slices.DeleteFunc(all, func(a attempt) bool { return a.actor != alice || a.access == "" })
	docs := [4][]byte{set.Roles[0].Policy, set.Roles[1].Policy, set.Roles[2].Policy, set.Buckets[0].Policy}
	whole := judge(t, docs)
	verdicts := make([][4]bool, len(all))
	for i, a := range all {
		verdicts[i] = whole(a)
	}
	for i := range docs {
		without(t, docs[i], func(what string, changed []byte) {
			d := docs
			d[i] = changed
			broken, noticed := judge(t, d), false
			for n := 0; n < len(all) && !noticed; n++ {
				noticed = broken(all[n]) != verdicts[n]
			}
			if !noticed {
				t.Errorf("document %d: nothing notices that %s is gone", i, what)
			}
		})
	}
}

// without calls f with every variant of doc in which one clause is missing.
func without(t testing.TB, doc []byte, f func(what string, changed []byte)) {
	t.Helper()
	type object = map[string]any
	parse := func() (object, []any) {
		var d object
		if err := json.Unmarshal(doc, &d); err != nil {
			t.Fatal(err)
		}
		return d, d["Statement"].([]any)
	}
	emit := func(what string, d object) {
		b, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		f(what, b)
	}
	_, statements := parse()
	for i, s := range statements {
		sid := s.(object)["Sid"].(string)
		if len(statements) > 1 {
			d, all := parse()
			d["Statement"] = append(all[:i], all[i+1:]...)
			emit(sid, d)
		}
		for _, list := range []string{"Action", "Resource"} {
			values, _ := s.(object)[list].([]any)
			for n := range values {
				d, all := parse()
				v := all[i].(object)[list].([]any)
				all[i].(object)[list] = append(v[:n], v[n+1:]...)
				emit(sid+" "+list+" "+values[n].(string), d)
			}
		}
		conditions, _ := s.(object)["Condition"].(object)
		for op, keys := range conditions {
			for key, value := range keys.(object) {
				d, all := parse()
				c := all[i].(object)["Condition"].(object)
				delete(c[op].(object), key)
				if len(c[op].(object)) == 0 {
					delete(c, op)
				}
				emit(sid+" "+op+" "+key, d)
				values, _ := value.([]any)
				for n := range values {
					d, all := parse()
					keys := all[i].(object)["Condition"].(object)[op].(object)
					v := keys[key].([]any)
					if len(v) > 1 {
						keys[key] = append(v[:n], v[n+1:]...)
						emit(sid+" "+op+" "+key+" "+values[n].(string), d)
					}
				}
			}
		}
	}
}

func TestTrust(t *testing.T) {
	set := render(t, params())
	good := map[string]string{
		"broker.example.com:aud": "sts.amazonaws.com", "aws:RequestTag/agentkeys_class": "credentials",
		"aws:RequestTag/agentkeys_access": "read", "aws:RequestTag/agentkeys_actor_omni": alice,
	}
	type assume struct {
		federated, action string
		context           map[string]string
	}
	base := assume{set.ProviderARN, "sts:AssumeRoleWithWebIdentity", good}
	with := func(federated, action, key, value string) assume {
		a := assume{federated, action, map[string]string{}}
		for k, v := range good {
			a.context[k] = v
		}
		if a.context[key] = value; value == "" {
			delete(a.context, key)
		}
		return a
	}
	arn, assumeRole := set.ProviderARN, "sts:AssumeRoleWithWebIdentity"
	cases := []struct {
		name     string
		a        assume
		role, pr bool // vault role, provisioning role
	}{
		{"read", base, true, false},
		{"write", with(arn, assumeRole, "aws:RequestTag/agentkeys_access", "write"), true, false},
		{"provision", with(arn, assumeRole, "aws:RequestTag/agentkeys_access", "provision"), false, true},
		{"tagging", with(arn, "sts:TagSession", "", ""), true, false},
		{"no access", with(arn, assumeRole, "aws:RequestTag/agentkeys_access", ""), false, false},
		{"other access", with(arn, assumeRole, "aws:RequestTag/agentkeys_access", "admin"), false, false},
		{"memory", with(arn, assumeRole, "aws:RequestTag/agentkeys_class", "memory"), false, false},
		{"no class", with(arn, assumeRole, "aws:RequestTag/agentkeys_class", ""), false, false},
		{"audience", with(arn, assumeRole, "broker.example.com:aud", "sts.amazonaws.com.evil"), false, false},
		{"no audience", with(arn, assumeRole, "broker.example.com:aud", ""), false, false},
		{"other provider", with(arn+"x", assumeRole, "", ""), false, false},
		{"no provider", with("", assumeRole, "", ""), false, false},
		{"other action", with(arn, "sts:AssumeRole", "", ""), false, false},
		{"no actor", with(arn, assumeRole, "aws:RequestTag/agentkeys_actor_omni", ""), false, false},
		{"star actor", with(arn, assumeRole, "aws:RequestTag/agentkeys_actor_omni", "*"), false, false},
		{"short actor", with(arn, assumeRole, "aws:RequestTag/agentkeys_actor_omni", alice[:63]), false, false},
		{"long actor", with(arn, assumeRole, "aws:RequestTag/agentkeys_actor_omni", alice+"0"), false, false},
	}
	verdict := func(doc []byte) string {
		p, v := mustLoad(t, doc, iam.Trust), ""
		for _, c := range cases {
			v += map[bool]string{true: "+", false: "-"}[iam.Allowed(iam.Request{Federated: c.a.federated, Action: c.a.action, Context: c.a.context}, p)]
		}
		return v
	}
	role, pr := verdict(set.Roles[0].Trust), verdict(set.Roles[1].Trust)
	for i, c := range cases {
		if (role[i] == '+') != c.role || (pr[i] == '+') != c.pr {
			t.Errorf("%s: vault %c, provisioning %c", c.name, role[i], pr[i])
		}
	}
	without(t, set.Roles[0].Trust, func(what string, changed []byte) {
		if verdict(changed) == role {
			t.Errorf("nothing notices that %s is gone", what)
		}
	})
}

// TestMaintenanceTrust: the account's own principals with both tags, and no
// web identity whatever it carries.
func TestMaintenanceTrust(t *testing.T) {
	set := render(t, params())
	const caller, other = "arn:aws:iam::111122223333:user/ops", "arn:aws:iam::444422223333:user/ops"
	tags := func(class, access string) map[string]string {
		c := map[string]string{"broker.example.com:aud": "sts.amazonaws.com", "aws:RequestTag/agentkeys_actor_omni": alice}
		for k, v := range map[string]string{"class": class, "access": access} {
			if v != "" {
				c["aws:RequestTag/agentkeys_"+k] = v
			}
		}
		return c
	}
	cases := []struct {
		name string
		r    iam.Request
		want bool
	}{
		{"honest", iam.Request{Caller: caller, Action: "sts:AssumeRole", Context: tags("credentials", "maintenance")}, true},
		{"tagging", iam.Request{Caller: caller, Action: "sts:TagSession", Context: tags("credentials", "maintenance")}, true},
		{"other class", iam.Request{Caller: caller, Action: "sts:AssumeRole", Context: tags("memory", "maintenance")}, false},
		{"no class", iam.Request{Caller: caller, Action: "sts:AssumeRole", Context: tags("", "maintenance")}, false},
		{"other access", iam.Request{Caller: caller, Action: "sts:AssumeRole", Context: tags("credentials", "write")}, false},
		{"no access", iam.Request{Caller: caller, Action: "sts:AssumeRole", Context: tags("credentials", "")}, false},
		{"other account", iam.Request{Caller: other, Action: "sts:AssumeRole", Context: tags("credentials", "maintenance")}, false},
		{"nobody", iam.Request{Action: "sts:AssumeRole", Context: tags("credentials", "maintenance")}, false},
		{"web identity", iam.Request{Federated: set.ProviderARN, Action: "sts:AssumeRole", Context: tags("credentials", "maintenance")}, false},
		{"web identity by its action", iam.Request{Federated: set.ProviderARN, Action: "sts:AssumeRoleWithWebIdentity", Context: tags("credentials", "maintenance")}, false},
	}
	verdict := func(doc []byte) string {
		p, v := mustLoad(t, doc, iam.Trust), ""
		for _, c := range cases {
			v += map[bool]string{true: "+", false: "-"}[iam.Allowed(c.r, p)]
		}
		return v
	}
	whole := verdict(set.Roles[2].Trust)
	for i, c := range cases {
		if (whole[i] == '+') != c.want {
			t.Errorf("%s: %c", c.name, whole[i])
		}
	}
	without(t, set.Roles[2].Trust, func(what string, changed []byte) {
		if verdict(changed) == whole {
			t.Errorf("nothing notices that %s is gone", what)
		}
	})
	// A user of the account takes none of the roles that web identities take.
	for i, access := range []string{"read", "provision"} {
		p := mustLoad(t, set.Roles[i].Trust, iam.Trust)
		if iam.Allowed(iam.Request{Caller: caller, Action: "sts:AssumeRole", Context: tags("credentials", access)}, p) {
			t.Errorf("a user takes %s", set.Roles[i].Name)
		}
	}
}
