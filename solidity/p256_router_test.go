package solidity_test

import (
	"bytes"
	"errors"
	"math/big"
	"slices"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/vm"

	"github.com/litentry/agentkeys/pkg/passkey/p256"
	"github.com/litentry/agentkeys/solidity"
)

func TestP256InputLength(t *testing.T) {
	t.Parallel()
	m := newMachine(t, london())
	good := forgeFor(big.NewInt(1), big.NewInt(5), big.NewInt(9))
	long := append(slices.Clone(good[:]), 0)
	for _, in := range [][]byte{nil, good[:1], good[:32], good[:159], long, bytes.Repeat(good[:], 2)} {
		for _, to := range []struct {
			name string
			f    func() (uint64, error)
		}{
			{"verifier", func() (uint64, error) { return m.expect(m.verifier, in, false) }},
			{"router", func() (uint64, error) { return m.expect(m.router, in, false) }},
		} {
			if _, err := to.f(); err != nil {
				t.Errorf("%s, %d bytes: %v", to.name, len(in), err)
			}
		}
	}
	if _, err := m.expect(m.router, good[:], true); err != nil {
		t.Errorf("160 bytes: %v", err)
	}
}

// TestP256OutOfGas gives every amount of gas up to enough: the answer is right
// or there is none.
func TestP256OutOfGas(t *testing.T) {
	t.Parallel()
	m := newMachine(t, london())
	good := forgeFor(big.NewInt(77), big.NewInt(5), big.NewInt(9))
	for _, to := range []struct {
		name    string
		address [20]byte
	}{{"verifier", m.verifier}, {"router", m.router}} {
		m.cfg.GasLimit = gasLimit
		enough, err := m.expect(to.address, good[:], true)
		if err != nil {
			t.Fatal(err)
		}
		var reverted int
		for gas := uint64(50); gas < enough+enough/8; gas += 397 {
			m.cfg.GasLimit = gas
			if _, _, err := m.call(to.address, good[:]); err != nil {
				reverted++
				continue
			}
			if _, err := m.expect(to.address, good[:], true); err != nil {
				t.Fatalf("%s with %d gas: %v", to.name, gas, err)
			}
		}
		if reverted == 0 {
			t.Errorf("%s never ran out of gas", to.name)
		}
	}
}

// TestRouterBelievesOnlyAOne puts what a chain may have at 0x100 there.
func TestRouterBelievesOnlyAOne(t *testing.T) {
	t.Parallel()
	good := forgeFor(big.NewInt(77), big.NewInt(5), big.NewInt(9))
	bad := good
	bad[0] ^= 1
	answer := func(length byte, value ...byte) []byte { // mstore(0, value) return(0, length)
		code := append([]byte{0x5f + byte(len(value))}, value...)
		return append(code, 0x60, 0, 0x52, 0x60, length, 0x60, 0, 0xf3)
	}
	codes := map[string][]byte{
		"nothing":        nil,
		"empty answer":   {0x00},
		"zero":           answer(32, 0),
		"two":            answer(32, 2),
		"one in 31":      answer(31, 1),
		"one in 64":      answer(64, 1),
		"a large one":    answer(32, append([]byte{1}, make([]byte, 31)...)...),
		"revert":         {0x60, 0, 0x60, 0, 0xfd},
		"burns all gas":  {0xfe},
		"revert with 1":  {0x60, 1, 0x60, 0, 0x52, 0x60, 32, 0x60, 0, 0xfd},
		"endless (loop)": {0x5b, 0x60, 0, 0x56},
	}
	for name, code := range codes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newMachine(t, london())
			m.cfg.State.SetCode([20]byte{18: 1}, code, 0)
			m.cfg.GasLimit = 400_000
			for _, c := range []p256Case{{"valid", good, true}, {"invalid", bad, false}} {
				if _, err := m.expect(m.router, c.in[:], c.valid); err != nil {
					t.Errorf("%s: %v", c.name, err)
				}
			}
		})
	}
	t.Run("one", func(t *testing.T) {
		t.Parallel()
		m := newMachine(t, london())
		m.cfg.State.SetCode([20]byte{18: 1}, answer(32, 1), 0)
		gas, err := m.expect(m.router, bad[:], true)
		if err != nil || gas > 10_000 {
			t.Errorf("a one is believed, at no further cost: %d gas, %v", gas, err)
		}
	})
}

// TestRouterWithoutAVerifier: what is no answer is not a "no".
func TestRouterWithoutAVerifier(t *testing.T) {
	t.Parallel()
	m := newMachine(t, london())
	good := forgeFor(big.NewInt(1), big.NewInt(5), big.NewInt(9))
	for name, code := range map[string][]byte{
		"no code":      nil,
		"answers two":  {0x60, 2, 0x60, 0, 0x52, 0x60, 32, 0x60, 0, 0xf3},
		"answers 31":   {0x60, 1, 0x60, 0, 0x52, 0x60, 31, 0x60, 0, 0xf3},
		"runs dry":     {0xfe},
		"reverts with": {0x60, 1, 0x60, 0, 0x52, 0x60, 32, 0x60, 0, 0xfd},
	} {
		m.cfg.State.SetCode(m.verifier, code, 0)
		out, _, err := m.call(m.router, good[:])
		if !errors.Is(err, vm.ErrExecutionReverted) || !bytes.Equal(out, selector("VerifierUnavailable()")) {
			t.Errorf("%s: %x, %v", name, out, err)
		}
	}
	nobody := bytes.Repeat([]byte{0xee}, 20)
	if _, err := m.create(t, solidity.P256Router, nobody); !errors.Is(err, vm.ErrExecutionReverted) {
		t.Errorf("a router over an address without code: %v", err)
	}
}

// TestP256Gas holds the cost of a verification, in the verifier's own frame.
func TestP256Gas(t *testing.T) {
	t.Parallel()
	const bound = 175_000
	m := newMachine(t, london())
	st := &stream{seed: "gas"}
	var used []uint64
	for range 200 {
		hash, d := st.hash(), st.scalar()
		r, s := sign(hash[:], d, st.scalar())
		q := base(d)
		in := question(hash[:], r, s, q.x, q.y)
		gas, err := m.expect(m.verifier, in[:], true)
		if err != nil {
			t.Fatal(err)
		}
		used = append(used, gas)
	}
	slices.Sort(used)
	t.Logf("gas: least %d, median %d, most %d", used[0], used[100], used[199])
	if used[199] > bound {
		t.Errorf("a verification takes %d gas, more than %d", used[199], bound)
	}
}

// TestKnownAnswers: what deployment asks a chain, the contracts know; a chain
// whose 0x100 says yes to everything is found out.
func TestKnownAnswers(t *testing.T) {
	t.Parallel()
	m := newMachine(t, london())
	for _, to := range []common.Address{m.verifier, m.router} {
		err := p256.Check(func(in []byte) ([]byte, error) {
			out, _, err := m.call(to, in)
			return out, err
		})
		if err != nil {
			t.Error(err)
		}
	}
	m.cfg.State.SetCode([20]byte{18: 1}, []byte{0x60, 1, 0x60, 0, 0x52, 0x60, 32, 0x60, 0, 0xf3}, 0)
	err := p256.Check(func(in []byte) ([]byte, error) {
		out, _, err := m.call(m.router, in)
		return out, err
	})
	if !errors.Is(err, p256.ErrWrongAnswer) {
		t.Errorf("a lying precompile: %v", err)
	}
}
