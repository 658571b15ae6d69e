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

// serveSTS answers the Query API of STS and IAM, which is one origin here.
func (c *Cloud) serveSTS(w http.ResponseWriter, r *http.Request) {
	out, err := c.doSTS(r)
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

func (c *Cloud) doSTS(r *http.Request) (any, error) {
	form, body, err := readForm(r)
	switch {
	case err != nil:
		return nil, err
	case form["Version"] == iamVersion:
		return c.doIAM(r, body, form)
	case form["Version"] != "2011-06-15":
	case form["Action"] == "AssumeRoleWithWebIdentity":
		return c.assumeRoleWithWebIdentity(r, form)
	case form["Action"] == "AssumeRole":
		return c.assumeRole(r, body, form)
	case form["Action"] == "GetCallerIdentity" && len(form) == 2:
		return c.callerIdentity(r, body)
	}
	return nil, faultInvalidAction
}

func (c *Cloud) assumeRoleWithWebIdentity(r *http.Request, form map[string]string) (*webIdentityAnswer, error) {
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
	// Without a provider in the account, STS does not look at the token.
	if c.administered && !c.made.admits(c.issuer.url, stsAudience) {
		return nil, faultNoProvider
	}
	id, err := c.issuer.verify(r.Context(), token)
	if err != nil {
		return nil, err
	}
	role, ok := c.made.role(form["RoleArn"])
	req := iam.Request{Context: map[string]string{c.issuer.name + ":aud": stsAudience}}
	if ok {
		req.Federated = c.issuer.arn(role.arn)
	}
	if !ok || !role.admits(req, "sts:AssumeRoleWithWebIdentity", id.tags) {
		return nil, faultNotAuthorized
	}
	s, sealed, err := c.newSession(role.arn, id.tags, SessionLife)
	if err != nil {
		return nil, err
	}
	return &webIdentityAnswer{
		AccessKeyID: s.AccessKeyID, Secret: s.Secret, Token: sealed,
		Expiration: time.Unix(s.Expires, 0).UTC().Format(time.RFC3339), Subject: id.subject, Audience: stsAudience,
		Provider: c.issuer.arn(role.arn), RequestID: requestID(),
	}, nil
}

// admits asks the role's trust policy for both actions that a session with
// tags needs. who names the caller and what is known of it.
func (r role) admits(who iam.Request, action string, tags map[string]string) bool {
	for name, value := range tags {
		who.Context["aws:RequestTag/"+name] = value
	}
	for _, a := range []string{action, "sts:TagSession"} {
		who.Action = a
		if !iam.Allowed(who, r.trust) {
			return false
		}
	}
	return true
}

// readForm reads a form in which every parameter is there once, and the bytes
// that it was read from.
func readForm(r *http.Request) (form map[string]string, body []byte, err error) {
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || media != "application/x-www-form-urlencoded" || r.URL.RawQuery != "" {
		return nil, nil, faultInvalidAction
	}
	body, err = io.ReadAll(io.LimitReader(r.Body, maxForm+1))
	if err != nil || len(body) > maxForm {
		return nil, nil, faultValidation
	}
	values, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, nil, faultValidation
	}
	form = map[string]string{}
	for name, v := range values {
		if len(v) != 1 {
			return nil, nil, faultValidation
		}
		form[name] = v[0]
	}
	return form, body, nil
}

type webIdentityAnswer struct {
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
