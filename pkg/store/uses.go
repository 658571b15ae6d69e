package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/litentry/agentkeys/pkg/apierr"
)

// ConsumeUse spends one of the max uses of a capability, or answers ErrUsedUp.
// The count is kept until the capability has expired.
//
// Expired counts are pruned by this host's clock. If that clock ran ahead and
// then goes back, a capability whose count is gone would be valid again; so the
// store remembers the latest expiry that it has forgotten, and a capability that
// expires no later and has no count here is store_unavailable until the clock is
// past it.
func (s *Store) ConsumeUse(ctx context.Context, jti string, max int, expires time.Time) error {
	if err := checkTexts(jti); err != nil {
		return err
	}
	if max < 1 {
		return apierr.New(apierr.InvalidInput, "a capability has at least one use")
	}
	return s.submit(ctx, "use "+jti, func(ctx context.Context, t tx) (refusal, fault error) {
		var used int64
		err := t.stmt(ctx, s.st.consume).QueryRowContext(ctx, jti, micros(expires), micros(expires), max).Scan(&used)
		if err == nil {
			return nil, nil
		}
		if !errors.Is(err, sql.ErrNoRows) {
			return nil, fmt.Errorf("consume a use: %w", err)
		}
		err = t.stmt(ctx, s.st.readUses).QueryRowContext(ctx, jti).Scan(&used)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			return apierr.New(apierr.StoreUnavailable, "this host's clock went back: uses of this capability may be forgotten, so none is allowed"), nil
		case err != nil:
			return nil, fmt.Errorf("read uses: %w", err)
		}
		return ErrUsedUp, nil
	})
}
