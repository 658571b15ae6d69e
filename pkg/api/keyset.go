package api

import (
	"context"
	"fmt"
	"io"
	"net/http"

	"github.com/litentry/agentkeys/pkg/jose"
)

// maxKeySet bounds what is fetched: a few keys.
const maxKeySet = 64 << 10

// FetchKeys reads a published key set. It proves nothing by itself: pin it.
func FetchKeys(ctx context.Context, h *http.Client, url string) (jose.KeySet, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return jose.KeySet{}, err
	}
	resp, err := h.Do(req)
	if err != nil {
		return jose.KeySet{}, err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(io.LimitReader(resp.Body, maxKeySet))
	if err != nil {
		return jose.KeySet{}, err
	}
	if resp.StatusCode != http.StatusOK {
		return jose.KeySet{}, fmt.Errorf("%s answered %s", url, resp.Status)
	}
	return jose.ParseKeySet(b)
}
