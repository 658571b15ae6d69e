package devcloud

import (
	"encoding/xml"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/litentry/agentkeys/pkg/blob/policy/iam"
)

// How long a session of AssumeRole may live, in seconds (AWS STS; a role's
// maximum is an hour unless it is raised).
const (
	minLife = 900
	maxLife = 3600
)

var stsScheme = scheme{
	service: "sts", missing: faultNoSignature, malformed: faultHalfSigned,
	signature: faultSignature, skewed: faultSignature,
}

// assumeRole is the action by which a user of the account takes a role.
func (c *Cloud) assumeRole(r *http.Request, body []byte, form map[string]string) (*assumeAnswer, error) {
	life, tags, err := readAssume(form)
	if err != nil {
		return nil, err
	}
	id, err := c.verify(r, body, stsScheme, c.userSecret(faultUnknownKey))
	if err != nil {
		return nil, err
	}
	role, ok := c.made.role(form["RoleArn"])
	if !ok || !c.users[id].assumes() {
		return nil, faultNotAssumed
	}
	partition, _, _ := strings.Cut(strings.TrimPrefix(role.arn, "arn:"), ":")
	req := iam.Request{Caller: c.users[id].arn(partition, c.account), Context: map[string]string{}}
	if !role.admits(req, "sts:AssumeRole", tags) {
		return nil, faultNotAssumed
	}
	s, sealed, err := c.newSession(role.arn, tags, life)
	if err != nil {
		return nil, err
	}
	name := strings.TrimPrefix(role.arn, "arn:"+partition+":iam::"+c.account+":role/")
	return &assumeAnswer{
		AccessKeyID: s.AccessKeyID, Secret: s.Secret, Token: sealed,
		Expiration: time.Unix(s.Expires, 0).UTC().Format(time.RFC3339),
		UserARN:    "arn:" + partition + ":sts::" + c.account + ":assumed-role/" + name + "/" + form["RoleSessionName"],
		RequestID:  requestID(),
	}, nil
}

// readAssume reads the parameters: every one is known, and tags are numbered
// without a gap, each with a key and a value.
func readAssume(form map[string]string) (time.Duration, map[string]string, error) {
	seconds, err := strconv.Atoi(form["DurationSeconds"])
	if err != nil || seconds < minLife || seconds > maxLife || !sessionName.MatchString(form["RoleSessionName"]) {
		return 0, nil, faultValidation
	}
	tags, folded := map[string]string{}, map[string]bool{}
	for n := 1; n <= maxTags; n++ {
		at := "Tags.member." + strconv.Itoa(n)
		name, named := form[at+".Key"]
		value, valued := form[at+".Value"]
		if !named && !valued {
			break
		}
		low := strings.ToLower(name)
		if !named || !valued || folded[low] || !isTagName(name) || !isTagValue(value) {
			return 0, nil, faultValidation
		}
		tags[name], folded[low] = value, true
	}
	known := 2 * len(tags)
	for _, name := range []string{"Action", "Version", "RoleArn", "RoleSessionName", "DurationSeconds"} {
		if _, ok := form[name]; ok {
			known++
		}
	}
	if known != len(form) { // Policy, ExternalId, SerialNumber, TransitiveTagKeys: not in use here
		return 0, nil, faultValidation
	}
	return time.Duration(seconds) * time.Second, tags, nil
}

type assumeAnswer struct {
	XMLName     xml.Name `xml:"https://sts.amazonaws.com/doc/2011-06-15/ AssumeRoleResponse"`
	AccessKeyID string   `xml:"AssumeRoleResult>Credentials>AccessKeyId"`
	Secret      string   `xml:"AssumeRoleResult>Credentials>SecretAccessKey"`
	Token       string   `xml:"AssumeRoleResult>Credentials>SessionToken"`
	Expiration  string   `xml:"AssumeRoleResult>Credentials>Expiration"`
	UserARN     string   `xml:"AssumeRoleResult>AssumedRoleUser>Arn"`
	RequestID   string   `xml:"ResponseMetadata>RequestId"`
}

// callerIdentity says whose the keys are. It needs no right.
func (c *Cloud) callerIdentity(r *http.Request, body []byte) (*identityAnswer, error) {
	id, err := c.verify(r, body, stsScheme, c.userSecret(faultUnknownKey))
	if err != nil {
		return nil, err
	}
	return &identityAnswer{ARN: c.users[id].arn(partitionOf(c.region), c.account), UserID: id, Account: c.account, RequestID: requestID()}, nil
}

type identityAnswer struct {
	XMLName   xml.Name `xml:"https://sts.amazonaws.com/doc/2011-06-15/ GetCallerIdentityResponse"`
	ARN       string   `xml:"GetCallerIdentityResult>Arn"`
	UserID    string   `xml:"GetCallerIdentityResult>UserId"`
	Account   string   `xml:"GetCallerIdentityResult>Account"`
	RequestID string   `xml:"ResponseMetadata>RequestId"`
}
