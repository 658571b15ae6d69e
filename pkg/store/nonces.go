package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/litentry/agentkeys/pkg/apierr"
)

// PutNonce remembers a login nonce for whoever boundTo names, until expires. A
// nonce that is there already is refused: a second owner must not inherit it.
func (s *Store) PutNonce(ctx context.Context, nonce, boundTo string, expires time.Time) error {
	if err := checkTexts(nonce, boundTo); err != nil {
		return err
	}
	return s.submit(ctx, "nonce "+nonce, func(ctx context.Context, t tx) (refusal, fault error) {
		n, err := affected(t.stmt(ctx, s.st.putNonce).ExecContext(ctx, nonce, boundTo, micros(expires)))
		if err == nil && n == 0 {
			return apierr.New(apierr.InvalidInput, "this nonce was given out before"), nil
		}
		return nil, err
	})
}

// TakeNonce succeeds once for a nonce that is there, bound to the same, and not
// expired at now; anything else is ErrNonceUnknown. An attempt by somebody else
// leaves it to its owner. An expired nonce that its owner presents is removed
// with the refusal, so that a clock that goes back does not revive it.
func (s *Store) TakeNonce(ctx context.Context, nonce, boundTo string, now time.Time) error {
	if checkTexts(nonce, boundTo) != nil {
		return ErrNonceUnknown
	}
	return s.submit(ctx, "nonce "+nonce, func(ctx context.Context, t tx) (refusal, fault error) {
		var expires int64
		err := t.stmt(ctx, s.st.takeNonce).QueryRowContext(ctx, nonce, boundTo).Scan(&expires)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			return ErrNonceUnknown, nil
		case err != nil:
			return nil, fmt.Errorf("take a nonce: %w", err)
		case micros(now) >= expires:
			return ErrNonceUnknown, nil
		}
		return nil, nil
	})
}

// maxText bounds what is used as a key.
const maxText = 256

// checkTexts refuses keys that a backend could cut, fold or choke on, before
// they can spoil the batch of others: empty, long, or not printable ASCII.
func checkTexts(texts ...string) error {
	for _, t := range texts {
		if t == "" || len(t) > maxText {
			return apierr.New(apierr.InvalidInput, "an identifier has 1 to %d characters", maxText)
		}
		for i := range len(t) {
			if t[i] < 0x20 || t[i] > 0x7e {
				return apierr.New(apierr.InvalidInput, "an identifier is printable ASCII")
			}
		}
	}
	return nil
}

func affected(r sql.Result, err error) (int64, error) {
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}
