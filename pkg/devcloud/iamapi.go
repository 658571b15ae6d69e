package devcloud

import (
	"encoding/xml"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/litentry/agentkeys/pkg/blob/policy"
)

const (
	iamVersion = "2010-05-08"
	iamSpace   = "https://iam.amazonaws.com/doc/2010-05-08/"
)

var iamScheme = scheme{
	service: "iam", missing: faultNoSignature, malformed: faultHalfSigned,
	signature: faultSignature, skewed: faultSignature,
}

// The quotas of IAM, in characters other than white space (IAM user guide).
const (
	maxTrust      = 2048
	maxRolePolicy = 10240
)

var roleText = regexp.MustCompile(`^[A-Za-z0-9+=,.@_-]{1,64}$`)

// iamActions are what an administrator may ask of IAM, each with the parameters
// that it takes; a name that ends in a dot begins a list.
func (c *Cloud) iamActions() map[string]iamAction {
	return map[string]iamAction{
		"GetRole":                  {c.getRole, []string{"RoleName"}},
		"CreateRole":               {c.createRole, []string{"RoleName", "AssumeRolePolicyDocument", "Description", "Tags.member."}},
		"UpdateAssumeRolePolicy":   {c.updateTrust, []string{"RoleName", "PolicyDocument"}},
		"TagRole":                  {c.tagRole, []string{"RoleName", "Tags.member."}},
		"GetRolePolicy":            {c.getRolePolicy, []string{"RoleName", "PolicyName"}},
		"PutRolePolicy":            {c.putRolePolicy, []string{"RoleName", "PolicyName", "PolicyDocument"}},
		"ListRolePolicies":         {c.listRolePolicies, []string{"RoleName"}},
		"ListAttachedRolePolicies": {c.listAttached, []string{"RoleName"}},

		"GetOpenIDConnectProvider":              {c.getProvider, []string{"OpenIDConnectProviderArn"}},
		"CreateOpenIDConnectProvider":           {c.createProvider, []string{"Url", "ClientIDList.member.", "ThumbprintList.member.", "Tags.member."}},
		"AddClientIDToOpenIDConnectProvider":    {c.addAudience, []string{"OpenIDConnectProviderArn", "ClientID"}},
		"UpdateOpenIDConnectProviderThumbprint": {c.setThumbprints, []string{"OpenIDConnectProviderArn", "ThumbprintList.member."}},
		"TagOpenIDConnectProvider":              {c.tagProvider, []string{"OpenIDConnectProviderArn", "Tags.member."}},
	}
}

type iamAction struct {
	do     func(form map[string]string) (any, error)
	params []string
}

// doIAM recognises, authenticates, authorises, executes.
func (c *Cloud) doIAM(r *http.Request, body []byte, form map[string]string) (any, error) {
	action, ok := c.iamActions()[form["Action"]]
	if !ok || !c.administered {
		return nil, faultInvalidAction
	}
	for name := range form {
		if name != "Action" && name != "Version" && !slices.ContainsFunc(action.params, func(p string) bool {
			return name == p || strings.HasSuffix(p, ".") && strings.HasPrefix(name, p)
		}) {
			return nil, faultValidation
		}
	}
	id, err := c.verify(r, body, iamScheme, c.userSecret(faultUnknownKey))
	if err != nil {
		return nil, err
	}
	if !c.users[id].administers {
		return nil, &fault{http.StatusForbidden, "AccessDenied", "User " + c.users[id].Name + " is not authorized to perform: iam:" + form["Action"]}
	}
	out, err := action.do(form)
	if err != nil {
		return nil, err
	}
	return iamAnswer{form["Action"], out}, nil
}

// iamAnswer wraps a result as the Query protocol does.
type iamAnswer struct {
	action string
	result any
}

// MarshalXML implements xml.Marshaler.
func (a iamAnswer) MarshalXML(e *xml.Encoder, _ xml.StartElement) error {
	at := func(name string) xml.StartElement { return xml.StartElement{Name: xml.Name{Local: name}} }
	outer := at(a.action + "Response")
	outer.Attr = []xml.Attr{{Name: xml.Name{Local: "xmlns"}, Value: iamSpace}}
	if err := e.EncodeToken(outer); err != nil {
		return err
	}
	if a.result != nil {
		if err := e.EncodeElement(a.result, at(a.action+"Result")); err != nil {
			return err
		}
	}
	if err := e.EncodeElement(struct {
		RequestID string `xml:"RequestId"`
	}{requestID()}, at("ResponseMetadata")); err != nil {
		return err
	}
	return e.EncodeToken(outer.End())
}

// members reads a list of the Query protocol, numbered from 1 without a gap.
func members(form map[string]string, prefix string) ([]string, error) {
	var out []string
	for n := 1; ; n++ {
		v, ok := form[prefix+strconv.Itoa(n)]
		if !ok {
			break
		}
		out = append(out, v)
	}
	for name := range form {
		if rest, ok := strings.CutPrefix(name, prefix); ok {
			if n, err := strconv.Atoi(rest); err != nil || n < 1 || n > len(out) || strconv.Itoa(n) != rest {
				return nil, faultValidation
			}
		}
	}
	return out, nil
}

// formTags reads Tags.member.N.Key and Value.
func formTags(form map[string]string) (map[string]string, error) {
	const prefix = "Tags.member."
	tags, read := map[string]string{}, 0
	for n := 1; n <= maxTags; n++ {
		at := prefix + strconv.Itoa(n)
		name, named := form[at+".Key"]
		value, valued := form[at+".Value"]
		if !named && !valued {
			break
		}
		if _, twice := tags[name]; !named || !valued || twice || !isTagName(name) || !isTagValue(value) {
			return nil, faultValidation
		}
		tags[name] = value
		read += 2
	}
	for name := range form {
		if strings.HasPrefix(name, prefix) {
			read--
		}
	}
	if read != 0 {
		return nil, faultValidation
	}
	return tags, nil
}

type wireTag struct{ Key, Value string }

func wireTags(tags map[string]string) []wireTag {
	var out []wireTag
	for _, name := range slices.Sorted(maps.Keys(tags)) {
		out = append(out, wireTag{name, tags[name]})
	}
	return out
}

// escaped is how IAM hands documents out (RFC 3986).
func escaped(document string) string {
	return strings.ReplaceAll(url.QueryEscape(document), "+", "%20")
}

func withinQuota(document string, most int) error {
	if n := len(strings.Join(strings.Fields(document), "")); n > most {
		return &fault{http.StatusConflict, "LimitExceeded", fmt.Sprintf("A policy of %d characters exceeds the quota of %d.", n, most)}
	}
	return nil
}

func noSuchEntity(what, name string) error {
	return &fault{http.StatusNotFound, "NoSuchEntity", "The " + what + " with name " + name + " cannot be found."}
}

func alreadyThere(what, name string) error {
	return &fault{http.StatusConflict, "EntityAlreadyExists", what + " with name " + name + " already exists."}
}

type noResult struct{}

type wireProvider struct {
	URL         string    `xml:"Url"`
	Audiences   []string  `xml:"ClientIDList>member"`
	Thumbprints []string  `xml:"ThumbprintList>member"`
	Tags        []wireTag `xml:"Tags>member"`
}

func (c *Cloud) providerARN() string {
	return "arn:" + partitionOf(c.region) + c.issuer.suffix
}

func (c *Cloud) getProvider(form map[string]string) (any, error) {
	c.made.mu.RLock()
	defer c.made.mu.RUnlock()
	p, there := c.made.providers[c.issuer.url]
	if !there || form["OpenIDConnectProviderArn"] != c.providerARN() {
		return nil, noSuchEntity("OpenIDConnect provider", form["OpenIDConnectProviderArn"])
	}
	// As IAM: without its scheme.
	name, err := policy.ProviderOf(p.URL)
	return wireProvider{name, p.Audiences, p.Thumbprints, wireTags(p.Tags)}, err
}

func (c *Cloud) createProvider(form map[string]string) (any, error) {
	tags, err := formTags(form)
	if err != nil {
		return nil, err
	}
	audiences, err := members(form, "ClientIDList.member.")
	if err != nil {
		return nil, err
	}
	thumbprints, err := members(form, "ThumbprintList.member.")
	if err != nil {
		return nil, err
	}
	if form["Url"] != c.issuer.url {
		return nil, &fault{http.StatusBadRequest, "InvalidInput", "This development cloud knows one issuer, and it is another."}
	}
	err = c.made.changeProvider(c.issuer.url, func(p *providerState, there bool) error {
		if there {
			return alreadyThere("Provider", form["Url"])
		}
		*p = providerState{form["Url"], audiences, thumbprints, tags}
		return nil
	})
	return struct {
		ARN string `xml:"OpenIDConnectProviderArn"`
	}{c.providerARN()}, err
}

// changeProvider changes the provider that the form names.
func (c *Cloud) changeProvider(form map[string]string, edit func(*providerState)) (any, error) {
	return noResult{}, c.made.changeProvider(c.issuer.url, func(p *providerState, there bool) error {
		if !there || form["OpenIDConnectProviderArn"] != c.providerARN() {
			return noSuchEntity("OpenIDConnect provider", form["OpenIDConnectProviderArn"])
		}
		edit(p)
		return nil
	})
}

func (c *Cloud) addAudience(form map[string]string) (any, error) {
	if form["ClientID"] == "" {
		return nil, faultValidation
	}
	return c.changeProvider(form, func(p *providerState) {
		if !slices.Contains(p.Audiences, form["ClientID"]) {
			p.Audiences = append(slices.Clone(p.Audiences), form["ClientID"])
		}
	})
}

func (c *Cloud) setThumbprints(form map[string]string) (any, error) {
	thumbprints, err := members(form, "ThumbprintList.member.")
	if err != nil {
		return nil, err
	}
	return c.changeProvider(form, func(p *providerState) { p.Thumbprints = thumbprints })
}

func (c *Cloud) tagProvider(form map[string]string) (any, error) {
	tags, err := formTags(form)
	if err != nil {
		return nil, err
	}
	return c.changeProvider(form, func(p *providerState) {
		if p.Tags == nil {
			p.Tags = map[string]string{}
		}
		maps.Copy(p.Tags, tags)
	})
}
