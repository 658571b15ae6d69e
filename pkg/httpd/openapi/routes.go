package openapi

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/litentry/agentkeys/pkg/apierr"
)

// The media types of bodies.
const (
	JSON    = "application/json"
	Octets  = "application/octet-stream"
	Plain   = "text/plain"
	Stream  = "text/event-stream"
	problem = "application/problem+json"
)

// Route is what is served at one method and path.
type Route struct {
	Role, Method, Path string // path as /v1/audit/proof/:id
	Policy, Class, Op  string
	// Layer is the answering role's.
	Layer apierr.Layer
	// Refuses are the codes of its refusals, in the order of the table.
	Refuses []apierr.Code
	// In is the type of the body, or, with Query, of what is read from the URL; nil
	// for neither. Takes is the media type of the body, empty without one.
	In    reflect.Type
	Query bool
	Takes string
	// Out is the type of a JSON answer; nil for some object. Answers is its media type, empty for none.
	Out     reflect.Type
	Answers string
}

// Build describes routes. Its error names everything that cannot be described.
func Build(version string, routes []Route) (Document, error) {
	c := &schemas{named: map[string]*Schema{}, types: map[string]reflect.Type{}, refusals: map[string]Response{}, byCodes: map[string]string{}}
	d := Document{
		OpenAPI: Version, Paths: map[string]map[string]Operation{},
		Info: Info{Title: "AgentKeys", Version: version, Description: "What this process serves, made from its route table and the types of its handlers. Every refusal is problem details (RFC 9457); docs/errors.md has the codes. Nothing may be cached."},
	}
	c.of(reflect.TypeFor[apierr.Problem]())
	for _, r := range routes {
		p := pathOf(r.Path)
		if d.Paths[p] == nil {
			d.Paths[p] = map[string]Operation{}
		}
		d.Paths[p][strings.ToLower(r.Method)] = c.operation(r)
	}
	d.Components = Components{Schemas: c.named, Responses: c.refusals, Headers: headers(), SecuritySchemes: schemes()}
	return d, errors.Join(c.errs...)
}

// pathOf is a path as OpenAPI writes it.
func pathOf(path string) string {
	parts := strings.Split(path, "/")
	for i, p := range parts {
		if name, ok := strings.CutPrefix(p, ":"); ok {
			parts[i] = "{" + name + "}"
		}
	}
	return strings.Join(parts, "/")
}

func (c *schemas) operation(r Route) Operation {
	security, shows, known := securityOf(r.Policy)
	if !known {
		c.fail("%s %s: the policy %q is not described", r.Method, r.Path, r.Policy)
	}
	o := Operation{
		ID: operationID(r), Description: shows, Tags: []string{r.Role}, Security: security, Policy: r.Policy, Class: r.Class, Op: r.Op,
		Parameters: c.parameters(r), Responses: c.responses(r),
	}
	if r.Takes != "" {
		m := Media{Schema: &Schema{}} // octets are any
		if r.Takes == JSON {
			m.Schema = c.of(r.In)
		}
		o.Body = &Body{Required: true, Content: map[string]Media{r.Takes: m}}
	}
	return o
}

// operationID is the path in words.
func operationID(r Route) string {
	id := strings.ToLower(r.Method)
	for _, word := range strings.FieldsFunc(r.Path, func(c rune) bool { return strings.ContainsRune("/:.-_", c) }) {
		id += "_" + word
	}
	return id
}

func (c *schemas) parameters(r Route) (out []Parameter) {
	for part := range strings.SplitSeq(r.Path, "/") {
		if name, ok := strings.CutPrefix(part, ":"); ok {
			s, known := form(name)
			if !known {
				c.fail("%s %s: there is no form %q", r.Method, r.Path, name)
			}
			out = append(out, Parameter{Name: name, In: "path", Required: true, Schema: &s})
		}
	}
	if r.Query {
		out = append(out, c.query(r.In)...)
	}
	return out
}

func (c *schemas) responses(r Route) map[string]Response {
	common := map[string]Header{"X-Request-Id": {Ref: "#/components/headers/X-Request-Id"}}
	if strings.Contains(r.Policy, "proof") {
		common["Agentkeys-Receipt"] = Header{Ref: "#/components/headers/Agentkeys-Receipt"}
	}
	ok, status := Response{Description: "What was asked for.", Headers: common}, "200"
	switch r.Answers {
	case "":
		ok.Description, status = "Done; there is nothing to answer.", "204"
	case JSON:
		schema := &Schema{Type: "object"}
		if r.Out != nil {
			schema = c.of(r.Out)
		}
		ok.Content = map[string]Media{JSON: {Schema: schema}}
	case Octets:
		ok.Content = map[string]Media{Octets: {Schema: &Schema{}}}
	default:
		ok.Content = map[string]Media{r.Answers: {Schema: &Schema{Type: "string"}}}
	}
	out := map[string]Response{status: ok}
	codes := map[int][]string{}
	for _, code := range r.Refuses {
		d, known := apierr.Lookup(code)
		if !known || !apierr.Answers(r.Layer, r.Op, code) {
			c.fail("%s %s: no check of the role %s answers %q", r.Method, r.Path, r.Role, code)
		}
		codes[d.Status] = append(codes[d.Status], string(code))
	}
	for status, of := range codes {
		out[strconv.Itoa(status)] = Response{Ref: "#/components/responses/" + c.refusal(r.Role, status, of)}
	}
	return out
}

// refusal names the answer with these codes: routes of a role that refuse alike share
// it, and those that differ are numbered.
func (c *schemas) refusal(role string, status int, codes []string) string {
	slices.Sort(codes)
	key := fmt.Sprintf("%s_%d %s", role, status, strings.Join(codes, " "))
	if have, ok := c.byCodes[key]; ok {
		return have
	}
	name := fmt.Sprintf("%s_%d", role, status)
	for n := 2; c.refusals[name].Description != ""; n++ {
		name = fmt.Sprintf("%s_%d_%d", role, status, n)
	}
	c.byCodes[key], c.refusals[name] = name, refusal(codes, status)
	return name
}

// refusal is problem details with one of a few codes.
func refusal(codes []string, status int) Response {
	h := map[string]Header{}
	for _, name := range []string{"X-Request-Id", "Agentkeys-Receipt"} {
		h[name] = Header{Ref: "#/components/headers/" + name}
	}
	switch status {
	case 401:
		h["WWW-Authenticate"] = Header{Ref: "#/components/headers/WWW-Authenticate"}
	case 429, 503:
		h["Retry-After"] = Header{Ref: "#/components/headers/Retry-After"}
	}
	narrow := &Schema{Type: "object", Properties: map[string]*Schema{"code": {Enum: codes}}}
	return Response{
		Description: fmt.Sprintf("Refused: %s.", strings.Join(codes, ", ")), Headers: h,
		Content: map[string]Media{problem: {Schema: &Schema{AllOf: []*Schema{{Ref: "#/components/schemas/apierr.Problem"}, narrow}}}},
	}
}
