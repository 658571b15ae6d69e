package chain

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/rpc"

	"github.com/litentry/agentkeys/pkg/chain/bindings"
)

// RevertError is the answer "no" of a contract, by the name of its custom
// error.
type RevertError struct {
	// Name is the custom error's, such as StaleNonce; Error and Panic are
	// Solidity's own; empty when no contract here declares it.
	Name string
	// Value is the bindings' typed error, such as
	// *bindings.SidecarRegistryStaleNonce; nil without one.
	Value any
	// Reason is the text of a plain revert, or the data of an unknown one.
	Reason string
}

// Fix is what to type about it; empty where nothing helps.
func (e *RevertError) Fix() string {
	r, _ := reasons(e.Name)
	return r.fix
}

// Error implements error: what it means, the name and its arguments.
func (e *RevertError) Error() string {
	if r, ok := reasons(e.Name); ok {
		return "the contract refused: " + r.why + " (" + e.Name + arguments(e.Value) + ")"
	}
	switch {
	case e.Name == "":
		return "the contract refused: " + e.Reason
	case e.Value == nil:
		return "the contract refused: " + e.Name + ": " + e.Reason
	}
	return "the contract refused: " + e.Name + arguments(e.Value)
}

// arguments renders the fields of a typed custom error.
func arguments(v any) string {
	if v == nil {
		return ""
	}
	s := reflect.Indirect(reflect.ValueOf(v))
	if s.Kind() != reflect.Struct || s.NumField() == 0 {
		return ""
	}
	var out []string
	for i := range s.NumField() {
		f := s.Field(i).Interface()
		if b, ok := f.([32]byte); ok {
			f = hexutil.Encode(b[:])
		}
		out = append(out, fmt.Sprintf("%s %v", s.Type().Field(i).Name, f))
	}
	return ": " + strings.Join(out, ", ")
}

// contractErrors is one contract's custom errors.
type contractErrors struct {
	abi    abi.ABI
	unpack func([]byte) (any, error)
}

// knownErrors are those of all contracts: what one of them throws passes
// through the others.
func knownErrors() []contractErrors {
	registry, scope, k11, epoch := bindings.NewSidecarRegistry(), bindings.NewAgentKeysScope(), bindings.NewK11Verifier(), bindings.NewK3EpochCounter()
	audit, router := bindings.NewCredentialAudit(), bindings.NewP256Router()
	return []contractErrors{
		{registry.GetABI(), registry.UnpackError},
		{scope.GetABI(), scope.UnpackError},
		{audit.GetABI(), audit.UnpackError},
		{k11.GetABI(), k11.UnpackError},
		{epoch.GetABI(), epoch.UnpackError},
		{router.GetABI(), router.UnpackError},
	}
}

// decodeRevert names what a contract threw.
func decodeRevert(data []byte) *RevertError {
	if len(data) < 4 {
		return &RevertError{Reason: "without a reason (" + hexutil.Encode(data) + ")"}
	}
	for _, c := range knownErrors() {
		for name, e := range c.abi.Errors {
			if !bytes.Equal(e.ID[:4], data[:4]) {
				continue
			}
			if v, err := c.unpack(data); err == nil {
				return &RevertError{Name: name, Value: v}
			}
		}
	}
	if reason, err := abi.UnpackRevert(data); err == nil {
		return &RevertError{Name: "Error", Reason: reason}
	}
	return &RevertError{Reason: hexutil.Encode(data)}
}

// asRevert turns an endpoint's "execution reverted" into a RevertError. Every
// other error is no answer.
func asRevert(err error) (*RevertError, bool) {
	var de rpc.DataError
	if errors.As(err, &de) {
		if s, ok := de.ErrorData().(string); ok {
			if data, err := hexutil.Decode(s); err == nil {
				return decodeRevert(data), true
			}
		}
	}
	var re rpc.Error
	// 3 is the code of EIP-1474 implementations for a revert; others send only
	// the words.
	if errors.As(err, &re) && (re.ErrorCode() == 3 || strings.Contains(re.Error(), "execution reverted")) {
		return &RevertError{Reason: "without a reason"}, true
	}
	return nil, false
}
