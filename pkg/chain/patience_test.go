package chain

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/apierr"
)

// Only silence is asked again, and not for ever.
func TestAgain(t *testing.T) {
	silence := Unavailable(errors.New("dropped"), "asking")
	for name, c := range map[string]struct {
		answers []error // the last one stays
		asked   int
		want    error
	}{
		"at once":          {[]error{nil}, 1, nil},
		"at the third":     {[]error{silence, silence, nil}, 3, nil},
		"never":            {[]error{silence}, 4, silence},
		"a refusal":        {[]error{ErrFunds}, 1, ErrFunds},
		"silence, then no": {[]error{silence, ErrFunds}, 2, ErrFunds},
		"an old head":      {[]error{Stale("old")}, 1, nil},
		"another chain":    {[]error{Unavailable(ErrOtherChain, "another")}, 1, ErrOtherChain},
	} {
		asked := 0
		_, err := again(t.Context(), Patience{Attempts: 4, Pause: time.Microsecond}, func(context.Context) (int, error) {
			asked++
			return 0, c.answers[min(asked, len(c.answers))-1]
		})
		if asked != c.asked || c.want != nil && !errors.Is(err, c.want) {
			t.Errorf("%s: asked %d times, %v", name, asked, err)
		}
	}
	ctx, end := context.WithCancel(t.Context())
	end()
	if _, err := again(ctx, Patience{Attempts: 4, Pause: time.Hour}, func(context.Context) (int, error) { return 0, silence }); apierr.CodeOf(err) != apierr.ChainUnavailable {
		t.Error(err)
	}
}

// Waits differ, within a half around their mean.
func TestJitter(t *testing.T) {
	seen := map[time.Duration]bool{}
	for range 100 {
		d := jitter(time.Second)
		if d < time.Second/2 || d >= 3*time.Second/2 {
			t.Fatal(d)
		}
		seen[d] = true
	}
	if len(seen) < 50 || jitter(0) != 0 {
		t.Errorf("%d different waits", len(seen))
	}
}
