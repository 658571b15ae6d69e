package store_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/litentry/agentkeys/pkg/store"
	"github.com/litentry/agentkeys/pkg/store/storetest"
)

func TestSQLite(t *testing.T) {
	storetest.Run(t, func(t *testing.T) storetest.Open {
		path := filepath.Join(t.TempDir(), "store.db")
		return func(t *testing.T, now func() time.Time) *store.Store {
			s, err := store.OpenSQLite(context.Background(), path, now)
			if err != nil {
				t.Fatal(err)
			}
			return s
		}
	})
}
