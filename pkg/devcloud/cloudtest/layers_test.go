package cloudtest_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/blob/policy"
	"github.com/litentry/agentkeys/pkg/devcloud/cloudtest"
	"github.com/litentry/agentkeys/pkg/oidc"
	"github.com/litentry/agentkeys/pkg/service"
	"github.com/litentry/agentkeys/pkg/sts"
)

// The buckets in which one clause is asked alone.
const (
	arnBucket  = "agentkeys-arn"  // only one role, by its ARN
	onceBucket = "agentkeys-once" // nothing is replaced, as in the archive
	// In words that the policies for RGW do not use.
	wordsBucket = "agentkeys-words"
)

const (
	byARN = `{"Version":"2012-10-17","Statement":[{"Sid":"OnlyItsRoles","Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::agentkeys-arn/*",
		"Condition":{"StringNotEquals":{"aws:PrincipalArn":["arn:aws:iam::000000000000:role/agentkeys-vault"]}}}]}`
	once = `{"Version":"2012-10-17","Statement":[{"Sid":"Once","Effect":"Deny","Principal":"*","Action":"s3:PutObject","Resource":"arn:aws:s3:::agentkeys-once/*",
		"Condition":{"Null":{"s3:if-none-match":"true"}}}]}`
	words = `{"Version":"2012-10-17","Statement":[
		{"Sid":"NotThisRole","Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::agentkeys-words/*",
			"Condition":{"StringEquals":{"aws:PrincipalArn":"arn:aws:iam::000000000000:role/agentkeys-memory"}}},
		{"Sid":"OnlyThisClass","Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::agentkeys-words/*",
			"Condition":{"StringNotEquals":{"aws:PrincipalTag/agentkeys_class":"memory"}}}]}`
	everything = `{"Version":"2012-10-17","Statement":[{"Sid":"Everything","Effect":"Allow","Action":"s3:*","Resource":["arn:aws:s3:::agentkeys-vault","arn:aws:s3:::agentkeys-vault/*",
		"arn:aws:s3:::agentkeys-memory","arn:aws:s3:::agentkeys-memory/*","arn:aws:s3:::agentkeys-arn/*","arn:aws:s3:::agentkeys-once/*","arn:aws:s3:::agentkeys-words/*"]}]}`
)

// maintained are the roles that are taken with a user's keys.
var maintained = map[string]service.Class{cloudtest.MaintenanceRole: service.Credentials, cloudtest.MemoryMaintenanceRole: service.Memory}

// TestLayers: the roles may do everything, so that what is refused is refused by
// the policy of the bucket alone.
func TestLayers(t *testing.T) {
	for _, k := range cloudtest.Kinds(t, os.Getenv(cloudtest.Env)) {
		t.Run(k.Name, func(t *testing.T) {
			cloud := k.Start(t, time.Now, time.Now, func(s *policy.Set) {
				for i, r := range s.Roles {
					s.Roles[i].Policy = []byte(everything)
					if class, ok := maintained[r.Name]; ok {
						s.Roles[i].Policy = []byte(strings.Replace(everything, `"Resource"`, `"Condition":{"StringEquals":{"aws:PrincipalTag/agentkeys_class":"`+string(class)+`","aws:PrincipalTag/agentkeys_access":"maintenance"}},"Resource"`, 1))
					}
				}
				s.Buckets = append(s.Buckets, policy.Bucket{Name: arnBucket, Policy: []byte(byARN)}, policy.Bucket{Name: onceBucket, Policy: []byte(once)}, policy.Bucket{Name: wordsBucket, Policy: []byte(words)})
			})
			me := person{"own", operator(t, 1), actor(t, 0xa1)}
			cloud.Admit(t, me.actor)
			c := comparison{kind: k.Name}
			c.judge(t, "layers", layerRows(t, cloud, me))
			c.complete(t)
		})
	}
}

func layerRows(t *testing.T, cloud *cloudtest.Cloud, me person) (out []row) {
	session := func(class service.Class, a oidc.Access) sts.Credentials {
		creds, err := cloud.Exchange(t.Context(), oidc.Request{Class: class, Operator: me.operator, Actor: me.actor, Access: a})
		if err != nil {
			t.Fatal(err)
		}
		return creds
	}
	vault, provision, memory := session(service.Credentials, oidc.AccessWrite), session(service.Credentials, oidc.AccessProvision), session(service.Memory, oidc.AccessWrite)
	ask := func(name, want, method, target string, creds sts.Credentials, header map[string]string) {
		q := wire{method: method, target: target, creds: creds, header: header}
		if method == "PUT" {
			q.body = []byte("x")
		}
		out = append(out, row{name, want, func(t testing.TB) string { return q.send(t, cloud) }})
	}
	object := "/" + object(me, service.Credentials)
	const list = "?list-type=2&prefix="
	ask("the class's session writes", "200", "PUT", cloudtest.VaultBucket+object, vault, nil)
	ask("the class's session reads", "200", "GET", cloudtest.VaultBucket+object, vault, nil)
	ask("the class's session lists", "200", "GET", cloudtest.VaultBucket+list, vault, nil)
	ask("another class's session writes", denied, "PUT", cloudtest.VaultBucket+object, memory, nil)
	ask("another class's session reads", denied, "GET", cloudtest.VaultBucket+object, memory, nil)
	ask("another class's session lists", denied, "GET", cloudtest.VaultBucket+list, memory, nil)
	ask("another class's session deletes", denied, "DELETE", cloudtest.VaultBucket+object, memory, nil)
	ask("and the other way round", denied, "PUT", cloudtest.MemoryBucket+object, vault, nil)
	ask("provisioning writes", "200", "PUT", cloudtest.VaultBucket+object, provision, nil)
	ask("provisioning reads", denied, "GET", cloudtest.VaultBucket+object, provision, nil)
	keep := func(class service.Class) sts.Credentials {
		creds, err := cloud.Maintain(t.Context(), class)
		if err != nil {
			t.Fatal(err)
		}
		return creds
	}
	maintains, other := keep(service.Credentials), keep(service.Memory)
	ask("maintenance writes", "200", "PUT", cloudtest.VaultBucket+object, maintains, nil)
	ask("maintenance reads", "200", "GET", cloudtest.VaultBucket+object, maintains, nil)
	ask("maintenance lists", "200", "GET", cloudtest.VaultBucket+list, maintains, nil)
	ask("maintenance deletes", denied, "DELETE", cloudtest.VaultBucket+object, maintains, nil)
	ask("another class's maintenance writes", denied, "PUT", cloudtest.VaultBucket+object, other, nil)
	ask("another class's maintenance reads", denied, "GET", cloudtest.VaultBucket+object, other, nil)
	ask("another class's maintenance lists", denied, "GET", cloudtest.VaultBucket+list, other, nil)
	ask("the role that is named", "200", "PUT", arnBucket+object, vault, nil)
	ask("a role that is not named", denied, "PUT", arnBucket+object, memory, nil)
	ask("a role that is refused by its ARN", denied, "PUT", wordsBucket+object, memory, nil)
	ask("a session of another class", denied, "PUT", wordsBucket+object, vault, nil)
	ask("maintenance of another class, by its tag alone", denied, "PUT", wordsBucket+object, maintains, nil)
	ask("maintenance of that class, by its tag alone", "200", "PUT", wordsBucket+object, other, nil)
	ask("once", "200", "PUT", onceBucket+object, vault, map[string]string{"If-None-Match": "*"})
	ask("without the condition", denied, "PUT", onceBucket+object, vault, nil)
	return out
}
