package cloudtest_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/litentry/agentkeys/pkg/devcloud/cloudtest"
	"github.com/litentry/agentkeys/pkg/oidc"
	"github.com/litentry/agentkeys/pkg/service"
)

// prefixRows: what a session may list, and what it learns of what is not there.
func prefixRows(_ *testing.T, w *world) (out []row) {
	me := w.people[0]
	creds := w.session(me, service.Credentials, oidc.AccessWrite)
	ask := func(name, want string, q wire) {
		if q.creds.AccessKeyID == "" {
			q.creds = creds
		}
		out = append(out, row{name, want, func(t testing.TB) string { return q.send(t, w.Cloud) }})
	}
	list := func(name, want, prefix string) {
		ask("list "+name, want, wire{method: "GET", target: cloudtest.VaultBucket + "?list-type=2&prefix=" + url.QueryEscape(prefix)})
	}
	home := "bots/" + me.actor.Key()
	list("the own folder", "200", home+"/credentials/")
	list("one object", "200", home+"/credentials/x.enc")
	list("the own folder without slash", denied, home+"/credentials")
	list("the actor", denied, home+"/")
	list("the actor without slash", denied, home)
	list("the root", denied, "")
	list("bots with slash", denied, "bots/")
	list("bots", denied, "bots")
	list("the beginning of the actor", denied, home[:20])
	list("a star for the actor", denied, "bots/*/credentials/")
	list("question marks for the actor", denied, "bots/"+strings.Repeat("?", 64)+"/credentials/")
	list("the variable itself", denied, "bots/${aws:PrincipalTag/agentkeys_actor_omni}/credentials/")
	list("the other class", denied, home+"/memory/")
	list("below, up again", "200", home+"/credentials/../../"+w.people[1].actor.Key()+"/")
	ask("list without prefix", denied, wire{method: "GET", target: cloudtest.VaultBucket + "?list-type=2"})
	ask("list with a delimiter", denied, wire{method: "GET", target: cloudtest.VaultBucket + "?delimiter=%2F&list-type=2&prefix=bots%2F"})
	ask("list buckets", denied, wire{method: "GET", target: ""})
	ask("two prefixes", denied, wire{method: "GET", target: cloudtest.VaultBucket + "?list-type=2&prefix=" + url.QueryEscape("bots/") + "&prefix=" + url.QueryEscape(home+"/credentials/")})

	// The same answer for what is missing and for what is another's.
	missing := func(p person) string {
		return cloudtest.VaultBucket + "/bots/" + p.actor.Key() + "/credentials/missing.enc"
	}
	for _, p := range w.people {
		ask("get what is missing of "+p.name, denied, wire{method: "GET", target: missing(p)})
		ask("head what is missing of "+p.name, "403", wire{method: "HEAD", target: missing(p)})
	}
	ask("delete what is missing of own", "204", wire{method: "DELETE", target: missing(me)})
	ask("delete what is missing of sibling", denied, wire{method: "DELETE", target: missing(w.people[1])})
	ask("no such bucket", "404 NoSuchBucket", wire{method: "GET", target: "agentkeys-vault2/" + object(me, service.Credentials)})

	// Names that look like another's or like the own.
	for name, object := range map[string]string{
		"up again":             home + "/credentials/../../" + w.people[1].actor.Key() + "/credentials/x.enc",
		"an escaped slash":     home + "%2Fcredentials%2Fx.enc",
		"a double slash":       home + "//credentials/x.enc",
		"a star for the actor": "bots/*/credentials/x.enc",
		"upper case":           "bots/" + strings.ToUpper(me.actor.Key()) + "/credentials/x.enc",
	} {
		want := denied
		if name == "an escaped slash" {
			want = "200"
		}
		ask("get by "+name, want, wire{method: "GET", target: cloudtest.VaultBucket + "/" + object})
	}
	return out
}
