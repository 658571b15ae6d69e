package policy_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/litentry/agentkeys/pkg/blob/policy"
	"github.com/litentry/agentkeys/pkg/blob/policy/iam"
	"github.com/litentry/agentkeys/pkg/omni"
)

// carol is the third who has rights; dave has none.
var (
	carol = strings.Repeat("a1", 31) + "a2" // alice's but for the last digit
	dave  = strings.Repeat("d4", 32)
)

func actorsOf(t testing.TB, keys ...string) []omni.Actor {
	t.Helper()
	var out []omni.Actor
	for _, k := range keys {
		a, err := omni.ParseActor("0x" + k)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, a)
	}
	return out
}

func unrolled(t testing.TB, keys ...string) (policy.Set, policy.Set) {
	t.Helper()
	set := render(t, params())
	out, err := policy.Unroll(set, actorsOf(t, keys...)...)
	if err != nil {
		t.Fatal(err)
	}
	return set, out
}

// roleAttempts are the attempts on one role's class: three actors who have
// rights, one who has none, and what is no actor, each at everybody's objects.
func roleAttempts(role string) (out []attempt) {
	sessions := []string{alice, bob, carol, dave, "", "*", alice[:62] + "??"}
	var where []attempt
	for _, bucket := range []string{"agentkeys-vault", "agentkeys-memory"} {
		for _, action := range []string{"GetObject", "PutObject", "DeleteObject", "GetObjectVersion", "DeleteObjectVersion"} {
			for _, owner := range []string{alice, bob, carol, dave, "*", ""} {
				for _, class := range []string{"credentials", "memory"} {
					where = append(where, attempt{action: action, bucket: bucket, object: "bots/" + owner + "/" + class + "/x.enc"})
				}
				where = append(where, attempt{action: action, bucket: bucket, object: "bots/" + owner + "/credentials"})
			}
		}
		for _, action := range []string{"ListBucket", "ListBucketVersions"} {
			where = append(where, attempt{action: action, bucket: bucket})
			for _, prefix := range []string{"", "bots/", "bots/*/credentials/"} {
				where = append(where, attempt{action: action, bucket: bucket, prefix: &prefix})
			}
			for _, owner := range []string{alice, bob, carol, dave, alice[:63]} {
				for _, end := range []string{"", "/credentials", "/credentials/", "/credentials/x", "/memory/"} {
					prefix := "bots/" + owner + end
					where = append(where, attempt{action: action, bucket: bucket, prefix: &prefix})
				}
			}
		}
	}
	for _, class := range []string{"credentials", "memory", ""} {
		for _, access := range []string{"read", "write", "provision", "maintenance", ""} {
			for _, actor := range sessions {
				for _, w := range where {
					w.role, w.class, w.access, w.actor = role, class, access, actor
					out = append(out, w)
				}
			}
		}
	}
	return out
}

// TestUnrolledMeansTheSame: for its actors an unrolled policy allows what the
// template allows, no more and no less; nobody else has any rights.
func TestUnrolledMeansTheSame(t *testing.T) {
	t.Parallel()
	set, flat := unrolled(t, alice, bob, carol)
	for i, r := range set.Roles {
		whole, cut := mustLoad(t, r.Policy, iam.Identity), mustLoad(t, flat.Roles[i].Policy, iam.Identity)
		byVariable := bytes.Contains(r.Policy, []byte("${"))
		allowed, left := map[string]int{}, 0
		for _, a := range roleAttempts(r.Name) {
			req := a.request()
			want, got := iam.Allowed(req, whole), iam.Allowed(req, cut)
			known := slices.Contains([]string{alice, bob, carol}, a.actor)
			if byVariable && !known {
				if want {
					left++
				}
				want = false
			}
			if got != want {
				t.Fatalf("%s: unrolled %v, template %v: %+v", r.Name, got, want, req)
			}
			if got {
				allowed[a.actor]++
			}
		}
		if byVariable && (len(allowed) != 3 || allowed[alice] == 0 || allowed[alice] != allowed[bob] || left == 0) {
			t.Errorf("%s: allowed %v, of others %d: the table shows nothing", r.Name, allowed, left)
		}
	}
	if !slices.EqualFunc(set.Buckets, flat.Buckets, func(a, b policy.Bucket) bool { return bytes.Equal(a.Policy, b.Policy) }) {
		t.Error("a bucket's policy has changed")
	}
	for i := range set.Roles {
		if !bytes.Equal(set.Roles[i].Trust, flat.Roles[i].Trust) || bytes.Contains(flat.Roles[i].Policy, []byte("${")) {
			t.Errorf("%s: the trust has changed, or a variable is left", set.Roles[i].Name)
		}
	}
}

// TestEveryUnrolledClauseMatters: see TestEveryClauseMatters.
func TestEveryUnrolledClauseMatters(t *testing.T) {
	t.Parallel()
	_, flat := unrolled(t, alice, bob)
	for _, r := range flat.Roles[:2] {
		all := slices.DeleteFunc(roleAttempts(r.Name), func(a attempt) bool {
			return a.actor != alice && a.actor != bob || a.class == "" || a.access == "" || a.access == "maintenance"
		})
		whole := mustLoad(t, r.Policy, iam.Identity)
		without(t, r.Policy, func(what string, changed []byte) {
			broken := mustLoad(t, changed, iam.Identity)
			if !slices.ContainsFunc(all, func(a attempt) bool {
				return iam.Allowed(a.request(), broken) != iam.Allowed(a.request(), whole)
			}) {
				t.Errorf("%s: nothing notices that %s is gone", r.Name, what)
			}
		})
	}
}

func TestUnrollRefuses(t *testing.T) {
	t.Parallel()
	set := render(t, params())
	if _, err := policy.Unroll(set, actorsOf(t, bob, alice, bob)...); err != nil {
		t.Error("the positive twin:", err)
	}
	edit := func(old, change string) policy.Set {
		s := set
		s.Roles = slices.Clone(set.Roles)
		text := string(s.Roles[0].Policy)
		if !strings.Contains(text, old) {
			t.Fatalf("nothing to change: %s", old)
		}
		s.Roles[0].Policy = []byte(strings.Replace(text, old, change, 1))
		return s
	}
	a := actorsOf(t, alice)
	for name, c := range map[string]struct {
		set    policy.Set
		actors []omni.Actor
	}{
		"no actor":           {set, nil},
		"zero":               {set, []omni.Actor{a[0], {}}},
		"no JSON":            {edit("{", "["), a},
		"unknown member":     {edit(`"Sid"`, `"NotAction":["s3:*"],"Sid"`), a},
		"other variable":     {edit("${aws:PrincipalTag/agentkeys_actor_omni}", "${aws:userid}"), a},
		"beside another":     {edit("/credentials/*", "/credentials/${aws:userid}*"), a},
		"in a denial":        {edit(`"Allow"`, `"Deny"`), a},
		"condition twice":    {edit(`"aws:PrincipalTag/agentkeys_class": `, `"aws:PrincipalTag/agentkeys_actor_omni":"x","aws:PrincipalTag/agentkeys_class": `), a},
		"condition no block": {edit(`"StringEquals": {"aws:PrincipalTag/agentkeys_class": "credentials"}`, `"StringEquals": "x"`), a},
	} {
		if _, err := policy.Unroll(c.set, c.actors...); !errors.Is(err, policy.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	// Order and repetition make no other policy: it is replaced only when it changes.
	x, _ := policy.Unroll(set, actorsOf(t, alice, bob)...)
	y, err := policy.Unroll(set, actorsOf(t, bob, alice, bob)...)
	if err != nil || !bytes.Equal(x.Roles[0].Policy, y.Roles[0].Policy) {
		t.Error("order or repetition shows:", err)
	}
}

// FuzzUnroll: whoever has the session, whatever is asked for.
func FuzzUnroll(f *testing.F) {
	f.Add([]byte{1}, "a", "write", "bots/a/credentials/x", true)
	f.Add([]byte{0xa1}, strings.Repeat("a1", 32), "read", "bots/"+strings.Repeat("a1", 32)+"/credentials/x", false)
	set := render(f, params())
	f.Fuzz(func(t *testing.T, seed []byte, tag, access, below string, own bool) {
		var raw [32]byte
		copy(raw[:], seed)
		a, err := omni.ActorFromBytes(raw)
		if err != nil {
			return
		}
		flat, err := policy.Unroll(set, append(actorsOf(t, bob, carol), a)...)
		if err != nil {
			t.Fatal(err)
		}
		insider := own || slices.Contains([]string{a.Key(), bob, carol}, tag)
		if own {
			tag, below = a.Key(), "bots/"+a.Key()+"/credentials/"+below
		}
		for i := range set.Roles[:2] {
			whole, cut := mustLoad(t, set.Roles[i].Policy, iam.Identity), mustLoad(t, flat.Roles[i].Policy, iam.Identity)
			for _, action := range []string{"GetObject", "PutObject", "DeleteObject", "ListBucket"} {
				x := attempt{role: set.Roles[i].Name, class: "credentials", access: access, actor: tag, action: action, bucket: "agentkeys-vault", object: below}
				if action == "ListBucket" {
					x.object, x.prefix = "", &below
				}
				want, got := iam.Allowed(x.request(), whole), iam.Allowed(x.request(), cut)
				if got != (want && insider) {
					t.Fatalf("unrolled %v, template %v, one of the actors %v: %+v", got, want, insider, x.request())
				}
			}
		}
	})
}
