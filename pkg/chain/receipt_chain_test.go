package chain_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/litentry/agentkeys/pkg/apierr"
	"github.com/litentry/agentkeys/pkg/chain"
)

// From the transaction on a real chain to the proof, over a file.
func TestReceiptProofOfAnAnchor(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	s := newStack(t)
	o := s.operator(t)
	o.register(t)
	root := [32]byte{5}
	if _, err := o.AppendRoot(ctx, o.omni, 0, root, 3); err != nil {
		t.Fatal(err)
	}
	log, _, err := o.Anchored(ctx, o.omni, 0)
	if err != nil {
		t.Fatal(err)
	}
	px, front := newFaulty(t, s.chain.URL())
	p := s.profile
	p.RPC = []string{front, s.chain.URL()}
	cl, err := chain.NewClient(p)
	if err != nil {
		t.Fatal(err)
	}
	defer cl.Close()
	var first []byte
	for name, do := range map[string]func(http.ResponseWriter, *http.Request) bool{
		"all receipts at once": nil,
		"one by one":           refusing("eth_getBlockReceipts"),
		"from the second":      refusing("eth_getBlockByHash"),
	} {
		px.set(do)
		proof, err := cl.ReceiptProof(ctx, log.BlockHash, log.Tx)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		file, err := proof.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = file
		}
		if !bytes.Equal(file, first) {
			t.Errorf("%s: %s", name, file)
		}
		back, err := chain.ParseReceiptProof(file)
		if err != nil || back.BlockHash() != log.BlockHash || back.Tx != log.Tx {
			t.Fatalf("%+v, %v", back, err)
		}
		r, err := back.Verify()
		if err != nil {
			t.Fatal(err)
		}
		got, count, err := chain.RootAppendedIn(r, s.profile.Contracts.Audit, o.omni, 0)
		if err != nil || got != root || count != 3 || r.Type != types.DynamicFeeTxType {
			t.Fatalf("%x, %d, %v", got, count, err)
		}
	}
	px.set(nil)
	if _, err := cl.ReceiptProof(ctx, log.BlockHash, common.Hash{1}); apierr.CodeOf(err) != apierr.ChainUnavailable || !strings.Contains(err.Error(), "is not in the block") {
		t.Error(err)
	}
	if _, err := cl.ReceiptProof(ctx, common.Hash{1}, log.Tx); apierr.CodeOf(err) != apierr.ChainUnavailable {
		t.Error(err)
	}
	for name, file := range map[string]string{
		"empty": "", "unknown": strings.Replace(string(first), "{", `{"x":1,`, 1), "trailing": string(first) + "1", "bad hex": strings.Replace(string(first), "0x", "0y", 1),
	} {
		if _, err := chain.ParseReceiptProof([]byte(file)); !errors.Is(err, chain.ErrProof) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func refusing(method string) func(http.ResponseWriter, *http.Request) bool {
	return func(w http.ResponseWriter, r *http.Request) bool {
		body := bodyOf(r)
		if !bytes.Contains(body, []byte(method)) {
			return false
		}
		var out []string
		for _, c := range calledIn(body) {
			out = append(out, fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"error":{"code":-32601,"message":"the method does not exist"}}`, c.ID))
		}
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, "[%s]", strings.Join(out, ","))
		return true
	}
}

// Frontier hashes the fields of before London, and the time in milliseconds.
func TestHeadersOfFrontier(t *testing.T) {
	t.Parallel()
	shown := &types.Header{Difficulty: new(big.Int), Number: big.NewInt(5), Time: 1_700_000_000, BaseFee: big.NewInt(7)}
	plain := types.CopyHeader(shown)
	plain.BaseFee = nil
	milli := types.CopyHeader(plain)
	milli.Time = shown.Time*1000 + 999
	for name, h := range map[string]*types.Header{"as shown": shown, "without a base fee": plain, "in milliseconds": milli} {
		b, err := chain.Rebuild(shown, h.Hash())
		if err != nil || crypto.Keccak256Hash(b) != h.Hash() {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := chain.Rebuild(shown, common.Hash{1}); err == nil {
		t.Error("a hash of nothing")
	}
}

// bodyOf reads a request and leaves it as it was.
func bodyOf(r *http.Request) []byte {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	return body
}

// calledIn are the calls of a batch.
func calledIn(body []byte) (calls []struct {
	ID     json.RawMessage `json:"id"`
	Method string          `json:"method"`
},
) {
	if json.Unmarshal(body, &calls) != nil {
		return nil
	}
	return calls
}
