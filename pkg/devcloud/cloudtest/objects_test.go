package cloudtest_test

import (
	"fmt"
	"testing"

	"github.com/litentry/agentkeys/pkg/devcloud/cloudtest"
	"github.com/litentry/agentkeys/pkg/oidc"
	"github.com/litentry/agentkeys/pkg/service"
)

const denied = "403 AccessDenied"

// action is one thing that can be asked of an object or its prefix.
type action struct {
	name string
	// reads and writes are what it needs.
	reads, writes bool
	// nobody: no session may, whoever it is.
	nobody bool
	good   string // the answer where it is allowed
	wire   func(p person, class service.Class) wire
}

func on(method, query string) func(person, service.Class) wire {
	return func(p person, class service.Class) wire {
		return wire{method: method, target: cloudtest.Bucket(class) + "/" + object(p, class) + query}
	}
}

func under(query string) func(person, service.Class) wire {
	return func(p person, class service.Class) wire {
		return wire{method: "GET", target: cloudtest.Bucket(class) + "?" + query + "prefix=bots%2F" + p.actor.Key() + "%2F" + string(class) + "%2F"}
	}
}

const acl = `<AccessControlPolicy xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Owner><ID>x</ID></Owner><AccessControlList></AccessControlList></AccessControlPolicy>`

var actions = []action{
	{name: "get", reads: true, good: "200", wire: on("GET", "")},
	{name: "head", reads: true, good: "200", wire: on("HEAD", "")},
	{name: "put", writes: true, good: "200", wire: func(p person, class service.Class) wire {
		w := on("PUT", "")(p, class)
		w.body = content(p, class)
		return w
	}},
	{name: "delete", writes: true, good: "204", wire: on("DELETE", "")},
	{name: "list", good: "200", wire: under("list-type=2&")},
	{name: "list, version 1", good: "200", wire: under("")},
	{name: "copy onto itself", reads: true, writes: true, good: "200", wire: func(p person, class service.Class) wire {
		w := on("PUT", "")(p, class)
		w.header = map[string]string{"X-Amz-Copy-Source": "/" + cloudtest.Bucket(class) + "/" + object(p, class), "X-Amz-Metadata-Directive": "REPLACE"}
		return w
	}},
	{name: "begin a multipart upload", writes: true, good: "200", wire: on("POST", "?uploads=")},
	{name: "list multipart uploads", nobody: true, wire: under("uploads=&")},
	{name: "list versions", nobody: true, wire: under("versions=&")},
	{name: "get a version", nobody: true, wire: on("GET", "?versionId=null")},
	{name: "delete a version", nobody: true, wire: on("DELETE", "?versionId=null")},
	{name: "get the ACL", nobody: true, wire: on("GET", "?acl=")},
	{name: "put an ACL", nobody: true, wire: func(p person, class service.Class) wire {
		w := on("PUT", "?acl=")(p, class)
		w.body = []byte(acl)
		return w
	}},
	{name: "put tags", nobody: true, wire: func(p person, class service.Class) wire {
		w := on("PUT", "?tagging=")(p, class)
		w.body = []byte(`<Tagging xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><TagSet></TagSet></Tagging>`)
		return w
	}},
	{name: "get the bucket's policy", nobody: true, wire: func(_ person, class service.Class) wire {
		return wire{method: "GET", target: cloudtest.Bucket(class) + "?policy="}
	}},
	{name: "delete the bucket's policy", nobody: true, wire: func(_ person, class service.Class) wire {
		return wire{method: "DELETE", target: cloudtest.Bucket(class) + "?policy="}
	}},
	{name: "suspend versioning", nobody: true, wire: func(_ person, class service.Class) wire {
		return wire{
			method: "PUT", target: cloudtest.Bucket(class) + "?versioning=",
			body: []byte(`<VersioningConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Status>Suspended</Status></VersioningConfiguration>`),
		}
	}},
}

// allowed is what the product promises to a session.
func (a action) allowed(access oidc.Access) bool {
	return !a.nobody && (!a.reads || access != oidc.AccessProvision) && (!a.writes || access != oidc.AccessRead)
}

// objectRows: every kind of session, at every class and everybody's objects,
// with every action. The session is always that of the first person.
func objectRows(_ *testing.T, w *world) (out []row) {
	for _, class := range classes {
		for _, access := range accesses {
			if cloudtest.Role(class, access) == "" {
				continue
			}
			for _, target := range classes {
				for _, p := range w.people {
					for _, a := range actions {
						q := a.wire(p, target)
						q.creds = w.session(w.people[0], class, access)
						want := denied
						if a.allowed(access) && class == target && p == w.people[0] {
							want = a.good
						}
						if a.name == "head" && want == denied {
							want = "403"
						}
						out = append(out, row{
							name: fmt.Sprintf("%s session for %s/%s at %s/%s", class, access, a.name, p.name, target), want: want,
							ask: func(t testing.TB) string {
								got := q.send(t, w.Cloud)
								if a.name == "delete" && got == a.good {
									w.restore(t, p, target)
								}
								return got
							},
						})
					}
				}
			}
		}
	}
	return out
}
