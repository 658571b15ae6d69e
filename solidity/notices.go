package solidity

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Notices are the sentences with which the contracts' NatSpec explains their
// custom errors, by name. They travel in the compiler's metadata, so that what
// people read is what the source says.
func Notices() (map[string]string, error) {
	out := map[string]string{}
	for _, name := range DeployOrder() {
		a, err := Load(name)
		if err != nil {
			return nil, err
		}
		var meta struct {
			Output struct {
				UserDoc struct {
					Errors map[string][]struct {
						Notice string `json:"notice"`
					} `json:"errors"`
				} `json:"userdoc"`
			} `json:"output"`
		}
		if err := json.Unmarshal([]byte(a.Metadata), &meta); err != nil {
			return nil, fmt.Errorf("metadata of %s: %w", name, err)
		}
		for signature, docs := range meta.Output.UserDoc.Errors {
			for _, d := range docs {
				short, _, _ := strings.Cut(signature, "(")
				out[short] = d.Notice
			}
		}
	}
	return out, nil
}
