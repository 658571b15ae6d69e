package devcloud

import (
	"encoding/xml"
	"io"
	"mime"
	"net/http"
	"net/url"
	"regexp"
	"time"

	"github.com/litentry/agentkeys/pkg/blob/policy/iam"
)

const (
	maxForm  = 32 << 10
	maxToken = 20000 // WebIdentityToken, as AWS bounds it
)

var sessionName = regexp.MustCompile(`^[\w+=,.@-]{2,64}$`)

// serveSTS answers the Query API's one action.
func (c *Cloud) serveSTS(w http.ResponseWriter, r *http.Request) {
	out, err := c.assumeRole(r)
	if err != nil {
		f := faultOf(err)
		kind := "Sender"
		if f.status >= 500 {
			kind = "Receiver"
		}
		writeXML(w, f.status, stsError{Type: kind, Code: f.code, Message: f.message, RequestID: requestID()})
		return
	}
	writeXML(w, http.StatusOK, out)
}

func (c *Cloud) assumeRole(r *http.Request) (*stsAnswer, error) {
	form, err := readForm(r)
	if err != nil {
		return nil, err
	}
	if form["Action"] != "AssumeRoleWithWebIdentity" || form["Version"] != "2011-06-15" {
		return nil, faultInvalidAction
	}
	for name := range form {
		switch name {
		case "Action", "Version", "RoleArn", "RoleSessionName", "WebIdentityToken", "DurationSeconds":
		default: // Policy, PolicyArns, ProviderId: not in use here
			return nil, faultValidation
		}
	}
	token := form["WebIdentityToken"]
	if len(token) > maxToken || !sessionName.MatchString(form["RoleSessionName"]) || form["DurationSeconds"] != "900" {
		return nil, faultValidation
	}
	id, err := c.issuer.verify(r.Context(), token)
	if err != nil {
		return nil, err
	}
	role, ok := c.roles[form["RoleArn"]]
	if !ok || !c.mayAssume(role, id) {
		return nil, faultNotAuthorized
	}
	s, sealed, err := c.newSession(role.arn, id.tags)
	if err != nil {
		return nil, err
	}
	return &stsAnswer{
		AccessKeyID: s.AccessKeyID, Secret: s.Secret, Token: sealed,
		Expiration: time.Unix(s.Expires, 0).UTC().Format(time.RFC3339), Subject: id.subject, Audience: stsAudience,
		Provider: c.issuer.arn(role.arn), RequestID: requestID(),
	}, nil
}

// mayAssume asks the role's trust policy for both actions that a token with
// tags needs.
func (c *Cloud) mayAssume(r role, id identity) bool {
	req := iam.Request{Federated: c.issuer.arn(r.arn), Context: map[string]string{c.issuer.name + ":aud": stsAudience}}
	for name, value := range id.tags {
		req.Context["aws:RequestTag/"+name] = value
	}
	for _, action := range []string{"sts:AssumeRoleWithWebIdentity", "sts:TagSession"} {
		req.Action = action
		if !iam.Allowed(req, r.trust) {
			return false
		}
	}
	return true
}

// readForm reads a form in which every parameter is there once.
func readForm(r *http.Request) (map[string]string, error) {
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || media != "application/x-www-form-urlencoded" || r.URL.RawQuery != "" {
		return nil, faultInvalidAction
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxForm+1))
	if err != nil || len(body) > maxForm {
		return nil, faultValidation
	}
	values, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, faultValidation
	}
	form := map[string]string{}
	for name, v := range values {
		if len(v) != 1 {
			return nil, faultValidation
		}
		form[name] = v[0]
	}
	return form, nil
}

type stsAnswer struct {
	XMLName     xml.Name `xml:"https://sts.amazonaws.com/doc/2011-06-15/ AssumeRoleWithWebIdentityResponse"`
	AccessKeyID string   `xml:"AssumeRoleWithWebIdentityResult>Credentials>AccessKeyId"`
	Secret      string   `xml:"AssumeRoleWithWebIdentityResult>Credentials>SecretAccessKey"`
	Token       string   `xml:"AssumeRoleWithWebIdentityResult>Credentials>SessionToken"`
	Expiration  string   `xml:"AssumeRoleWithWebIdentityResult>Credentials>Expiration"`
	Subject     string   `xml:"AssumeRoleWithWebIdentityResult>SubjectFromWebIdentityToken"`
	Audience    string   `xml:"AssumeRoleWithWebIdentityResult>Audience"`
	Provider    string   `xml:"AssumeRoleWithWebIdentityResult>Provider"`
	RequestID   string   `xml:"ResponseMetadata>RequestId"`
}

type stsError struct {
	XMLName   xml.Name `xml:"https://sts.amazonaws.com/doc/2011-06-15/ ErrorResponse"`
	Type      string   `xml:"Error>Type"`
	Code      string   `xml:"Error>Code"`
	Message   string   `xml:"Error>Message"`
	RequestID string   `xml:"RequestId"`
}
