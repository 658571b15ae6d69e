package devcloud

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/litentry/agentkeys/pkg/strictjson"
)

// The limits of session tags (AWS STS, AssumeRoleWithWebIdentity).
const maxTags = 50

// The lengths are counted by hand: a repetition bound over Unicode classes costs
// megabytes in every process that starts.
const (
	maxTagName  = 128
	maxTagValue = 256
)

var tagText = regexp.MustCompile(`^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$`)

func isTagName(s string) bool {
	return s != "" && utf8.RuneCountInString(s) <= maxTagName && tagText.MatchString(s)
}

func isTagValue(s string) bool {
	return utf8.RuneCountInString(s) <= maxTagValue && tagText.MatchString(s)
}

// readTags reads the session tags out of the claims of a verified token. The
// whole of the claims must be strict JSON: a second member of the same name
// would be read differently by somebody else.
func readTags(claims []byte) (map[string]string, error) {
	var c struct {
		Tags struct {
			Principal  map[string][]string `json:"principal_tags"`
			Transitive []string            `json:"transitive_tag_keys"`
		} `json:"https://aws.amazon.com/tags"`
	}
	if err := strictjson.DecodeAnswer(claims, &c); err != nil || len(c.Tags.Principal) > maxTags {
		return nil, faultInvalidIdentity
	}
	tags, folded := map[string]string{}, map[string]bool{}
	for name, values := range c.Tags.Principal {
		low := strings.ToLower(name)
		if !isTagName(name) || folded[low] || len(values) != 1 || !isTagValue(values[0]) {
			return nil, faultInvalidIdentity
		}
		tags[name], folded[low] = values[0], true
	}
	for _, name := range c.Tags.Transitive {
		if _, ok := tags[name]; !ok {
			return nil, faultInvalidIdentity
		}
	}
	return tags, nil
}
