// Package openapi describes routes as OpenAPI 3.1.
//
// The laws that hold here:
//
//   - What is described comes from what serves: the recorded route, and the Go types
//     of its input and output. A member is required exactly if the strict decoder
//     insists on it, and no member is taken that is not described.
//   - What reflection cannot see stands in the tag oas of a field (its form, bounds or
//     values), in the tag query (a parameter of the URL), or in one table by type.
//   - What cannot be described is an error, so that a new type, parameter or policy
//     is noticed.
//
// It serves nothing, and describes the listener that everybody reaches, not the admin
// listener. Which codes a route answers is what its policy and its handler declare;
// one that no check of its role answers by the table of pkg/apierr is an error.
package openapi

// Version is that of the specification.
const Version = "3.1.0"

// Document is an OpenAPI document, as far as it is used here.
type Document struct {
	OpenAPI    string                          `json:"openapi"`
	Info       Info                            `json:"info"`
	Paths      map[string]map[string]Operation `json:"paths"` // by path and lower-case method
	Components Components                      `json:"components"`
}

// Info names the API.
type Info struct {
	Title       string `json:"title"`
	Version     string `json:"version"`
	Description string `json:"description"`
}

// Components are what several operations share.
type Components struct {
	Schemas         map[string]*Schema        `json:"schemas"`
	Responses       map[string]Response       `json:"responses"`
	Headers         map[string]Header         `json:"headers"`
	SecuritySchemes map[string]SecurityScheme `json:"securitySchemes"`
}

// Operation is one route.
type Operation struct {
	ID          string                `json:"operationId"`
	Description string                `json:"description"`
	Tags        []string              `json:"tags"` // the role
	Security    []map[string][]string `json:"security"`
	Parameters  []Parameter           `json:"parameters,omitzero"`
	Body        *Body                 `json:"requestBody,omitzero"`
	Responses   map[string]Response   `json:"responses"`
	// Policy, Class and Op are those of the route table.
	Policy string `json:"x-agentkeys-policy"`
	Class  string `json:"x-agentkeys-class,omitzero"`
	Op     string `json:"x-agentkeys-op,omitzero"`
}

// Parameter is one of the path or of the query.
type Parameter struct {
	Name     string  `json:"name"`
	In       string  `json:"in"`
	Required bool    `json:"required,omitzero"`
	Schema   *Schema `json:"schema"`
}

// Body is what a request sends.
type Body struct {
	Required bool             `json:"required"`
	Content  map[string]Media `json:"content"`
}

// Media is a body of one media type.
type Media struct {
	Schema *Schema `json:"schema,omitzero"`
}

// Response is one answer.
type Response struct {
	Ref         string            `json:"$ref,omitzero"`
	Description string            `json:"description,omitzero"`
	Headers     map[string]Header `json:"headers,omitzero"`
	Content     map[string]Media  `json:"content,omitzero"`
}

// Header is one of an answer.
type Header struct {
	Ref         string  `json:"$ref,omitzero"`
	Description string  `json:"description,omitzero"`
	Schema      *Schema `json:"schema,omitzero"`
}

// SecurityScheme is how a caller shows who it is.
type SecurityScheme struct {
	Type        string `json:"type"`
	Scheme      string `json:"scheme,omitzero"`
	In          string `json:"in,omitzero"`
	Name        string `json:"name,omitzero"`
	Description string `json:"description"`
}

// Schema is a JSON schema (draft 2020-12), as far as it is used here.
type Schema struct {
	Ref         string             `json:"$ref,omitzero"`
	Description string             `json:"description,omitzero"`
	Type        string             `json:"type,omitzero"`
	Format      string             `json:"format,omitzero"`
	Pattern     string             `json:"pattern,omitzero"`
	Enum        []string           `json:"enum,omitzero"`
	MinLength   *int64             `json:"minLength,omitzero"`
	MaxLength   *int64             `json:"maxLength,omitzero"`
	Minimum     *int64             `json:"minimum,omitzero"`
	Maximum     *int64             `json:"maximum,omitzero"`
	Items       *Schema            `json:"items,omitzero"`
	MinItems    *int64             `json:"minItems,omitzero"`
	MaxItems    *int64             `json:"maxItems,omitzero"`
	Properties  map[string]*Schema `json:"properties,omitzero"`
	Required    []string           `json:"required,omitzero"`
	AllOf       []*Schema          `json:"allOf,omitzero"`
	// Additional is false for an object that takes no other member, or the schema of
	// its values for a map.
	Additional any   `json:"additionalProperties,omitzero"`
	Examples   []any `json:"examples,omitzero"`
}
