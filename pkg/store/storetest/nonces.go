package storetest

import (
	"strings"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/store"
)

const alice, mallory = "0xA11ce", "0xBad"

func nonceIsSingleUse(t *testing.T, b *bench) {
	want(t, b.TakeNonce(ctx(), "n", alice, b.now()), store.ErrNonceUnknown)
	want(t, b.PutNonce(ctx(), "n", alice, b.now().Add(time.Minute)), nil)
	want(t, b.TakeNonce(ctx(), "n", alice, b.now()), nil)
	want(t, b.TakeNonce(ctx(), "n", alice, b.now()), store.ErrNonceUnknown)
}

func nonceOfAnother(t *testing.T, b *bench) {
	want(t, b.PutNonce(ctx(), "n", alice, b.now().Add(time.Minute)), nil)
	want(t, b.TakeNonce(ctx(), "n", mallory, b.now()), store.ErrNonceUnknown)
	want(t, b.TakeNonce(ctx(), "n", strings.ToLower(alice), b.now()), store.ErrNonceUnknown)
	want(t, b.TakeNonce(ctx(), "N", alice, b.now()), store.ErrNonceUnknown)
	want(t, b.TakeNonce(ctx(), "n ", alice, b.now()), store.ErrNonceUnknown)
	want(t, b.TakeNonce(ctx(), "n", alice, b.now()), nil)
}

func nonceExpires(t *testing.T, b *bench) {
	expires := b.now().Add(time.Minute).Truncate(time.Microsecond)
	for _, n := range []string{"just in time", "at expiry"} {
		want(t, b.PutNonce(ctx(), n, alice, expires), nil)
	}
	want(t, b.TakeNonce(ctx(), "just in time", alice, expires.Add(-time.Microsecond)), nil)
	want(t, b.TakeNonce(ctx(), "at expiry", alice, expires), store.ErrNonceUnknown)
	// The clock goes back: what was refused as expired stays refused.
	want(t, b.TakeNonce(ctx(), "at expiry", alice, b.now()), store.ErrNonceUnknown)
}

func nonceIsPutOnce(t *testing.T, b *bench) {
	want(t, b.PutNonce(ctx(), "n", alice, b.now().Add(time.Minute)), nil)
	want(t, b.PutNonce(ctx(), "n", mallory, b.now().Add(time.Hour)), apierr.InvalidInput)
	want(t, b.TakeNonce(ctx(), "n", mallory, b.now()), store.ErrNonceUnknown)
	want(t, b.TakeNonce(ctx(), "n", alice, b.now()), nil)
}

func nonceRace(t *testing.T, b *bench) {
	want(t, b.PutNonce(ctx(), "n", alice, b.now().Add(time.Minute)), nil)
	won := race(t, 1000, isErr(store.ErrNonceUnknown), func(int) error { return b.TakeNonce(ctx(), "n", alice, b.now()) })
	if won != 1 {
		t.Errorf("%d logins with one nonce", won)
	}
}

func identifiers(t *testing.T, b *bench) {
	later := b.now().Add(time.Minute)
	for _, bad := range []string{"", "a\x00", "a\n", "\xff", "ä", strings.Repeat("a", 257)} {
		want(t, b.PutNonce(ctx(), bad, alice, later), apierr.InvalidInput)
		want(t, b.PutNonce(ctx(), "n", bad, later), apierr.InvalidInput)
		want(t, b.TakeNonce(ctx(), bad, alice, b.now()), store.ErrNonceUnknown)
		want(t, b.ConsumeUse(ctx(), bad, 1, later), apierr.InvalidInput)
	}
	for _, good := range []string{"a", "' OR 1=1 --", "%_", strings.Repeat("a", 256)} {
		want(t, b.PutNonce(ctx(), good, good, later), nil)
		want(t, b.TakeNonce(ctx(), good, good, b.now()), nil)
		want(t, b.ConsumeUse(ctx(), good, 1, later), nil)
	}
}
