package demo

import (
	"errors"
	"testing"

	"github.com/litentry/agentkeys/pkg/api"
	"github.com/litentry/agentkeys/pkg/apierr"
)

func TestSharedFindsWhatIsThere(t *testing.T) {
	plain := []byte("0123456789abcdefghijklmnopqrstuvwxyz")
	for name, c := range map[string]struct {
		object string
		want   bool
	}{
		"the whole":                      {"xx" + string(plain) + "yy", true},
		"a run at any place":             {"xxx" + string(plain[5:5+2*minProbe-1]), true},
		"the last whole run":             {string(plain[24:32]) + "yyy", true},
		"one byte less than a run":       {string(plain[:minProbe-1]), false},
		"the runs with one byte changed": {"0123X56789aXcdefghXjklmnopXrstuvwXyz", false},
		"nothing":                        {"", false},
	} {
		if _, got := shared([]byte(c.object), plain); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	if _, got := shared([]byte("abc"), []byte("abc")); got {
		t.Error("a secret that is too short to recognise was recognised")
	}
}

// TestRefusedCountsOnlyTheOneRefusal: a step that expects a refusal can fail.
func TestRefusedCountsOnlyTheOneRefusal(t *testing.T) {
	remote := func(status int, code apierr.Code) error {
		return &api.RemoteError{Problem: apierr.Problem{Status: status, Code: code}}
	}
	for name, c := range map[string]struct {
		err  error
		want bool
	}{
		"the one":       {remote(403, apierr.DeviceRevoked), true},
		"allowed":       {nil, false},
		"another code":  {remote(403, apierr.StorageDenied), false},
		"other status":  {remote(401, apierr.DeviceRevoked), false},
		"not an answer": {&api.Unreachable{URL: "x", Cause: errors.New("refused")}, false},
		"not remote":    {apierr.New(apierr.DeviceRevoked, "said by nobody"), false},
	} {
		if _, err := refused(c.err, 403, apierr.DeviceRevoked); (err == nil) != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
}
