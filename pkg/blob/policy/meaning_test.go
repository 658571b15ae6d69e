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
