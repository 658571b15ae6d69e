// Code generated via abigen V2 - DO NOT EDIT.
// This file is a generated binding and any manual changes will be lost.

package bindings

import (
	"bytes"
	"errors"
	"math/big"

	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/accounts/abi/bind/v2"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
)

// Reference imports to suppress errors if they are not otherwise used.
var (
	_ = bytes.Equal
	_ = errors.New
	_ = big.NewInt
	_ = common.Big1
	_ = types.BloomLookup
	_ = abi.ConvertType
)

// AuditRoot is an auto generated low-level Go binding around an user-defined struct.
type AuditRoot struct {
	Root       [32]byte
	Count      uint64
	AnchoredAt uint64
}

// BindAgent is an auto generated low-level Go binding around an user-defined struct.
type BindAgent struct {
	Operator [32]byte
	Actor    [32]byte
	Agent    common.Address
	Nonce    uint64
	Deadline uint64
}

// CancelMaster is an auto generated low-level Go binding around an user-defined struct.
type CancelMaster struct {
	Operator      [32]byte
	DeviceKeyHash [32]byte
	Deadline      uint64
}

// CancelRotation is an auto generated low-level Go binding around an user-defined struct.
type CancelRotation struct {
	Operator  [32]byte
	NewWallet common.Address
	Deadline  uint64
}

// ConsentSignature is an auto generated low-level Go binding around an user-defined struct.
type ConsentSignature struct {
	Deadline uint64
	V        uint8
	R        [32]byte
	S        [32]byte
}

// DeviceEntry is an auto generated low-level Go binding around an user-defined struct.
type DeviceEntry struct {
	OperatorOmni  [32]byte
	ActorOmni     [32]byte
	K11CredId     [32]byte
	K11RpIdHash   [32]byte
	K11OriginHash [32]byte
	K11PubX       *big.Int
	K11PubY       *big.Int
	Tier          uint8
	Roles         uint8
	RegisteredAt  uint64
	RecoveryFrom  uint64
	LastSignCount uint32
	Revoked       bool
}

// Freeze is an auto generated low-level Go binding around an user-defined struct.
type Freeze struct {
	Operator [32]byte
	Nonce    uint64
	Deadline uint64
}

// Grant is an auto generated low-level Go binding around an user-defined struct.
type Grant struct {
	Service       string
	Ops           uint32
	MaxPerPeriod  uint32
	PeriodSeconds uint32
	MaxTotal      uint32
	ExpiresAt     uint64
}

// K10Signature is an auto generated low-level Go binding around an user-defined struct.
type K10Signature struct {
	V uint8
	R [32]byte
	S [32]byte
}

// K11Assertion is an auto generated low-level Go binding around an user-defined struct.
type K11Assertion struct {
	AuthenticatorData []byte
	ClientDataJSON    []byte
	R                 *big.Int
	S                 *big.Int
}

// K11Key is an auto generated low-level Go binding around an user-defined struct.
type K11Key struct {
	RpIdHash   [32]byte
	OriginHash [32]byte
	X          *big.Int
	Y          *big.Int
}

// MasterAssertion is an auto generated low-level Go binding around an user-defined struct.
type MasterAssertion struct {
	DeviceKeyHash [32]byte
	Assertion     K11Assertion
}

// Newcomer is an auto generated low-level Go binding around an user-defined struct.
type Newcomer struct {
	K11CredId     [32]byte
	K11RpIdHash   [32]byte
	K11OriginHash [32]byte
	K11PubX       *big.Int
	K11PubY       *big.Int
	Roles         uint8
}

// RegisterFirstMaster is an auto generated low-level Go binding around an user-defined struct.
type RegisterFirstMaster struct {
	Operator      [32]byte
	Wallet        common.Address
	K11CredId     [32]byte
	K11RpIdHash   [32]byte
	K11OriginHash [32]byte
	K11PubX       *big.Int
	K11PubY       *big.Int
	Nonce         uint64
	Deadline      uint64
}

// RegisterMaster is an auto generated low-level Go binding around an user-defined struct.
type RegisterMaster struct {
	Operator  [32]byte
	Newcomer  Newcomer
	Immediate bool
	Nonce     uint64
	Deadline  uint64
}

// ReplaceMaster is an auto generated low-level Go binding around an user-defined struct.
type ReplaceMaster struct {
	Operator      [32]byte
	DeviceKeyHash [32]byte
	Newcomer      Newcomer
	Nonce         uint64
	Deadline      uint64
}

// RevokeAgent is an auto generated low-level Go binding around an user-defined struct.
type RevokeAgent struct {
	Operator      [32]byte
	DeviceKeyHash [32]byte
	Deadline      uint64
}

// RevokeMaster is an auto generated low-level Go binding around an user-defined struct.
type RevokeMaster struct {
	Operator      [32]byte
	DeviceKeyHash [32]byte
	Nonce         uint64
	Deadline      uint64
}

// RevokeScope is an auto generated low-level Go binding around an user-defined struct.
type RevokeScope struct {
	Operator [32]byte
	Actor    [32]byte
	Nonce    uint64
	Deadline uint64
}

// RotateMasterWallet is an auto generated low-level Go binding around an user-defined struct.
type RotateMasterWallet struct {
	Operator      [32]byte
	NewWallet     common.Address
	RevokePasskey bool
	Immediate     bool
	Nonce         uint64
	Deadline      uint64
}

// SetAuditRelayer is an auto generated low-level Go binding around an user-defined struct.
type SetAuditRelayer struct {
	Operator [32]byte
	Relayer  common.Address
	Nonce    uint64
	Deadline uint64
}

// SetRecoveryThreshold is an auto generated low-level Go binding around an user-defined struct.
type SetRecoveryThreshold struct {
	Operator  [32]byte
	Threshold uint8
	Nonce     uint64
	Deadline  uint64
}

// SetScope is an auto generated low-level Go binding around an user-defined struct.
type SetScope struct {
	Operator [32]byte
	Actor    [32]byte
	Grants   []Grant
	Nonce    uint64
	Deadline uint64
}

// Unfreeze is an auto generated low-level Go binding around an user-defined struct.
type Unfreeze struct {
	Operator    [32]byte
	Revocations [][32]byte
	Nonce       uint64
	Deadline    uint64
}

// AgentKeysScopeMetaData contains all meta data concerning the AgentKeysScope contract.
var AgentKeysScopeMetaData = bind.MetaData{
	ABI: "[{\"inputs\":[{\"internalType\":\"contractISidecarRegistry\",\"name\":\"registry_\",\"type\":\"address\"}],\"stateMutability\":\"nonpayable\",\"type\":\"constructor\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"actor\",\"type\":\"bytes32\"}],\"name\":\"ActorNotOwned\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint64\",\"name\":\"deadline\",\"type\":\"uint64\"}],\"name\":\"DeadlinePassed\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"NoGrants\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"}],\"name\":\"OperatorIsFrozen\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"index\",\"type\":\"uint256\"},{\"internalType\":\"uint32\",\"name\":\"ops\",\"type\":\"uint32\"}],\"name\":\"OpsInvalid\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"index\",\"type\":\"uint256\"},{\"internalType\":\"uint32\",\"name\":\"maxPerPeriod\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"periodSeconds\",\"type\":\"uint32\"}],\"name\":\"PeriodInvalid\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"registry\",\"type\":\"address\"}],\"name\":\"RegistryMismatch\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"sender\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"wallet\",\"type\":\"address\"}],\"name\":\"SenderNotWallet\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"index\",\"type\":\"uint256\"},{\"internalType\":\"bytes32\",\"name\":\"serviceHash\",\"type\":\"bytes32\"}],\"name\":\"ServiceDuplicate\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"index\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"length\",\"type\":\"uint256\"}],\"name\":\"ServiceLengthInvalid\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint64\",\"name\":\"current\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"signed\",\"type\":\"uint64\"}],\"name\":\"StaleNonce\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"count\",\"type\":\"uint256\"}],\"name\":\"TooManyGrants\",\"type\":\"error\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"},{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"actor\",\"type\":\"bytes32\"},{\"indexed\":false,\"internalType\":\"uint64\",\"name\":\"nonce\",\"type\":\"uint64\"}],\"name\":\"ScopeRevoked\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"},{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"actor\",\"type\":\"bytes32\"},{\"indexed\":false,\"internalType\":\"uint64\",\"name\":\"nonce\",\"type\":\"uint64\"},{\"components\":[{\"internalType\":\"string\",\"name\":\"service\",\"type\":\"string\"},{\"internalType\":\"uint32\",\"name\":\"ops\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"maxPerPeriod\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"periodSeconds\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"maxTotal\",\"type\":\"uint32\"},{\"internalType\":\"uint64\",\"name\":\"expiresAt\",\"type\":\"uint64\"}],\"indexed\":false,\"internalType\":\"structGrant[]\",\"name\":\"grants\",\"type\":\"tuple[]\"}],\"name\":\"ScopeSet\",\"type\":\"event\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"actor\",\"type\":\"bytes32\"}],\"name\":\"getScope\",\"outputs\":[{\"components\":[{\"internalType\":\"string\",\"name\":\"service\",\"type\":\"string\"},{\"internalType\":\"uint32\",\"name\":\"ops\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"maxPerPeriod\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"periodSeconds\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"maxTotal\",\"type\":\"uint32\"},{\"internalType\":\"uint64\",\"name\":\"expiresAt\",\"type\":\"uint64\"}],\"internalType\":\"structGrant[]\",\"name\":\"\",\"type\":\"tuple[]\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"actor\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"serviceHash\",\"type\":\"bytes32\"}],\"name\":\"grantOf\",\"outputs\":[{\"internalType\":\"bool\",\"name\":\"found\",\"type\":\"bool\"},{\"components\":[{\"internalType\":\"string\",\"name\":\"service\",\"type\":\"string\"},{\"internalType\":\"uint32\",\"name\":\"ops\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"maxPerPeriod\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"periodSeconds\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"maxTotal\",\"type\":\"uint32\"},{\"internalType\":\"uint64\",\"name\":\"expiresAt\",\"type\":\"uint64\"}],\"internalType\":\"structGrant\",\"name\":\"grant\",\"type\":\"tuple\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"actor\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"serviceHash\",\"type\":\"bytes32\"}],\"name\":\"isServiceInScope\",\"outputs\":[{\"internalType\":\"bool\",\"name\":\"\",\"type\":\"bool\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"registry\",\"outputs\":[{\"internalType\":\"address\",\"name\":\"\",\"type\":\"address\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"components\":[{\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"actor\",\"type\":\"bytes32\"},{\"internalType\":\"uint64\",\"name\":\"nonce\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"deadline\",\"type\":\"uint64\"}],\"internalType\":\"structRevokeScope\",\"name\":\"operation\",\"type\":\"tuple\"},{\"components\":[{\"internalType\":\"bytes32\",\"name\":\"deviceKeyHash\",\"type\":\"bytes32\"},{\"components\":[{\"internalType\":\"bytes\",\"name\":\"authenticatorData\",\"type\":\"bytes\"},{\"internalType\":\"bytes\",\"name\":\"clientDataJSON\",\"type\":\"bytes\"},{\"internalType\":\"uint256\",\"name\":\"r\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"s\",\"type\":\"uint256\"}],\"internalType\":\"structK11Assertion\",\"name\":\"assertion\",\"type\":\"tuple\"}],\"internalType\":\"structMasterAssertion\",\"name\":\"master\",\"type\":\"tuple\"}],\"name\":\"revokeScope\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"actor\",\"type\":\"bytes32\"}],\"name\":\"scopeNonce\",\"outputs\":[{\"internalType\":\"uint64\",\"name\":\"\",\"type\":\"uint64\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"components\":[{\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"actor\",\"type\":\"bytes32\"},{\"components\":[{\"internalType\":\"string\",\"name\":\"service\",\"type\":\"string\"},{\"internalType\":\"uint32\",\"name\":\"ops\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"maxPerPeriod\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"periodSeconds\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"maxTotal\",\"type\":\"uint32\"},{\"internalType\":\"uint64\",\"name\":\"expiresAt\",\"type\":\"uint64\"}],\"internalType\":\"structGrant[]\",\"name\":\"grants\",\"type\":\"tuple[]\"},{\"internalType\":\"uint64\",\"name\":\"nonce\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"deadline\",\"type\":\"uint64\"}],\"internalType\":\"structSetScope\",\"name\":\"operation\",\"type\":\"tuple\"},{\"components\":[{\"internalType\":\"bytes32\",\"name\":\"deviceKeyHash\",\"type\":\"bytes32\"},{\"components\":[{\"internalType\":\"bytes\",\"name\":\"authenticatorData\",\"type\":\"bytes\"},{\"internalType\":\"bytes\",\"name\":\"clientDataJSON\",\"type\":\"bytes\"},{\"internalType\":\"uint256\",\"name\":\"r\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"s\",\"type\":\"uint256\"}],\"internalType\":\"structK11Assertion\",\"name\":\"assertion\",\"type\":\"tuple\"}],\"internalType\":\"structMasterAssertion\",\"name\":\"master\",\"type\":\"tuple\"}],\"name\":\"setScopeWithWebauthn\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"}]",
	ID:  "229998534a2ed747fd3206f6b9451063a8",
	Bin: "0x60a060405234801561001057600080fd5b5060405161225938038061225983398101604081905261002f9161010f565b6001600160a01b0381163b15806100b95750306001600160a01b0316816001600160a01b0316636e62d0a86040518163ffffffff1660e01b8152600401602060405180830381865afa158015610089573d6000803e3d6000fd5b505050506040513d601f19601f820116820180604052508101906100ad919061010f565b6001600160a01b031614155b156100e6576040516318de4f0560e31b81526001600160a01b038216600482015260240160405180910390fd5b6001600160a01b0316608052610133565b6001600160a01b038116811461010c57600080fd5b50565b60006020828403121561012157600080fd5b815161012c816100f7565b9392505050565b6080516120e96101706000396000818160c401528181610366015281816105a50152818161088701528181610b140152610c3401526120e96000f3fe608060405234801561001057600080fd5b506004361061007d5760003560e01c80637f0045c81161005b5780637f0045c81461010b578063889455221461012c578063c53ee1be1461013f578063db6ab23a1461015f57600080fd5b8063133372401461008257806321a778c6146100aa5780637b103999146100bf575b600080fd5b6100956100903660046113b0565b6101ab565b60405190151581526020015b60405180910390f35b6100bd6100b83660046113f4565b61025b565b005b6100e67f000000000000000000000000000000000000000000000000000000000000000081565b60405173ffffffffffffffffffffffffffffffffffffffff90911681526020016100a1565b61011e6101193660046113b0565b610630565b6040516100a1929190611550565b6100bd61013a366004611573565b6107dc565b61015261014d3660046115b3565b610911565b6040516100a191906115d5565b61019261016d3660046115b3565b60009182526020828152604080842092845291905290205467ffffffffffffffff1690565b60405167ffffffffffffffff90911681526020016100a1565b6000838152602081815260408083208584528252808320848452600281019092528220548083036101e157600092505050610254565b6000826001016001836101f49190611687565b815481106102045761020461169a565b6000918252602090912060029091020160010154700100000000000000000000000000000000900467ffffffffffffffff16905080158061024e57508067ffffffffffffffff1642105b93505050505b9392505050565b600061026a60408401846116c9565b90509050806000036102a8576040517fc06b346100000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b60408111156102eb576040517ff403c062000000000000000000000000000000000000000000000000000000008152600481018290526024015b60405180910390fd5b82356000818152602081815260408083208288013580855292528220926103349184919061031f60808a0160608b0161175e565b61032f60a08b0160808c0161175e565b610a90565b6040517fb91532b5000000000000000000000000000000000000000000000000000000008152863560048201529091507f000000000000000000000000000000000000000000000000000000000000000073ffffffffffffffffffffffffffffffffffffffff169063b91532b590602401602060405180830381865afa1580156103c2573d6000803e3d6000fd5b505050506040513d601f19601f820116820180604052508101906103e6919061177b565b15610420576040517f53cd24f2000000000000000000000000000000000000000000000000000000008152853560048201526024016102e2565b61042982610da8565b60005b83811015610540573661044260408801886116c9565b838181106104525761045261169a565b9050602002810190610464919061179d565b90506104708282610e27565b600061047c82806117db565b60405161048a929190611840565b60405180910390209050846002016000828152602001908152602001600020546000146104ed576040517fb58c23ea00000000000000000000000000000000000000000000000000000000815260048101849052602481018290526044016102e2565b6104f8836001611850565b60008281526002808801602090815260408320939093556001808901805491820181558352929091208492909102016105318282611a73565b5050505080600101905061042c565b50602085013585357f397cf71199395c6eb1eebf82100f94fe8ab1426f91c084f3b0a8ffdc7f897a3d8361057760408a018a6116c9565b60405161058693929190611d19565b60405180910390a373ffffffffffffffffffffffffffffffffffffffff7f00000000000000000000000000000000000000000000000000000000000000001663f453ae88863560046105d789610fd8565b886040518563ffffffff1660e01b81526004016105f79493929190611e77565b600060405180830381600087803b15801561061157600080fd5b505af1158015610625573d6000803e3d6000fd5b505050505050505050565b6040805160c0810182526060808252600060208084018290528385018290529183018190526080830181905260a083018190528681528082528381208682528252838120858252600281019092529283205480156107d15760018281016106978284611687565b815481106106a7576106a761169a565b9060005260206000209060020201806040518060c00160405290816000820180546106d190611892565b80601f01602080910402602001604051908101604052809291908181526020018280546106fd90611892565b801561074a5780601f1061071f5761010080835404028352916020019161074a565b820191906000526020600020905b81548152906001019060200180831161072d57829003601f168201915b50505091835250506001919091015463ffffffff8082166020840152640100000000820481166040840152680100000000000000008204811660608401526c010000000000000000000000008204166080830152700100000000000000000000000000000000900467ffffffffffffffff1660a0909101529195509093506107d492505050565b50505b935093915050565b8135600081815260208181526040808320828701358085529252808320936108209285926108109060608a01908a0161175e565b61032f60808a0160608b0161175e565b905061082b82610da8565b60405167ffffffffffffffff82168152602080860135918635917ff79a61c74374dbe673334c293b736b60fa0f9b9df79fb285e58ad3ad70d76c05910160405180910390a373ffffffffffffffffffffffffffffffffffffffff7f00000000000000000000000000000000000000000000000000000000000000001663f453ae88853560046108b988611180565b876040518563ffffffff1660e01b81526004016108d99493929190611e77565b600060405180830381600087803b1580156108f357600080fd5b505af1158015610907573d6000803e3d6000fd5b5050505050505050565b6000828152602081815260408083208484528252808320600101805482518185028101850190935280835260609492939192909184015b82821015610a8357838290600052602060002090600202016040518060c001604052908160008201805461097b90611892565b80601f01602080910402602001604051908101604052809291908181526020018280546109a790611892565b80156109f45780601f106109c9576101008083540402835291602001916109f4565b820191906000526020600020905b8154815290600101906020018083116109d757829003601f168201915b505050918352505060019182015463ffffffff808216602080850191909152640100000000830482166040850152680100000000000000008304821660608501526c010000000000000000000000008304909116608084015270010000000000000000000000000000000090910467ffffffffffffffff1660a090920191909152918352929092019101610948565b5050505090505b92915050565b60008167ffffffffffffffff16421115610ae2576040517f6768091300000000000000000000000000000000000000000000000000000000815267ffffffffffffffff831660048201526024016102e2565b6040517f5b3425e7000000000000000000000000000000000000000000000000000000008152600481018690526000907f000000000000000000000000000000000000000000000000000000000000000073ffffffffffffffffffffffffffffffffffffffff1690635b3425e790602401602060405180830381865afa158015610b70573d6000803e3d6000fd5b505050506040513d601f19601f82011682018060405250810190610b949190611f69565b90503373ffffffffffffffffffffffffffffffffffffffff821614610c03576040517f945de90100000000000000000000000000000000000000000000000000000000815233600482015273ffffffffffffffffffffffffffffffffffffffff821660248201526044016102e2565b6040517f675d92660000000000000000000000000000000000000000000000000000000081526004810186905286907f000000000000000000000000000000000000000000000000000000000000000073ffffffffffffffffffffffffffffffffffffffff169063675d926690602401602060405180830381865afa158015610c90573d6000803e3d6000fd5b505050506040513d601f19601f82011682018060405250810190610cb49190611f9f565b14610cf5576040517f2e50c5d200000000000000000000000000000000000000000000000000000000815260048101879052602481018690526044016102e2565b865467ffffffffffffffff9081169085168114610d52576040517faef79e2800000000000000000000000000000000000000000000000000000000815267ffffffffffffffff8083166004830152861660248201526044016102e2565b610d5d816001611fb8565b88547fffffffffffffffffffffffffffffffffffffffffffffffff00000000000000001667ffffffffffffffff91909116178855610d9c816001611fb8565b98975050505050505050565b60005b6001820154811015610e1557816002016000836001018381548110610dd257610dd261169a565b9060005260206000209060020201600001604051610df09190611fd8565b6040518091039020815260200190815260200160002060009055806001019050610dab565b50610e246001820160006112fe565b50565b6000610e3382806117db565b915050801580610e44575061014481115b15610e85576040517f03a4b0a900000000000000000000000000000000000000000000000000000000815260048101849052602481018290526044016102e2565b610e95604083016020840161206b565b63ffffffff161580610edf57507fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc0610ed3604084016020850161206b565b1663ffffffff16600014155b15610f365782610ef5604084016020850161206b565b6040517f2d0fb6c7000000000000000000000000000000000000000000000000000000008152600481019290925263ffffffff1660248201526044016102e2565b610f46608083016060840161206b565b63ffffffff1615610f5d606084016040850161206b565b63ffffffff161514610fd35782610f7a606084016040850161206b565b610f8a608085016060860161206b565b6040517f8f503dc7000000000000000000000000000000000000000000000000000000008152600481019390935263ffffffff91821660248401521660448201526064016102e2565b505050565b600080610fe860408401846116c9565b905067ffffffffffffffff81111561100257611002611863565b60405190808252806020026020018201604052801561102b578160200160208202803683370190505b50905060005b81518110156110965761107161104a60408601866116c9565b8381811061105a5761105a61169a565b905060200281019061106c919061179d565b61121c565b8282815181106110835761108361169a565b6020908102919091010152600101611031565b507fb255fa34a040eff09f9d973f9cbd5e184a33e8b4957cef01abeb37ec11d60b3883600001358460200135836040516020016110d39190612088565b604080517fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe08184030181529190528051602090910120611119608088016060890161175e565b61112960a0890160808a0161175e565b6040805160208101979097528601949094526060850192909252608084015267ffffffffffffffff90811660a08401521660c082015260e00160405160208183030381529060405280519060200120915050919050565b60007fc8d9482e7fe30ebca9188bd78ba90a38e57ad3c47b323193c425acb26f69bbe8823560208401356111ba606086016040870161175e565b6111ca608087016060880161175e565b604080516020810196909652850193909352606084019190915267ffffffffffffffff90811660808401521660a082015260c0015b604051602081830303815290604052805190602001209050919050565b60007ff91c9578f805b32c6ca1370201274452abf1fe2f38a5b3c07167ef35d7c3742761124983806117db565b604051611257929190611840565b6040518091039020836020016020810190611272919061206b565b611282606086016040870161206b565b611292608087016060880161206b565b6112a260a088016080890161206b565b6112b260c0890160a08a0161175e565b60408051602081019890985287019590955263ffffffff93841660608701529183166080860152821660a08501521660c083015267ffffffffffffffff1660e0820152610100016111ff565b5080546000825560020290600052602060002090810190610e2491905b8082111561136257600061132f8282611366565b506001810180547fffffffffffffffff00000000000000000000000000000000000000000000000016905560020161131b565b5090565b50805461137290611892565b6000825580601f10611382575050565b601f016020900490600052602060002090810190610e2491905b80821115611362576000815560010161139c565b6000806000606084860312156113c557600080fd5b505081359360208301359350604090920135919050565b6000604082840312156113ee57600080fd5b50919050565b6000806040838503121561140757600080fd5b823567ffffffffffffffff81111561141e57600080fd5b830160a0818603121561143057600080fd5b9150602083013567ffffffffffffffff81111561144c57600080fd5b611458858286016113dc565b9150509250929050565b6000815160c0845280518060c086015260005b8181101561149257602081840181015160e0888401015201611475565b50600060e08287010152602084015191506114b5602086018363ffffffff169052565b604084015191506114ce604086018363ffffffff169052565b606084015191506114e7606086018363ffffffff169052565b60808401519150611500608086018363ffffffff169052565b60a0840151915061151d60a086018367ffffffffffffffff169052565b601f017fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0169390930160e0019392505050565b821515815260406020820152600061156b6040830184611462565b949350505050565b60008082840360a081121561158757600080fd5b608081121561159557600080fd5b50829150608083013567ffffffffffffffff81111561144c57600080fd5b600080604083850312156115c657600080fd5b50508035926020909101359150565b6000602082016020835280845180835260408501915060408160051b86010192506020860160005b8281101561164c577fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc0878603018452611637858351611462565b945060209384019391909101906001016115fd565b50929695505050505050565b7f4e487b7100000000000000000000000000000000000000000000000000000000600052601160045260246000fd5b81810381811115610a8a57610a8a611658565b7f4e487b7100000000000000000000000000000000000000000000000000000000600052603260045260246000fd5b60008083357fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe18436030181126116fe57600080fd5b83018035915067ffffffffffffffff82111561171957600080fd5b6020019150600581901b360382131561173157600080fd5b9250929050565b67ffffffffffffffff81168114610e2457600080fd5b803561175981611738565b919050565b60006020828403121561177057600080fd5b813561025481611738565b60006020828403121561178d57600080fd5b8151801515811461025457600080fd5b600082357fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff418336030181126117d157600080fd5b9190910192915050565b60008083357fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe184360301811261181057600080fd5b83018035915067ffffffffffffffff82111561182b57600080fd5b60200191503681900382131561173157600080fd5b8183823760009101908152919050565b80820180821115610a8a57610a8a611658565b7f4e487b7100000000000000000000000000000000000000000000000000000000600052604160045260246000fd5b600181811c908216806118a657607f821691505b6020821081036113ee577f4e487b7100000000000000000000000000000000000000000000000000000000600052602260045260246000fd5b601f821115610fd357806000526020600020601f840160051c810160208510156119065750805b601f840160051c820191505b818110156119265760008155600101611912565b5050505050565b67ffffffffffffffff83111561194557611945611863565b611959836119538354611892565b836118df565b6000601f8411600181146119ab57600085156119755750838201355b7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff600387901b1c1916600186901b178355611926565b6000838152602090207fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0861690835b828110156119fa57868501358255602094850194600190920191016119da565b5086821015611a35577fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff60f88860031b161c19848701351681555b505060018560011b0183555050505050565b63ffffffff81168114610e2457600080fd5b60008135610a8a81611a47565b60008135610a8a81611738565b81357fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe1833603018112611aa557600080fd5b8201803567ffffffffffffffff811115611abe57600080fd5b602082019150803603821315611ad357600080fd5b611ade81838561192d565b505060018101611b25611af360208501611a59565b82547fffffffffffffffffffffffffffffffffffffffffffffffffffffffff000000001663ffffffff91909116178255565b611b6d611b3460408501611a59565b82547fffffffffffffffffffffffffffffffffffffffffffffffff00000000ffffffff1660209190911b67ffffffff0000000016178255565b611bb9611b7c60608501611a59565b82547fffffffffffffffffffffffffffffffffffffffff00000000ffffffffffffffff1660409190911b6bffffffff000000000000000016178255565b611c09611bc860808501611a59565b82547fffffffffffffffffffffffffffffffff00000000ffffffffffffffffffffffff1660609190911b6fffffffff00000000000000000000000016178255565b610fd3611c1860a08501611a66565b82547fffffffffffffffff0000000000000000ffffffffffffffffffffffffffffffff1660809190911b77ffffffffffffffff0000000000000000000000000000000016178255565b60008083357fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe1843603018112611c9657600080fd5b830160208101925035905067ffffffffffffffff811115611cb657600080fd5b80360382131561173157600080fd5b8183528181602085013750600060208284010152600060207fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0601f840116840101905092915050565b803561175981611a47565b60006040820167ffffffffffffffff86168352604060208401528084825260608401905060608560051b85010191508560007fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff41883603015b87821015611e69577fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa08786030184528235818112611dae57600080fd5b8901611dba8180611c61565b60c08852611dcc60c089018284611cc5565b9150506020820135611ddd81611a47565b63ffffffff1660208801526040820135611df681611a47565b63ffffffff1660408801526060820135611e0f81611a47565b63ffffffff166060880152611e2660808301611d0e565b63ffffffff166080880152611e3d60a0830161174e565b67ffffffffffffffff811660a08901529150955050602093840193929092019160019190910190611d71565b509298975050505050505050565b84815260ff8416602082015282604082015260806060820152600080833590508060808401525060208301357fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff81843603018112611ed357600080fd5b604060a08401528301611ee68180611c61565b608060c0860152611efc61014086018284611cc5565b915050611f0c6020830183611c61565b7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff408684030160e0870152611f41838284611cc5565b6040850135610100880152606090940135610120909601959095525090979650505050505050565b600060208284031215611f7b57600080fd5b815173ffffffffffffffffffffffffffffffffffffffff8116811461025457600080fd5b600060208284031215611fb157600080fd5b5051919050565b67ffffffffffffffff8181168382160190811115610a8a57610a8a611658565b6000808354611fe681611892565b600182168015611ffd576001811461203057612060565b7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff0083168652811515820286019350612060565b86600052602060002060005b838110156120585781548882015260019091019060200161203c565b505081860193505b509195945050505050565b60006020828403121561207d57600080fd5b813561025481611a47565b8151600090829060208501835b8281101561206057815184526020938401939091019060010161209556fea2646970667358221220535b2977f69789f1d248c83b36616f6a483c11da287d352d11805db649e5747964736f6c634300081e0033",
}

// AgentKeysScope is an auto generated Go binding around an Ethereum contract.
type AgentKeysScope struct {
	abi abi.ABI
}

// GetABI returns the ABI associated with this contract binding.
func (c *AgentKeysScope) GetABI() abi.ABI {
	return c.abi
}

// NewAgentKeysScope creates a new instance of AgentKeysScope.
func NewAgentKeysScope() *AgentKeysScope {
	parsed, err := AgentKeysScopeMetaData.ParseABI()
	if err != nil {
		panic(errors.New("invalid ABI: " + err.Error()))
	}
	return &AgentKeysScope{abi: *parsed}
}

// Instance creates a wrapper for a deployed contract instance at the given address.
// Use this to create the instance object passed to abigen v2 library functions Call, Transact, etc.
func (c *AgentKeysScope) Instance(backend bind.ContractBackend, addr common.Address) *bind.BoundContract {
	return bind.NewBoundContract(addr, c.abi, backend, backend, backend)
}

// PackConstructor is the Go binding used to pack the parameters required for
// contract deployment.
//
// Solidity: constructor(address registry_) returns()
func (agentKeysScope *AgentKeysScope) PackConstructor(registry_ common.Address) []byte {
	enc, err := agentKeysScope.abi.Pack("", registry_)
	if err != nil {
		panic(err)
	}
	return enc
}

// PackGetScope is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xc53ee1be.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function getScope(bytes32 operator, bytes32 actor) view returns((string,uint32,uint32,uint32,uint32,uint64)[])
func (agentKeysScope *AgentKeysScope) PackGetScope(operator [32]byte, actor [32]byte) []byte {
	enc, err := agentKeysScope.abi.Pack("getScope", operator, actor)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackGetScope is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xc53ee1be.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function getScope(bytes32 operator, bytes32 actor) view returns((string,uint32,uint32,uint32,uint32,uint64)[])
func (agentKeysScope *AgentKeysScope) TryPackGetScope(operator [32]byte, actor [32]byte) ([]byte, error) {
	return agentKeysScope.abi.Pack("getScope", operator, actor)
}

// UnpackGetScope is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xc53ee1be.
//
// Solidity: function getScope(bytes32 operator, bytes32 actor) view returns((string,uint32,uint32,uint32,uint32,uint64)[])
func (agentKeysScope *AgentKeysScope) UnpackGetScope(data []byte) ([]Grant, error) {
	out, err := agentKeysScope.abi.Unpack("getScope", data)
	if err != nil {
		return *new([]Grant), err
	}
	out0 := *abi.ConvertType(out[0], new([]Grant)).(*[]Grant)
	return out0, nil
}

// PackGrantOf is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x7f0045c8.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function grantOf(bytes32 operator, bytes32 actor, bytes32 serviceHash) view returns(bool found, (string,uint32,uint32,uint32,uint32,uint64) grant)
func (agentKeysScope *AgentKeysScope) PackGrantOf(operator [32]byte, actor [32]byte, serviceHash [32]byte) []byte {
	enc, err := agentKeysScope.abi.Pack("grantOf", operator, actor, serviceHash)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackGrantOf is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x7f0045c8.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function grantOf(bytes32 operator, bytes32 actor, bytes32 serviceHash) view returns(bool found, (string,uint32,uint32,uint32,uint32,uint64) grant)
func (agentKeysScope *AgentKeysScope) TryPackGrantOf(operator [32]byte, actor [32]byte, serviceHash [32]byte) ([]byte, error) {
	return agentKeysScope.abi.Pack("grantOf", operator, actor, serviceHash)
}

// GrantOfOutput serves as a container for the return parameters of contract
// method GrantOf.
type GrantOfOutput struct {
	Found bool
	Grant Grant
}

// UnpackGrantOf is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x7f0045c8.
//
// Solidity: function grantOf(bytes32 operator, bytes32 actor, bytes32 serviceHash) view returns(bool found, (string,uint32,uint32,uint32,uint32,uint64) grant)
func (agentKeysScope *AgentKeysScope) UnpackGrantOf(data []byte) (GrantOfOutput, error) {
	out, err := agentKeysScope.abi.Unpack("grantOf", data)
	outstruct := new(GrantOfOutput)
	if err != nil {
		return *outstruct, err
	}
	outstruct.Found = *abi.ConvertType(out[0], new(bool)).(*bool)
	outstruct.Grant = *abi.ConvertType(out[1], new(Grant)).(*Grant)
	return *outstruct, nil
}

// PackIsServiceInScope is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x13337240.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function isServiceInScope(bytes32 operator, bytes32 actor, bytes32 serviceHash) view returns(bool)
func (agentKeysScope *AgentKeysScope) PackIsServiceInScope(operator [32]byte, actor [32]byte, serviceHash [32]byte) []byte {
	enc, err := agentKeysScope.abi.Pack("isServiceInScope", operator, actor, serviceHash)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackIsServiceInScope is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x13337240.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function isServiceInScope(bytes32 operator, bytes32 actor, bytes32 serviceHash) view returns(bool)
func (agentKeysScope *AgentKeysScope) TryPackIsServiceInScope(operator [32]byte, actor [32]byte, serviceHash [32]byte) ([]byte, error) {
	return agentKeysScope.abi.Pack("isServiceInScope", operator, actor, serviceHash)
}

// UnpackIsServiceInScope is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x13337240.
//
// Solidity: function isServiceInScope(bytes32 operator, bytes32 actor, bytes32 serviceHash) view returns(bool)
func (agentKeysScope *AgentKeysScope) UnpackIsServiceInScope(data []byte) (bool, error) {
	out, err := agentKeysScope.abi.Unpack("isServiceInScope", data)
	if err != nil {
		return *new(bool), err
	}
	out0 := *abi.ConvertType(out[0], new(bool)).(*bool)
	return out0, nil
}

// PackRegistry is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x7b103999.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function registry() view returns(address)
func (agentKeysScope *AgentKeysScope) PackRegistry() []byte {
	enc, err := agentKeysScope.abi.Pack("registry")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackRegistry is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x7b103999.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function registry() view returns(address)
func (agentKeysScope *AgentKeysScope) TryPackRegistry() ([]byte, error) {
	return agentKeysScope.abi.Pack("registry")
}

// UnpackRegistry is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x7b103999.
//
// Solidity: function registry() view returns(address)
func (agentKeysScope *AgentKeysScope) UnpackRegistry(data []byte) (common.Address, error) {
	out, err := agentKeysScope.abi.Unpack("registry", data)
	if err != nil {
		return *new(common.Address), err
	}
	out0 := *abi.ConvertType(out[0], new(common.Address)).(*common.Address)
	return out0, nil
}

// PackRevokeScope is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x88945522.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function revokeScope((bytes32,bytes32,uint64,uint64) operation, (bytes32,(bytes,bytes,uint256,uint256)) master) returns()
func (agentKeysScope *AgentKeysScope) PackRevokeScope(operation RevokeScope, master MasterAssertion) []byte {
	enc, err := agentKeysScope.abi.Pack("revokeScope", operation, master)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackRevokeScope is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x88945522.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function revokeScope((bytes32,bytes32,uint64,uint64) operation, (bytes32,(bytes,bytes,uint256,uint256)) master) returns()
func (agentKeysScope *AgentKeysScope) TryPackRevokeScope(operation RevokeScope, master MasterAssertion) ([]byte, error) {
	return agentKeysScope.abi.Pack("revokeScope", operation, master)
}

// PackScopeNonce is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xdb6ab23a.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function scopeNonce(bytes32 operator, bytes32 actor) view returns(uint64)
func (agentKeysScope *AgentKeysScope) PackScopeNonce(operator [32]byte, actor [32]byte) []byte {
	enc, err := agentKeysScope.abi.Pack("scopeNonce", operator, actor)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackScopeNonce is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xdb6ab23a.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function scopeNonce(bytes32 operator, bytes32 actor) view returns(uint64)
func (agentKeysScope *AgentKeysScope) TryPackScopeNonce(operator [32]byte, actor [32]byte) ([]byte, error) {
	return agentKeysScope.abi.Pack("scopeNonce", operator, actor)
}

// UnpackScopeNonce is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xdb6ab23a.
//
// Solidity: function scopeNonce(bytes32 operator, bytes32 actor) view returns(uint64)
func (agentKeysScope *AgentKeysScope) UnpackScopeNonce(data []byte) (uint64, error) {
	out, err := agentKeysScope.abi.Unpack("scopeNonce", data)
	if err != nil {
		return *new(uint64), err
	}
	out0 := *abi.ConvertType(out[0], new(uint64)).(*uint64)
	return out0, nil
}

// PackSetScopeWithWebauthn is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x21a778c6.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function setScopeWithWebauthn((bytes32,bytes32,(string,uint32,uint32,uint32,uint32,uint64)[],uint64,uint64) operation, (bytes32,(bytes,bytes,uint256,uint256)) master) returns()
func (agentKeysScope *AgentKeysScope) PackSetScopeWithWebauthn(operation SetScope, master MasterAssertion) []byte {
	enc, err := agentKeysScope.abi.Pack("setScopeWithWebauthn", operation, master)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackSetScopeWithWebauthn is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x21a778c6.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function setScopeWithWebauthn((bytes32,bytes32,(string,uint32,uint32,uint32,uint32,uint64)[],uint64,uint64) operation, (bytes32,(bytes,bytes,uint256,uint256)) master) returns()
func (agentKeysScope *AgentKeysScope) TryPackSetScopeWithWebauthn(operation SetScope, master MasterAssertion) ([]byte, error) {
	return agentKeysScope.abi.Pack("setScopeWithWebauthn", operation, master)
}

// AgentKeysScopeScopeRevoked represents a ScopeRevoked event raised by the AgentKeysScope contract.
type AgentKeysScopeScopeRevoked struct {
	Operator [32]byte
	Actor    [32]byte
	Nonce    uint64
	Raw      *types.Log // Blockchain specific contextual infos
}

const AgentKeysScopeScopeRevokedEventName = "ScopeRevoked"

// ContractEventName returns the user-defined event name.
func (AgentKeysScopeScopeRevoked) ContractEventName() string {
	return AgentKeysScopeScopeRevokedEventName
}

// UnpackScopeRevokedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event ScopeRevoked(bytes32 indexed operator, bytes32 indexed actor, uint64 nonce)
func (agentKeysScope *AgentKeysScope) UnpackScopeRevokedEvent(log *types.Log) (*AgentKeysScopeScopeRevoked, error) {
	event := "ScopeRevoked"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != agentKeysScope.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(AgentKeysScopeScopeRevoked)
	if len(log.Data) > 0 {
		if err := agentKeysScope.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range agentKeysScope.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// AgentKeysScopeScopeSet represents a ScopeSet event raised by the AgentKeysScope contract.
type AgentKeysScopeScopeSet struct {
	Operator [32]byte
	Actor    [32]byte
	Nonce    uint64
	Grants   []Grant
	Raw      *types.Log // Blockchain specific contextual infos
}

const AgentKeysScopeScopeSetEventName = "ScopeSet"

// ContractEventName returns the user-defined event name.
func (AgentKeysScopeScopeSet) ContractEventName() string {
	return AgentKeysScopeScopeSetEventName
}

// UnpackScopeSetEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event ScopeSet(bytes32 indexed operator, bytes32 indexed actor, uint64 nonce, (string,uint32,uint32,uint32,uint32,uint64)[] grants)
func (agentKeysScope *AgentKeysScope) UnpackScopeSetEvent(log *types.Log) (*AgentKeysScopeScopeSet, error) {
	event := "ScopeSet"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != agentKeysScope.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(AgentKeysScopeScopeSet)
	if len(log.Data) > 0 {
		if err := agentKeysScope.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range agentKeysScope.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// UnpackError attempts to decode the provided error data using user-defined
// error definitions.
func (agentKeysScope *AgentKeysScope) UnpackError(raw []byte) (any, error) {
	if bytes.Equal(raw[:4], agentKeysScope.abi.Errors["ActorNotOwned"].ID.Bytes()[:4]) {
		return agentKeysScope.UnpackActorNotOwnedError(raw[4:])
	}
	if bytes.Equal(raw[:4], agentKeysScope.abi.Errors["DeadlinePassed"].ID.Bytes()[:4]) {
		return agentKeysScope.UnpackDeadlinePassedError(raw[4:])
	}
	if bytes.Equal(raw[:4], agentKeysScope.abi.Errors["NoGrants"].ID.Bytes()[:4]) {
		return agentKeysScope.UnpackNoGrantsError(raw[4:])
	}
	if bytes.Equal(raw[:4], agentKeysScope.abi.Errors["OperatorIsFrozen"].ID.Bytes()[:4]) {
		return agentKeysScope.UnpackOperatorIsFrozenError(raw[4:])
	}
	if bytes.Equal(raw[:4], agentKeysScope.abi.Errors["OpsInvalid"].ID.Bytes()[:4]) {
		return agentKeysScope.UnpackOpsInvalidError(raw[4:])
	}
	if bytes.Equal(raw[:4], agentKeysScope.abi.Errors["PeriodInvalid"].ID.Bytes()[:4]) {
		return agentKeysScope.UnpackPeriodInvalidError(raw[4:])
	}
	if bytes.Equal(raw[:4], agentKeysScope.abi.Errors["RegistryMismatch"].ID.Bytes()[:4]) {
		return agentKeysScope.UnpackRegistryMismatchError(raw[4:])
	}
	if bytes.Equal(raw[:4], agentKeysScope.abi.Errors["SenderNotWallet"].ID.Bytes()[:4]) {
		return agentKeysScope.UnpackSenderNotWalletError(raw[4:])
	}
	if bytes.Equal(raw[:4], agentKeysScope.abi.Errors["ServiceDuplicate"].ID.Bytes()[:4]) {
		return agentKeysScope.UnpackServiceDuplicateError(raw[4:])
	}
	if bytes.Equal(raw[:4], agentKeysScope.abi.Errors["ServiceLengthInvalid"].ID.Bytes()[:4]) {
		return agentKeysScope.UnpackServiceLengthInvalidError(raw[4:])
	}
	if bytes.Equal(raw[:4], agentKeysScope.abi.Errors["StaleNonce"].ID.Bytes()[:4]) {
		return agentKeysScope.UnpackStaleNonceError(raw[4:])
	}
	if bytes.Equal(raw[:4], agentKeysScope.abi.Errors["TooManyGrants"].ID.Bytes()[:4]) {
		return agentKeysScope.UnpackTooManyGrantsError(raw[4:])
	}
	return nil, errors.New("Unknown error")
}

// AgentKeysScopeActorNotOwned represents a ActorNotOwned error raised by the AgentKeysScope contract.
type AgentKeysScopeActorNotOwned struct {
	Operator [32]byte
	Actor    [32]byte
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ActorNotOwned(bytes32 operator, bytes32 actor)
func AgentKeysScopeActorNotOwnedErrorID() common.Hash {
	return common.HexToHash("0x2e50c5d2c8900a3239de41b2b069cee3baeb82b1665e6397bc445fa6b62cc08a")
}

// UnpackActorNotOwnedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ActorNotOwned(bytes32 operator, bytes32 actor)
func (agentKeysScope *AgentKeysScope) UnpackActorNotOwnedError(raw []byte) (*AgentKeysScopeActorNotOwned, error) {
	out := new(AgentKeysScopeActorNotOwned)
	if err := agentKeysScope.abi.UnpackIntoInterface(out, "ActorNotOwned", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// AgentKeysScopeDeadlinePassed represents a DeadlinePassed error raised by the AgentKeysScope contract.
type AgentKeysScopeDeadlinePassed struct {
	Deadline uint64
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error DeadlinePassed(uint64 deadline)
func AgentKeysScopeDeadlinePassedErrorID() common.Hash {
	return common.HexToHash("0x6768091307d5da213ba3ac1392311a935d1607f1020232ee01d118de33b68661")
}

// UnpackDeadlinePassedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error DeadlinePassed(uint64 deadline)
func (agentKeysScope *AgentKeysScope) UnpackDeadlinePassedError(raw []byte) (*AgentKeysScopeDeadlinePassed, error) {
	out := new(AgentKeysScopeDeadlinePassed)
	if err := agentKeysScope.abi.UnpackIntoInterface(out, "DeadlinePassed", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// AgentKeysScopeNoGrants represents a NoGrants error raised by the AgentKeysScope contract.
type AgentKeysScopeNoGrants struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error NoGrants()
func AgentKeysScopeNoGrantsErrorID() common.Hash {
	return common.HexToHash("0xc06b346155b98de29c82aa72c82c912d25ffc52670b2e72669c1329307cf6033")
}

// UnpackNoGrantsError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error NoGrants()
func (agentKeysScope *AgentKeysScope) UnpackNoGrantsError(raw []byte) (*AgentKeysScopeNoGrants, error) {
	out := new(AgentKeysScopeNoGrants)
	if err := agentKeysScope.abi.UnpackIntoInterface(out, "NoGrants", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// AgentKeysScopeOperatorIsFrozen represents a OperatorIsFrozen error raised by the AgentKeysScope contract.
type AgentKeysScopeOperatorIsFrozen struct {
	Operator [32]byte
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error OperatorIsFrozen(bytes32 operator)
func AgentKeysScopeOperatorIsFrozenErrorID() common.Hash {
	return common.HexToHash("0x53cd24f2ca27d42cfcc7546d1d11d0278e86d363ec2542eaf53478c9fe29fb09")
}

// UnpackOperatorIsFrozenError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error OperatorIsFrozen(bytes32 operator)
func (agentKeysScope *AgentKeysScope) UnpackOperatorIsFrozenError(raw []byte) (*AgentKeysScopeOperatorIsFrozen, error) {
	out := new(AgentKeysScopeOperatorIsFrozen)
	if err := agentKeysScope.abi.UnpackIntoInterface(out, "OperatorIsFrozen", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// AgentKeysScopeOpsInvalid represents a OpsInvalid error raised by the AgentKeysScope contract.
type AgentKeysScopeOpsInvalid struct {
	Index *big.Int
	Ops   uint32
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error OpsInvalid(uint256 index, uint32 ops)
func AgentKeysScopeOpsInvalidErrorID() common.Hash {
	return common.HexToHash("0x2d0fb6c73c8007aabb5c007390f233880018036a07fc1cc49bdc7ee29f5931e3")
}

// UnpackOpsInvalidError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error OpsInvalid(uint256 index, uint32 ops)
func (agentKeysScope *AgentKeysScope) UnpackOpsInvalidError(raw []byte) (*AgentKeysScopeOpsInvalid, error) {
	out := new(AgentKeysScopeOpsInvalid)
	if err := agentKeysScope.abi.UnpackIntoInterface(out, "OpsInvalid", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// AgentKeysScopePeriodInvalid represents a PeriodInvalid error raised by the AgentKeysScope contract.
type AgentKeysScopePeriodInvalid struct {
	Index         *big.Int
	MaxPerPeriod  uint32
	PeriodSeconds uint32
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error PeriodInvalid(uint256 index, uint32 maxPerPeriod, uint32 periodSeconds)
func AgentKeysScopePeriodInvalidErrorID() common.Hash {
	return common.HexToHash("0x8f503dc7aff27fe423f9b87a367c1d9d5d815fa5dc39e50f3102c988262e857a")
}

// UnpackPeriodInvalidError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error PeriodInvalid(uint256 index, uint32 maxPerPeriod, uint32 periodSeconds)
func (agentKeysScope *AgentKeysScope) UnpackPeriodInvalidError(raw []byte) (*AgentKeysScopePeriodInvalid, error) {
	out := new(AgentKeysScopePeriodInvalid)
	if err := agentKeysScope.abi.UnpackIntoInterface(out, "PeriodInvalid", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// AgentKeysScopeRegistryMismatch represents a RegistryMismatch error raised by the AgentKeysScope contract.
type AgentKeysScopeRegistryMismatch struct {
	Registry common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error RegistryMismatch(address registry)
func AgentKeysScopeRegistryMismatchErrorID() common.Hash {
	return common.HexToHash("0xc6f278286170d3976361e9ce7ce0508cf04b6a636956f5e7662125aec23d7e6a")
}

// UnpackRegistryMismatchError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error RegistryMismatch(address registry)
func (agentKeysScope *AgentKeysScope) UnpackRegistryMismatchError(raw []byte) (*AgentKeysScopeRegistryMismatch, error) {
	out := new(AgentKeysScopeRegistryMismatch)
	if err := agentKeysScope.abi.UnpackIntoInterface(out, "RegistryMismatch", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// AgentKeysScopeSenderNotWallet represents a SenderNotWallet error raised by the AgentKeysScope contract.
type AgentKeysScopeSenderNotWallet struct {
	Sender common.Address
	Wallet common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error SenderNotWallet(address sender, address wallet)
func AgentKeysScopeSenderNotWalletErrorID() common.Hash {
	return common.HexToHash("0x945de9017a2d78d3ef1b9cc03bb8bb09662c7404232a555bcae04a4b399b305c")
}

// UnpackSenderNotWalletError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error SenderNotWallet(address sender, address wallet)
func (agentKeysScope *AgentKeysScope) UnpackSenderNotWalletError(raw []byte) (*AgentKeysScopeSenderNotWallet, error) {
	out := new(AgentKeysScopeSenderNotWallet)
	if err := agentKeysScope.abi.UnpackIntoInterface(out, "SenderNotWallet", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// AgentKeysScopeServiceDuplicate represents a ServiceDuplicate error raised by the AgentKeysScope contract.
type AgentKeysScopeServiceDuplicate struct {
	Index       *big.Int
	ServiceHash [32]byte
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ServiceDuplicate(uint256 index, bytes32 serviceHash)
func AgentKeysScopeServiceDuplicateErrorID() common.Hash {
	return common.HexToHash("0xb58c23ea5632c28a5f5b549492ff00f818217e118c6eb2cb6015162eec98eb2a")
}

// UnpackServiceDuplicateError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ServiceDuplicate(uint256 index, bytes32 serviceHash)
func (agentKeysScope *AgentKeysScope) UnpackServiceDuplicateError(raw []byte) (*AgentKeysScopeServiceDuplicate, error) {
	out := new(AgentKeysScopeServiceDuplicate)
	if err := agentKeysScope.abi.UnpackIntoInterface(out, "ServiceDuplicate", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// AgentKeysScopeServiceLengthInvalid represents a ServiceLengthInvalid error raised by the AgentKeysScope contract.
type AgentKeysScopeServiceLengthInvalid struct {
	Index  *big.Int
	Length *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ServiceLengthInvalid(uint256 index, uint256 length)
func AgentKeysScopeServiceLengthInvalidErrorID() common.Hash {
	return common.HexToHash("0x03a4b0a911c1df58ea0a643c0b2aa8718d64475124506fd8814ff363c7de56bf")
}

// UnpackServiceLengthInvalidError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ServiceLengthInvalid(uint256 index, uint256 length)
func (agentKeysScope *AgentKeysScope) UnpackServiceLengthInvalidError(raw []byte) (*AgentKeysScopeServiceLengthInvalid, error) {
	out := new(AgentKeysScopeServiceLengthInvalid)
	if err := agentKeysScope.abi.UnpackIntoInterface(out, "ServiceLengthInvalid", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// AgentKeysScopeStaleNonce represents a StaleNonce error raised by the AgentKeysScope contract.
type AgentKeysScopeStaleNonce struct {
	Current uint64
	Signed  uint64
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error StaleNonce(uint64 current, uint64 signed)
func AgentKeysScopeStaleNonceErrorID() common.Hash {
	return common.HexToHash("0xaef79e28ffb5346feedf722506c2865b8a6f9fcfa1cba6c6e855c28094b831a9")
}

// UnpackStaleNonceError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error StaleNonce(uint64 current, uint64 signed)
func (agentKeysScope *AgentKeysScope) UnpackStaleNonceError(raw []byte) (*AgentKeysScopeStaleNonce, error) {
	out := new(AgentKeysScopeStaleNonce)
	if err := agentKeysScope.abi.UnpackIntoInterface(out, "StaleNonce", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// AgentKeysScopeTooManyGrants represents a TooManyGrants error raised by the AgentKeysScope contract.
type AgentKeysScopeTooManyGrants struct {
	Count *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error TooManyGrants(uint256 count)
func AgentKeysScopeTooManyGrantsErrorID() common.Hash {
	return common.HexToHash("0xf403c062952e95a344bafdbd79f8211d78c584f72f1540894413078ecb7f6114")
}

// UnpackTooManyGrantsError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error TooManyGrants(uint256 count)
func (agentKeysScope *AgentKeysScope) UnpackTooManyGrantsError(raw []byte) (*AgentKeysScopeTooManyGrants, error) {
	out := new(AgentKeysScopeTooManyGrants)
	if err := agentKeysScope.abi.UnpackIntoInterface(out, "TooManyGrants", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// CredentialAuditMetaData contains all meta data concerning the CredentialAudit contract.
var CredentialAuditMetaData = bind.MetaData{
	ABI: "[{\"inputs\":[{\"internalType\":\"contractISidecarRegistry\",\"name\":\"registry_\",\"type\":\"address\"}],\"stateMutability\":\"nonpayable\",\"type\":\"constructor\"},{\"inputs\":[],\"name\":\"BatchEmpty\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint64\",\"name\":\"next\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"given\",\"type\":\"uint64\"}],\"name\":\"BatchIndexMismatch\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint64\",\"name\":\"deadline\",\"type\":\"uint64\"}],\"name\":\"DeadlinePassed\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"sender\",\"type\":\"address\"},{\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"}],\"name\":\"NotAnchorer\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"}],\"name\":\"OperatorIsFrozen\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"registry\",\"type\":\"address\"}],\"name\":\"RegistryMismatch\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"sender\",\"type\":\"address\"},{\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"}],\"name\":\"SenderNotActiveDevice\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"sender\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"wallet\",\"type\":\"address\"}],\"name\":\"SenderNotWallet\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint64\",\"name\":\"current\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"signed\",\"type\":\"uint64\"}],\"name\":\"StaleNonce\",\"type\":\"error\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"},{\"indexed\":true,\"internalType\":\"address\",\"name\":\"relayer\",\"type\":\"address\"}],\"name\":\"AuditRelayerSet\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"},{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"actor\",\"type\":\"bytes32\"},{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"entryHash\",\"type\":\"bytes32\"},{\"indexed\":false,\"internalType\":\"uint64\",\"name\":\"index\",\"type\":\"uint64\"},{\"indexed\":false,\"internalType\":\"address\",\"name\":\"sender\",\"type\":\"address\"}],\"name\":\"EntryAppended\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"},{\"indexed\":true,\"internalType\":\"uint64\",\"name\":\"batchIndex\",\"type\":\"uint64\"},{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"root\",\"type\":\"bytes32\"},{\"indexed\":false,\"internalType\":\"uint64\",\"name\":\"count\",\"type\":\"uint64\"},{\"indexed\":false,\"internalType\":\"address\",\"name\":\"sender\",\"type\":\"address\"}],\"name\":\"RootAppended\",\"type\":\"event\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"entryHash\",\"type\":\"bytes32\"}],\"name\":\"append\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"},{\"internalType\":\"uint64\",\"name\":\"batchIndex\",\"type\":\"uint64\"},{\"internalType\":\"bytes32\",\"name\":\"root\",\"type\":\"bytes32\"},{\"internalType\":\"uint64\",\"name\":\"count\",\"type\":\"uint64\"}],\"name\":\"appendRoot\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"}],\"name\":\"auditRelayer\",\"outputs\":[{\"internalType\":\"address\",\"name\":\"\",\"type\":\"address\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"}],\"name\":\"entryCount\",\"outputs\":[{\"internalType\":\"uint64\",\"name\":\"\",\"type\":\"uint64\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"},{\"internalType\":\"uint64\",\"name\":\"batchIndex\",\"type\":\"uint64\"}],\"name\":\"getRoot\",\"outputs\":[{\"components\":[{\"internalType\":\"bytes32\",\"name\":\"root\",\"type\":\"bytes32\"},{\"internalType\":\"uint64\",\"name\":\"count\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"anchoredAt\",\"type\":\"uint64\"}],\"internalType\":\"structAuditRoot\",\"name\":\"root\",\"type\":\"tuple\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"registry\",\"outputs\":[{\"internalType\":\"address\",\"name\":\"\",\"type\":\"address\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"}],\"name\":\"rootCount\",\"outputs\":[{\"internalType\":\"uint64\",\"name\":\"\",\"type\":\"uint64\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"components\":[{\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"},{\"internalType\":\"address\",\"name\":\"relayer\",\"type\":\"address\"},{\"internalType\":\"uint64\",\"name\":\"nonce\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"deadline\",\"type\":\"uint64\"}],\"internalType\":\"structSetAuditRelayer\",\"name\":\"operation\",\"type\":\"tuple\"},{\"components\":[{\"internalType\":\"bytes32\",\"name\":\"deviceKeyHash\",\"type\":\"bytes32\"},{\"components\":[{\"internalType\":\"bytes\",\"name\":\"authenticatorData\",\"type\":\"bytes\"},{\"internalType\":\"bytes\",\"name\":\"clientDataJSON\",\"type\":\"bytes\"},{\"internalType\":\"uint256\",\"name\":\"r\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"s\",\"type\":\"uint256\"}],\"internalType\":\"structK11Assertion\",\"name\":\"assertion\",\"type\":\"tuple\"}],\"internalType\":\"structMasterAssertion\",\"name\":\"master\",\"type\":\"tuple\"}],\"name\":\"setAuditRelayer\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"},{\"internalType\":\"uint64\",\"name\":\"batchIndex\",\"type\":\"uint64\"},{\"internalType\":\"bytes\",\"name\":\"entry\",\"type\":\"bytes\"},{\"internalType\":\"bytes32[]\",\"name\":\"proof\",\"type\":\"bytes32[]\"}],\"name\":\"verifyEntryInRoot\",\"outputs\":[{\"internalType\":\"bool\",\"name\":\"\",\"type\":\"bool\"}],\"stateMutability\":\"view\",\"type\":\"function\"}]",
	ID:  "2189eea29ab7570eadcacb0b7154d83f9e",
	Bin: "0x60a060405234801561001057600080fd5b506040516117ff3803806117ff83398101604081905261002f9161010f565b6001600160a01b0381163b15806100b95750306001600160a01b0316816001600160a01b0316631ddc0ef06040518163ffffffff1660e01b8152600401602060405180830381865afa158015610089573d6000803e3d6000fd5b505050506040513d601f19601f820116820180604052508101906100ad919061010f565b6001600160a01b031614155b156100e6576040516318de4f0560e31b81526001600160a01b038216600482015260240160405180910390fd5b6001600160a01b0316608052610133565b6001600160a01b038116811461010c57600080fd5b50565b60006020828403121561012157600080fd5b815161012c816100f7565b9392505050565b60805161168e61017160003960008181610144015281816102bb015281816108880152818161090501528181610b120152610dc2015261168e6000f3fe608060405234801561001057600080fd5b50600436106100a35760003560e01c80637b10399911610076578063c00343671161005b578063c00343671461019e578063d048d1ff146101e1578063e324b9ab1461020157600080fd5b80637b1039991461013f578063b8e72aac1461018b57600080fd5b8063349c1df1146100a85780633d7b3f07146100bd57806341f5ddde1461010957806376ba5f511461012c575b600080fd5b6100bb6100b63660046110c4565b610214565b005b6100d06100cb366004611139565b6106b5565b604080518251815260208084015167ffffffffffffffff9081169183019190915292820151909216908201526060015b60405180910390f35b61011c6101173660046111b1565b610773565b6040519015158152602001610100565b6100bb61013a366004611272565b610840565b6101667f000000000000000000000000000000000000000000000000000000000000000081565b60405173ffffffffffffffffffffffffffffffffffffffff9091168152602001610100565b6100bb610199366004611294565b610aa4565b6101c86101ac3660046112da565b60006020819052908152604090205467ffffffffffffffff1681565b60405167ffffffffffffffff9091168152602001610100565b6101c86101ef3660046112da565b60009081526001602052604090205490565b61016661020f3660046112da565b610d85565b61022460808301606084016112f3565b67ffffffffffffffff164211156102895761024560808301606084016112f3565b6040517f6768091300000000000000000000000000000000000000000000000000000000815267ffffffffffffffff90911660048201526024015b60405180910390fd5b6040517f5b3425e7000000000000000000000000000000000000000000000000000000008152823560048201819052907f00000000000000000000000000000000000000000000000000000000000000009060009073ffffffffffffffffffffffffffffffffffffffff831690635b3425e790602401602060405180830381865afa15801561031c573d6000803e3d6000fd5b505050506040513d601f19601f820116820180604052508101906103409190611333565b90503373ffffffffffffffffffffffffffffffffffffffff8216146103af576040517f945de90100000000000000000000000000000000000000000000000000000000815233600482015273ffffffffffffffffffffffffffffffffffffffff82166024820152604401610280565b60006103c16040870160208801611350565b73ffffffffffffffffffffffffffffffffffffffff161415801561046f57506040517fb91532b50000000000000000000000000000000000000000000000000000000081526004810184905273ffffffffffffffffffffffffffffffffffffffff83169063b91532b590602401602060405180830381865afa15801561044b573d6000803e3d6000fd5b505050506040513d601f19601f8201168201806040525081019061046f919061136d565b156104a9576040517f53cd24f200000000000000000000000000000000000000000000000000000000815260048101849052602401610280565b60405180604001604052808660200160208101906104c79190611350565b73ffffffffffffffffffffffffffffffffffffffff9081168252838116602092830152600086815260028352604090819020845181549084167fffffffffffffffffffffffff0000000000000000000000000000000000000000918216178255948401516001909101805491909316941693909317905561054c918701908701611350565b73ffffffffffffffffffffffffffffffffffffffff16837f7fe4dcace4aa8ad2898ca0c57dafdfc45c1d36affda5546932e70981a8ddf94460405160405180910390a373ffffffffffffffffffffffffffffffffffffffff821663dc4a18d2846105bc6060890160408a016112f3565b6040517fffffffff0000000000000000000000000000000000000000000000000000000060e085901b168152600481019290925267ffffffffffffffff166024820152604401600060405180830381600087803b15801561061c57600080fd5b505af1158015610630573d6000803e3d6000fd5b505050508173ffffffffffffffffffffffffffffffffffffffff1663f453ae8884600461065c89610e8d565b886040518563ffffffff1660e01b815260040161067c949392919061143c565b600060405180830381600087803b15801561069657600080fd5b505af11580156106aa573d6000803e3d6000fd5b505050505050505050565b604080516060810182526000808252602082018190529181019190915260008381526001602052604090205467ffffffffffffffff8316101561076d576000838152600160205260409020805467ffffffffffffffff841690811061071c5761071c61152e565b6000918252602091829020604080516060810182526002909302909101805483526001015467ffffffffffffffff808216948401949094526801000000000000000090049092169181019190915290505b92915050565b6000868152600160205260408120805467ffffffffffffffff88161061079d576000915050610836565b6000818867ffffffffffffffff16815481106107bb576107bb61152e565b6000918252602090912060029091020160018101549091506107e69067ffffffffffffffff16610f49565b84118061080a57508315801561080a575060018082015467ffffffffffffffff1614155b1561081a57600092505050610836565b80546108306108298989610f79565b8787610fac565b14925050505b9695505050505050565b6040517f55ea6c47000000000000000000000000000000000000000000000000000000008152336004820152600090819073ffffffffffffffffffffffffffffffffffffffff7f000000000000000000000000000000000000000000000000000000000000000016906355ea6c4790602401608060405180830381865afa1580156108cf573d6000803e3d6000fd5b505050506040513d601f19601f820116820180604052508101906108f3919061156e565b50925092505083821415806109a957507f000000000000000000000000000000000000000000000000000000000000000073ffffffffffffffffffffffffffffffffffffffff16635c36901c61094833610fed565b6040518263ffffffff1660e01b815260040161096691815260200190565b602060405180830381865afa158015610983573d6000803e3d6000fd5b505050506040513d601f19601f820116820180604052508101906109a7919061136d565b155b156109e9576040517f5b1a21c800000000000000000000000000000000000000000000000000000000815233600482015260248101859052604401610280565b6000848152602081905260408120805467ffffffffffffffff169082610a0e836115d9565b91906101000a81548167ffffffffffffffff021916908367ffffffffffffffff16021790555090508382867f4afae2d8e268d5046ffb481cc2d89b708854d39c8d9a586496a3c73c24efb0f28433604051610a9592919067ffffffffffffffff92909216825273ffffffffffffffffffffffffffffffffffffffff16602082015260400190565b60405180910390a45050505050565b610aad84610d85565b73ffffffffffffffffffffffffffffffffffffffff163373ffffffffffffffffffffffffffffffffffffffff1614158015610bc257506040517f5b3425e7000000000000000000000000000000000000000000000000000000008152600481018590527f000000000000000000000000000000000000000000000000000000000000000073ffffffffffffffffffffffffffffffffffffffff1690635b3425e790602401602060405180830381865afa158015610b6e573d6000803e3d6000fd5b505050506040513d601f19601f82011682018060405250810190610b929190611333565b73ffffffffffffffffffffffffffffffffffffffff163373ffffffffffffffffffffffffffffffffffffffff1614155b15610c02576040517f8d3c34d800000000000000000000000000000000000000000000000000000000815233600482015260248101859052604401610280565b6000848152600160205260409020805467ffffffffffffffff851614610c6b5780546040517f81170dbd00000000000000000000000000000000000000000000000000000000815267ffffffffffffffff91821660048201529085166024820152604401610280565b821580610c80575067ffffffffffffffff8216155b15610cb7576040517f50e980cc00000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b6040805160608101825284815267ffffffffffffffff8481166020808401828152428416858701908152875460018082018a5560008a81528590209751600290920290970190815591519190950180549551851668010000000000000000027fffffffffffffffffffffffffffffffff0000000000000000000000000000000090961691851691909117949094179093558351908152339281019290925285929087169188917f354cfb0cfb0c9042acc75fffaaa5b3dbd1ed3c07f88c3ff5ac3295617a759da59101610a95565b60008181526002602052604080822090517f5b3425e7000000000000000000000000000000000000000000000000000000008152600481018490527f000000000000000000000000000000000000000000000000000000000000000073ffffffffffffffffffffffffffffffffffffffff1690635b3425e790602401602060405180830381865afa158015610e1e573d6000803e3d6000fd5b505050506040513d601f19601f82011682018060405250810190610e429190611333565b600182015473ffffffffffffffffffffffffffffffffffffffff908116911614610e6d576000610e86565b805473ffffffffffffffffffffffffffffffffffffffff165b9392505050565b60007f2e658cd061934b0642d9268fe813669e97606b1594ff872a7b6b2bcfff1ef83e8235610ec26040850160208601611350565b610ed260608601604087016112f3565b610ee260808701606088016112f3565b60408051602081019690965285019390935273ffffffffffffffffffffffffffffffffffffffff909116606084015267ffffffffffffffff90811660808401521660a082015260c0015b604051602081830303815290604052805190602001209050919050565b60005b604081108015610f5f575081816001901b105b15610f7457610f6d81611606565b9050610f4c565b919050565b60008282604051602001610f8e92919061163e565b60405160208183030381529060405280519060200120905092915050565b6000805b82811015610fe457610fda85858584818110610fce57610fce61152e565b90506020020135611027565b9450600101610fb0565b50929392505050565b6040517fffffffffffffffffffffffffffffffffffffffff000000000000000000000000606083901b166020820152600090603401610f2c565b6000818310611085576040517f01000000000000000000000000000000000000000000000000000000000000006020820152602181018390526041810184905260610160405160208183030381529060405280519060200120610e86565b6040517f010000000000000000000000000000000000000000000000000000000000000060208201526021810184905260418101839052606101610f8e565b60008082840360a08112156110d857600080fd5b60808112156110e657600080fd5b50829150608083013567ffffffffffffffff81111561110457600080fd5b83016040818603121561111657600080fd5b809150509250929050565b803567ffffffffffffffff81168114610f7457600080fd5b6000806040838503121561114c57600080fd5b8235915061115c60208401611121565b90509250929050565b60008083601f84011261117757600080fd5b50813567ffffffffffffffff81111561118f57600080fd5b6020830191508360208260051b85010111156111aa57600080fd5b9250929050565b600080600080600080608087890312156111ca57600080fd5b863595506111da60208801611121565b9450604087013567ffffffffffffffff8111156111f657600080fd5b8701601f8101891361120757600080fd5b803567ffffffffffffffff81111561121e57600080fd5b89602082840101111561123057600080fd5b60209190910194509250606087013567ffffffffffffffff81111561125457600080fd5b61126089828a01611165565b979a9699509497509295939492505050565b6000806040838503121561128557600080fd5b50508035926020909101359150565b600080600080608085870312156112aa57600080fd5b843593506112ba60208601611121565b9250604085013591506112cf60608601611121565b905092959194509250565b6000602082840312156112ec57600080fd5b5035919050565b60006020828403121561130557600080fd5b610e8682611121565b73ffffffffffffffffffffffffffffffffffffffff8116811461133057600080fd5b50565b60006020828403121561134557600080fd5b8151610e868161130e565b60006020828403121561136257600080fd5b8135610e868161130e565b60006020828403121561137f57600080fd5b81518015158114610e8657600080fd5b60008083357fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe18436030181126113c457600080fd5b830160208101925035905067ffffffffffffffff8111156113e457600080fd5b8036038213156111aa57600080fd5b8183528181602085013750600060208284010152600060207fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0601f840116840101905092915050565b84815260ff8416602082015282604082015260806060820152600080833590508060808401525060208301357fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff8184360301811261149857600080fd5b604060a084015283016114ab818061138f565b608060c08601526114c1610140860182846113f3565b9150506114d1602083018361138f565b7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff408684030160e08701526115068382846113f3565b6040850135610100880152606090940135610120909601959095525090979650505050505050565b7f4e487b7100000000000000000000000000000000000000000000000000000000600052603260045260246000fd5b805160ff81168114610f7457600080fd5b6000806000806080858703121561158457600080fd5b61158d8561155d565b60208601516040870151919550935091506112cf6060860161155d565b7f4e487b7100000000000000000000000000000000000000000000000000000000600052601160045260246000fd5b600067ffffffffffffffff821667ffffffffffffffff81036115fd576115fd6115aa565b60010192915050565b60007fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff8203611637576116376115aa565b5060010190565b60008152818360018301376000910160010190815291905056fea2646970667358221220f258a7bbd8a378690e8660e93aacdc923af2a7a441f6fa61134b26a12c588ecb64736f6c634300081e0033",
}

// CredentialAudit is an auto generated Go binding around an Ethereum contract.
type CredentialAudit struct {
	abi abi.ABI
}

// GetABI returns the ABI associated with this contract binding.
func (c *CredentialAudit) GetABI() abi.ABI {
	return c.abi
}

// NewCredentialAudit creates a new instance of CredentialAudit.
func NewCredentialAudit() *CredentialAudit {
	parsed, err := CredentialAuditMetaData.ParseABI()
	if err != nil {
		panic(errors.New("invalid ABI: " + err.Error()))
	}
	return &CredentialAudit{abi: *parsed}
}

// Instance creates a wrapper for a deployed contract instance at the given address.
// Use this to create the instance object passed to abigen v2 library functions Call, Transact, etc.
func (c *CredentialAudit) Instance(backend bind.ContractBackend, addr common.Address) *bind.BoundContract {
	return bind.NewBoundContract(addr, c.abi, backend, backend, backend)
}

// PackConstructor is the Go binding used to pack the parameters required for
// contract deployment.
//
// Solidity: constructor(address registry_) returns()
func (credentialAudit *CredentialAudit) PackConstructor(registry_ common.Address) []byte {
	enc, err := credentialAudit.abi.Pack("", registry_)
	if err != nil {
		panic(err)
	}
	return enc
}

// PackAppend is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x76ba5f51.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function append(bytes32 operator, bytes32 entryHash) returns()
func (credentialAudit *CredentialAudit) PackAppend(operator [32]byte, entryHash [32]byte) []byte {
	enc, err := credentialAudit.abi.Pack("append", operator, entryHash)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackAppend is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x76ba5f51.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function append(bytes32 operator, bytes32 entryHash) returns()
func (credentialAudit *CredentialAudit) TryPackAppend(operator [32]byte, entryHash [32]byte) ([]byte, error) {
	return credentialAudit.abi.Pack("append", operator, entryHash)
}

// PackAppendRoot is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xb8e72aac.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function appendRoot(bytes32 operator, uint64 batchIndex, bytes32 root, uint64 count) returns()
func (credentialAudit *CredentialAudit) PackAppendRoot(operator [32]byte, batchIndex uint64, root [32]byte, count uint64) []byte {
	enc, err := credentialAudit.abi.Pack("appendRoot", operator, batchIndex, root, count)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackAppendRoot is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xb8e72aac.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function appendRoot(bytes32 operator, uint64 batchIndex, bytes32 root, uint64 count) returns()
func (credentialAudit *CredentialAudit) TryPackAppendRoot(operator [32]byte, batchIndex uint64, root [32]byte, count uint64) ([]byte, error) {
	return credentialAudit.abi.Pack("appendRoot", operator, batchIndex, root, count)
}

// PackAuditRelayer is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xe324b9ab.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function auditRelayer(bytes32 operator) view returns(address)
func (credentialAudit *CredentialAudit) PackAuditRelayer(operator [32]byte) []byte {
	enc, err := credentialAudit.abi.Pack("auditRelayer", operator)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackAuditRelayer is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xe324b9ab.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function auditRelayer(bytes32 operator) view returns(address)
func (credentialAudit *CredentialAudit) TryPackAuditRelayer(operator [32]byte) ([]byte, error) {
	return credentialAudit.abi.Pack("auditRelayer", operator)
}

// UnpackAuditRelayer is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xe324b9ab.
//
// Solidity: function auditRelayer(bytes32 operator) view returns(address)
func (credentialAudit *CredentialAudit) UnpackAuditRelayer(data []byte) (common.Address, error) {
	out, err := credentialAudit.abi.Unpack("auditRelayer", data)
	if err != nil {
		return *new(common.Address), err
	}
	out0 := *abi.ConvertType(out[0], new(common.Address)).(*common.Address)
	return out0, nil
}

// PackEntryCount is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xc0034367.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function entryCount(bytes32 operator) view returns(uint64)
func (credentialAudit *CredentialAudit) PackEntryCount(operator [32]byte) []byte {
	enc, err := credentialAudit.abi.Pack("entryCount", operator)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackEntryCount is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xc0034367.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function entryCount(bytes32 operator) view returns(uint64)
func (credentialAudit *CredentialAudit) TryPackEntryCount(operator [32]byte) ([]byte, error) {
	return credentialAudit.abi.Pack("entryCount", operator)
}

// UnpackEntryCount is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xc0034367.
//
// Solidity: function entryCount(bytes32 operator) view returns(uint64)
func (credentialAudit *CredentialAudit) UnpackEntryCount(data []byte) (uint64, error) {
	out, err := credentialAudit.abi.Unpack("entryCount", data)
	if err != nil {
		return *new(uint64), err
	}
	out0 := *abi.ConvertType(out[0], new(uint64)).(*uint64)
	return out0, nil
}

// PackGetRoot is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x3d7b3f07.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function getRoot(bytes32 operator, uint64 batchIndex) view returns((bytes32,uint64,uint64) root)
func (credentialAudit *CredentialAudit) PackGetRoot(operator [32]byte, batchIndex uint64) []byte {
	enc, err := credentialAudit.abi.Pack("getRoot", operator, batchIndex)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackGetRoot is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x3d7b3f07.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function getRoot(bytes32 operator, uint64 batchIndex) view returns((bytes32,uint64,uint64) root)
func (credentialAudit *CredentialAudit) TryPackGetRoot(operator [32]byte, batchIndex uint64) ([]byte, error) {
	return credentialAudit.abi.Pack("getRoot", operator, batchIndex)
}

// UnpackGetRoot is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x3d7b3f07.
//
// Solidity: function getRoot(bytes32 operator, uint64 batchIndex) view returns((bytes32,uint64,uint64) root)
func (credentialAudit *CredentialAudit) UnpackGetRoot(data []byte) (AuditRoot, error) {
	out, err := credentialAudit.abi.Unpack("getRoot", data)
	if err != nil {
		return *new(AuditRoot), err
	}
	out0 := *abi.ConvertType(out[0], new(AuditRoot)).(*AuditRoot)
	return out0, nil
}

// PackRegistry is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x7b103999.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function registry() view returns(address)
func (credentialAudit *CredentialAudit) PackRegistry() []byte {
	enc, err := credentialAudit.abi.Pack("registry")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackRegistry is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x7b103999.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function registry() view returns(address)
func (credentialAudit *CredentialAudit) TryPackRegistry() ([]byte, error) {
	return credentialAudit.abi.Pack("registry")
}

// UnpackRegistry is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x7b103999.
//
// Solidity: function registry() view returns(address)
func (credentialAudit *CredentialAudit) UnpackRegistry(data []byte) (common.Address, error) {
	out, err := credentialAudit.abi.Unpack("registry", data)
	if err != nil {
		return *new(common.Address), err
	}
	out0 := *abi.ConvertType(out[0], new(common.Address)).(*common.Address)
	return out0, nil
}

// PackRootCount is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xd048d1ff.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function rootCount(bytes32 operator) view returns(uint64)
func (credentialAudit *CredentialAudit) PackRootCount(operator [32]byte) []byte {
	enc, err := credentialAudit.abi.Pack("rootCount", operator)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackRootCount is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xd048d1ff.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function rootCount(bytes32 operator) view returns(uint64)
func (credentialAudit *CredentialAudit) TryPackRootCount(operator [32]byte) ([]byte, error) {
	return credentialAudit.abi.Pack("rootCount", operator)
}

// UnpackRootCount is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xd048d1ff.
//
// Solidity: function rootCount(bytes32 operator) view returns(uint64)
func (credentialAudit *CredentialAudit) UnpackRootCount(data []byte) (uint64, error) {
	out, err := credentialAudit.abi.Unpack("rootCount", data)
	if err != nil {
		return *new(uint64), err
	}
	out0 := *abi.ConvertType(out[0], new(uint64)).(*uint64)
	return out0, nil
}

// PackSetAuditRelayer is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x349c1df1.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function setAuditRelayer((bytes32,address,uint64,uint64) operation, (bytes32,(bytes,bytes,uint256,uint256)) master) returns()
func (credentialAudit *CredentialAudit) PackSetAuditRelayer(operation SetAuditRelayer, master MasterAssertion) []byte {
	enc, err := credentialAudit.abi.Pack("setAuditRelayer", operation, master)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackSetAuditRelayer is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x349c1df1.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function setAuditRelayer((bytes32,address,uint64,uint64) operation, (bytes32,(bytes,bytes,uint256,uint256)) master) returns()
func (credentialAudit *CredentialAudit) TryPackSetAuditRelayer(operation SetAuditRelayer, master MasterAssertion) ([]byte, error) {
	return credentialAudit.abi.Pack("setAuditRelayer", operation, master)
}

// PackVerifyEntryInRoot is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x41f5ddde.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function verifyEntryInRoot(bytes32 operator, uint64 batchIndex, bytes entry, bytes32[] proof) view returns(bool)
func (credentialAudit *CredentialAudit) PackVerifyEntryInRoot(operator [32]byte, batchIndex uint64, entry []byte, proof [][32]byte) []byte {
	enc, err := credentialAudit.abi.Pack("verifyEntryInRoot", operator, batchIndex, entry, proof)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackVerifyEntryInRoot is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x41f5ddde.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function verifyEntryInRoot(bytes32 operator, uint64 batchIndex, bytes entry, bytes32[] proof) view returns(bool)
func (credentialAudit *CredentialAudit) TryPackVerifyEntryInRoot(operator [32]byte, batchIndex uint64, entry []byte, proof [][32]byte) ([]byte, error) {
	return credentialAudit.abi.Pack("verifyEntryInRoot", operator, batchIndex, entry, proof)
}

// UnpackVerifyEntryInRoot is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x41f5ddde.
//
// Solidity: function verifyEntryInRoot(bytes32 operator, uint64 batchIndex, bytes entry, bytes32[] proof) view returns(bool)
func (credentialAudit *CredentialAudit) UnpackVerifyEntryInRoot(data []byte) (bool, error) {
	out, err := credentialAudit.abi.Unpack("verifyEntryInRoot", data)
	if err != nil {
		return *new(bool), err
	}
	out0 := *abi.ConvertType(out[0], new(bool)).(*bool)
	return out0, nil
}

// CredentialAuditAuditRelayerSet represents a AuditRelayerSet event raised by the CredentialAudit contract.
type CredentialAuditAuditRelayerSet struct {
	Operator [32]byte
	Relayer  common.Address
	Raw      *types.Log // Blockchain specific contextual infos
}

const CredentialAuditAuditRelayerSetEventName = "AuditRelayerSet"

// ContractEventName returns the user-defined event name.
func (CredentialAuditAuditRelayerSet) ContractEventName() string {
	return CredentialAuditAuditRelayerSetEventName
}

// UnpackAuditRelayerSetEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event AuditRelayerSet(bytes32 indexed operator, address indexed relayer)
func (credentialAudit *CredentialAudit) UnpackAuditRelayerSetEvent(log *types.Log) (*CredentialAuditAuditRelayerSet, error) {
	event := "AuditRelayerSet"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != credentialAudit.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(CredentialAuditAuditRelayerSet)
	if len(log.Data) > 0 {
		if err := credentialAudit.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range credentialAudit.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// CredentialAuditEntryAppended represents a EntryAppended event raised by the CredentialAudit contract.
type CredentialAuditEntryAppended struct {
	Operator  [32]byte
	Actor     [32]byte
	EntryHash [32]byte
	Index     uint64
	Sender    common.Address
	Raw       *types.Log // Blockchain specific contextual infos
}

const CredentialAuditEntryAppendedEventName = "EntryAppended"

// ContractEventName returns the user-defined event name.
func (CredentialAuditEntryAppended) ContractEventName() string {
	return CredentialAuditEntryAppendedEventName
}

// UnpackEntryAppendedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event EntryAppended(bytes32 indexed operator, bytes32 indexed actor, bytes32 indexed entryHash, uint64 index, address sender)
func (credentialAudit *CredentialAudit) UnpackEntryAppendedEvent(log *types.Log) (*CredentialAuditEntryAppended, error) {
	event := "EntryAppended"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != credentialAudit.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(CredentialAuditEntryAppended)
	if len(log.Data) > 0 {
		if err := credentialAudit.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range credentialAudit.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// CredentialAuditRootAppended represents a RootAppended event raised by the CredentialAudit contract.
type CredentialAuditRootAppended struct {
	Operator   [32]byte
	BatchIndex uint64
	Root       [32]byte
	Count      uint64
	Sender     common.Address
	Raw        *types.Log // Blockchain specific contextual infos
}

const CredentialAuditRootAppendedEventName = "RootAppended"

// ContractEventName returns the user-defined event name.
func (CredentialAuditRootAppended) ContractEventName() string {
	return CredentialAuditRootAppendedEventName
}

// UnpackRootAppendedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event RootAppended(bytes32 indexed operator, uint64 indexed batchIndex, bytes32 indexed root, uint64 count, address sender)
func (credentialAudit *CredentialAudit) UnpackRootAppendedEvent(log *types.Log) (*CredentialAuditRootAppended, error) {
	event := "RootAppended"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != credentialAudit.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(CredentialAuditRootAppended)
	if len(log.Data) > 0 {
		if err := credentialAudit.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range credentialAudit.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// UnpackError attempts to decode the provided error data using user-defined
// error definitions.
func (credentialAudit *CredentialAudit) UnpackError(raw []byte) (any, error) {
	if bytes.Equal(raw[:4], credentialAudit.abi.Errors["BatchEmpty"].ID.Bytes()[:4]) {
		return credentialAudit.UnpackBatchEmptyError(raw[4:])
	}
	if bytes.Equal(raw[:4], credentialAudit.abi.Errors["BatchIndexMismatch"].ID.Bytes()[:4]) {
		return credentialAudit.UnpackBatchIndexMismatchError(raw[4:])
	}
	if bytes.Equal(raw[:4], credentialAudit.abi.Errors["DeadlinePassed"].ID.Bytes()[:4]) {
		return credentialAudit.UnpackDeadlinePassedError(raw[4:])
	}
	if bytes.Equal(raw[:4], credentialAudit.abi.Errors["NotAnchorer"].ID.Bytes()[:4]) {
		return credentialAudit.UnpackNotAnchorerError(raw[4:])
	}
	if bytes.Equal(raw[:4], credentialAudit.abi.Errors["OperatorIsFrozen"].ID.Bytes()[:4]) {
		return credentialAudit.UnpackOperatorIsFrozenError(raw[4:])
	}
	if bytes.Equal(raw[:4], credentialAudit.abi.Errors["RegistryMismatch"].ID.Bytes()[:4]) {
		return credentialAudit.UnpackRegistryMismatchError(raw[4:])
	}
	if bytes.Equal(raw[:4], credentialAudit.abi.Errors["SenderNotActiveDevice"].ID.Bytes()[:4]) {
		return credentialAudit.UnpackSenderNotActiveDeviceError(raw[4:])
	}
	if bytes.Equal(raw[:4], credentialAudit.abi.Errors["SenderNotWallet"].ID.Bytes()[:4]) {
		return credentialAudit.UnpackSenderNotWalletError(raw[4:])
	}
	if bytes.Equal(raw[:4], credentialAudit.abi.Errors["StaleNonce"].ID.Bytes()[:4]) {
		return credentialAudit.UnpackStaleNonceError(raw[4:])
	}
	return nil, errors.New("Unknown error")
}

// CredentialAuditBatchEmpty represents a BatchEmpty error raised by the CredentialAudit contract.
type CredentialAuditBatchEmpty struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error BatchEmpty()
func CredentialAuditBatchEmptyErrorID() common.Hash {
	return common.HexToHash("0x50e980cc61cbc139cce5db720abf20938663aa742c8f1e42423e92f394698c2e")
}

// UnpackBatchEmptyError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error BatchEmpty()
func (credentialAudit *CredentialAudit) UnpackBatchEmptyError(raw []byte) (*CredentialAuditBatchEmpty, error) {
	out := new(CredentialAuditBatchEmpty)
	if err := credentialAudit.abi.UnpackIntoInterface(out, "BatchEmpty", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// CredentialAuditBatchIndexMismatch represents a BatchIndexMismatch error raised by the CredentialAudit contract.
type CredentialAuditBatchIndexMismatch struct {
	Next  uint64
	Given uint64
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error BatchIndexMismatch(uint64 next, uint64 given)
func CredentialAuditBatchIndexMismatchErrorID() common.Hash {
	return common.HexToHash("0x81170dbd8e5047395e66da5bff986cbf18e229e00626e4cdeee8327fc03a890e")
}

// UnpackBatchIndexMismatchError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error BatchIndexMismatch(uint64 next, uint64 given)
func (credentialAudit *CredentialAudit) UnpackBatchIndexMismatchError(raw []byte) (*CredentialAuditBatchIndexMismatch, error) {
	out := new(CredentialAuditBatchIndexMismatch)
	if err := credentialAudit.abi.UnpackIntoInterface(out, "BatchIndexMismatch", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// CredentialAuditDeadlinePassed represents a DeadlinePassed error raised by the CredentialAudit contract.
type CredentialAuditDeadlinePassed struct {
	Deadline uint64
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error DeadlinePassed(uint64 deadline)
func CredentialAuditDeadlinePassedErrorID() common.Hash {
	return common.HexToHash("0x6768091307d5da213ba3ac1392311a935d1607f1020232ee01d118de33b68661")
}

// UnpackDeadlinePassedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error DeadlinePassed(uint64 deadline)
func (credentialAudit *CredentialAudit) UnpackDeadlinePassedError(raw []byte) (*CredentialAuditDeadlinePassed, error) {
	out := new(CredentialAuditDeadlinePassed)
	if err := credentialAudit.abi.UnpackIntoInterface(out, "DeadlinePassed", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// CredentialAuditNotAnchorer represents a NotAnchorer error raised by the CredentialAudit contract.
type CredentialAuditNotAnchorer struct {
	Sender   common.Address
	Operator [32]byte
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error NotAnchorer(address sender, bytes32 operator)
func CredentialAuditNotAnchorerErrorID() common.Hash {
	return common.HexToHash("0x8d3c34d82821a210887e486923c19670eccb3941a379b6de13906b2aadf70705")
}

// UnpackNotAnchorerError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error NotAnchorer(address sender, bytes32 operator)
func (credentialAudit *CredentialAudit) UnpackNotAnchorerError(raw []byte) (*CredentialAuditNotAnchorer, error) {
	out := new(CredentialAuditNotAnchorer)
	if err := credentialAudit.abi.UnpackIntoInterface(out, "NotAnchorer", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// CredentialAuditOperatorIsFrozen represents a OperatorIsFrozen error raised by the CredentialAudit contract.
type CredentialAuditOperatorIsFrozen struct {
	Operator [32]byte
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error OperatorIsFrozen(bytes32 operator)
func CredentialAuditOperatorIsFrozenErrorID() common.Hash {
	return common.HexToHash("0x53cd24f2ca27d42cfcc7546d1d11d0278e86d363ec2542eaf53478c9fe29fb09")
}

// UnpackOperatorIsFrozenError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error OperatorIsFrozen(bytes32 operator)
func (credentialAudit *CredentialAudit) UnpackOperatorIsFrozenError(raw []byte) (*CredentialAuditOperatorIsFrozen, error) {
	out := new(CredentialAuditOperatorIsFrozen)
	if err := credentialAudit.abi.UnpackIntoInterface(out, "OperatorIsFrozen", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// CredentialAuditRegistryMismatch represents a RegistryMismatch error raised by the CredentialAudit contract.
type CredentialAuditRegistryMismatch struct {
	Registry common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error RegistryMismatch(address registry)
func CredentialAuditRegistryMismatchErrorID() common.Hash {
	return common.HexToHash("0xc6f278286170d3976361e9ce7ce0508cf04b6a636956f5e7662125aec23d7e6a")
}

// UnpackRegistryMismatchError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error RegistryMismatch(address registry)
func (credentialAudit *CredentialAudit) UnpackRegistryMismatchError(raw []byte) (*CredentialAuditRegistryMismatch, error) {
	out := new(CredentialAuditRegistryMismatch)
	if err := credentialAudit.abi.UnpackIntoInterface(out, "RegistryMismatch", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// CredentialAuditSenderNotActiveDevice represents a SenderNotActiveDevice error raised by the CredentialAudit contract.
type CredentialAuditSenderNotActiveDevice struct {
	Sender   common.Address
	Operator [32]byte
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error SenderNotActiveDevice(address sender, bytes32 operator)
func CredentialAuditSenderNotActiveDeviceErrorID() common.Hash {
	return common.HexToHash("0x5b1a21c8cf1e89ed36056d024ffc768a0be0a123164119e39dae522ee86fcfde")
}

// UnpackSenderNotActiveDeviceError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error SenderNotActiveDevice(address sender, bytes32 operator)
func (credentialAudit *CredentialAudit) UnpackSenderNotActiveDeviceError(raw []byte) (*CredentialAuditSenderNotActiveDevice, error) {
	out := new(CredentialAuditSenderNotActiveDevice)
	if err := credentialAudit.abi.UnpackIntoInterface(out, "SenderNotActiveDevice", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// CredentialAuditSenderNotWallet represents a SenderNotWallet error raised by the CredentialAudit contract.
type CredentialAuditSenderNotWallet struct {
	Sender common.Address
	Wallet common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error SenderNotWallet(address sender, address wallet)
func CredentialAuditSenderNotWalletErrorID() common.Hash {
	return common.HexToHash("0x945de9017a2d78d3ef1b9cc03bb8bb09662c7404232a555bcae04a4b399b305c")
}

// UnpackSenderNotWalletError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error SenderNotWallet(address sender, address wallet)
func (credentialAudit *CredentialAudit) UnpackSenderNotWalletError(raw []byte) (*CredentialAuditSenderNotWallet, error) {
	out := new(CredentialAuditSenderNotWallet)
	if err := credentialAudit.abi.UnpackIntoInterface(out, "SenderNotWallet", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// CredentialAuditStaleNonce represents a StaleNonce error raised by the CredentialAudit contract.
type CredentialAuditStaleNonce struct {
	Current uint64
	Signed  uint64
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error StaleNonce(uint64 current, uint64 signed)
func CredentialAuditStaleNonceErrorID() common.Hash {
	return common.HexToHash("0xaef79e28ffb5346feedf722506c2865b8a6f9fcfa1cba6c6e855c28094b831a9")
}

// UnpackStaleNonceError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error StaleNonce(uint64 current, uint64 signed)
func (credentialAudit *CredentialAudit) UnpackStaleNonceError(raw []byte) (*CredentialAuditStaleNonce, error) {
	out := new(CredentialAuditStaleNonce)
	if err := credentialAudit.abi.UnpackIntoInterface(out, "StaleNonce", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// K11VerifierMetaData contains all meta data concerning the K11Verifier contract.
var K11VerifierMetaData = bind.MetaData{
	ABI: "[{\"inputs\":[{\"internalType\":\"address\",\"name\":\"p256\",\"type\":\"address\"}],\"stateMutability\":\"nonpayable\",\"type\":\"constructor\"},{\"inputs\":[],\"name\":\"AuthenticatorDataTooShort\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"ChallengeMismatch\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"ClientDataTailRefused\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"ClientDataTooLong\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"ClientDataTooShort\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"ClientDataTypeMismatch\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"CrossOriginRefused\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"OriginMalformed\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"OriginMismatch\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"p256\",\"type\":\"address\"}],\"name\":\"P256HasNoCode\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"P256Unavailable\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"RpIdHashMismatch\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"SignatureInvalid\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"SignatureMalleable\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"UserNotPresent\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"UserNotVerified\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"MAX_CLIENT_DATA\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"challenge\",\"type\":\"bytes32\"},{\"components\":[{\"internalType\":\"bytes32\",\"name\":\"rpIdHash\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"originHash\",\"type\":\"bytes32\"},{\"internalType\":\"uint256\",\"name\":\"x\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"y\",\"type\":\"uint256\"}],\"internalType\":\"structK11Key\",\"name\":\"key\",\"type\":\"tuple\"},{\"components\":[{\"internalType\":\"bytes\",\"name\":\"authenticatorData\",\"type\":\"bytes\"},{\"internalType\":\"bytes\",\"name\":\"clientDataJSON\",\"type\":\"bytes\"},{\"internalType\":\"uint256\",\"name\":\"r\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"s\",\"type\":\"uint256\"}],\"internalType\":\"structK11Assertion\",\"name\":\"assertion\",\"type\":\"tuple\"}],\"name\":\"verify\",\"outputs\":[{\"internalType\":\"uint32\",\"name\":\"signCount\",\"type\":\"uint32\"}],\"stateMutability\":\"view\",\"type\":\"function\"}]",
	ID:  "dc956da55e107e64878942abfd418628bb",
	Bin: "0x60a0604052348015600f57600080fd5b5060405161119c38038061119c833981016040819052602c916075565b806001600160a01b03163b600003606557604051638df17e6360e01b81526001600160a01b038216600482015260240160405180910390fd5b6001600160a01b031660805260a3565b600060208284031215608657600080fd5b81516001600160a01b0381168114609c57600080fd5b9392505050565b6080516110de6100be60003960006106d201526110de6000f3fe608060405234801561001057600080fd5b50600436106100365760003560e01c806338041c171461003b5780635d696e3114610057575b600080fd5b61004461040081565b6040519081526020015b60405180910390f35b61006a610065366004610e91565b61007f565b60405163ffffffff909116815260200161004e565b600061009561008e8380610ee9565b85356100c3565b90506100b26100a76020840184610ee9565b86866020013561023e565b6100bc8383610531565b9392505050565b60006025831015610100576040517f244fbfc000000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b8184351461013a576040517f2a89d5ac00000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b60008484602081811061014f5761014f610f55565b7fff000000000000000000000000000000000000000000000000000000000000009201359182169250507f0100000000000000000000000000000000000000000000000000000000000000166000036101d4576040517fc1cc573b00000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b7f04000000000000000000000000000000000000000000000000000000000000008116600003610230576040517f7d93d32b00000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b505050506021013560e01c90565b61024a6024602c610fb3565b61025590600b610fb3565b831161028d576040517fdc8d971b00000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b6104008311156102c9576040517f8cd0b29300000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b6102f86102da602460008688610fc6565b60405180606001604052806024815260200161108560249139610806565b61032e576040517fa92abe9c00000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b61035b8460248561034082602c610fb3565b9261034d93929190610fc6565b61035685610832565b610806565b610391576040517f93a0d37800000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b61040284846103a26024602c610fb3565b906103af6024602c610fb3565b6103ba90600b610fb3565b926103c793929190610fc6565b6040518060400160405280600b81526020017f2c226f726967696e223a22000000000000000000000000000000000000000000815250610806565b610438576040517f1528b93200000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b600061045b858561044b6024602c610fb3565b61045690600b610fb3565b6108ff565b9050816002868661046e6024602c610fb3565b61047990600b610fb3565b61048592869290610fc6565b604051610493929190610ff0565b602060405180830381855afa1580156104b0573d6000803e3d6000fd5b5050506040513d601f19601f820116820180604052508101906104d39190611000565b1461050a576040517f6815de4200000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b61052a858561051a846001610fb3565b610525928290610fc6565b6109fe565b5050505050565b7f7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a88160600135111561058f576040517f08b02d8c00000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b6000600261059d8380610ee9565b60026105ac6020870187610ee9565b6040516105ba929190610ff0565b602060405180830381855afa1580156105d7573d6000803e3d6000fd5b5050506040513d601f19601f820116820180604052508101906105fa9190611000565b60405160200161060c93929190611019565b604080517fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0818403018152908290526106449161102b565b602060405180830381855afa158015610661573d6000803e3d6000fd5b5050506040513d601f19601f820116820180604052508101906106849190611000565b60408051602081018390528185013581830152606080860135828201529186013560808201529085013560a0820152909150600090819073ffffffffffffffffffffffffffffffffffffffff7f0000000000000000000000000000000000000000000000000000000000000000169060c001604080517fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe08184030181529082905261072e9161102b565b600060405180830381855afa9150503d8060008114610769576040519150601f19603f3d011682016040523d82523d6000602084013e61076e565b606091505b5091509150816107aa576040517fa82a91af00000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b805160201415806107cf5750808060200190518101906107ca9190611000565b600114155b1561052a576040517f37e8456b00000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b600081805190602001208484604051610820929190610ff0565b60405180910390201490509392505050565b60408051602c80825260608281019093526020820181803683370190505090507f4142434445464748494a4b4c4d4e4f505152535455565758595a6162636465666000527f6768696a6b6c6d6e6f707172737475767778797a303132333435363738392d5f602052602081016101005b60048111156108e4577ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa0183811c603f165160f81c82536001820191506108a2565b50603f8360021b165160f81c81536022600182015350919050565b805b828110156109cc57600084848381811061091d5761091d610f55565b909101357fff00000000000000000000000000000000000000000000000000000000000000169150507f220000000000000000000000000000000000000000000000000000000000000081900361097457506100bc565b7fff0000000000000000000000000000000000000000000000000000000000000081167f5c00000000000000000000000000000000000000000000000000000000000000036109c357506109cc565b50600101610901565b6040517f1528b93200000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b610a088282610ce8565b15610a11575050565b6014811080610a695750610a67610a2c601460008486610fc6565b6040518060400160405280601481526020017f2c2263726f73734f726967696e223a66616c7365000000000000000000000000815250610806565b155b15610aa0576040517fe370615d00000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b610aad8160148185610fc6565b91509150610abb8282610ce8565b15610ac4575050565b6002811080610b31575081816000818110610ae157610ae1610f55565b9050013560f81c60f81b7effffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff19167f2c0000000000000000000000000000000000000000000000000000000000000014155b80610ba357508181610b4460018261105a565b818110610b5357610b53610f55565b9050013560f81c60f81b7effffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff19167f7d0000000000000000000000000000000000000000000000000000000000000014155b15610bda576040517f159cf1e100000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b60005b81811015610ce3576000838383818110610bf957610bf9610f55565b909101357fff00000000000000000000000000000000000000000000000000000000000000169150507f5c00000000000000000000000000000000000000000000000000000000000000811480610ca357507f22000000000000000000000000000000000000000000000000000000000000007fff000000000000000000000000000000000000000000000000000000000000008216148015610ca35750610ca382850135610d60565b15610cda576040517f159cf1e100000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b50600101610bdd565b505050565b6000600182148015610d57575082826000818110610d0857610d08610f55565b9050013560f81c60f81b7effffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff19167f7d00000000000000000000000000000000000000000000000000000000000000145b90505b92915050565b6000610d8e827f22747970652200000000000000000000000000000000000000000000000000006006610e52565b80610dc05750610dc0827f226f726967696e220000000000000000000000000000000000000000000000006008610e52565b80610df25750610df2827f226368616c6c656e676522000000000000000000000000000000000000000000600b610e52565b80610e245750610e24827f22746f704f726967696e22000000000000000000000000000000000000000000600b610e52565b80610d5a5750610d5a827f2263726f73734f726967696e2200000000000000000000000000000000000000600d5b6000610e5f82600861106d565b610e6b9061010061105a565b9290931890911c1592915050565b600060808284031215610e8b57600080fd5b50919050565b600080600060c08486031215610ea657600080fd5b83359250610eb78560208601610e79565b915060a084013567ffffffffffffffff811115610ed357600080fd5b610edf86828701610e79565b9150509250925092565b60008083357fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe1843603018112610f1e57600080fd5b83018035915067ffffffffffffffff821115610f3957600080fd5b602001915036819003821315610f4e57600080fd5b9250929050565b7f4e487b7100000000000000000000000000000000000000000000000000000000600052603260045260246000fd5b7f4e487b7100000000000000000000000000000000000000000000000000000000600052601160045260246000fd5b80820180821115610d5a57610d5a610f84565b60008085851115610fd657600080fd5b83861115610fe357600080fd5b5050820193919092039150565b8183823760009101908152919050565b60006020828403121561101257600080fd5b5051919050565b82848237909101908152602001919050565b6000825160005b8181101561104c5760208186018101518583015201611032565b506000920191825250919050565b81810381811115610d5a57610d5a610f84565b8082028115828204841417610d5a57610d5a610f8456fe7b2274797065223a22776562617574686e2e676574222c226368616c6c656e6765223a22a2646970667358221220b57f5fc3e68a41dae9ae34add74f4e4de3e6500c6b280acdbec8c40ca88973d364736f6c634300081e0033",
}

// K11Verifier is an auto generated Go binding around an Ethereum contract.
type K11Verifier struct {
	abi abi.ABI
}

// GetABI returns the ABI associated with this contract binding.
func (c *K11Verifier) GetABI() abi.ABI {
	return c.abi
}

// NewK11Verifier creates a new instance of K11Verifier.
func NewK11Verifier() *K11Verifier {
	parsed, err := K11VerifierMetaData.ParseABI()
	if err != nil {
		panic(errors.New("invalid ABI: " + err.Error()))
	}
	return &K11Verifier{abi: *parsed}
}

// Instance creates a wrapper for a deployed contract instance at the given address.
// Use this to create the instance object passed to abigen v2 library functions Call, Transact, etc.
func (c *K11Verifier) Instance(backend bind.ContractBackend, addr common.Address) *bind.BoundContract {
	return bind.NewBoundContract(addr, c.abi, backend, backend, backend)
}

// PackConstructor is the Go binding used to pack the parameters required for
// contract deployment.
//
// Solidity: constructor(address p256) returns()
func (k11Verifier *K11Verifier) PackConstructor(p256 common.Address) []byte {
	enc, err := k11Verifier.abi.Pack("", p256)
	if err != nil {
		panic(err)
	}
	return enc
}

// PackMAXCLIENTDATA is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x38041c17.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function MAX_CLIENT_DATA() view returns(uint256)
func (k11Verifier *K11Verifier) PackMAXCLIENTDATA() []byte {
	enc, err := k11Verifier.abi.Pack("MAX_CLIENT_DATA")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackMAXCLIENTDATA is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x38041c17.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function MAX_CLIENT_DATA() view returns(uint256)
func (k11Verifier *K11Verifier) TryPackMAXCLIENTDATA() ([]byte, error) {
	return k11Verifier.abi.Pack("MAX_CLIENT_DATA")
}

// UnpackMAXCLIENTDATA is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x38041c17.
//
// Solidity: function MAX_CLIENT_DATA() view returns(uint256)
func (k11Verifier *K11Verifier) UnpackMAXCLIENTDATA(data []byte) (*big.Int, error) {
	out, err := k11Verifier.abi.Unpack("MAX_CLIENT_DATA", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackVerify is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x5d696e31.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function verify(bytes32 challenge, (bytes32,bytes32,uint256,uint256) key, (bytes,bytes,uint256,uint256) assertion) view returns(uint32 signCount)
func (k11Verifier *K11Verifier) PackVerify(challenge [32]byte, key K11Key, assertion K11Assertion) []byte {
	enc, err := k11Verifier.abi.Pack("verify", challenge, key, assertion)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackVerify is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x5d696e31.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function verify(bytes32 challenge, (bytes32,bytes32,uint256,uint256) key, (bytes,bytes,uint256,uint256) assertion) view returns(uint32 signCount)
func (k11Verifier *K11Verifier) TryPackVerify(challenge [32]byte, key K11Key, assertion K11Assertion) ([]byte, error) {
	return k11Verifier.abi.Pack("verify", challenge, key, assertion)
}

// UnpackVerify is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x5d696e31.
//
// Solidity: function verify(bytes32 challenge, (bytes32,bytes32,uint256,uint256) key, (bytes,bytes,uint256,uint256) assertion) view returns(uint32 signCount)
func (k11Verifier *K11Verifier) UnpackVerify(data []byte) (uint32, error) {
	out, err := k11Verifier.abi.Unpack("verify", data)
	if err != nil {
		return *new(uint32), err
	}
	out0 := *abi.ConvertType(out[0], new(uint32)).(*uint32)
	return out0, nil
}

// UnpackError attempts to decode the provided error data using user-defined
// error definitions.
func (k11Verifier *K11Verifier) UnpackError(raw []byte) (any, error) {
	if bytes.Equal(raw[:4], k11Verifier.abi.Errors["AuthenticatorDataTooShort"].ID.Bytes()[:4]) {
		return k11Verifier.UnpackAuthenticatorDataTooShortError(raw[4:])
	}
	if bytes.Equal(raw[:4], k11Verifier.abi.Errors["ChallengeMismatch"].ID.Bytes()[:4]) {
		return k11Verifier.UnpackChallengeMismatchError(raw[4:])
	}
	if bytes.Equal(raw[:4], k11Verifier.abi.Errors["ClientDataTailRefused"].ID.Bytes()[:4]) {
		return k11Verifier.UnpackClientDataTailRefusedError(raw[4:])
	}
	if bytes.Equal(raw[:4], k11Verifier.abi.Errors["ClientDataTooLong"].ID.Bytes()[:4]) {
		return k11Verifier.UnpackClientDataTooLongError(raw[4:])
	}
	if bytes.Equal(raw[:4], k11Verifier.abi.Errors["ClientDataTooShort"].ID.Bytes()[:4]) {
		return k11Verifier.UnpackClientDataTooShortError(raw[4:])
	}
	if bytes.Equal(raw[:4], k11Verifier.abi.Errors["ClientDataTypeMismatch"].ID.Bytes()[:4]) {
		return k11Verifier.UnpackClientDataTypeMismatchError(raw[4:])
	}
	if bytes.Equal(raw[:4], k11Verifier.abi.Errors["CrossOriginRefused"].ID.Bytes()[:4]) {
		return k11Verifier.UnpackCrossOriginRefusedError(raw[4:])
	}
	if bytes.Equal(raw[:4], k11Verifier.abi.Errors["OriginMalformed"].ID.Bytes()[:4]) {
		return k11Verifier.UnpackOriginMalformedError(raw[4:])
	}
	if bytes.Equal(raw[:4], k11Verifier.abi.Errors["OriginMismatch"].ID.Bytes()[:4]) {
		return k11Verifier.UnpackOriginMismatchError(raw[4:])
	}
	if bytes.Equal(raw[:4], k11Verifier.abi.Errors["P256HasNoCode"].ID.Bytes()[:4]) {
		return k11Verifier.UnpackP256HasNoCodeError(raw[4:])
	}
	if bytes.Equal(raw[:4], k11Verifier.abi.Errors["P256Unavailable"].ID.Bytes()[:4]) {
		return k11Verifier.UnpackP256UnavailableError(raw[4:])
	}
	if bytes.Equal(raw[:4], k11Verifier.abi.Errors["RpIdHashMismatch"].ID.Bytes()[:4]) {
		return k11Verifier.UnpackRpIdHashMismatchError(raw[4:])
	}
	if bytes.Equal(raw[:4], k11Verifier.abi.Errors["SignatureInvalid"].ID.Bytes()[:4]) {
		return k11Verifier.UnpackSignatureInvalidError(raw[4:])
	}
	if bytes.Equal(raw[:4], k11Verifier.abi.Errors["SignatureMalleable"].ID.Bytes()[:4]) {
		return k11Verifier.UnpackSignatureMalleableError(raw[4:])
	}
	if bytes.Equal(raw[:4], k11Verifier.abi.Errors["UserNotPresent"].ID.Bytes()[:4]) {
		return k11Verifier.UnpackUserNotPresentError(raw[4:])
	}
	if bytes.Equal(raw[:4], k11Verifier.abi.Errors["UserNotVerified"].ID.Bytes()[:4]) {
		return k11Verifier.UnpackUserNotVerifiedError(raw[4:])
	}
	return nil, errors.New("Unknown error")
}

// K11VerifierAuthenticatorDataTooShort represents a AuthenticatorDataTooShort error raised by the K11Verifier contract.
type K11VerifierAuthenticatorDataTooShort struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error AuthenticatorDataTooShort()
func K11VerifierAuthenticatorDataTooShortErrorID() common.Hash {
	return common.HexToHash("0x244fbfc09e39361d7fa5c252d4346d28441210adee57faab6ff68c80b4231511")
}

// UnpackAuthenticatorDataTooShortError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error AuthenticatorDataTooShort()
func (k11Verifier *K11Verifier) UnpackAuthenticatorDataTooShortError(raw []byte) (*K11VerifierAuthenticatorDataTooShort, error) {
	out := new(K11VerifierAuthenticatorDataTooShort)
	if err := k11Verifier.abi.UnpackIntoInterface(out, "AuthenticatorDataTooShort", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// K11VerifierChallengeMismatch represents a ChallengeMismatch error raised by the K11Verifier contract.
type K11VerifierChallengeMismatch struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ChallengeMismatch()
func K11VerifierChallengeMismatchErrorID() common.Hash {
	return common.HexToHash("0x93a0d378545965e101f1a0cc58e7786d688e45a9c324d28661c3556569b56c98")
}

// UnpackChallengeMismatchError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ChallengeMismatch()
func (k11Verifier *K11Verifier) UnpackChallengeMismatchError(raw []byte) (*K11VerifierChallengeMismatch, error) {
	out := new(K11VerifierChallengeMismatch)
	if err := k11Verifier.abi.UnpackIntoInterface(out, "ChallengeMismatch", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// K11VerifierClientDataTailRefused represents a ClientDataTailRefused error raised by the K11Verifier contract.
type K11VerifierClientDataTailRefused struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ClientDataTailRefused()
func K11VerifierClientDataTailRefusedErrorID() common.Hash {
	return common.HexToHash("0x159cf1e1efa3f21fac02b1d76efc792e7467942eb34984ebcc5849f3db42d735")
}

// UnpackClientDataTailRefusedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ClientDataTailRefused()
func (k11Verifier *K11Verifier) UnpackClientDataTailRefusedError(raw []byte) (*K11VerifierClientDataTailRefused, error) {
	out := new(K11VerifierClientDataTailRefused)
	if err := k11Verifier.abi.UnpackIntoInterface(out, "ClientDataTailRefused", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// K11VerifierClientDataTooLong represents a ClientDataTooLong error raised by the K11Verifier contract.
type K11VerifierClientDataTooLong struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ClientDataTooLong()
func K11VerifierClientDataTooLongErrorID() common.Hash {
	return common.HexToHash("0x8cd0b2936730dde59b65ee8d1eee6831e061cca84d4870386639f94fde76796d")
}

// UnpackClientDataTooLongError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ClientDataTooLong()
func (k11Verifier *K11Verifier) UnpackClientDataTooLongError(raw []byte) (*K11VerifierClientDataTooLong, error) {
	out := new(K11VerifierClientDataTooLong)
	if err := k11Verifier.abi.UnpackIntoInterface(out, "ClientDataTooLong", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// K11VerifierClientDataTooShort represents a ClientDataTooShort error raised by the K11Verifier contract.
type K11VerifierClientDataTooShort struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ClientDataTooShort()
func K11VerifierClientDataTooShortErrorID() common.Hash {
	return common.HexToHash("0xdc8d971baf36e54c068ab41065783baa24a3b297bf3fb1e1dd46669b19c994f0")
}

// UnpackClientDataTooShortError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ClientDataTooShort()
func (k11Verifier *K11Verifier) UnpackClientDataTooShortError(raw []byte) (*K11VerifierClientDataTooShort, error) {
	out := new(K11VerifierClientDataTooShort)
	if err := k11Verifier.abi.UnpackIntoInterface(out, "ClientDataTooShort", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// K11VerifierClientDataTypeMismatch represents a ClientDataTypeMismatch error raised by the K11Verifier contract.
type K11VerifierClientDataTypeMismatch struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ClientDataTypeMismatch()
func K11VerifierClientDataTypeMismatchErrorID() common.Hash {
	return common.HexToHash("0xa92abe9cfbec4bf661235f22d54eef82aff3b832f04765f8385d1b7b05135bba")
}

// UnpackClientDataTypeMismatchError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ClientDataTypeMismatch()
func (k11Verifier *K11Verifier) UnpackClientDataTypeMismatchError(raw []byte) (*K11VerifierClientDataTypeMismatch, error) {
	out := new(K11VerifierClientDataTypeMismatch)
	if err := k11Verifier.abi.UnpackIntoInterface(out, "ClientDataTypeMismatch", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// K11VerifierCrossOriginRefused represents a CrossOriginRefused error raised by the K11Verifier contract.
type K11VerifierCrossOriginRefused struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error CrossOriginRefused()
func K11VerifierCrossOriginRefusedErrorID() common.Hash {
	return common.HexToHash("0xe370615d5de71b431207bf673e7c27131adb90df7ab31281e34f07d077a02ab5")
}

// UnpackCrossOriginRefusedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error CrossOriginRefused()
func (k11Verifier *K11Verifier) UnpackCrossOriginRefusedError(raw []byte) (*K11VerifierCrossOriginRefused, error) {
	out := new(K11VerifierCrossOriginRefused)
	if err := k11Verifier.abi.UnpackIntoInterface(out, "CrossOriginRefused", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// K11VerifierOriginMalformed represents a OriginMalformed error raised by the K11Verifier contract.
type K11VerifierOriginMalformed struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error OriginMalformed()
func K11VerifierOriginMalformedErrorID() common.Hash {
	return common.HexToHash("0x1528b932010427b09505a1286365e29608c5e0484b16697d4b62fb224bb479ad")
}

// UnpackOriginMalformedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error OriginMalformed()
func (k11Verifier *K11Verifier) UnpackOriginMalformedError(raw []byte) (*K11VerifierOriginMalformed, error) {
	out := new(K11VerifierOriginMalformed)
	if err := k11Verifier.abi.UnpackIntoInterface(out, "OriginMalformed", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// K11VerifierOriginMismatch represents a OriginMismatch error raised by the K11Verifier contract.
type K11VerifierOriginMismatch struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error OriginMismatch()
func K11VerifierOriginMismatchErrorID() common.Hash {
	return common.HexToHash("0x6815de42979b353193796146f4bf439478b1e0816debe70f1d7ff661fcd1da6c")
}

// UnpackOriginMismatchError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error OriginMismatch()
func (k11Verifier *K11Verifier) UnpackOriginMismatchError(raw []byte) (*K11VerifierOriginMismatch, error) {
	out := new(K11VerifierOriginMismatch)
	if err := k11Verifier.abi.UnpackIntoInterface(out, "OriginMismatch", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// K11VerifierP256HasNoCode represents a P256HasNoCode error raised by the K11Verifier contract.
type K11VerifierP256HasNoCode struct {
	P256 common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error P256HasNoCode(address p256)
func K11VerifierP256HasNoCodeErrorID() common.Hash {
	return common.HexToHash("0x8df17e639172f451a242bcacad939e35d5dd69779705316ad97d7395e3babef7")
}

// UnpackP256HasNoCodeError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error P256HasNoCode(address p256)
func (k11Verifier *K11Verifier) UnpackP256HasNoCodeError(raw []byte) (*K11VerifierP256HasNoCode, error) {
	out := new(K11VerifierP256HasNoCode)
	if err := k11Verifier.abi.UnpackIntoInterface(out, "P256HasNoCode", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// K11VerifierP256Unavailable represents a P256Unavailable error raised by the K11Verifier contract.
type K11VerifierP256Unavailable struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error P256Unavailable()
func K11VerifierP256UnavailableErrorID() common.Hash {
	return common.HexToHash("0xa82a91af58f87bdd106611559be48edd02b86e4456b6a6e6a23b5ccbdb29da2f")
}

// UnpackP256UnavailableError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error P256Unavailable()
func (k11Verifier *K11Verifier) UnpackP256UnavailableError(raw []byte) (*K11VerifierP256Unavailable, error) {
	out := new(K11VerifierP256Unavailable)
	if err := k11Verifier.abi.UnpackIntoInterface(out, "P256Unavailable", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// K11VerifierRpIdHashMismatch represents a RpIdHashMismatch error raised by the K11Verifier contract.
type K11VerifierRpIdHashMismatch struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error RpIdHashMismatch()
func K11VerifierRpIdHashMismatchErrorID() common.Hash {
	return common.HexToHash("0x2a89d5acff547824e63086c115c1b3ff602d3f550e537a0e9f141fad7e2de4a3")
}

// UnpackRpIdHashMismatchError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error RpIdHashMismatch()
func (k11Verifier *K11Verifier) UnpackRpIdHashMismatchError(raw []byte) (*K11VerifierRpIdHashMismatch, error) {
	out := new(K11VerifierRpIdHashMismatch)
	if err := k11Verifier.abi.UnpackIntoInterface(out, "RpIdHashMismatch", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// K11VerifierSignatureInvalid represents a SignatureInvalid error raised by the K11Verifier contract.
type K11VerifierSignatureInvalid struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error SignatureInvalid()
func K11VerifierSignatureInvalidErrorID() common.Hash {
	return common.HexToHash("0x37e8456be3af09639527029b3e02b9ef1cbb2c9fbb32437a93fb87423db002e4")
}

// UnpackSignatureInvalidError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error SignatureInvalid()
func (k11Verifier *K11Verifier) UnpackSignatureInvalidError(raw []byte) (*K11VerifierSignatureInvalid, error) {
	out := new(K11VerifierSignatureInvalid)
	if err := k11Verifier.abi.UnpackIntoInterface(out, "SignatureInvalid", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// K11VerifierSignatureMalleable represents a SignatureMalleable error raised by the K11Verifier contract.
type K11VerifierSignatureMalleable struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error SignatureMalleable()
func K11VerifierSignatureMalleableErrorID() common.Hash {
	return common.HexToHash("0x08b02d8c148be6f0a2079ee53d37d20259004a4e6dcb56de1c243842fd006288")
}

// UnpackSignatureMalleableError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error SignatureMalleable()
func (k11Verifier *K11Verifier) UnpackSignatureMalleableError(raw []byte) (*K11VerifierSignatureMalleable, error) {
	out := new(K11VerifierSignatureMalleable)
	if err := k11Verifier.abi.UnpackIntoInterface(out, "SignatureMalleable", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// K11VerifierUserNotPresent represents a UserNotPresent error raised by the K11Verifier contract.
type K11VerifierUserNotPresent struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error UserNotPresent()
func K11VerifierUserNotPresentErrorID() common.Hash {
	return common.HexToHash("0xc1cc573b4808366304c37975e23e16c3148c1fba9ee63d83f88fe848ff4574d4")
}

// UnpackUserNotPresentError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error UserNotPresent()
func (k11Verifier *K11Verifier) UnpackUserNotPresentError(raw []byte) (*K11VerifierUserNotPresent, error) {
	out := new(K11VerifierUserNotPresent)
	if err := k11Verifier.abi.UnpackIntoInterface(out, "UserNotPresent", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// K11VerifierUserNotVerified represents a UserNotVerified error raised by the K11Verifier contract.
type K11VerifierUserNotVerified struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error UserNotVerified()
func K11VerifierUserNotVerifiedErrorID() common.Hash {
	return common.HexToHash("0x7d93d32b4c7ed2fa542700f39b4ae59341b5cb04d76043fdfe36185318674bb7")
}

// UnpackUserNotVerifiedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error UserNotVerified()
func (k11Verifier *K11Verifier) UnpackUserNotVerifiedError(raw []byte) (*K11VerifierUserNotVerified, error) {
	out := new(K11VerifierUserNotVerified)
	if err := k11Verifier.abi.UnpackIntoInterface(out, "UserNotVerified", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// K3EpochCounterMetaData contains all meta data concerning the K3EpochCounter contract.
var K3EpochCounterMetaData = bind.MetaData{
	ABI: "[{\"inputs\":[{\"internalType\":\"address\",\"name\":\"governance\",\"type\":\"address\"}],\"stateMutability\":\"nonpayable\",\"type\":\"constructor\"},{\"inputs\":[{\"internalType\":\"uint64\",\"name\":\"current\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"expected\",\"type\":\"uint64\"}],\"name\":\"EpochMismatch\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"GovernanceMissing\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"sender\",\"type\":\"address\"}],\"name\":\"NotGovernance\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"sender\",\"type\":\"address\"}],\"name\":\"NotPendingGovernance\",\"type\":\"error\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"address\",\"name\":\"governance\",\"type\":\"address\"},{\"indexed\":true,\"internalType\":\"address\",\"name\":\"pending\",\"type\":\"address\"}],\"name\":\"GovernanceOffered\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"address\",\"name\":\"previous\",\"type\":\"address\"},{\"indexed\":true,\"internalType\":\"address\",\"name\":\"governance\",\"type\":\"address\"}],\"name\":\"GovernanceTransferred\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"uint64\",\"name\":\"epoch\",\"type\":\"uint64\"},{\"indexed\":true,\"internalType\":\"address\",\"name\":\"governance\",\"type\":\"address\"}],\"name\":\"K3Rotated\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"address\",\"name\":\"maintainer\",\"type\":\"address\"}],\"name\":\"MaintainerSet\",\"type\":\"event\"},{\"inputs\":[],\"name\":\"acceptGovernance\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"uint64\",\"name\":\"expectedCurrent\",\"type\":\"uint64\"}],\"name\":\"advanceEpoch\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"currentEpoch\",\"outputs\":[{\"internalType\":\"uint64\",\"name\":\"\",\"type\":\"uint64\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"maintainer\",\"outputs\":[{\"internalType\":\"address\",\"name\":\"\",\"type\":\"address\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"next\",\"type\":\"address\"}],\"name\":\"offerGovernance\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"pendingGovernance\",\"outputs\":[{\"internalType\":\"address\",\"name\":\"\",\"type\":\"address\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"maintainer_\",\"type\":\"address\"}],\"name\":\"setMaintainer\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"signerGovernance\",\"outputs\":[{\"internalType\":\"address\",\"name\":\"\",\"type\":\"address\"}],\"stateMutability\":\"view\",\"type\":\"function\"}]",
	ID:  "50010c576575d2ba24ccbd24c7013ec9f8",
	Bin: "0x608060405260008054600160a01b600160e01b031916600160a01b179055348015602857600080fd5b5060405161071c38038061071c833981016040819052604591608f565b6001600160a01b038116606b57604051633525416760e01b815260040160405180910390fd5b600080546001600160a01b0319166001600160a01b039290921691909117905560bd565b60006020828403121560a057600080fd5b81516001600160a01b038116811460b657600080fd5b9392505050565b610650806100cc6000396000f3fe608060405234801561001057600080fd5b50600436106100885760003560e01c806347c490011161005b57806347c4900114610107578063766718081461011a5780639850d32b1461015f578063f39c38a01461017f57600080fd5b806313ea5d291461008d5780631ec47600146100a2578063238efcbc146100b55780633e38e55e146100bd575b600080fd5b6100a061009b366004610566565b61019f565b005b6100a06100b0366004610566565b610266565b6100a061032a565b6000546100dd9073ffffffffffffffffffffffffffffffffffffffff1681565b60405173ffffffffffffffffffffffffffffffffffffffff90911681526020015b60405180910390f35b6100a06101153660046105a3565b6103fa565b6000546101469074010000000000000000000000000000000000000000900467ffffffffffffffff1681565b60405167ffffffffffffffff90911681526020016100fe565b6002546100dd9073ffffffffffffffffffffffffffffffffffffffff1681565b6001546100dd9073ffffffffffffffffffffffffffffffffffffffff1681565b60005473ffffffffffffffffffffffffffffffffffffffff1633146101f7576040517f988d1f030000000000000000000000000000000000000000000000000000000081523360048201526024015b60405180910390fd5b600280547fffffffffffffffffffffffff00000000000000000000000000000000000000001673ffffffffffffffffffffffffffffffffffffffff83169081179091556040517f0f10c1d0da464c1238d07effa37ea79a31fff7393da1bf0a720107001f6700b890600090a250565b60005473ffffffffffffffffffffffffffffffffffffffff1633146102b9576040517f988d1f030000000000000000000000000000000000000000000000000000000081523360048201526024016101ee565b600180547fffffffffffffffffffffffff00000000000000000000000000000000000000001673ffffffffffffffffffffffffffffffffffffffff831690811790915560405133907fe2cf19bc3a4f7edc3e0765e015d6e4000adcfb25d192641c89d4d2c4e3849be390600090a350565b60015473ffffffffffffffffffffffffffffffffffffffff16331461037d576040517f8396ca090000000000000000000000000000000000000000000000000000000081523360048201526024016101ee565b60008054604051339273ffffffffffffffffffffffffffffffffffffffff909216917f5f56bee8cffbe9a78652a74a60705edede02af10b0bbb888ca44b79a0d42ce8091a3600080547fffffffffffffffffffffffff00000000000000000000000000000000000000009081163317909155600180549091169055565b60005473ffffffffffffffffffffffffffffffffffffffff16331461044d576040517f988d1f030000000000000000000000000000000000000000000000000000000081523360048201526024016101ee565b60005467ffffffffffffffff74010000000000000000000000000000000000000000909104811690821681146104c3576040517f75174c0b00000000000000000000000000000000000000000000000000000000815267ffffffffffffffff8083166004830152831660248201526044016101ee565b6104ce8160016105cd565b6000805467ffffffffffffffff9290921674010000000000000000000000000000000000000000027fffffffff0000000000000000ffffffffffffffffffffffffffffffffffffffff9092169190911790553361052c8260016105cd565b67ffffffffffffffff167fe7dbd4c450c0745cc24e3074a927cbef3b4ae86e3a3001f67eae9ac93fee8e8160405160405180910390a35050565b60006020828403121561057857600080fd5b813573ffffffffffffffffffffffffffffffffffffffff8116811461059c57600080fd5b9392505050565b6000602082840312156105b557600080fd5b813567ffffffffffffffff8116811461059c57600080fd5b67ffffffffffffffff8181168382160190811115610614577f4e487b7100000000000000000000000000000000000000000000000000000000600052601160045260246000fd5b9291505056fea264697066735822122071aee984cfcf2d4c9c1fb13aea0dcbd5eb65cb85543bec50a457f4e06fcc827964736f6c634300081e0033",
}

// K3EpochCounter is an auto generated Go binding around an Ethereum contract.
type K3EpochCounter struct {
	abi abi.ABI
}

// GetABI returns the ABI associated with this contract binding.
func (c *K3EpochCounter) GetABI() abi.ABI {
	return c.abi
}

// NewK3EpochCounter creates a new instance of K3EpochCounter.
func NewK3EpochCounter() *K3EpochCounter {
	parsed, err := K3EpochCounterMetaData.ParseABI()
	if err != nil {
		panic(errors.New("invalid ABI: " + err.Error()))
	}
	return &K3EpochCounter{abi: *parsed}
}

// Instance creates a wrapper for a deployed contract instance at the given address.
// Use this to create the instance object passed to abigen v2 library functions Call, Transact, etc.
func (c *K3EpochCounter) Instance(backend bind.ContractBackend, addr common.Address) *bind.BoundContract {
	return bind.NewBoundContract(addr, c.abi, backend, backend, backend)
}

// PackConstructor is the Go binding used to pack the parameters required for
// contract deployment.
//
// Solidity: constructor(address governance) returns()
func (k3EpochCounter *K3EpochCounter) PackConstructor(governance common.Address) []byte {
	enc, err := k3EpochCounter.abi.Pack("", governance)
	if err != nil {
		panic(err)
	}
	return enc
}

// PackAcceptGovernance is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x238efcbc.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function acceptGovernance() returns()
func (k3EpochCounter *K3EpochCounter) PackAcceptGovernance() []byte {
	enc, err := k3EpochCounter.abi.Pack("acceptGovernance")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackAcceptGovernance is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x238efcbc.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function acceptGovernance() returns()
func (k3EpochCounter *K3EpochCounter) TryPackAcceptGovernance() ([]byte, error) {
	return k3EpochCounter.abi.Pack("acceptGovernance")
}

// PackAdvanceEpoch is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x47c49001.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function advanceEpoch(uint64 expectedCurrent) returns()
func (k3EpochCounter *K3EpochCounter) PackAdvanceEpoch(expectedCurrent uint64) []byte {
	enc, err := k3EpochCounter.abi.Pack("advanceEpoch", expectedCurrent)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackAdvanceEpoch is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x47c49001.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function advanceEpoch(uint64 expectedCurrent) returns()
func (k3EpochCounter *K3EpochCounter) TryPackAdvanceEpoch(expectedCurrent uint64) ([]byte, error) {
	return k3EpochCounter.abi.Pack("advanceEpoch", expectedCurrent)
}

// PackCurrentEpoch is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x76671808.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function currentEpoch() view returns(uint64)
func (k3EpochCounter *K3EpochCounter) PackCurrentEpoch() []byte {
	enc, err := k3EpochCounter.abi.Pack("currentEpoch")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackCurrentEpoch is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x76671808.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function currentEpoch() view returns(uint64)
func (k3EpochCounter *K3EpochCounter) TryPackCurrentEpoch() ([]byte, error) {
	return k3EpochCounter.abi.Pack("currentEpoch")
}

// UnpackCurrentEpoch is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x76671808.
//
// Solidity: function currentEpoch() view returns(uint64)
func (k3EpochCounter *K3EpochCounter) UnpackCurrentEpoch(data []byte) (uint64, error) {
	out, err := k3EpochCounter.abi.Unpack("currentEpoch", data)
	if err != nil {
		return *new(uint64), err
	}
	out0 := *abi.ConvertType(out[0], new(uint64)).(*uint64)
	return out0, nil
}

// PackMaintainer is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x9850d32b.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function maintainer() view returns(address)
func (k3EpochCounter *K3EpochCounter) PackMaintainer() []byte {
	enc, err := k3EpochCounter.abi.Pack("maintainer")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackMaintainer is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x9850d32b.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function maintainer() view returns(address)
func (k3EpochCounter *K3EpochCounter) TryPackMaintainer() ([]byte, error) {
	return k3EpochCounter.abi.Pack("maintainer")
}

// UnpackMaintainer is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x9850d32b.
//
// Solidity: function maintainer() view returns(address)
func (k3EpochCounter *K3EpochCounter) UnpackMaintainer(data []byte) (common.Address, error) {
	out, err := k3EpochCounter.abi.Unpack("maintainer", data)
	if err != nil {
		return *new(common.Address), err
	}
	out0 := *abi.ConvertType(out[0], new(common.Address)).(*common.Address)
	return out0, nil
}

// PackOfferGovernance is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x1ec47600.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function offerGovernance(address next) returns()
func (k3EpochCounter *K3EpochCounter) PackOfferGovernance(next common.Address) []byte {
	enc, err := k3EpochCounter.abi.Pack("offerGovernance", next)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackOfferGovernance is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x1ec47600.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function offerGovernance(address next) returns()
func (k3EpochCounter *K3EpochCounter) TryPackOfferGovernance(next common.Address) ([]byte, error) {
	return k3EpochCounter.abi.Pack("offerGovernance", next)
}

// PackPendingGovernance is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xf39c38a0.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function pendingGovernance() view returns(address)
func (k3EpochCounter *K3EpochCounter) PackPendingGovernance() []byte {
	enc, err := k3EpochCounter.abi.Pack("pendingGovernance")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackPendingGovernance is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xf39c38a0.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function pendingGovernance() view returns(address)
func (k3EpochCounter *K3EpochCounter) TryPackPendingGovernance() ([]byte, error) {
	return k3EpochCounter.abi.Pack("pendingGovernance")
}

// UnpackPendingGovernance is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xf39c38a0.
//
// Solidity: function pendingGovernance() view returns(address)
func (k3EpochCounter *K3EpochCounter) UnpackPendingGovernance(data []byte) (common.Address, error) {
	out, err := k3EpochCounter.abi.Unpack("pendingGovernance", data)
	if err != nil {
		return *new(common.Address), err
	}
	out0 := *abi.ConvertType(out[0], new(common.Address)).(*common.Address)
	return out0, nil
}

// PackSetMaintainer is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x13ea5d29.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function setMaintainer(address maintainer_) returns()
func (k3EpochCounter *K3EpochCounter) PackSetMaintainer(maintainer common.Address) []byte {
	enc, err := k3EpochCounter.abi.Pack("setMaintainer", maintainer)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackSetMaintainer is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x13ea5d29.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function setMaintainer(address maintainer_) returns()
func (k3EpochCounter *K3EpochCounter) TryPackSetMaintainer(maintainer common.Address) ([]byte, error) {
	return k3EpochCounter.abi.Pack("setMaintainer", maintainer)
}

// PackSignerGovernance is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x3e38e55e.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function signerGovernance() view returns(address)
func (k3EpochCounter *K3EpochCounter) PackSignerGovernance() []byte {
	enc, err := k3EpochCounter.abi.Pack("signerGovernance")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackSignerGovernance is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x3e38e55e.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function signerGovernance() view returns(address)
func (k3EpochCounter *K3EpochCounter) TryPackSignerGovernance() ([]byte, error) {
	return k3EpochCounter.abi.Pack("signerGovernance")
}

// UnpackSignerGovernance is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x3e38e55e.
//
// Solidity: function signerGovernance() view returns(address)
func (k3EpochCounter *K3EpochCounter) UnpackSignerGovernance(data []byte) (common.Address, error) {
	out, err := k3EpochCounter.abi.Unpack("signerGovernance", data)
	if err != nil {
		return *new(common.Address), err
	}
	out0 := *abi.ConvertType(out[0], new(common.Address)).(*common.Address)
	return out0, nil
}

// K3EpochCounterGovernanceOffered represents a GovernanceOffered event raised by the K3EpochCounter contract.
type K3EpochCounterGovernanceOffered struct {
	Governance common.Address
	Pending    common.Address
	Raw        *types.Log // Blockchain specific contextual infos
}

const K3EpochCounterGovernanceOfferedEventName = "GovernanceOffered"

// ContractEventName returns the user-defined event name.
func (K3EpochCounterGovernanceOffered) ContractEventName() string {
	return K3EpochCounterGovernanceOfferedEventName
}

// UnpackGovernanceOfferedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event GovernanceOffered(address indexed governance, address indexed pending)
func (k3EpochCounter *K3EpochCounter) UnpackGovernanceOfferedEvent(log *types.Log) (*K3EpochCounterGovernanceOffered, error) {
	event := "GovernanceOffered"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != k3EpochCounter.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(K3EpochCounterGovernanceOffered)
	if len(log.Data) > 0 {
		if err := k3EpochCounter.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range k3EpochCounter.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// K3EpochCounterGovernanceTransferred represents a GovernanceTransferred event raised by the K3EpochCounter contract.
type K3EpochCounterGovernanceTransferred struct {
	Previous   common.Address
	Governance common.Address
	Raw        *types.Log // Blockchain specific contextual infos
}

const K3EpochCounterGovernanceTransferredEventName = "GovernanceTransferred"

// ContractEventName returns the user-defined event name.
func (K3EpochCounterGovernanceTransferred) ContractEventName() string {
	return K3EpochCounterGovernanceTransferredEventName
}

// UnpackGovernanceTransferredEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event GovernanceTransferred(address indexed previous, address indexed governance)
func (k3EpochCounter *K3EpochCounter) UnpackGovernanceTransferredEvent(log *types.Log) (*K3EpochCounterGovernanceTransferred, error) {
	event := "GovernanceTransferred"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != k3EpochCounter.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(K3EpochCounterGovernanceTransferred)
	if len(log.Data) > 0 {
		if err := k3EpochCounter.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range k3EpochCounter.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// K3EpochCounterK3Rotated represents a K3Rotated event raised by the K3EpochCounter contract.
type K3EpochCounterK3Rotated struct {
	Epoch      uint64
	Governance common.Address
	Raw        *types.Log // Blockchain specific contextual infos
}

const K3EpochCounterK3RotatedEventName = "K3Rotated"

// ContractEventName returns the user-defined event name.
func (K3EpochCounterK3Rotated) ContractEventName() string {
	return K3EpochCounterK3RotatedEventName
}

// UnpackK3RotatedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event K3Rotated(uint64 indexed epoch, address indexed governance)
func (k3EpochCounter *K3EpochCounter) UnpackK3RotatedEvent(log *types.Log) (*K3EpochCounterK3Rotated, error) {
	event := "K3Rotated"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != k3EpochCounter.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(K3EpochCounterK3Rotated)
	if len(log.Data) > 0 {
		if err := k3EpochCounter.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range k3EpochCounter.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// K3EpochCounterMaintainerSet represents a MaintainerSet event raised by the K3EpochCounter contract.
type K3EpochCounterMaintainerSet struct {
	Maintainer common.Address
	Raw        *types.Log // Blockchain specific contextual infos
}

const K3EpochCounterMaintainerSetEventName = "MaintainerSet"

// ContractEventName returns the user-defined event name.
func (K3EpochCounterMaintainerSet) ContractEventName() string {
	return K3EpochCounterMaintainerSetEventName
}

// UnpackMaintainerSetEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event MaintainerSet(address indexed maintainer)
func (k3EpochCounter *K3EpochCounter) UnpackMaintainerSetEvent(log *types.Log) (*K3EpochCounterMaintainerSet, error) {
	event := "MaintainerSet"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != k3EpochCounter.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(K3EpochCounterMaintainerSet)
	if len(log.Data) > 0 {
		if err := k3EpochCounter.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range k3EpochCounter.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// UnpackError attempts to decode the provided error data using user-defined
// error definitions.
func (k3EpochCounter *K3EpochCounter) UnpackError(raw []byte) (any, error) {
	if bytes.Equal(raw[:4], k3EpochCounter.abi.Errors["EpochMismatch"].ID.Bytes()[:4]) {
		return k3EpochCounter.UnpackEpochMismatchError(raw[4:])
	}
	if bytes.Equal(raw[:4], k3EpochCounter.abi.Errors["GovernanceMissing"].ID.Bytes()[:4]) {
		return k3EpochCounter.UnpackGovernanceMissingError(raw[4:])
	}
	if bytes.Equal(raw[:4], k3EpochCounter.abi.Errors["NotGovernance"].ID.Bytes()[:4]) {
		return k3EpochCounter.UnpackNotGovernanceError(raw[4:])
	}
	if bytes.Equal(raw[:4], k3EpochCounter.abi.Errors["NotPendingGovernance"].ID.Bytes()[:4]) {
		return k3EpochCounter.UnpackNotPendingGovernanceError(raw[4:])
	}
	return nil, errors.New("Unknown error")
}

// K3EpochCounterEpochMismatch represents a EpochMismatch error raised by the K3EpochCounter contract.
type K3EpochCounterEpochMismatch struct {
	Current  uint64
	Expected uint64
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error EpochMismatch(uint64 current, uint64 expected)
func K3EpochCounterEpochMismatchErrorID() common.Hash {
	return common.HexToHash("0x75174c0b10ffddbb73255cd067b3d3a12c25b9fb182e7d7d91081a53abc88c60")
}

// UnpackEpochMismatchError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error EpochMismatch(uint64 current, uint64 expected)
func (k3EpochCounter *K3EpochCounter) UnpackEpochMismatchError(raw []byte) (*K3EpochCounterEpochMismatch, error) {
	out := new(K3EpochCounterEpochMismatch)
	if err := k3EpochCounter.abi.UnpackIntoInterface(out, "EpochMismatch", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// K3EpochCounterGovernanceMissing represents a GovernanceMissing error raised by the K3EpochCounter contract.
type K3EpochCounterGovernanceMissing struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error GovernanceMissing()
func K3EpochCounterGovernanceMissingErrorID() common.Hash {
	return common.HexToHash("0x352541679d7832ddba30c0989844461b80f00fbc1f95e3e8910a442def178de1")
}

// UnpackGovernanceMissingError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error GovernanceMissing()
func (k3EpochCounter *K3EpochCounter) UnpackGovernanceMissingError(raw []byte) (*K3EpochCounterGovernanceMissing, error) {
	out := new(K3EpochCounterGovernanceMissing)
	if err := k3EpochCounter.abi.UnpackIntoInterface(out, "GovernanceMissing", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// K3EpochCounterNotGovernance represents a NotGovernance error raised by the K3EpochCounter contract.
type K3EpochCounterNotGovernance struct {
	Sender common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error NotGovernance(address sender)
func K3EpochCounterNotGovernanceErrorID() common.Hash {
	return common.HexToHash("0x988d1f034409fa6034c96c7a747f1aface3c57af045046793082b71a663c0040")
}

// UnpackNotGovernanceError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error NotGovernance(address sender)
func (k3EpochCounter *K3EpochCounter) UnpackNotGovernanceError(raw []byte) (*K3EpochCounterNotGovernance, error) {
	out := new(K3EpochCounterNotGovernance)
	if err := k3EpochCounter.abi.UnpackIntoInterface(out, "NotGovernance", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// K3EpochCounterNotPendingGovernance represents a NotPendingGovernance error raised by the K3EpochCounter contract.
type K3EpochCounterNotPendingGovernance struct {
	Sender common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error NotPendingGovernance(address sender)
func K3EpochCounterNotPendingGovernanceErrorID() common.Hash {
	return common.HexToHash("0x8396ca09b59585751789260b5463547053fa14bb4fc675ccb5c36dd529111cdd")
}

// UnpackNotPendingGovernanceError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error NotPendingGovernance(address sender)
func (k3EpochCounter *K3EpochCounter) UnpackNotPendingGovernanceError(raw []byte) (*K3EpochCounterNotPendingGovernance, error) {
	out := new(K3EpochCounterNotPendingGovernance)
	if err := k3EpochCounter.abi.UnpackIntoInterface(out, "NotPendingGovernance", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// P256RouterMetaData contains all meta data concerning the P256Router contract.
var P256RouterMetaData = bind.MetaData{
	ABI: "[{\"inputs\":[{\"internalType\":\"address\",\"name\":\"verifier\",\"type\":\"address\"}],\"stateMutability\":\"nonpayable\",\"type\":\"constructor\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"verifier\",\"type\":\"address\"}],\"name\":\"VerifierHasNoCode\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"VerifierUnavailable\",\"type\":\"error\"},{\"stateMutability\":\"nonpayable\",\"type\":\"fallback\"}]",
	ID:  "c14b592db584e46487cd9815db7b357230",
	Bin: "0x60a0604052348015600f57600080fd5b506040516101dd3803806101dd833981016040819052602c916075565b806001600160a01b03163b60000360655760405163b3136e4760e01b81526001600160a01b038216600482015260240160405180910390fd5b6001600160a01b031660805260a3565b600060208284031215608657600080fd5b81516001600160a01b0381168114609c57600080fd5b9392505050565b6080516101206100bd6000396000603201526101206000f3fe6080604052348015600f57600080fd5b5060003660a003609257602561010061c350609c565b90508060011460925760567f00000000000000000000000000000000000000000000000000000000000000005a609c565b905060018111156092576040517f4286f1fe00000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b8060005260206000f35b600060a060006080376020600060a060808686fa7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff91503d60201481161560e35760005191505b509291505056fea26469706673582212204b65c346ace5b3575207d3cc85faf3305abf675433a9059211cc24de2a1aacac64736f6c634300081e0033",
}

// P256Router is an auto generated Go binding around an Ethereum contract.
type P256Router struct {
	abi abi.ABI
}

// GetABI returns the ABI associated with this contract binding.
func (c *P256Router) GetABI() abi.ABI {
	return c.abi
}

// NewP256Router creates a new instance of P256Router.
func NewP256Router() *P256Router {
	parsed, err := P256RouterMetaData.ParseABI()
	if err != nil {
		panic(errors.New("invalid ABI: " + err.Error()))
	}
	return &P256Router{abi: *parsed}
}

// Instance creates a wrapper for a deployed contract instance at the given address.
// Use this to create the instance object passed to abigen v2 library functions Call, Transact, etc.
func (c *P256Router) Instance(backend bind.ContractBackend, addr common.Address) *bind.BoundContract {
	return bind.NewBoundContract(addr, c.abi, backend, backend, backend)
}

// PackConstructor is the Go binding used to pack the parameters required for
// contract deployment.
//
// Solidity: constructor(address verifier) returns()
func (p256Router *P256Router) PackConstructor(verifier common.Address) []byte {
	enc, err := p256Router.abi.Pack("", verifier)
	if err != nil {
		panic(err)
	}
	return enc
}

// UnpackError attempts to decode the provided error data using user-defined
// error definitions.
func (p256Router *P256Router) UnpackError(raw []byte) (any, error) {
	if bytes.Equal(raw[:4], p256Router.abi.Errors["VerifierHasNoCode"].ID.Bytes()[:4]) {
		return p256Router.UnpackVerifierHasNoCodeError(raw[4:])
	}
	if bytes.Equal(raw[:4], p256Router.abi.Errors["VerifierUnavailable"].ID.Bytes()[:4]) {
		return p256Router.UnpackVerifierUnavailableError(raw[4:])
	}
	return nil, errors.New("Unknown error")
}

// P256RouterVerifierHasNoCode represents a VerifierHasNoCode error raised by the P256Router contract.
type P256RouterVerifierHasNoCode struct {
	Verifier common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error VerifierHasNoCode(address verifier)
func P256RouterVerifierHasNoCodeErrorID() common.Hash {
	return common.HexToHash("0xb3136e47b488884d7871edd9162260482e3c3098ce1129ef742064342e81091f")
}

// UnpackVerifierHasNoCodeError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error VerifierHasNoCode(address verifier)
func (p256Router *P256Router) UnpackVerifierHasNoCodeError(raw []byte) (*P256RouterVerifierHasNoCode, error) {
	out := new(P256RouterVerifierHasNoCode)
	if err := p256Router.abi.UnpackIntoInterface(out, "VerifierHasNoCode", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// P256RouterVerifierUnavailable represents a VerifierUnavailable error raised by the P256Router contract.
type P256RouterVerifierUnavailable struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error VerifierUnavailable()
func P256RouterVerifierUnavailableErrorID() common.Hash {
	return common.HexToHash("0x4286f1fecdf4d1ae9533a74b054c9543c5566f750a419743b392daa18b8ad792")
}

// UnpackVerifierUnavailableError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error VerifierUnavailable()
func (p256Router *P256Router) UnpackVerifierUnavailableError(raw []byte) (*P256RouterVerifierUnavailable, error) {
	out := new(P256RouterVerifierUnavailable)
	if err := p256Router.abi.UnpackIntoInterface(out, "VerifierUnavailable", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// P256VerifierMetaData contains all meta data concerning the P256Verifier contract.
var P256VerifierMetaData = bind.MetaData{
	ABI: "[{\"stateMutability\":\"nonpayable\",\"type\":\"fallback\"}]",
	ID:  "f303f1fc3cedbdf8c2701ca7d1e380ff23",
	Bin: "0x6080604052348015600f57600080fd5b506110248061001f6000396000f3fe608060405234801561001057600080fd5b5060003660a003610047576000356020356040356060356080356100378585858585610051565b1561004157600195505b50505050505b8060005260206000f35b600084158061008057507fffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc6325518510155b80610089575083155b806100b457507fffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc6325518410155b806100c657506100c4838361025e565b155b156100d357506000610255565b6100dd83836103c7565b6000610109857fffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc6325516105f2565b905060008061015e7fffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551848b097fffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551858b09610660565b91509150806000036101765760009350505050610255565b7fffffffff00000001000000000000000000000000ffffffffffffffffffffffff81890982036101ac5760019350505050610255565b6101f67fffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc6325517fffffffff00000001000000000000000000000000ffffffffffffffffffffffff610fc8565b8810801561024f57507fffffffff00000001000000000000000000000000ffffffffffffffffffffffff8161024b7fffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc6325518b610fdb565b0982145b93505050505b95945050505050565b60007fffffffff00000001000000000000000000000000ffffffffffffffffffffffff831015806102af57507fffffffff00000001000000000000000000000000ffffffffffffffffffffffff8210155b156102bc575060006103c1565b60007fffffffff00000001000000000000000000000000ffffffffffffffffffffffff7f5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b7fffffffff00000001000000000000000000000000ffffffffffffffffffffffff867fffffffff00000001000000000000000000000000ffffffffffffffffffffffff61036e60037fffffffff00000001000000000000000000000000ffffffffffffffffffffffff610fc8565b7fffffffff00000001000000000000000000000000ffffffffffffffffffffffff8a8b090809089050807fffffffff00000001000000000000000000000000ffffffffffffffffffffffff848509149150505b92915050565b6105008290526105208190526001610540819052610560526103ed600183836002610875565b6103fb600283836003610875565b60015b60048110156105075761045d817f6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c2967f4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5610458836004610fdb565b610875565b6104ae817f7cf27b188d034f7e8a52380304b51ac3c08969e277f21b35a60b48fc476699787f07775510db8ed040293d9ac69f7430dbba7dade63ce982299e04b79d227873d1610458836008610fdb565b6104ff817f5ecbe4d1a6330a44c8f7ef951d4bf165e6c6b721efada985fb41661bc6e7fd6c7f8734640c4998ff7e374b06ce1a64a2ecd82ab036384fb83d9a79b127a27d503261045883600c610fdb565b6001016103fe565b507f6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296610180527f4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f56101a0527f7cf27b188d034f7e8a52380304b51ac3c08969e277f21b35a60b48fc47669978610280527f07775510db8ed040293d9ac69f7430dbba7dade63ce982299e04b79d227873d16102a0527f5ecbe4d1a6330a44c8f7ef951d4bf165e6c6b721efada985fb41661bc6e7fd6c610380527f8734640c4998ff7e374b06ce1a64a2ecd82ab036384fb83d9a79b127a27d50326103a0526105ee610dc7565b5050565b6020610e80818152610ea0829052610ec0829052610ee08490527ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe8301610f0052610f2083905260009190829060c09060055afa60203d14811661065557600080fd5b505060005192915050565b6000807fffffffff00000001000000000000000000000000ffffffffffffffffffffffff60008060805b801561086a578383840884818209858183099150858189098687888a8c08898b8b038d0809600309878883840889038983840908995087888886098903898a8d8c0386088409089650505085878209965050848382099250508383840884818209858183099150858189098687888a8c08898b8b038d0809600309878883840889038983840908995087888886098903898a8d8c03860884090896505050858782099650508483820992505060c08760f81c166103008960f61c16178860021b98508760021b97508061075d5750610843565b60a08101518061076e575050610843565b608082015191508661078b57909650600195509250849150610843565b8588870387898509088686880388878509088082176107fa57878384089050878182099850878982099550878985099150878889600187088a60018c038808096003099050878883840889038983840908995087888488098903898a8d8c038608840908965050505050610843565b87828309925087838a09985087838b0993508783830992508783870995508788858608890389858b038b8586090808995087888489098903898a8d8c0388088409089650505050505b7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff0161068a565b505050509250929050565b8360071b6104800193508060071b61048001905060408401516060850151855160208701517fffffffff00000001000000000000000000000000ffffffffffffffffffffffff827fffffffff00000001000000000000000000000000ffffffffffffffffffffffff037fffffffff00000001000000000000000000000000ffffffffffffffffffffffff868a09087fffffffff00000001000000000000000000000000ffffffffffffffffffffffff827fffffffff00000001000000000000000000000000ffffffffffffffffffffffff037fffffffff00000001000000000000000000000000ffffffffffffffffffffffff868a09088181178015610b7e577fffffffff00000001000000000000000000000000ffffffffffffffffffffffff83840998507fffffffff00000001000000000000000000000000ffffffffffffffffffffffff89880996507fffffffff00000001000000000000000000000000ffffffffffffffffffffffff89860999507fffffffff00000001000000000000000000000000ffffffffffffffffffffffff89840998507fffffffff00000001000000000000000000000000ffffffffffffffffffffffff89870995507fffffffff00000001000000000000000000000000ffffffffffffffffffffffff808b8c087fffffffff00000001000000000000000000000000ffffffffffffffffffffffff037fffffffff00000001000000000000000000000000ffffffffffffffffffffffff8b7fffffffff00000001000000000000000000000000ffffffffffffffffffffffff037fffffffff00000001000000000000000000000000ffffffffffffffffffffffff868709080894507fffffffff00000001000000000000000000000000ffffffffffffffffffffffff808a86097fffffffff00000001000000000000000000000000ffffffffffffffffffffffff037fffffffff00000001000000000000000000000000ffffffffffffffffffffffff80887fffffffff00000001000000000000000000000000ffffffffffffffffffffffff038e088509089350610da9565b7fffffffff00000001000000000000000000000000ffffffffffffffffffffffff898a0891507fffffffff00000001000000000000000000000000ffffffffffffffffffffffff82830996507fffffffff00000001000000000000000000000000ffffffffffffffffffffffff87830995507fffffffff00000001000000000000000000000000ffffffffffffffffffffffff878b0992507fffffffff00000001000000000000000000000000ffffffffffffffffffffffff807fffffffff00000001000000000000000000000000ffffffffffffffffffffffff60018d087fffffffff00000001000000000000000000000000ffffffffffffffffffffffff7fffffffff00000001000000000000000000000000fffffffffffffffffffffffe8e080960030991507fffffffff00000001000000000000000000000000ffffffffffffffffffffffff808485087fffffffff00000001000000000000000000000000ffffffffffffffffffffffff037fffffffff00000001000000000000000000000000ffffffffffffffffffffffff8485090894507fffffffff00000001000000000000000000000000ffffffffffffffffffffffff808a88097fffffffff00000001000000000000000000000000ffffffffffffffffffffffff037fffffffff00000001000000000000000000000000ffffffffffffffffffffffff80887fffffffff00000001000000000000000000000000ffffffffffffffffffffffff03870885090893505b50505090845260208401526040830191909152606090910152505050565b6001805b6010811015610e2a576003811615610e2257818160051b610c8001528060071b60606104800101518015610e20577fffffffff00000001000000000000000000000000ffffffffffffffffffffffff81840992505b505b600101610dcb565b506000610e57827fffffffff00000001000000000000000000000000ffffffffffffffffffffffff6105f2565b9050600f5b8015610f94576003811615610f6d578060071b610480018160061b60800160608201518060008114610f60577fffffffff00000001000000000000000000000000ffffffffffffffffffffffff8560051b610c80015187097fffffffff00000001000000000000000000000000ffffffffffffffffffffffff83880996507fffffffff00000001000000000000000000000000ffffffffffffffffffffffff816040870151097fffffffff00000001000000000000000000000000ffffffffffffffffffffffff808283098751098552507fffffffff00000001000000000000000000000000ffffffffffffffffffffffff81602087015109602085015250610f68565b600060208401525b505050505b7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff01610e5c565b505050565b7f4e487b7100000000000000000000000000000000000000000000000000000000600052601160045260246000fd5b818103818111156103c1576103c1610f99565b808201808211156103c1576103c1610f9956fea264697066735822122086342124f6261d0458d9bf47f7ae39dd683a720858c2d98e793a6a376defd20f64736f6c634300081e0033",
}

// P256Verifier is an auto generated Go binding around an Ethereum contract.
type P256Verifier struct {
	abi abi.ABI
}

// GetABI returns the ABI associated with this contract binding.
func (c *P256Verifier) GetABI() abi.ABI {
	return c.abi
}

// NewP256Verifier creates a new instance of P256Verifier.
func NewP256Verifier() *P256Verifier {
	parsed, err := P256VerifierMetaData.ParseABI()
	if err != nil {
		panic(errors.New("invalid ABI: " + err.Error()))
	}
	return &P256Verifier{abi: *parsed}
}

// Instance creates a wrapper for a deployed contract instance at the given address.
// Use this to create the instance object passed to abigen v2 library functions Call, Transact, etc.
func (c *P256Verifier) Instance(backend bind.ContractBackend, addr common.Address) *bind.BoundContract {
	return bind.NewBoundContract(addr, c.abi, backend, backend, backend)
}

// SidecarRegistryMetaData contains all meta data concerning the SidecarRegistry contract.
var SidecarRegistryMetaData = bind.MetaData{
	ABI: "[{\"inputs\":[{\"internalType\":\"contractIK11Verifier\",\"name\":\"verifier_\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"scope_\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"audit_\",\"type\":\"address\"},{\"internalType\":\"uint64\",\"name\":\"recoveryDelay_\",\"type\":\"uint64\"}],\"stateMutability\":\"nonpayable\",\"type\":\"constructor\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"actor\",\"type\":\"bytes32\"}],\"name\":\"ActorIsOperator\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"actor\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"owner\",\"type\":\"bytes32\"}],\"name\":\"ActorOfOtherOperator\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"AuditMissing\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"recovered\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"agent\",\"type\":\"address\"}],\"name\":\"ConsentNotByAgent\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"CredentialIdMissing\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint64\",\"name\":\"deadline\",\"type\":\"uint64\"}],\"name\":\"DeadlinePassed\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"deviceKeyHash\",\"type\":\"bytes32\"}],\"name\":\"DeviceAlreadyRegistered\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"deviceKeyHash\",\"type\":\"bytes32\"}],\"name\":\"DeviceIsRevoked\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"deviceKeyHash\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"}],\"name\":\"DeviceOfOtherOperator\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"deviceKeyHash\",\"type\":\"bytes32\"}],\"name\":\"DeviceUnknown\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"digest\",\"type\":\"bytes32\"}],\"name\":\"DigestSpent\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"K10SignatureInvalid\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"K10SignatureSTooHigh\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint8\",\"name\":\"v\",\"type\":\"uint8\"}],\"name\":\"K10SignatureVInvalid\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"deviceKeyHash\",\"type\":\"bytes32\"},{\"internalType\":\"uint64\",\"name\":\"recoveryFrom\",\"type\":\"uint64\"}],\"name\":\"NewcomerMaturing\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"}],\"name\":\"NoRotationPending\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"deviceKeyHash\",\"type\":\"bytes32\"}],\"name\":\"NotAgentDevice\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"caller\",\"type\":\"address\"}],\"name\":\"NotConsumer\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"}],\"name\":\"NotFrozen\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"deviceKeyHash\",\"type\":\"bytes32\"}],\"name\":\"NotMasterDevice\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"deviceKeyHash\",\"type\":\"bytes32\"}],\"name\":\"NotMaturing\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"sender\",\"type\":\"address\"},{\"internalType\":\"bytes32\",\"name\":\"deviceKeyHash\",\"type\":\"bytes32\"}],\"name\":\"NotRevoker\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"expected\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"given\",\"type\":\"bytes32\"}],\"name\":\"OmniMismatch\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"}],\"name\":\"OperatorIsFrozen\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"passkeyHash\",\"type\":\"bytes32\"}],\"name\":\"PasskeyAlreadyRegistered\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"deviceKeyHash\",\"type\":\"bytes32\"}],\"name\":\"PasskeyMissing\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint8\",\"name\":\"threshold\",\"type\":\"uint8\"}],\"name\":\"ProposalRefused\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"votes\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"needed\",\"type\":\"uint256\"}],\"name\":\"QuorumTooSmall\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint64\",\"name\":\"delay\",\"type\":\"uint64\"}],\"name\":\"RecoveryDelayInvalid\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"deviceKeyHash\",\"type\":\"bytes32\"},{\"internalType\":\"uint64\",\"name\":\"recoveryFrom\",\"type\":\"uint64\"}],\"name\":\"RecoveryNotMature\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"deviceKeyHash\",\"type\":\"bytes32\"},{\"internalType\":\"uint8\",\"name\":\"role\",\"type\":\"uint8\"}],\"name\":\"RoleMissing\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint8\",\"name\":\"roles\",\"type\":\"uint8\"}],\"name\":\"RolesInvalid\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"recovered\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"newWallet\",\"type\":\"address\"}],\"name\":\"RotationNotByNewWallet\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint64\",\"name\":\"effectiveAt\",\"type\":\"uint64\"}],\"name\":\"RotationNotDue\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"newWallet\",\"type\":\"address\"},{\"internalType\":\"uint64\",\"name\":\"effectiveAt\",\"type\":\"uint64\"}],\"name\":\"RotationPending\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"ScopeMissing\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"sender\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"wallet\",\"type\":\"address\"}],\"name\":\"SenderNotWallet\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"deviceKeyHash\",\"type\":\"bytes32\"},{\"internalType\":\"uint32\",\"name\":\"last\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"given\",\"type\":\"uint32\"}],\"name\":\"SignCountNotIncreased\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint64\",\"name\":\"current\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"signed\",\"type\":\"uint64\"}],\"name\":\"StaleNonce\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"deviceKeyHash\",\"type\":\"bytes32\"}],\"name\":\"TargetIsWallet\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"deviceKeyHash\",\"type\":\"bytes32\"}],\"name\":\"TargetMayNotVote\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint8\",\"name\":\"threshold\",\"type\":\"uint8\"},{\"internalType\":\"uint256\",\"name\":\"recoveryMasters\",\"type\":\"uint256\"}],\"name\":\"ThresholdInvalid\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"remaining\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"needed\",\"type\":\"uint256\"}],\"name\":\"TooFewRecoveryMasters\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"VerifierMissing\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"deviceKeyHash\",\"type\":\"bytes32\"}],\"name\":\"VoteDuplicate\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"before\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"deviceKeyHash\",\"type\":\"bytes32\"}],\"name\":\"VotesUnordered\",\"type\":\"error\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"},{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"actor\",\"type\":\"bytes32\"}],\"name\":\"ActorOwned\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"},{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"deviceKeyHash\",\"type\":\"bytes32\"},{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"digest\",\"type\":\"bytes32\"},{\"indexed\":false,\"internalType\":\"uint32\",\"name\":\"signCount\",\"type\":\"uint32\"}],\"name\":\"AssertionConsumed\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"},{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"actor\",\"type\":\"bytes32\"},{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"deviceKeyHash\",\"type\":\"bytes32\"},{\"indexed\":false,\"internalType\":\"address\",\"name\":\"account\",\"type\":\"address\"},{\"indexed\":false,\"internalType\":\"uint8\",\"name\":\"tier\",\"type\":\"uint8\"},{\"indexed\":false,\"internalType\":\"uint8\",\"name\":\"roles\",\"type\":\"uint8\"}],\"name\":\"DeviceRegistered\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"},{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"actor\",\"type\":\"bytes32\"},{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"deviceKeyHash\",\"type\":\"bytes32\"}],\"name\":\"DeviceRevoked\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"},{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"deviceKeyHash\",\"type\":\"bytes32\"},{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"by\",\"type\":\"bytes32\"}],\"name\":\"MasterCancelled\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"},{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"deviceKeyHash\",\"type\":\"bytes32\"},{\"indexed\":false,\"internalType\":\"uint64\",\"name\":\"recoveryFrom\",\"type\":\"uint64\"}],\"name\":\"MasterMaturing\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"},{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"deviceKeyHash\",\"type\":\"bytes32\"},{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"newcomer\",\"type\":\"bytes32\"}],\"name\":\"MasterReplaced\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"},{\"indexed\":true,\"internalType\":\"address\",\"name\":\"retired\",\"type\":\"address\"},{\"indexed\":true,\"internalType\":\"address\",\"name\":\"newWallet\",\"type\":\"address\"},{\"indexed\":false,\"internalType\":\"bool\",\"name\":\"passkeyRevoked\",\"type\":\"bool\"}],\"name\":\"MasterWalletRetired\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"},{\"indexed\":true,\"internalType\":\"address\",\"name\":\"wallet\",\"type\":\"address\"}],\"name\":\"MasterWalletSet\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"},{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"by\",\"type\":\"bytes32\"}],\"name\":\"OperatorFrozen\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"},{\"indexed\":false,\"internalType\":\"uint64\",\"name\":\"nonce\",\"type\":\"uint64\"}],\"name\":\"OperatorNonceAdvanced\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"},{\"indexed\":false,\"internalType\":\"uint64\",\"name\":\"freezeNonce\",\"type\":\"uint64\"}],\"name\":\"OperatorUnfrozen\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"},{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"deviceKeyHash\",\"type\":\"bytes32\"},{\"indexed\":false,\"internalType\":\"bytes32\",\"name\":\"k11CredId\",\"type\":\"bytes32\"},{\"indexed\":false,\"internalType\":\"bytes32\",\"name\":\"k11RpIdHash\",\"type\":\"bytes32\"},{\"indexed\":false,\"internalType\":\"bytes32\",\"name\":\"k11OriginHash\",\"type\":\"bytes32\"},{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"k11PubX\",\"type\":\"uint256\"},{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"k11PubY\",\"type\":\"uint256\"}],\"name\":\"PasskeyRegistered\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"},{\"indexed\":false,\"internalType\":\"uint64\",\"name\":\"nonce\",\"type\":\"uint64\"}],\"name\":\"RecoveryNonceAdvanced\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"},{\"indexed\":false,\"internalType\":\"uint8\",\"name\":\"threshold\",\"type\":\"uint8\"}],\"name\":\"RecoveryThresholdSet\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"},{\"indexed\":true,\"internalType\":\"address\",\"name\":\"newWallet\",\"type\":\"address\"}],\"name\":\"RotationCancelled\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"},{\"indexed\":true,\"internalType\":\"address\",\"name\":\"newWallet\",\"type\":\"address\"},{\"indexed\":false,\"internalType\":\"bool\",\"name\":\"revokePasskey\",\"type\":\"bool\"},{\"indexed\":false,\"internalType\":\"uint64\",\"name\":\"effectiveAt\",\"type\":\"uint64\"}],\"name\":\"RotationProposed\",\"type\":\"event\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"actor\",\"type\":\"bytes32\"}],\"name\":\"actorOwner\",\"outputs\":[{\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"audit\",\"outputs\":[{\"internalType\":\"address\",\"name\":\"\",\"type\":\"address\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"components\":[{\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"deviceKeyHash\",\"type\":\"bytes32\"},{\"internalType\":\"uint64\",\"name\":\"deadline\",\"type\":\"uint64\"}],\"internalType\":\"structCancelMaster\",\"name\":\"operation\",\"type\":\"tuple\"},{\"components\":[{\"internalType\":\"bytes32\",\"name\":\"deviceKeyHash\",\"type\":\"bytes32\"},{\"components\":[{\"internalType\":\"bytes\",\"name\":\"authenticatorData\",\"type\":\"bytes\"},{\"internalType\":\"bytes\",\"name\":\"clientDataJSON\",\"type\":\"bytes\"},{\"internalType\":\"uint256\",\"name\":\"r\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"s\",\"type\":\"uint256\"}],\"internalType\":\"structK11Assertion\",\"name\":\"assertion\",\"type\":\"tuple\"}],\"internalType\":\"structMasterAssertion\",\"name\":\"master\",\"type\":\"tuple\"}],\"name\":\"cancelMaster\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"}],\"name\":\"cancelRotation\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"components\":[{\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"},{\"internalType\":\"address\",\"name\":\"newWallet\",\"type\":\"address\"},{\"internalType\":\"uint64\",\"name\":\"deadline\",\"type\":\"uint64\"}],\"internalType\":\"structCancelRotation\",\"name\":\"operation\",\"type\":\"tuple\"},{\"components\":[{\"internalType\":\"bytes32\",\"name\":\"deviceKeyHash\",\"type\":\"bytes32\"},{\"components\":[{\"internalType\":\"bytes\",\"name\":\"authenticatorData\",\"type\":\"bytes\"},{\"internalType\":\"bytes\",\"name\":\"clientDataJSON\",\"type\":\"bytes\"},{\"internalType\":\"uint256\",\"name\":\"r\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"s\",\"type\":\"uint256\"}],\"internalType\":\"structK11Assertion\",\"name\":\"assertion\",\"type\":\"tuple\"}],\"internalType\":\"structMasterAssertion\",\"name\":\"master\",\"type\":\"tuple\"}],\"name\":\"cancelRotationWithWebauthn\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"}],\"name\":\"completeRotation\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"},{\"internalType\":\"uint8\",\"name\":\"role\",\"type\":\"uint8\"},{\"internalType\":\"bytes32\",\"name\":\"structHash\",\"type\":\"bytes32\"},{\"components\":[{\"internalType\":\"bytes32\",\"name\":\"deviceKeyHash\",\"type\":\"bytes32\"},{\"components\":[{\"internalType\":\"bytes\",\"name\":\"authenticatorData\",\"type\":\"bytes\"},{\"internalType\":\"bytes\",\"name\":\"clientDataJSON\",\"type\":\"bytes\"},{\"internalType\":\"uint256\",\"name\":\"r\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"s\",\"type\":\"uint256\"}],\"internalType\":\"structK11Assertion\",\"name\":\"assertion\",\"type\":\"tuple\"}],\"internalType\":\"structMasterAssertion\",\"name\":\"master\",\"type\":\"tuple\"}],\"name\":\"consumeAssertion\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"components\":[{\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"},{\"internalType\":\"uint64\",\"name\":\"nonce\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"deadline\",\"type\":\"uint64\"}],\"internalType\":\"structFreeze\",\"name\":\"operation\",\"type\":\"tuple\"},{\"components\":[{\"internalType\":\"bytes32\",\"name\":\"deviceKeyHash\",\"type\":\"bytes32\"},{\"components\":[{\"internalType\":\"bytes\",\"name\":\"authenticatorData\",\"type\":\"bytes\"},{\"internalType\":\"bytes\",\"name\":\"clientDataJSON\",\"type\":\"bytes\"},{\"internalType\":\"uint256\",\"name\":\"r\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"s\",\"type\":\"uint256\"}],\"internalType\":\"structK11Assertion\",\"name\":\"assertion\",\"type\":\"tuple\"}],\"internalType\":\"structMasterAssertion\",\"name\":\"master\",\"type\":\"tuple\"}],\"name\":\"freeze\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"}],\"name\":\"freezeNonce\",\"outputs\":[{\"internalType\":\"uint64\",\"name\":\"\",\"type\":\"uint64\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"}],\"name\":\"frozen\",\"outputs\":[{\"internalType\":\"bool\",\"name\":\"\",\"type\":\"bool\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"deviceKeyHash\",\"type\":\"bytes32\"}],\"name\":\"getDevice\",\"outputs\":[{\"components\":[{\"internalType\":\"bytes32\",\"name\":\"operatorOmni\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"actorOmni\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"k11CredId\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"k11RpIdHash\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"k11OriginHash\",\"type\":\"bytes32\"},{\"internalType\":\"uint256\",\"name\":\"k11PubX\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"k11PubY\",\"type\":\"uint256\"},{\"internalType\":\"uint8\",\"name\":\"tier\",\"type\":\"uint8\"},{\"internalType\":\"uint8\",\"name\":\"roles\",\"type\":\"uint8\"},{\"internalType\":\"uint64\",\"name\":\"registeredAt\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"recoveryFrom\",\"type\":\"uint64\"},{\"internalType\":\"uint32\",\"name\":\"lastSignCount\",\"type\":\"uint32\"},{\"internalType\":\"bool\",\"name\":\"revoked\",\"type\":\"bool\"}],\"internalType\":\"structDeviceEntry\",\"name\":\"\",\"type\":\"tuple\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"}],\"name\":\"getOperatorDevices\",\"outputs\":[{\"internalType\":\"bytes32[]\",\"name\":\"keys\",\"type\":\"bytes32[]\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"deviceKeyHash\",\"type\":\"bytes32\"}],\"name\":\"isActive\",\"outputs\":[{\"internalType\":\"bool\",\"name\":\"\",\"type\":\"bool\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"k11Verifier\",\"outputs\":[{\"internalType\":\"address\",\"name\":\"\",\"type\":\"address\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"}],\"name\":\"masterWallet\",\"outputs\":[{\"internalType\":\"address\",\"name\":\"\",\"type\":\"address\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"}],\"name\":\"maturingMaster\",\"outputs\":[{\"internalType\":\"bytes32\",\"name\":\"\",\"type\":\"bytes32\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"}],\"name\":\"operatorNonce\",\"outputs\":[{\"internalType\":\"uint64\",\"name\":\"\",\"type\":\"uint64\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"}],\"name\":\"pendingRotation\",\"outputs\":[{\"internalType\":\"address\",\"name\":\"newWallet\",\"type\":\"address\"},{\"internalType\":\"bool\",\"name\":\"revokePasskey\",\"type\":\"bool\"},{\"internalType\":\"uint64\",\"name\":\"effectiveAt\",\"type\":\"uint64\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"recoveryDelay\",\"outputs\":[{\"internalType\":\"uint64\",\"name\":\"\",\"type\":\"uint64\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"}],\"name\":\"recoveryMasterCount\",\"outputs\":[{\"internalType\":\"uint256\",\"name\":\"\",\"type\":\"uint256\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"}],\"name\":\"recoveryMasters\",\"outputs\":[{\"internalType\":\"bytes32[]\",\"name\":\"keys\",\"type\":\"bytes32[]\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"}],\"name\":\"recoveryNonce\",\"outputs\":[{\"internalType\":\"uint64\",\"name\":\"\",\"type\":\"uint64\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"}],\"name\":\"recoveryThreshold\",\"outputs\":[{\"internalType\":\"uint8\",\"name\":\"\",\"type\":\"uint8\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"components\":[{\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"},{\"components\":[{\"internalType\":\"bytes32\",\"name\":\"k11CredId\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"k11RpIdHash\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"k11OriginHash\",\"type\":\"bytes32\"},{\"internalType\":\"uint256\",\"name\":\"k11PubX\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"k11PubY\",\"type\":\"uint256\"},{\"internalType\":\"uint8\",\"name\":\"roles\",\"type\":\"uint8\"}],\"internalType\":\"structNewcomer\",\"name\":\"newcomer\",\"type\":\"tuple\"},{\"internalType\":\"bool\",\"name\":\"immediate\",\"type\":\"bool\"},{\"internalType\":\"uint64\",\"name\":\"nonce\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"deadline\",\"type\":\"uint64\"}],\"internalType\":\"structRegisterMaster\",\"name\":\"operation\",\"type\":\"tuple\"},{\"components\":[{\"internalType\":\"bytes32\",\"name\":\"deviceKeyHash\",\"type\":\"bytes32\"},{\"components\":[{\"internalType\":\"bytes\",\"name\":\"authenticatorData\",\"type\":\"bytes\"},{\"internalType\":\"bytes\",\"name\":\"clientDataJSON\",\"type\":\"bytes\"},{\"internalType\":\"uint256\",\"name\":\"r\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"s\",\"type\":\"uint256\"}],\"internalType\":\"structK11Assertion\",\"name\":\"assertion\",\"type\":\"tuple\"}],\"internalType\":\"structMasterAssertion[]\",\"name\":\"votes\",\"type\":\"tuple[]\"},{\"components\":[{\"internalType\":\"bytes\",\"name\":\"authenticatorData\",\"type\":\"bytes\"},{\"internalType\":\"bytes\",\"name\":\"clientDataJSON\",\"type\":\"bytes\"},{\"internalType\":\"uint256\",\"name\":\"r\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"s\",\"type\":\"uint256\"}],\"internalType\":\"structK11Assertion\",\"name\":\"selfAssertion\",\"type\":\"tuple\"}],\"name\":\"registerAdditionalMasterDevice\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"components\":[{\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"actor\",\"type\":\"bytes32\"},{\"internalType\":\"address\",\"name\":\"agent\",\"type\":\"address\"},{\"internalType\":\"uint64\",\"name\":\"nonce\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"deadline\",\"type\":\"uint64\"}],\"internalType\":\"structBindAgent\",\"name\":\"operation\",\"type\":\"tuple\"},{\"components\":[{\"internalType\":\"uint64\",\"name\":\"deadline\",\"type\":\"uint64\"},{\"internalType\":\"uint8\",\"name\":\"v\",\"type\":\"uint8\"},{\"internalType\":\"bytes32\",\"name\":\"r\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"s\",\"type\":\"bytes32\"}],\"internalType\":\"structConsentSignature\",\"name\":\"consent\",\"type\":\"tuple\"},{\"components\":[{\"internalType\":\"bytes32\",\"name\":\"deviceKeyHash\",\"type\":\"bytes32\"},{\"components\":[{\"internalType\":\"bytes\",\"name\":\"authenticatorData\",\"type\":\"bytes\"},{\"internalType\":\"bytes\",\"name\":\"clientDataJSON\",\"type\":\"bytes\"},{\"internalType\":\"uint256\",\"name\":\"r\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"s\",\"type\":\"uint256\"}],\"internalType\":\"structK11Assertion\",\"name\":\"assertion\",\"type\":\"tuple\"}],\"internalType\":\"structMasterAssertion\",\"name\":\"master\",\"type\":\"tuple\"}],\"name\":\"registerAgentDevice\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"components\":[{\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"},{\"internalType\":\"address\",\"name\":\"wallet\",\"type\":\"address\"},{\"internalType\":\"bytes32\",\"name\":\"k11CredId\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"k11RpIdHash\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"k11OriginHash\",\"type\":\"bytes32\"},{\"internalType\":\"uint256\",\"name\":\"k11PubX\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"k11PubY\",\"type\":\"uint256\"},{\"internalType\":\"uint64\",\"name\":\"nonce\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"deadline\",\"type\":\"uint64\"}],\"internalType\":\"structRegisterFirstMaster\",\"name\":\"operation\",\"type\":\"tuple\"},{\"components\":[{\"internalType\":\"bytes\",\"name\":\"authenticatorData\",\"type\":\"bytes\"},{\"internalType\":\"bytes\",\"name\":\"clientDataJSON\",\"type\":\"bytes\"},{\"internalType\":\"uint256\",\"name\":\"r\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"s\",\"type\":\"uint256\"}],\"internalType\":\"structK11Assertion\",\"name\":\"selfAssertion\",\"type\":\"tuple\"}],\"name\":\"registerFirstMasterDevice\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"components\":[{\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"deviceKeyHash\",\"type\":\"bytes32\"},{\"components\":[{\"internalType\":\"bytes32\",\"name\":\"k11CredId\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"k11RpIdHash\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"k11OriginHash\",\"type\":\"bytes32\"},{\"internalType\":\"uint256\",\"name\":\"k11PubX\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"k11PubY\",\"type\":\"uint256\"},{\"internalType\":\"uint8\",\"name\":\"roles\",\"type\":\"uint8\"}],\"internalType\":\"structNewcomer\",\"name\":\"newcomer\",\"type\":\"tuple\"},{\"internalType\":\"uint64\",\"name\":\"nonce\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"deadline\",\"type\":\"uint64\"}],\"internalType\":\"structReplaceMaster\",\"name\":\"operation\",\"type\":\"tuple\"},{\"components\":[{\"internalType\":\"bytes32\",\"name\":\"deviceKeyHash\",\"type\":\"bytes32\"},{\"components\":[{\"internalType\":\"bytes\",\"name\":\"authenticatorData\",\"type\":\"bytes\"},{\"internalType\":\"bytes\",\"name\":\"clientDataJSON\",\"type\":\"bytes\"},{\"internalType\":\"uint256\",\"name\":\"r\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"s\",\"type\":\"uint256\"}],\"internalType\":\"structK11Assertion\",\"name\":\"assertion\",\"type\":\"tuple\"}],\"internalType\":\"structMasterAssertion[]\",\"name\":\"votes\",\"type\":\"tuple[]\"},{\"components\":[{\"internalType\":\"bytes\",\"name\":\"authenticatorData\",\"type\":\"bytes\"},{\"internalType\":\"bytes\",\"name\":\"clientDataJSON\",\"type\":\"bytes\"},{\"internalType\":\"uint256\",\"name\":\"r\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"s\",\"type\":\"uint256\"}],\"internalType\":\"structK11Assertion\",\"name\":\"selfAssertion\",\"type\":\"tuple\"}],\"name\":\"replaceMasterDevice\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"account\",\"type\":\"address\"}],\"name\":\"resolve\",\"outputs\":[{\"internalType\":\"uint8\",\"name\":\"kind\",\"type\":\"uint8\"},{\"internalType\":\"bytes32\",\"name\":\"operatorOmni\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"actorOmni\",\"type\":\"bytes32\"},{\"internalType\":\"uint8\",\"name\":\"status\",\"type\":\"uint8\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"deviceKeyHash\",\"type\":\"bytes32\"}],\"name\":\"revokeAgentDevice\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"components\":[{\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"deviceKeyHash\",\"type\":\"bytes32\"},{\"internalType\":\"uint64\",\"name\":\"deadline\",\"type\":\"uint64\"}],\"internalType\":\"structRevokeAgent\",\"name\":\"operation\",\"type\":\"tuple\"},{\"components\":[{\"internalType\":\"bytes32\",\"name\":\"deviceKeyHash\",\"type\":\"bytes32\"},{\"components\":[{\"internalType\":\"bytes\",\"name\":\"authenticatorData\",\"type\":\"bytes\"},{\"internalType\":\"bytes\",\"name\":\"clientDataJSON\",\"type\":\"bytes\"},{\"internalType\":\"uint256\",\"name\":\"r\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"s\",\"type\":\"uint256\"}],\"internalType\":\"structK11Assertion\",\"name\":\"assertion\",\"type\":\"tuple\"}],\"internalType\":\"structMasterAssertion\",\"name\":\"master\",\"type\":\"tuple\"}],\"name\":\"revokeAgentDeviceWithWebauthn\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"components\":[{\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"deviceKeyHash\",\"type\":\"bytes32\"},{\"internalType\":\"uint64\",\"name\":\"nonce\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"deadline\",\"type\":\"uint64\"}],\"internalType\":\"structRevokeMaster\",\"name\":\"operation\",\"type\":\"tuple\"},{\"components\":[{\"internalType\":\"bytes32\",\"name\":\"deviceKeyHash\",\"type\":\"bytes32\"},{\"components\":[{\"internalType\":\"bytes\",\"name\":\"authenticatorData\",\"type\":\"bytes\"},{\"internalType\":\"bytes\",\"name\":\"clientDataJSON\",\"type\":\"bytes\"},{\"internalType\":\"uint256\",\"name\":\"r\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"s\",\"type\":\"uint256\"}],\"internalType\":\"structK11Assertion\",\"name\":\"assertion\",\"type\":\"tuple\"}],\"internalType\":\"structMasterAssertion[]\",\"name\":\"votes\",\"type\":\"tuple[]\"}],\"name\":\"revokeMasterDevice\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"components\":[{\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"},{\"internalType\":\"address\",\"name\":\"newWallet\",\"type\":\"address\"},{\"internalType\":\"bool\",\"name\":\"revokePasskey\",\"type\":\"bool\"},{\"internalType\":\"bool\",\"name\":\"immediate\",\"type\":\"bool\"},{\"internalType\":\"uint64\",\"name\":\"nonce\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"deadline\",\"type\":\"uint64\"}],\"internalType\":\"structRotateMasterWallet\",\"name\":\"operation\",\"type\":\"tuple\"},{\"components\":[{\"internalType\":\"bytes32\",\"name\":\"deviceKeyHash\",\"type\":\"bytes32\"},{\"components\":[{\"internalType\":\"bytes\",\"name\":\"authenticatorData\",\"type\":\"bytes\"},{\"internalType\":\"bytes\",\"name\":\"clientDataJSON\",\"type\":\"bytes\"},{\"internalType\":\"uint256\",\"name\":\"r\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"s\",\"type\":\"uint256\"}],\"internalType\":\"structK11Assertion\",\"name\":\"assertion\",\"type\":\"tuple\"}],\"internalType\":\"structMasterAssertion[]\",\"name\":\"votes\",\"type\":\"tuple[]\"},{\"components\":[{\"internalType\":\"uint8\",\"name\":\"v\",\"type\":\"uint8\"},{\"internalType\":\"bytes32\",\"name\":\"r\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"s\",\"type\":\"bytes32\"}],\"internalType\":\"structK10Signature\",\"name\":\"newWallet\",\"type\":\"tuple\"}],\"name\":\"rotateMasterWallet\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"scope\",\"outputs\":[{\"internalType\":\"address\",\"name\":\"\",\"type\":\"address\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"components\":[{\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"},{\"internalType\":\"uint8\",\"name\":\"threshold\",\"type\":\"uint8\"},{\"internalType\":\"uint64\",\"name\":\"nonce\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"deadline\",\"type\":\"uint64\"}],\"internalType\":\"structSetRecoveryThreshold\",\"name\":\"operation\",\"type\":\"tuple\"},{\"components\":[{\"internalType\":\"bytes32\",\"name\":\"deviceKeyHash\",\"type\":\"bytes32\"},{\"components\":[{\"internalType\":\"bytes\",\"name\":\"authenticatorData\",\"type\":\"bytes\"},{\"internalType\":\"bytes\",\"name\":\"clientDataJSON\",\"type\":\"bytes\"},{\"internalType\":\"uint256\",\"name\":\"r\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"s\",\"type\":\"uint256\"}],\"internalType\":\"structK11Assertion\",\"name\":\"assertion\",\"type\":\"tuple\"}],\"internalType\":\"structMasterAssertion[]\",\"name\":\"votes\",\"type\":\"tuple[]\"}],\"name\":\"setRecoveryThreshold\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"components\":[{\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32[]\",\"name\":\"revocations\",\"type\":\"bytes32[]\"},{\"internalType\":\"uint64\",\"name\":\"nonce\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"deadline\",\"type\":\"uint64\"}],\"internalType\":\"structUnfreeze\",\"name\":\"operation\",\"type\":\"tuple\"},{\"components\":[{\"internalType\":\"bytes32\",\"name\":\"deviceKeyHash\",\"type\":\"bytes32\"},{\"components\":[{\"internalType\":\"bytes\",\"name\":\"authenticatorData\",\"type\":\"bytes\"},{\"internalType\":\"bytes\",\"name\":\"clientDataJSON\",\"type\":\"bytes\"},{\"internalType\":\"uint256\",\"name\":\"r\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"s\",\"type\":\"uint256\"}],\"internalType\":\"structK11Assertion\",\"name\":\"assertion\",\"type\":\"tuple\"}],\"internalType\":\"structMasterAssertion[]\",\"name\":\"votes\",\"type\":\"tuple[]\"}],\"name\":\"unfreeze\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"},{\"internalType\":\"uint64\",\"name\":\"signed\",\"type\":\"uint64\"}],\"name\":\"useOperatorNonce\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"}]",
	ID:  "b7f35e400bcf3b8f858d2ff9d2eb24763c",
	Bin: "0x61010060405234801561001157600080fd5b50604051615c7f380380615c7f83398101604081905261003091610166565b83838383836001600160a01b03163b60000361005f576040516324bfe47b60e21b815260040160405180910390fd5b6001600160a01b03831661008657604051632fbdffd560e11b815260040160405180910390fd5b6001600160a01b03821615806100ad5750826001600160a01b0316826001600160a01b0316145b156100cb57604051636c157dbf60e01b815260040160405180910390fd5b60016001600160401b03821610806100ee575062278d006001600160401b038216115b1561011e576040516001628e2dbd60e01b031981526001600160401b038216600482015260240160405180910390fd5b6001600160a01b0393841660805291831660a05290911660c0526001600160401b031660e052506101d192505050565b6001600160a01b038116811461016357600080fd5b50565b6000806000806080858703121561017c57600080fd5b84516101878161014e565b60208601519094506101988161014e565b60408601519093506101a98161014e565b60608601519092506001600160401b03811681146101c657600080fd5b939692955090935050565b60805160a05160c05160e051615a4461023b600039600081816103d701528181611bef01526149ba01526000818161033601528181611cef0152611dae01526000818161073401528181611cae0152611d6d0152600081816107a70152612d630152615a446000f3fe608060405234801561001057600080fd5b506004361061025c5760003560e01c80636a7f745e11610145578063b269f9fb116100bd578063c4c809861161008c578063f453ae8811610071578063f453ae881461086c578063f4b93a041461087f578063f539ea901461089257600080fd5b8063c4c8098614610846578063dc4a18d21461085957600080fd5b8063b269f9fb146107c9578063b91532b5146107dc578063b92f81d814610820578063c40cc7961461083357600080fd5b80636ed3a46b116101145780638143e31e116100f95780638143e31e1461077c5780638bed21591461078f57806399f911bf146107a257600080fd5b80636ed3a46b1461075657806378e86dae1461076957600080fd5b80636a7f745e146105885780636a983c44146106fc5780636e0c96ed1461071c5780636e62d0a81461072f57600080fd5b80634cb70030116101d857806357c2441b116101a75780635c36901c1161018c5780635c36901c1461053257806366cf237d14610555578063675d92661461056857600080fd5b806357c2441b146104e95780635b3425e7146104fc57600080fd5b80634cb700301461044e5780634db7c4e51461046157806355ea6c471461049a57806356309004146104d657600080fd5b80631ddc0ef01161022f57806336c344491161021457806336c34449146103905780633758ca7a146103d25780633fe96526146103f957600080fd5b80631ddc0ef0146103315780632fe652871461037d57600080fd5b80630b3ebdf3146102615780630f79764b146102ac5780631158db0f146102cd578063134f6728146102e2575b600080fd5b61028e61026f366004614ed0565b60009081526002602052604090206001015467ffffffffffffffff1690565b60405167ffffffffffffffff90911681526020015b60405180910390f35b6102bf6102ba366004614ed0565b6108a5565b6040519081526020016102a3565b6102e06102db366004614ed0565b6108c2565b005b6102f56102f0366004614ed0565b6109db565b6040805173ffffffffffffffffffffffffffffffffffffffff9094168452911515602084015267ffffffffffffffff16908201526060016102a3565b6103587f000000000000000000000000000000000000000000000000000000000000000081565b60405173ffffffffffffffffffffffffffffffffffffffff90911681526020016102a3565b6102e061038b366004614ed0565b610a5a565b61028e61039e366004614ed0565b60009081526002602052604090205474010000000000000000000000000000000000000000900467ffffffffffffffff1690565b61028e7f000000000000000000000000000000000000000000000000000000000000000081565b61043c610407366004614ed0565b6000908152600260205260409020547c0100000000000000000000000000000000000000000000000000000000900460ff1690565b60405160ff90911681526020016102a3565b6102bf61045c366004614ed0565b610a8f565b61028e61046f366004614ed0565b60009081526002602052604090206001015468010000000000000000900467ffffffffffffffff1690565b6104ad6104a8366004614ee9565b610aa6565b6040805160ff9586168152602081019490945283019190915290911660608201526080016102a3565b6102e06104e4366004614f43565b610b5c565b6102e06104f7366004614f43565b610bc7565b61035861050a366004614ed0565b60009081526002602052604090205473ffffffffffffffffffffffffffffffffffffffff1690565b610545610540366004614ed0565b610ca2565b60405190151581526020016102a3565b6102e0610563366004614ff0565b610d39565b6102bf610576366004614ed0565b60006020819052908152604090205481565b6106ef610596366004614ed0565b604080516101a081018252600080825260208201819052918101829052606081018290526080810182905260a0810182905260c0810182905260e0810182905261010081018290526101208101829052610140810182905261016081018290526101808101919091525060009081526001602081815260409283902083516101a0810185528154815292810154918301919091526002810154928201929092526003820154606082015260048201546080820152600582015460a0820152600682015460c082015260079091015460ff80821660e084015261010080830482169084015267ffffffffffffffff62010000830481166101208501526a010000000000000000000083041661014084015263ffffffff720100000000000000000000000000000000000083041661016084015276010000000000000000000000000000000000000000000090910416151561018082015290565b6040516102a3919061505e565b61070f61070a366004614ed0565b610f75565b6040516102a39190615145565b6102e061072a366004615188565b6110c2565b6103587f000000000000000000000000000000000000000000000000000000000000000081565b61070f610764366004614ed0565b6113a6565b6102e0610777366004614f43565b61149d565b6102e061078a3660046151d7565b611573565b6102e061079d366004615212565b6116ec565b6103587f000000000000000000000000000000000000000000000000000000000000000081565b6102e06107d7366004614ed0565b61188f565b6105456107ea366004614ed0565b6000908152600260205260409020547d010000000000000000000000000000000000000000000000000000000000900460ff1690565b6102e061082e366004614f43565b611932565b6102e061084136600461528e565b611ad3565b6102e06108543660046151d7565b611c32565b6102e0610867366004615329565b611c96565b6102e061087a366004615366565b611d55565b6102e061088d36600461528e565b611e34565b6102e06108a03660046153bb565b611efd565b60008181526002602052604081206108bc906120a4565b92915050565b60006108cd826120e3565b60408051608081018252825473ffffffffffffffffffffffffffffffffffffffff8116825260ff740100000000000000000000000000000000000000008204161515602083015267ffffffffffffffff750100000000000000000000000000000000000000000090910481169282019290925260019092015416606082018190529091504210156109a15760608101516040517f901aa96000000000000000000000000000000000000000000000000000000000815267ffffffffffffffff90911660048201526024015b60405180910390fd5b6109b66109b18260000151612139565b61218c565b6109c48282604001516121d5565b6109d782826000015183602001516122e8565b5050565b60008060006109e9846127f2565b6109fb57506000915081905080610a53565b5050506000818152600360205260409020805460019091015473ffffffffffffffffffffffffffffffffffffffff82169174010000000000000000000000000000000000000000900460ff169067ffffffffffffffff165b9193909250565b610a6381612864565b610a8c81610a70836120e3565b5473ffffffffffffffffffffffffffffffffffffffff166128e0565b50565b60008181526002602052604081206108bc90612980565b600080600080600060016000610abb88612139565b8152602001908152602001600020905080600001549350836000801b03610aef575060009350839250829150819050610b55565b600180820154600783015490945060ff161480610b0d576002610b10565b60015b6007830154909650760100000000000000000000000000000000000000000000900460ff1615610b4d5780610b46576003610b50565b6002610b50565b60015b925050505b9193509193565b610b74610b6f606084016040850161542a565b6129ed565b610b90610b8683356020850135612a3d565b8360200135612a90565b6000610ba430610b9f85612b80565b612be8565b9050610bc283356000838535610bbd6020880188615445565b612c4d565b505050565b610bda610b6f606084016040850161542a565b8135610bec6040840160208501614ee9565b73ffffffffffffffffffffffffffffffffffffffff16610c0b826120e3565b5473ffffffffffffffffffffffffffffffffffffffff1614610c5c576040517f609dfd1400000000000000000000000000000000000000000000000000000000815260048101829052602401610998565b6000610c6b30610b9f86612f0d565b9050610c7681612f96565b610c83826000838661301b565b610c9c82610c976040870160208801614ee9565b6128e0565b50505050565b600081815260016020526040812080541580610cdc57506007810154760100000000000000000000000000000000000000000000900460ff165b15610cea5750600092915050565b600781015460ff1660011480610d32575080546000908152600260205260409020547d010000000000000000000000000000000000000000000000000000000000900460ff16155b9392505050565b610d4c610b6f608085016060860161542a565b8235600081815260026020526040902080547d010000000000000000000000000000000000000000000000000000000000900460ff16610dbb576040517f20a02faf00000000000000000000000000000000000000000000000000000000815260048101839052602401610998565b60005b610dcb6020870187615483565b9050811015610e7e576000610de36020880188615483565b83818110610df357610df36154eb565b905060200201359050836001600083815260200190815260200160002060000154148015610e4c5750600081815260016020526040902060070154760100000000000000000000000000000000000000000000900460ff165b15610e575750610e76565b610e6184826130ab565b610e74610e6e8583613114565b82612a90565b505b600101610dbe565b50610e8882613203565b610eac82610e9c606088016040890161542a565b610ea5886132aa565b878761337f565b80547fffff00ffffffffffffffffffffffffffffffffffffffffffffffffffffffffff16815560018101805460009190600890610efe9068010000000000000000900467ffffffffffffffff16615549565b91906101000a81548167ffffffffffffffff021916908367ffffffffffffffff16021790559050827fc9752a9b5930f6aa8e955bff323b15237e36c9a8adbc98e148b7a028796a321d82604051610f65919067ffffffffffffffff91909116815260200190565b60405180910390a2505050505050565b600081815260026020526040902060030180546060919067ffffffffffffffff811115610fa457610fa4615576565b604051908082528060200260200182016040528015610fcd578160200160208202803683370190505b5091506000805b82548110156110b957600060016000858481548110610ff557610ff56154eb565b9060005260206000200154815260200190815260200160002090508060070160169054906101000a900460ff1615801561103a57506007810154610100900460021615155b801561106357506007810154426a010000000000000000000090910467ffffffffffffffff1611155b156110b05783828154811061107a5761107a6154eb565b9060005260206000200154858480611091906155a5565b9550815181106110a3576110a36154eb565b6020026020010181815250505b50600101610fd4565b50825250919050565b6110d7610b6f6101208401610100850161542a565b6110e76040830160208401614ee9565b73ffffffffffffffffffffffffffffffffffffffff163373ffffffffffffffffffffffffffffffffffffffff161461117c573361112a6040840160208501614ee9565b6040517f945de90100000000000000000000000000000000000000000000000000000000815273ffffffffffffffffffffffffffffffffffffffff928316600482015291166024820152604401610998565b6000611187336133f5565b9050823581146111cd576040517fde4a50240000000000000000000000000000000000000000000000000000000081526004810182905283356024820152604401610998565b60006111d833612139565b90506111e38161218c565b6111fa84604001358560a001358660c0013561356a565b5061121582611210610100870160e0880161542a565b61363c565b600082815260026020908152604080832080547fffffff00ffffffffffffffffffffffffffffffffffffffffffffffffffffffff33167fffffff00ffffffffffffffff0000000000000000000000000000000000000000909116177c010000000000000000000000000000000000000000000000000000000017815591839052808320859055519091849182917f390a3957130b1ad54bc4128ca645353c684a42f1818700462c6d94493f47043a91a3604051339084907f030057fc6f2ff5a8e3a3e0e6205e23d8bee943a2033026a634f8debb570b6b0590600090a36040516001815283907f0990cfb959ec86914565797e68295e408dbd05ad51e44d2cbf209b516ccb696d9060200160405180910390a260006040518060c001604052808760400135815260200187606001358152602001876080013581526020018760a0013581526020018760c001358152602001600460026001171760ff1681525090506113848484338442613754565b61139e84600061139730610b9f8b613b8e565b8689612c4d565b505050505050565b600081815260026020526040902060038101805460049092018054606093906113cf90826155dd565b67ffffffffffffffff8111156113e7576113e7615576565b604051908082528060200260200182016040528015611410578160200160208202803683370190505b50935060005b845181101561149457818110611451578261143183836155f0565b81548110611441576114416154eb565b906000526020600020015461146f565b838181548110611463576114636154eb565b90600052602060002001545b858281518110611481576114816154eb565b6020908102919091010152600101611416565b50505050919050565b6114b0610b6f606084016040850161542a565b8135602083013560006114c38383613c70565b600084815260026020526040902090915082906114df90612980565b14611519576040517fba0e0fee00000000000000000000000000000000000000000000000000000000815260048101839052602401610998565b61153283600061152c30610b9f8a613cc3565b8761301b565b61153c8183612a90565b604051843590839085907fc03c5d2bba64512ab4b16161c0e2446d79dea2720fbe16b9ecf2400bffae689090600090a45050505050565b611586610b6f608085016060860161542a565b82356115ac8161159c606087016040880161542a565b6115a587613cfd565b868661337f565b6000818152600260205260408120906115c4826120a4565b90506115d66040870160208801615603565b60ff1615806115f65750806115f16040880160208901615603565b60ff16115b1561164a5761160b6040870160208801615603565b6040517f8ecc9e6900000000000000000000000000000000000000000000000000000000815260ff909116600482015260248101829052604401610998565b61165a6040870160208801615603565b825460ff919091167c0100000000000000000000000000000000000000000000000000000000027fffffff00ffffffffffffffffffffffffffffffffffffffffffffffffffffffff909116178255827f0990cfb959ec86914565797e68295e408dbd05ad51e44d2cbf209b516ccb696d6116da6040890160208a01615603565b60405160ff9091168152602001610f65565b6116ff610b6f60a085016080860161542a565b823561170a81612864565b61171381613d8d565b600061172d6117286060870160408801614ee9565b612139565b90506117388161218c565b6117428585613dfa565b61175682611210608088016060890161542a565b61177482602087013561176f6060890160408a01614ee9565b613f58565b60008181526001602081815260408084208681558983013581850181905560078201805467ffffffffffffffff421662010000027fffffffffffffffffffffffffffffffffffffffffffff00000000000000000000909116176101021790558786526002845282862060040180549586018155865292909420909201849055839185907f1837060025c7d458b84d641fcd72439f102d5a2959180dd7bf848bf27deb3a8b906118299060608c01908c01614ee9565b6040805173ffffffffffffffffffffffffffffffffffffffff90921682526002602083015260019082015260600160405180910390a4600061186e30610b9f89614084565b9050611886846004838835610bbd60208b018b615445565b50505050505050565b6000818152600160205260408120546118a89083612a3d565b9050816118b433612139565b141580156118e85750805460009081526002602052604090205473ffffffffffffffffffffffffffffffffffffffff163314155b15611928576040517ff4583b0200000000000000000000000000000000000000000000000000000000815233600482015260248101839052604401610998565b6109d78183612a90565b8135600081815260026020526040902080547d010000000000000000000000000000000000000000000000000000000000900460ff16156119735750505050565b611986610b6f606086016040870161542a565b600181015468010000000000000000900467ffffffffffffffff166119b1604086016020870161542a565b67ffffffffffffffff1614611a3157600181015468010000000000000000900467ffffffffffffffff166119eb604086016020870161542a565b6040517faef79e2800000000000000000000000000000000000000000000000000000000815267ffffffffffffffff928316600482015291166024820152604401610998565b6000611a4030610b9f87614132565b9050611a58836000838735610bbd60208a018a615445565b81547fffff00ffffffffffffffffffffffffffffffffffffffffffffffffffffffffff167d01000000000000000000000000000000000000000000000000000000000017825560405184359084907f860191f56f956e19f48d78e999a34ca262bea0ac28ab3194a8bb08acfa9356b290600090a35050505050565b611ae8610b6f6101408601610120870161542a565b83356000611af5866141a8565b90506000611b033083612be8565b905042611b17610100890160e08a0161561e565b15611b3f57611b3a84611b326101208b016101008c0161542a565b858a8a61337f565b611c17565b611b4884612864565b611b5184613d8d565b6002611b6360e08a0160c08b01615603565b1660ff16600003611bb657611b7e60e0890160c08a01615603565b6040517f0282eb9200000000000000000000000000000000000000000000000000000000815260ff9091166004820152602401610998565b611bcc846112106101208b016101008c0161542a565b611bea846001611be260e08c0160c08d01615603565b858b8b61424e565b611c147f000000000000000000000000000000000000000000000000000000000000000082615640565b90505b611c278489602001838589614382565b505050505050505050565b611c45610b6f608085016060860161542a565b8235611c558160208601356130ab565b611c70611c66828660200135613c70565b8560200135612a90565b611c7981613203565b610c9c81611c8d606087016040880161542a565b6115a587614413565b3373ffffffffffffffffffffffffffffffffffffffff7f00000000000000000000000000000000000000000000000000000000000000001614801590611d1257503373ffffffffffffffffffffffffffffffffffffffff7f00000000000000000000000000000000000000000000000000000000000000001614155b15611d4b576040517f5bca3de4000000000000000000000000000000000000000000000000000000008152336004820152602401610998565b6109d7828261363c565b3373ffffffffffffffffffffffffffffffffffffffff7f00000000000000000000000000000000000000000000000000000000000000001614801590611dd157503373ffffffffffffffffffffffffffffffffffffffff7f00000000000000000000000000000000000000000000000000000000000000001614155b15611e0a576040517f5bca3de4000000000000000000000000000000000000000000000000000000008152336004820152602401610998565b6000611e163384612be8565b9050611e2d8585838535610bbd6020880188615445565b5050505050565b611e49610b6f6101408601610120870161542a565b83356020850135611e5a82826130ab565b6000611e6587614496565b9050611e8583611e7d6101208a016101008b0161542a565b83898961337f565b611e98611e928484613c70565b83612a90565b6000611ea43083612be8565b90506000611eb8858a60400142858a614382565b9050611ec385613203565b8084867fddf8800ffc56fda54dbb513126ba6a3f54abeaf04d874a667665360a6b6dc6ac60405160405180910390a4505050505050505050565b611f10610b6f60c0860160a0870161542a565b8335611f286109b16117286040880160208901614ee9565b6000611f338661452e565b90506000611f413083612be8565b90506000611f6582611f566020880188615603565b87602001358860400135614601565b9050611f776040890160208a01614ee9565b73ffffffffffffffffffffffffffffffffffffffff168173ffffffffffffffffffffffffffffffffffffffff161461200c5780611fba60408a0160208b01614ee9565b6040517f35ed660d00000000000000000000000000000000000000000000000000000000815273ffffffffffffffffffffffffffffffffffffffff928316600482015291166024820152604401610998565b61201c6060890160408a0161561e565b156120345761203461202d8561477c565b88886147aa565b6120446080890160608a0161561e565b61205d576120548883898961481d565b50505050610c9c565b61207184611b3260a08b0160808c0161542a565b61209a8461208560408b0160208c01614ee9565b61209560608c0160408d0161561e565b6122e8565b5050505050505050565b6001810154700100000000000000000000000000000000900467ffffffffffffffff166120d082612980565b156120de576108bc81615660565b919050565b60006120ee826127f2565b612127576040517f609dfd1400000000000000000000000000000000000000000000000000000000815260048101839052602401610998565b50600090815260036020526040902090565b6040517fffffffffffffffffffffffffffffffffffffffff000000000000000000000000606083901b1660208201526000906034015b604051602081830303815290604052805190602001209050919050565b60008181526001602052604090205415610a8c576040517fa98bbce000000000000000000000000000000000000000000000000000000000815260048101829052602401610998565b60008281526002602052604090206001015467ffffffffffffffff9081169082168114612242576040517faef79e2800000000000000000000000000000000000000000000000000000000815267ffffffffffffffff808316600483015283166024820152604401610998565b61224d816001615640565b6000848152600260205260409020600190810180547fffffffffffffffffffffffffffffffffffffffffffffffff00000000000000001667ffffffffffffffff939093169290921790915583907ffa326edd041af67970004c4e0f55fb54061c1fb7898a10ea98095920f0d3f71c906122c7908490615640565b60405167ffffffffffffffff909116815260200160405180910390a2505050565b6000838152600260205260408120906001816123038761477c565b8152602001908152602001600020905082156123f35761232285614bcd565b60018201805460109061235290700100000000000000000000000000000000900467ffffffffffffffff16615695565b825467ffffffffffffffff91821661010093840a908102920219161790915560078201805460006002850181905560038501819055600485018190556005850181905560068501557fffffffffffffffffffff000000000000000000000000ffffffffffffffff00ff811660fd91849004919091169092027fffffffffffffffffffff000000000000000000000000ffffffffffffffffffff169190911790555b60006123fe85612139565b60008181526001602081905260409091208881558082018990556002808601549082015560038086015490820155600480860154908201556005808601549082015560068086015490820155600780820180547fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff00811685178255918701805467ffffffffffffffff42811662010000027fffffffffffffffffffffffffffffffffffffffffffff0000000000000000ffff6101009384900460ff169093027fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff0000909616959095179096179081168417835581546a0100000000000000000000908190049096169095027fffffffffffffffffffffffffffff0000000000000000ffffffffffffffffffff9093167fffffffffffffffffffffffffffff00000000000000000000000000000000ffff9095169490941791909117808255835463ffffffff72010000000000000000000000000000000000009182900416027fffffffffffffffffffff00000000ffffffffffffffffffffffffffffffffffff90911617905581547fffffffffffffffffff00ffffffff0000000000000000ffffffffffffffff00ff167601000000000000000000000000000000000000000000001790915590915061263683600060028201819055600382018190556004820181905560058201819055600682015560070180547fffffffffffffffffffff00000000ffffffffffffffffffffffffffffffffffff169055565b8354604051861515815273ffffffffffffffffffffffffffffffffffffffff88811692169089907f2f53a4eef5b6be6049203946134cb19bd72c74cd759853168bb54effe29ca73d9060200160405180910390a483547fffffffffffffffffffffffff00000000000000000000000000000000000000001673ffffffffffffffffffffffffffffffffffffffff871690811785556003850180546001810182556000918252602082200184905560405189917f030057fc6f2ff5a8e3a3e0e6205e23d8bee943a2033026a634f8debb570b6b0591a360078101546040805173ffffffffffffffffffffffffffffffffffffffff891681526001602082015261010090920460ff16908201528290889081907f1837060025c7d458b84d641fcd72439f102d5a2959180dd7bf848bf27deb3a8b9060600160405180910390a460028101541561188657600281015460038201546004830154600584015460068501546040805195865260208601949094529284019190915260608301526080820152829088907f29ca135b8aa4c3fe26dd427be73731efba123d8ac568849c60a567f9accf23af9060a0015b60405180910390a350505050505050565b6000818152600360205260408120805473ffffffffffffffffffffffffffffffffffffffff1615801590610d32575060008381526002602052604090206001015481547501000000000000000000000000000000000000000000900467ffffffffffffffff9081169116149392505050565b60008181526002602052604090205473ffffffffffffffffffffffffffffffffffffffff163381146109d7576040517f945de90100000000000000000000000000000000000000000000000000000000815233600482015273ffffffffffffffffffffffffffffffffffffffff82166024820152604401610998565b60008281526003602052604080822080547fffffff000000000000000000000000000000000000000000000000000000000016815560010180547fffffffffffffffffffffffffffffffffffffffffffffffff00000000000000001690555173ffffffffffffffffffffffffffffffffffffffff83169184917e5278b10e944aba402cf70cce776a5b96a9aea1bae0d9c35771d37fe1e01ede9190a35050565b600281015460008181526001602052604090206007810154760100000000000000000000000000000000000000000000900460ff16806129dd57506007810154426a010000000000000000000090910467ffffffffffffffff1611155b156129e757600091505b50919050565b8067ffffffffffffffff16421115610a8c576040517f6768091300000000000000000000000000000000000000000000000000000000815267ffffffffffffffff82166004820152602401610998565b6000612a498383613114565b600781015490915060ff166002146108bc576040517f6248540000000000000000000000000000000000000000000000000000000000815260048101839052602401610998565b6007820180547fffffffffffffffffff00ffffffffffffffffffffffffffffffffffffffffffff167601000000000000000000000000000000000000000000001790819055610100900460021615612b4857815460009081526002602052604090206001018054601090612b2190700100000000000000000000000000000000900467ffffffffffffffff16615695565b91906101000a81548167ffffffffffffffff021916908367ffffffffffffffff1602179055505b60018201548254604051839291907f6807b1bcc6757abdaf2ffbfc6ffa6f9407229f084e994874b97d11ad88a0322b90600090a45050565b60007fc85ab6d6a4ec8def3fa2e82139303ad9d0789e8a0d6fd3ab5325f0500d57c1b382356020840135612bba606086016040870161542a565b604080516020810195909552840192909252606083015267ffffffffffffffff16608082015260a00161216f565b6000612bf383614cda565b6040517f190100000000000000000000000000000000000000000000000000000000000060208201526022810191909152604281018390526062015b60405160208183030381529060405280519060200120905092915050565b6000612c598684613c70565b600781015490915060ff80871661010090920487161614612cb2576040517f10a8c8fa0000000000000000000000000000000000000000000000000000000081526004810184905260ff86166024820152604401610998565b6002810154600003612cf3576040517ffa12179500000000000000000000000000000000000000000000000000000000815260048101849052602401610998565b604080516080810182526003830154815260048084015460208301526005840154828401526006840154606083015291517f5d696e31000000000000000000000000000000000000000000000000000000008152909160009173ffffffffffffffffffffffffffffffffffffffff7f00000000000000000000000000000000000000000000000000000000000000001691635d696e3191612d9a918a9187918a9101615784565b602060405180830381865afa158015612db7573d6000803e3d6000fd5b505050506040513d601f19601f82011682018060405250810190612ddb9190615840565b600784015490915063ffffffff72010000000000000000000000000000000000009091048116908216151580612e16575063ffffffff811615155b8015612e2e57508063ffffffff168263ffffffff1611155b15612e7c576040517fd648ab7f0000000000000000000000000000000000000000000000000000000081526004810187905263ffffffff808316602483015283166044820152606401610998565b6007840180547fffffffffffffffffffff00000000ffffffffffffffffffffffffffffffffffff16720100000000000000000000000000000000000063ffffffff851690810291909117909155604051908152879087908b907faeaa582af2450bba2130190ec9a9f8fdd071e885de2115dcef3ff9de1837816b9060200160405180910390a4505050505050505050565b60007f91af06c84887113ff5e5aac48564d2cbbe7c494f074b1a578794dc8ab519c7438235612f426040850160208601614ee9565b612f52606086016040870161542a565b60408051602081019590955284019290925273ffffffffffffffffffffffffffffffffffffffff16606083015267ffffffffffffffff16608082015260a00161216f565b60008181526005602052604090205460ff1615612fe2576040517f586b0fe700000000000000000000000000000000000000000000000000000000815260048101829052602401610998565b600090815260056020526040902080547fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff00166001179055565b80356000818152600160205260409020600701546a0100000000000000000000900467ffffffffffffffff1642811115613094576040517f5960c86c0000000000000000000000000000000000000000000000000000000081526004810183905267ffffffffffffffff82166024820152604401610998565b61139e86600287178685610bbd6020890189615445565b6000828152600260205260409020546130d99073ffffffffffffffffffffffffffffffffffffffff16612139565b81036109d7576040517f785128e800000000000000000000000000000000000000000000000000000000815260048101829052602401610998565b60008181526001602052604081208054909103613160576040517fda0015fe00000000000000000000000000000000000000000000000000000000815260048101839052602401610998565b805483146131a75780546040517ff168b08c000000000000000000000000000000000000000000000000000000008152610998918491600401918252602082015260400190565b6007810154760100000000000000000000000000000000000000000000900460ff16156108bc576040517fdceb7f6f00000000000000000000000000000000000000000000000000000000815260048101839052602401610998565b60008181526002602052604081209061321b826120a4565b82549091507c0100000000000000000000000000000000000000000000000000000000900460ff16811015610bc25781546040517fde12b8ed000000000000000000000000000000000000000000000000000000008152600481018390527c010000000000000000000000000000000000000000000000000000000090910460ff166024820152604401610998565b6000806132ba6020840184615483565b6040516020016132cb929190615866565b6040516020818303038152906040528051906020012090507ffedc66306a3e7ec8baae44ea8cb3c9e280d87e75d3d22deb60d3dd35b4e5ffc883600001358285604001602081019061331d919061542a565b61332d608088016060890161542a565b604080516020810196909652850193909352606084019190915267ffffffffffffffff90811660808401521660a082015260c00160405160208183030381529060405280519060200120915050919050565b6000858152600260205260409020547c0100000000000000000000000000000000000000000000000000000000900460ff16600181118015906133c25750600282105b156133d0576133d086612864565b6133da86866121d5565b61139e868260ff1660006133ee3089612be8565b878761424e565b604080516028808252606082019092526000918291906020820181803683370190505090508260285b80156134d6577f3031323334353637383961626364656600000000000000000000000000000000600f831660108110613459576134596154eb565b1a60f81b836134696001846155f0565b81518110613479576134796154eb565b60200101907effffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff1916908160001a90535060048273ffffffffffffffffffffffffffffffffffffffff16901c9150806134cf90615660565b905061341e565b506002826040516020016134ea91906158d8565b604080517fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0818403018152908290526135229161590a565b602060405180830381855afa15801561353f573d6000803e3d6000fd5b5050506040513d601f19601f820116820180604052508101906135629190615916565b949350505050565b60008381036135a5576040517f2b73b6e000000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b6135af8383614d7f565b60008181526004602052604090205490915060ff16156135fe576040517f805f7e5e00000000000000000000000000000000000000000000000000000000815260048101829052602401610998565b600081815260046020526040902080547fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff001660011790559392505050565b60008281526002602052604090205467ffffffffffffffff74010000000000000000000000000000000000000000909104811690821681146136be576040517faef79e2800000000000000000000000000000000000000000000000000000000815267ffffffffffffffff808316600483015283166024820152604401610998565b6136c9816001615640565b6000848152600260205260409020805467ffffffffffffffff9290921674010000000000000000000000000000000000000000027fffffffff0000000000000000ffffffffffffffffffffffffffffffffffffffff909216919091179055827fe4ce8b67bcb58163fb16a20a1c53f1c419bc80a898ce8637e0b092abcd4171256122c7836001615640565b6000858152600260208190526040822060a08501519092429291909116900361378057600092506138b6565b8067ffffffffffffffff168367ffffffffffffffff16111561385f5760006137a783612980565b9050801561381557600081815260016020526040908190206007015490517fac6f0c49000000000000000000000000000000000000000000000000000000008152600481018390526a010000000000000000000090910467ffffffffffffffff166024820152604401610998565b6002830187905560405167ffffffffffffffff85168152879089907f7949d500850375f97415428249c1751f4696e5451643ce04462fca8f11acb1f89060200160405180910390a3505b60018201805460109061388f90700100000000000000000000000000000000900467ffffffffffffffff16615549565b91906101000a81548167ffffffffffffffff021916908367ffffffffffffffff1602179055505b81600301869080600181540180825580915050600190039060005260206000200160009091909190915055604051806101a001604052808881526020018881526020018560000151815260200185602001518152602001856040015181526020018560600151815260200185608001518152602001600160ff1681526020018560a0015160ff1681526020018267ffffffffffffffff1681526020018467ffffffffffffffff168152602001600063ffffffff1681526020016000151581525060016000888152602001908152602001600020600082015181600001556020820151816001015560408201518160020155606082015181600301556080820151816004015560a0820151816005015560c0820151816006015560e08201518160070160006101000a81548160ff021916908360ff1602179055506101008201518160070160016101000a81548160ff021916908360ff1602179055506101208201518160070160026101000a81548167ffffffffffffffff021916908367ffffffffffffffff16021790555061014082015181600701600a6101000a81548167ffffffffffffffff021916908367ffffffffffffffff1602179055506101608201518160070160126101000a81548163ffffffff021916908363ffffffff1602179055506101808201518160070160166101000a81548160ff0219169083151502179055509050508587887f1837060025c7d458b84d641fcd72439f102d5a2959180dd7bf848bf27deb3a8b8860018960a00151604051613b259392919073ffffffffffffffffffffffffffffffffffffffff93909316835260ff918216602084015216604082015260600190565b60405180910390a483516020808601516040808801516060808a01516080808c015185519889529688019590955292860191909152840152820152869088907f29ca135b8aa4c3fe26dd427be73731efba123d8ac568849c60a567f9accf23af9060a0016127e1565b60007f978c2b9cb4886b56a2e11c52e7713570d75c6a828500e770618c1b405c6ca8d58235613bc36040850160208601614ee9565b60408501356060860135608087013560a088013560c0890135613bed6101008b0160e08c0161542a565b613bff6101208c016101008d0161542a565b60408051602081019b909b528a019890985273ffffffffffffffffffffffffffffffffffffffff9096166060890152608088019490945260a087019290925260c086015260e085015261010084015267ffffffffffffffff908116610120840152166101408201526101600161216f565b6000613c7c8383613114565b600781015490915060ff166001146108bc576040517f26d6bc6c00000000000000000000000000000000000000000000000000000000815260048101839052602401610998565b60007fed577e6f539b83a7ec24a5ebe5b5458231e26bc10646e6d4e8b1d55b6257ac1b82356020840135612bba606086016040870161542a565b60007fd488090bc66209455b2726ac6953caa61e2de490152e5357e424d9ac1cfae6008235613d326040850160208601615603565b613d42606086016040870161542a565b613d52608087016060880161542a565b60408051602081019690965285019390935260ff909116606084015267ffffffffffffffff90811660808401521660a082015260c00161216f565b6000818152600260205260409020547d010000000000000000000000000000000000000000000000000000000000900460ff1615610a8c576040517f53cd24f200000000000000000000000000000000000000000000000000000000815260048101829052602401610998565b613e0a610b6f602083018361542a565b6000613e7c60405180608001604052808560000135815260200185602001358152602001856040016020810190613e419190614ee9565b73ffffffffffffffffffffffffffffffffffffffff168152602090810190613e6b9086018661542a565b67ffffffffffffffff169052614dc1565b90506000613e8a3083612be8565b90506000613eb182613ea26040870160208801615603565b86604001358760600135614601565b9050613ec36060860160408701614ee9565b73ffffffffffffffffffffffffffffffffffffffff168173ffffffffffffffffffffffffffffffffffffffff1614611e2d5780613f066060870160408801614ee9565b6040517ff3c7460f00000000000000000000000000000000000000000000000000000000815273ffffffffffffffffffffffffffffffffffffffff928316600482015291166024820152604401610998565b828203613f94576040517ffcb9ca4f00000000000000000000000000000000000000000000000000000000815260048101839052602401610998565b600082815260208190526040902054838103613fb05750505050565b8015613ff2576040517f6c63c1770000000000000000000000000000000000000000000000000000000081526004810184905260248101829052604401610998565b6000613ffd836133f5565b9050808414614042576040517fde4a50240000000000000000000000000000000000000000000000000000000081526004810182905260248101859052604401610998565b60008481526020819052604080822087905551859187917f390a3957130b1ad54bc4128ca645353c684a42f1818700462c6d94493f47043a9190a35050505050565b60007f7aacb963949c77339ac545568d198a9e93f7ca6741c5312482d229b28b4fd578823560208401356140be6060860160408701614ee9565b6140ce608087016060880161542a565b6140de60a088016080890161542a565b604080516020810197909752860194909452606085019290925273ffffffffffffffffffffffffffffffffffffffff16608084015267ffffffffffffffff90811660a08401521660c082015260e00161216f565b60007f385b6d6dea2d929d85d7e9a83902f19fee63babb2b8c5ce17790244cdd9a6aa28235614167604085016020860161542a565b614177606086016040870161542a565b60408051602081019590955284019290925267ffffffffffffffff908116606084015216608082015260a00161216f565b60007fc0cbe0e2a759bcc92b5902e669bba09357b1c6683499c93fe5f8a90494cf217e82356141d960208501614e4a565b6141ea610100860160e0870161561e565b6141fc6101208701610100880161542a565b61420e6101408801610120890161542a565b60408051602081019790975286019490945260608501929092521515608084015267ffffffffffffffff90811660a08401521660c082015260e00161216f565b84811015614292576040517f2b2dd84d0000000000000000000000000000000000000000000000000000000081526004810182905260248101869052604401610998565b6000805b8281101561209a5760008484838181106142b2576142b26154eb565b90506020028101906142c4919061592f565b359050828103614303576040517f14db530900000000000000000000000000000000000000000000000000000000815260048101829052602401610998565b82811015614347576040517fdf0399190000000000000000000000000000000000000000000000000000000081526004810184905260248101829052604401610998565b809250614379898888888887818110614362576143626154eb565b9050602002810190614374919061592f565b61301b565b50600101614296565b600061439460c0860160a08701615603565b60ff1615806143b5575060076143b060c0870160a08801615603565b60ff16115b156143ca57611b7e60c0860160a08701615603565b6143de85356060870135608088013561356a565b90506143fc868260006143f6368a90038a018a615963565b88613754565b61440a866000858486612c4d565b95945050505050565b60007feacedd87227ef557d2ea45a2e74cad9fa609dfaf9628043bed837394d1cdfd118235602084013561444d606086016040870161542a565b61445d608087016060880161542a565b604080516020810196909652850193909352606084019190915267ffffffffffffffff90811660808401521660a082015260c00161216f565b60007f8534b9c4b734585cecd8bb4f43eeafb48553b9df34df8f2b75cfdb4b0a571c0f823560208401356144cc60408601614e4a565b6144de6101208701610100880161542a565b6144f06101408801610120890161542a565b6040805160208101979097528601949094526060850192909252608084015267ffffffffffffffff90811660a08401521660c082015260e00161216f565b60007f06d017b528a9624a8172ab4c07c433c56ee3bec3c8705837a4db929aa8955aed82356145636040850160208601614ee9565b614573606086016040870161561e565b614583608087016060880161561e565b61459360a088016080890161542a565b6145a360c0890160a08a0161542a565b60408051602081019890985287019590955273ffffffffffffffffffffffffffffffffffffffff90931660608601529015156080850152151560a084015267ffffffffffffffff90811660c08401521660e08201526101000161216f565b60007f7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a082111561465d576040517f7e66e7f400000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b8360ff16601b1415801561467557508360ff16601c14155b156146b1576040517f43693dd300000000000000000000000000000000000000000000000000000000815260ff85166004820152602401610998565b60408051600081526020810180835287905260ff861691810191909152606081018490526080810183905260019060a0016020604051602081039080840390855afa158015614704573d6000803e3d6000fd5b50506040517fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0015191505073ffffffffffffffffffffffffffffffffffffffff8116613562576040517f2d2f478600000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b6000818152600260205260408120546108bc9073ffffffffffffffffffffffffffffffffffffffff16612139565b60005b81811015610c9c57838383838181106147c8576147c86154eb565b90506020028101906147da919061592f565b3503614815576040517f177b7ad500000000000000000000000000000000000000000000000000000000815260048101859052602401610998565b6001016147ad565b8335600081815260026020526040902080547c0100000000000000000000000000000000000000000000000000000000900460ff166001146148b25780546040517f551235180000000000000000000000000000000000000000000000000000000081527c010000000000000000000000000000000000000000000000000000000090910460ff166004820152602401610998565b60008281526003602052604090206148c9836127f2565b1561492f57805460018201546040517f836fcc7300000000000000000000000000000000000000000000000000000000815273ffffffffffffffffffffffffffffffffffffffff909216600483015267ffffffffffffffff166024820152604401610998565b600182015467ffffffffffffffff1661494e60a0890160808a0161542a565b67ffffffffffffffff161461497c57600182015467ffffffffffffffff166119eb60a0890160808a0161542a565b61498c606088016040890161561e565b1561499a5761499a83614bcd565b6149a386612f96565b6149b3836001600089898961424e565b60006149df7f000000000000000000000000000000000000000000000000000000000000000042615640565b905060405180608001604052808960200160208101906149ff9190614ee9565b73ffffffffffffffffffffffffffffffffffffffff168152602001614a2a60608b0160408c0161561e565b15158152602001614a4160a08b0160808c0161542a565b67ffffffffffffffff908116825283811660209283015260008781526003835260409081902084518154868601518785015186167501000000000000000000000000000000000000000000027fffffff0000000000000000ffffffffffffffffffffffffffffffffffffffffff91151574010000000000000000000000000000000000000000027fffffffffffffffffffffff00000000000000000000000000000000000000000090931673ffffffffffffffffffffffffffffffffffffffff90941693909317919091171617815560609094015160019094018054949092167fffffffffffffffffffffffffffffffffffffffffffffffff0000000000000000909416939093179055614b59918a01908a01614ee9565b73ffffffffffffffffffffffffffffffffffffffff16847fb8e8845190d41ea1cd585b71c0d85ea3215d0e4853f0573b517e6b8d2ef9ac4e614ba160608c0160408d0161561e565b60408051911515825267ffffffffffffffff861660208301520160405180910390a35050505050505050565b600081815260026020526040812090614be58361477c565b60008181526001602052604081206002015491925003614c34576040517ffa12179500000000000000000000000000000000000000000000000000000000815260048101829052602401610998565b60006001614c41846120a4565b614c4b91906155f0565b83549091507c0100000000000000000000000000000000000000000000000000000000900460ff16811015610c9c5782546040517fde12b8ed000000000000000000000000000000000000000000000000000000008152600481018390527c010000000000000000000000000000000000000000000000000000000090910460ff166024820152604401610998565b604080517f8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f60208201527f2fd8c23a58cdf55d0d8fb40cd6a3efb917b35a3fdbc5c78af6902cd869246c94918101919091527fc89efdaa54c0f20c7adf612882df0950f5a951637e0307cdcb4c672f298b8bc6606082015246608082015273ffffffffffffffffffffffffffffffffffffffff821660a082015260009060c00161216f565b6040517f040000000000000000000000000000000000000000000000000000000000000060208201526021810183905260418101829052600090606101612c2f565b60007f86e70db780dcb188811773eb157f6a2c261812aaedd4e00c27b9f54cb469a8e0826000015183602001518460400151856060015160405160200161216f9594939291909485526020850193909352604084019190915273ffffffffffffffffffffffffffffffffffffffff16606083015267ffffffffffffffff16608082015260a00190565b60007f377194e44c9518a6d14a2dca08e711020290e21b3328ec5661548be2fdfb42de82356020840135604085013560608601356080870135614e9360c0890160a08a01615603565b6040805160208101989098528701959095526060860193909352608085019190915260a084015260c083015260ff1660e08201526101000161216f565b600060208284031215614ee257600080fd5b5035919050565b600060208284031215614efb57600080fd5b813573ffffffffffffffffffffffffffffffffffffffff81168114610d3257600080fd5b6000606082840312156129e757600080fd5b6000604082840312156129e757600080fd5b60008060808385031215614f5657600080fd5b614f608484614f1f565b9150606083013567ffffffffffffffff811115614f7c57600080fd5b614f8885828601614f31565b9150509250929050565b6000608082840312156129e757600080fd5b60008083601f840112614fb657600080fd5b50813567ffffffffffffffff811115614fce57600080fd5b6020830191508360208260051b8501011115614fe957600080fd5b9250929050565b60008060006040848603121561500557600080fd5b833567ffffffffffffffff81111561501c57600080fd5b61502886828701614f92565b935050602084013567ffffffffffffffff81111561504557600080fd5b61505186828701614fa4565b9497909650939450505050565b60006101a082019050825182526020830151602083015260408301516040830152606083015160608301526080830151608083015260a083015160a083015260c083015160c083015260e08301516150bb60e084018260ff169052565b506101008301516150d261010084018260ff169052565b506101208301516150f061012084018267ffffffffffffffff169052565b5061014083015161510e61014084018267ffffffffffffffff169052565b5061016083015161512861016084018263ffffffff169052565b5061018083015161513e61018084018215159052565b5092915050565b602080825282518282018190526000918401906040840190835b8181101561517d57835183526020938401939092019160010161515f565b509095945050505050565b60008082840361014081121561519d57600080fd5b6101208112156151ac57600080fd5b5082915061012083013567ffffffffffffffff8111156151cb57600080fd5b614f8885828601614f92565b600080600060a084860312156151ec57600080fd5b6151f68585614f92565b9250608084013567ffffffffffffffff81111561504557600080fd5b600080600083850361014081121561522957600080fd5b60a081121561523757600080fd5b508392506152488560a08601614f92565b915061012084013567ffffffffffffffff81111561526557600080fd5b61527186828701614f31565b9150509250925092565b600061014082840312156129e757600080fd5b60008060008061018085870312156152a557600080fd5b6152af868661527b565b935061014085013567ffffffffffffffff8111156152cc57600080fd5b6152d887828801614fa4565b90945092505061016085013567ffffffffffffffff8111156152f957600080fd5b61530587828801614f92565b91505092959194509250565b803567ffffffffffffffff811681146120de57600080fd5b6000806040838503121561533c57600080fd5b8235915061534c60208401615311565b90509250929050565b803560ff811681146120de57600080fd5b6000806000806080858703121561537c57600080fd5b8435935061538c60208601615355565b925060408501359150606085013567ffffffffffffffff8111156153af57600080fd5b61530587828801614f31565b6000806000808486036101408112156153d357600080fd5b60c08112156153e157600080fd5b5084935060c085013567ffffffffffffffff8111156153ff57600080fd5b61540b87828801614fa4565b909450925061541f90508660e08701614f1f565b905092959194509250565b60006020828403121561543c57600080fd5b610d3282615311565b600082357fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff8183360301811261547957600080fd5b9190910192915050565b60008083357fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe18436030181126154b857600080fd5b83018035915067ffffffffffffffff8211156154d357600080fd5b6020019150600581901b3603821315614fe957600080fd5b7f4e487b7100000000000000000000000000000000000000000000000000000000600052603260045260246000fd5b7f4e487b7100000000000000000000000000000000000000000000000000000000600052601160045260246000fd5b600067ffffffffffffffff821667ffffffffffffffff810361556d5761556d61551a565b60010192915050565b7f4e487b7100000000000000000000000000000000000000000000000000000000600052604160045260246000fd5b60007fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff82036155d6576155d661551a565b5060010190565b808201808211156108bc576108bc61551a565b818103818111156108bc576108bc61551a565b60006020828403121561561557600080fd5b610d3282615355565b60006020828403121561563057600080fd5b81358015158114610d3257600080fd5b67ffffffffffffffff81811683821601908111156108bc576108bc61551a565b60008161566f5761566f61551a565b507fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff0190565b600067ffffffffffffffff8216806156af576156af61551a565b7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff0192915050565b60008083357fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe184360301811261570c57600080fd5b830160208101925035905067ffffffffffffffff81111561572c57600080fd5b803603821315614fe957600080fd5b8183528181602085013750600060208284010152600060207fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0601f840116840101905092915050565b8381528251602082015260208301516040820152604083015160608201526060830151608082015260c060a082015260006157bf83846156d7565b608060c08501526157d56101408501828461573b565b9150506157e560208501856156d7565b7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff408584030160e086015261581a83828461573b565b604087013561010087015260609096013561012090950194909452509295945050505050565b60006020828403121561585257600080fd5b815163ffffffff81168114610d3257600080fd5b60007f07ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff83111561589557600080fd5b8260051b80858437919091019392505050565b6000815160005b818110156158c957602081850181015186830152016158af565b50600093019283525090919050565b7f6167656e746b65797365766d307800000000000000000000000000000000000081526000610d32600e8301846158a8565b6000610d3282846158a8565b60006020828403121561592857600080fd5b5051919050565b600082357fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc183360301811261547957600080fd5b600060c082840312801561597657600080fd5b6000905060405160c0810181811067ffffffffffffffff821117156159c2577f4e487b710000000000000000000000000000000000000000000000000000000083526041600452602483fd5b604090815284358252602080860135908301528481013590820152606080850135908201526080808501359082018190529150615a0160a08501615355565b60a082015294935050505056fea2646970667358221220524d5f0e12c3ed034c5580a96bc68905f9d0c3126adac5f2b9b2972d2fb7411664736f6c634300081e0033",
}

// SidecarRegistry is an auto generated Go binding around an Ethereum contract.
type SidecarRegistry struct {
	abi abi.ABI
}

// GetABI returns the ABI associated with this contract binding.
func (c *SidecarRegistry) GetABI() abi.ABI {
	return c.abi
}

// NewSidecarRegistry creates a new instance of SidecarRegistry.
func NewSidecarRegistry() *SidecarRegistry {
	parsed, err := SidecarRegistryMetaData.ParseABI()
	if err != nil {
		panic(errors.New("invalid ABI: " + err.Error()))
	}
	return &SidecarRegistry{abi: *parsed}
}

// Instance creates a wrapper for a deployed contract instance at the given address.
// Use this to create the instance object passed to abigen v2 library functions Call, Transact, etc.
func (c *SidecarRegistry) Instance(backend bind.ContractBackend, addr common.Address) *bind.BoundContract {
	return bind.NewBoundContract(addr, c.abi, backend, backend, backend)
}

// PackConstructor is the Go binding used to pack the parameters required for
// contract deployment.
//
// Solidity: constructor(address verifier_, address scope_, address audit_, uint64 recoveryDelay_) returns()
func (sidecarRegistry *SidecarRegistry) PackConstructor(verifier_ common.Address, scope_ common.Address, audit_ common.Address, recoveryDelay_ uint64) []byte {
	enc, err := sidecarRegistry.abi.Pack("", verifier_, scope_, audit_, recoveryDelay_)
	if err != nil {
		panic(err)
	}
	return enc
}

// PackActorOwner is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x675d9266.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function actorOwner(bytes32 actor) view returns(bytes32 operator)
func (sidecarRegistry *SidecarRegistry) PackActorOwner(actor [32]byte) []byte {
	enc, err := sidecarRegistry.abi.Pack("actorOwner", actor)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackActorOwner is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x675d9266.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function actorOwner(bytes32 actor) view returns(bytes32 operator)
func (sidecarRegistry *SidecarRegistry) TryPackActorOwner(actor [32]byte) ([]byte, error) {
	return sidecarRegistry.abi.Pack("actorOwner", actor)
}

// UnpackActorOwner is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x675d9266.
//
// Solidity: function actorOwner(bytes32 actor) view returns(bytes32 operator)
func (sidecarRegistry *SidecarRegistry) UnpackActorOwner(data []byte) ([32]byte, error) {
	out, err := sidecarRegistry.abi.Unpack("actorOwner", data)
	if err != nil {
		return *new([32]byte), err
	}
	out0 := *abi.ConvertType(out[0], new([32]byte)).(*[32]byte)
	return out0, nil
}

// PackAudit is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x1ddc0ef0.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function audit() view returns(address)
func (sidecarRegistry *SidecarRegistry) PackAudit() []byte {
	enc, err := sidecarRegistry.abi.Pack("audit")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackAudit is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x1ddc0ef0.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function audit() view returns(address)
func (sidecarRegistry *SidecarRegistry) TryPackAudit() ([]byte, error) {
	return sidecarRegistry.abi.Pack("audit")
}

// UnpackAudit is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x1ddc0ef0.
//
// Solidity: function audit() view returns(address)
func (sidecarRegistry *SidecarRegistry) UnpackAudit(data []byte) (common.Address, error) {
	out, err := sidecarRegistry.abi.Unpack("audit", data)
	if err != nil {
		return *new(common.Address), err
	}
	out0 := *abi.ConvertType(out[0], new(common.Address)).(*common.Address)
	return out0, nil
}

// PackCancelMaster is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x78e86dae.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function cancelMaster((bytes32,bytes32,uint64) operation, (bytes32,(bytes,bytes,uint256,uint256)) master) returns()
func (sidecarRegistry *SidecarRegistry) PackCancelMaster(operation CancelMaster, master MasterAssertion) []byte {
	enc, err := sidecarRegistry.abi.Pack("cancelMaster", operation, master)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackCancelMaster is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x78e86dae.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function cancelMaster((bytes32,bytes32,uint64) operation, (bytes32,(bytes,bytes,uint256,uint256)) master) returns()
func (sidecarRegistry *SidecarRegistry) TryPackCancelMaster(operation CancelMaster, master MasterAssertion) ([]byte, error) {
	return sidecarRegistry.abi.Pack("cancelMaster", operation, master)
}

// PackCancelRotation is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x2fe65287.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function cancelRotation(bytes32 operator) returns()
func (sidecarRegistry *SidecarRegistry) PackCancelRotation(operator [32]byte) []byte {
	enc, err := sidecarRegistry.abi.Pack("cancelRotation", operator)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackCancelRotation is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x2fe65287.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function cancelRotation(bytes32 operator) returns()
func (sidecarRegistry *SidecarRegistry) TryPackCancelRotation(operator [32]byte) ([]byte, error) {
	return sidecarRegistry.abi.Pack("cancelRotation", operator)
}

// PackCancelRotationWithWebauthn is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x57c2441b.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function cancelRotationWithWebauthn((bytes32,address,uint64) operation, (bytes32,(bytes,bytes,uint256,uint256)) master) returns()
func (sidecarRegistry *SidecarRegistry) PackCancelRotationWithWebauthn(operation CancelRotation, master MasterAssertion) []byte {
	enc, err := sidecarRegistry.abi.Pack("cancelRotationWithWebauthn", operation, master)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackCancelRotationWithWebauthn is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x57c2441b.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function cancelRotationWithWebauthn((bytes32,address,uint64) operation, (bytes32,(bytes,bytes,uint256,uint256)) master) returns()
func (sidecarRegistry *SidecarRegistry) TryPackCancelRotationWithWebauthn(operation CancelRotation, master MasterAssertion) ([]byte, error) {
	return sidecarRegistry.abi.Pack("cancelRotationWithWebauthn", operation, master)
}

// PackCompleteRotation is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x1158db0f.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function completeRotation(bytes32 operator) returns()
func (sidecarRegistry *SidecarRegistry) PackCompleteRotation(operator [32]byte) []byte {
	enc, err := sidecarRegistry.abi.Pack("completeRotation", operator)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackCompleteRotation is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x1158db0f.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function completeRotation(bytes32 operator) returns()
func (sidecarRegistry *SidecarRegistry) TryPackCompleteRotation(operator [32]byte) ([]byte, error) {
	return sidecarRegistry.abi.Pack("completeRotation", operator)
}

// PackConsumeAssertion is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xf453ae88.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function consumeAssertion(bytes32 operator, uint8 role, bytes32 structHash, (bytes32,(bytes,bytes,uint256,uint256)) master) returns()
func (sidecarRegistry *SidecarRegistry) PackConsumeAssertion(operator [32]byte, role uint8, structHash [32]byte, master MasterAssertion) []byte {
	enc, err := sidecarRegistry.abi.Pack("consumeAssertion", operator, role, structHash, master)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackConsumeAssertion is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xf453ae88.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function consumeAssertion(bytes32 operator, uint8 role, bytes32 structHash, (bytes32,(bytes,bytes,uint256,uint256)) master) returns()
func (sidecarRegistry *SidecarRegistry) TryPackConsumeAssertion(operator [32]byte, role uint8, structHash [32]byte, master MasterAssertion) ([]byte, error) {
	return sidecarRegistry.abi.Pack("consumeAssertion", operator, role, structHash, master)
}

// PackFreeze is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xb92f81d8.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function freeze((bytes32,uint64,uint64) operation, (bytes32,(bytes,bytes,uint256,uint256)) master) returns()
func (sidecarRegistry *SidecarRegistry) PackFreeze(operation Freeze, master MasterAssertion) []byte {
	enc, err := sidecarRegistry.abi.Pack("freeze", operation, master)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackFreeze is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xb92f81d8.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function freeze((bytes32,uint64,uint64) operation, (bytes32,(bytes,bytes,uint256,uint256)) master) returns()
func (sidecarRegistry *SidecarRegistry) TryPackFreeze(operation Freeze, master MasterAssertion) ([]byte, error) {
	return sidecarRegistry.abi.Pack("freeze", operation, master)
}

// PackFreezeNonce is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x4db7c4e5.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function freezeNonce(bytes32 operator) view returns(uint64)
func (sidecarRegistry *SidecarRegistry) PackFreezeNonce(operator [32]byte) []byte {
	enc, err := sidecarRegistry.abi.Pack("freezeNonce", operator)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackFreezeNonce is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x4db7c4e5.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function freezeNonce(bytes32 operator) view returns(uint64)
func (sidecarRegistry *SidecarRegistry) TryPackFreezeNonce(operator [32]byte) ([]byte, error) {
	return sidecarRegistry.abi.Pack("freezeNonce", operator)
}

// UnpackFreezeNonce is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x4db7c4e5.
//
// Solidity: function freezeNonce(bytes32 operator) view returns(uint64)
func (sidecarRegistry *SidecarRegistry) UnpackFreezeNonce(data []byte) (uint64, error) {
	out, err := sidecarRegistry.abi.Unpack("freezeNonce", data)
	if err != nil {
		return *new(uint64), err
	}
	out0 := *abi.ConvertType(out[0], new(uint64)).(*uint64)
	return out0, nil
}

// PackFrozen is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xb91532b5.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function frozen(bytes32 operator) view returns(bool)
func (sidecarRegistry *SidecarRegistry) PackFrozen(operator [32]byte) []byte {
	enc, err := sidecarRegistry.abi.Pack("frozen", operator)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackFrozen is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xb91532b5.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function frozen(bytes32 operator) view returns(bool)
func (sidecarRegistry *SidecarRegistry) TryPackFrozen(operator [32]byte) ([]byte, error) {
	return sidecarRegistry.abi.Pack("frozen", operator)
}

// UnpackFrozen is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0xb91532b5.
//
// Solidity: function frozen(bytes32 operator) view returns(bool)
func (sidecarRegistry *SidecarRegistry) UnpackFrozen(data []byte) (bool, error) {
	out, err := sidecarRegistry.abi.Unpack("frozen", data)
	if err != nil {
		return *new(bool), err
	}
	out0 := *abi.ConvertType(out[0], new(bool)).(*bool)
	return out0, nil
}

// PackGetDevice is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x6a7f745e.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function getDevice(bytes32 deviceKeyHash) view returns((bytes32,bytes32,bytes32,bytes32,bytes32,uint256,uint256,uint8,uint8,uint64,uint64,uint32,bool))
func (sidecarRegistry *SidecarRegistry) PackGetDevice(deviceKeyHash [32]byte) []byte {
	enc, err := sidecarRegistry.abi.Pack("getDevice", deviceKeyHash)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackGetDevice is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x6a7f745e.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function getDevice(bytes32 deviceKeyHash) view returns((bytes32,bytes32,bytes32,bytes32,bytes32,uint256,uint256,uint8,uint8,uint64,uint64,uint32,bool))
func (sidecarRegistry *SidecarRegistry) TryPackGetDevice(deviceKeyHash [32]byte) ([]byte, error) {
	return sidecarRegistry.abi.Pack("getDevice", deviceKeyHash)
}

// UnpackGetDevice is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x6a7f745e.
//
// Solidity: function getDevice(bytes32 deviceKeyHash) view returns((bytes32,bytes32,bytes32,bytes32,bytes32,uint256,uint256,uint8,uint8,uint64,uint64,uint32,bool))
func (sidecarRegistry *SidecarRegistry) UnpackGetDevice(data []byte) (DeviceEntry, error) {
	out, err := sidecarRegistry.abi.Unpack("getDevice", data)
	if err != nil {
		return *new(DeviceEntry), err
	}
	out0 := *abi.ConvertType(out[0], new(DeviceEntry)).(*DeviceEntry)
	return out0, nil
}

// PackGetOperatorDevices is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x6ed3a46b.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function getOperatorDevices(bytes32 operator) view returns(bytes32[] keys)
func (sidecarRegistry *SidecarRegistry) PackGetOperatorDevices(operator [32]byte) []byte {
	enc, err := sidecarRegistry.abi.Pack("getOperatorDevices", operator)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackGetOperatorDevices is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x6ed3a46b.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function getOperatorDevices(bytes32 operator) view returns(bytes32[] keys)
func (sidecarRegistry *SidecarRegistry) TryPackGetOperatorDevices(operator [32]byte) ([]byte, error) {
	return sidecarRegistry.abi.Pack("getOperatorDevices", operator)
}

// UnpackGetOperatorDevices is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x6ed3a46b.
//
// Solidity: function getOperatorDevices(bytes32 operator) view returns(bytes32[] keys)
func (sidecarRegistry *SidecarRegistry) UnpackGetOperatorDevices(data []byte) ([][32]byte, error) {
	out, err := sidecarRegistry.abi.Unpack("getOperatorDevices", data)
	if err != nil {
		return *new([][32]byte), err
	}
	out0 := *abi.ConvertType(out[0], new([][32]byte)).(*[][32]byte)
	return out0, nil
}

// PackIsActive is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x5c36901c.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function isActive(bytes32 deviceKeyHash) view returns(bool)
func (sidecarRegistry *SidecarRegistry) PackIsActive(deviceKeyHash [32]byte) []byte {
	enc, err := sidecarRegistry.abi.Pack("isActive", deviceKeyHash)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackIsActive is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x5c36901c.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function isActive(bytes32 deviceKeyHash) view returns(bool)
func (sidecarRegistry *SidecarRegistry) TryPackIsActive(deviceKeyHash [32]byte) ([]byte, error) {
	return sidecarRegistry.abi.Pack("isActive", deviceKeyHash)
}

// UnpackIsActive is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x5c36901c.
//
// Solidity: function isActive(bytes32 deviceKeyHash) view returns(bool)
func (sidecarRegistry *SidecarRegistry) UnpackIsActive(data []byte) (bool, error) {
	out, err := sidecarRegistry.abi.Unpack("isActive", data)
	if err != nil {
		return *new(bool), err
	}
	out0 := *abi.ConvertType(out[0], new(bool)).(*bool)
	return out0, nil
}

// PackK11Verifier is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x99f911bf.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function k11Verifier() view returns(address)
func (sidecarRegistry *SidecarRegistry) PackK11Verifier() []byte {
	enc, err := sidecarRegistry.abi.Pack("k11Verifier")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackK11Verifier is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x99f911bf.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function k11Verifier() view returns(address)
func (sidecarRegistry *SidecarRegistry) TryPackK11Verifier() ([]byte, error) {
	return sidecarRegistry.abi.Pack("k11Verifier")
}

// UnpackK11Verifier is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x99f911bf.
//
// Solidity: function k11Verifier() view returns(address)
func (sidecarRegistry *SidecarRegistry) UnpackK11Verifier(data []byte) (common.Address, error) {
	out, err := sidecarRegistry.abi.Unpack("k11Verifier", data)
	if err != nil {
		return *new(common.Address), err
	}
	out0 := *abi.ConvertType(out[0], new(common.Address)).(*common.Address)
	return out0, nil
}

// PackMasterWallet is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x5b3425e7.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function masterWallet(bytes32 operator) view returns(address)
func (sidecarRegistry *SidecarRegistry) PackMasterWallet(operator [32]byte) []byte {
	enc, err := sidecarRegistry.abi.Pack("masterWallet", operator)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackMasterWallet is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x5b3425e7.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function masterWallet(bytes32 operator) view returns(address)
func (sidecarRegistry *SidecarRegistry) TryPackMasterWallet(operator [32]byte) ([]byte, error) {
	return sidecarRegistry.abi.Pack("masterWallet", operator)
}

// UnpackMasterWallet is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x5b3425e7.
//
// Solidity: function masterWallet(bytes32 operator) view returns(address)
func (sidecarRegistry *SidecarRegistry) UnpackMasterWallet(data []byte) (common.Address, error) {
	out, err := sidecarRegistry.abi.Unpack("masterWallet", data)
	if err != nil {
		return *new(common.Address), err
	}
	out0 := *abi.ConvertType(out[0], new(common.Address)).(*common.Address)
	return out0, nil
}

// PackMaturingMaster is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x4cb70030.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function maturingMaster(bytes32 operator) view returns(bytes32)
func (sidecarRegistry *SidecarRegistry) PackMaturingMaster(operator [32]byte) []byte {
	enc, err := sidecarRegistry.abi.Pack("maturingMaster", operator)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackMaturingMaster is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x4cb70030.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function maturingMaster(bytes32 operator) view returns(bytes32)
func (sidecarRegistry *SidecarRegistry) TryPackMaturingMaster(operator [32]byte) ([]byte, error) {
	return sidecarRegistry.abi.Pack("maturingMaster", operator)
}

// UnpackMaturingMaster is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x4cb70030.
//
// Solidity: function maturingMaster(bytes32 operator) view returns(bytes32)
func (sidecarRegistry *SidecarRegistry) UnpackMaturingMaster(data []byte) ([32]byte, error) {
	out, err := sidecarRegistry.abi.Unpack("maturingMaster", data)
	if err != nil {
		return *new([32]byte), err
	}
	out0 := *abi.ConvertType(out[0], new([32]byte)).(*[32]byte)
	return out0, nil
}

// PackOperatorNonce is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x36c34449.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function operatorNonce(bytes32 operator) view returns(uint64)
func (sidecarRegistry *SidecarRegistry) PackOperatorNonce(operator [32]byte) []byte {
	enc, err := sidecarRegistry.abi.Pack("operatorNonce", operator)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackOperatorNonce is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x36c34449.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function operatorNonce(bytes32 operator) view returns(uint64)
func (sidecarRegistry *SidecarRegistry) TryPackOperatorNonce(operator [32]byte) ([]byte, error) {
	return sidecarRegistry.abi.Pack("operatorNonce", operator)
}

// UnpackOperatorNonce is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x36c34449.
//
// Solidity: function operatorNonce(bytes32 operator) view returns(uint64)
func (sidecarRegistry *SidecarRegistry) UnpackOperatorNonce(data []byte) (uint64, error) {
	out, err := sidecarRegistry.abi.Unpack("operatorNonce", data)
	if err != nil {
		return *new(uint64), err
	}
	out0 := *abi.ConvertType(out[0], new(uint64)).(*uint64)
	return out0, nil
}

// PackPendingRotation is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x134f6728.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function pendingRotation(bytes32 operator) view returns(address newWallet, bool revokePasskey, uint64 effectiveAt)
func (sidecarRegistry *SidecarRegistry) PackPendingRotation(operator [32]byte) []byte {
	enc, err := sidecarRegistry.abi.Pack("pendingRotation", operator)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackPendingRotation is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x134f6728.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function pendingRotation(bytes32 operator) view returns(address newWallet, bool revokePasskey, uint64 effectiveAt)
func (sidecarRegistry *SidecarRegistry) TryPackPendingRotation(operator [32]byte) ([]byte, error) {
	return sidecarRegistry.abi.Pack("pendingRotation", operator)
}

// PendingRotationOutput serves as a container for the return parameters of contract
// method PendingRotation.
type PendingRotationOutput struct {
	NewWallet     common.Address
	RevokePasskey bool
	EffectiveAt   uint64
}

// UnpackPendingRotation is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x134f6728.
//
// Solidity: function pendingRotation(bytes32 operator) view returns(address newWallet, bool revokePasskey, uint64 effectiveAt)
func (sidecarRegistry *SidecarRegistry) UnpackPendingRotation(data []byte) (PendingRotationOutput, error) {
	out, err := sidecarRegistry.abi.Unpack("pendingRotation", data)
	outstruct := new(PendingRotationOutput)
	if err != nil {
		return *outstruct, err
	}
	outstruct.NewWallet = *abi.ConvertType(out[0], new(common.Address)).(*common.Address)
	outstruct.RevokePasskey = *abi.ConvertType(out[1], new(bool)).(*bool)
	outstruct.EffectiveAt = *abi.ConvertType(out[2], new(uint64)).(*uint64)
	return *outstruct, nil
}

// PackRecoveryDelay is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x3758ca7a.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function recoveryDelay() view returns(uint64)
func (sidecarRegistry *SidecarRegistry) PackRecoveryDelay() []byte {
	enc, err := sidecarRegistry.abi.Pack("recoveryDelay")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackRecoveryDelay is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x3758ca7a.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function recoveryDelay() view returns(uint64)
func (sidecarRegistry *SidecarRegistry) TryPackRecoveryDelay() ([]byte, error) {
	return sidecarRegistry.abi.Pack("recoveryDelay")
}

// UnpackRecoveryDelay is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x3758ca7a.
//
// Solidity: function recoveryDelay() view returns(uint64)
func (sidecarRegistry *SidecarRegistry) UnpackRecoveryDelay(data []byte) (uint64, error) {
	out, err := sidecarRegistry.abi.Unpack("recoveryDelay", data)
	if err != nil {
		return *new(uint64), err
	}
	out0 := *abi.ConvertType(out[0], new(uint64)).(*uint64)
	return out0, nil
}

// PackRecoveryMasterCount is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x0f79764b.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function recoveryMasterCount(bytes32 operator) view returns(uint256)
func (sidecarRegistry *SidecarRegistry) PackRecoveryMasterCount(operator [32]byte) []byte {
	enc, err := sidecarRegistry.abi.Pack("recoveryMasterCount", operator)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackRecoveryMasterCount is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x0f79764b.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function recoveryMasterCount(bytes32 operator) view returns(uint256)
func (sidecarRegistry *SidecarRegistry) TryPackRecoveryMasterCount(operator [32]byte) ([]byte, error) {
	return sidecarRegistry.abi.Pack("recoveryMasterCount", operator)
}

// UnpackRecoveryMasterCount is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x0f79764b.
//
// Solidity: function recoveryMasterCount(bytes32 operator) view returns(uint256)
func (sidecarRegistry *SidecarRegistry) UnpackRecoveryMasterCount(data []byte) (*big.Int, error) {
	out, err := sidecarRegistry.abi.Unpack("recoveryMasterCount", data)
	if err != nil {
		return new(big.Int), err
	}
	out0 := abi.ConvertType(out[0], new(big.Int)).(*big.Int)
	return out0, nil
}

// PackRecoveryMasters is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x6a983c44.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function recoveryMasters(bytes32 operator) view returns(bytes32[] keys)
func (sidecarRegistry *SidecarRegistry) PackRecoveryMasters(operator [32]byte) []byte {
	enc, err := sidecarRegistry.abi.Pack("recoveryMasters", operator)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackRecoveryMasters is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x6a983c44.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function recoveryMasters(bytes32 operator) view returns(bytes32[] keys)
func (sidecarRegistry *SidecarRegistry) TryPackRecoveryMasters(operator [32]byte) ([]byte, error) {
	return sidecarRegistry.abi.Pack("recoveryMasters", operator)
}

// UnpackRecoveryMasters is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x6a983c44.
//
// Solidity: function recoveryMasters(bytes32 operator) view returns(bytes32[] keys)
func (sidecarRegistry *SidecarRegistry) UnpackRecoveryMasters(data []byte) ([][32]byte, error) {
	out, err := sidecarRegistry.abi.Unpack("recoveryMasters", data)
	if err != nil {
		return *new([][32]byte), err
	}
	out0 := *abi.ConvertType(out[0], new([][32]byte)).(*[][32]byte)
	return out0, nil
}

// PackRecoveryNonce is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x0b3ebdf3.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function recoveryNonce(bytes32 operator) view returns(uint64)
func (sidecarRegistry *SidecarRegistry) PackRecoveryNonce(operator [32]byte) []byte {
	enc, err := sidecarRegistry.abi.Pack("recoveryNonce", operator)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackRecoveryNonce is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x0b3ebdf3.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function recoveryNonce(bytes32 operator) view returns(uint64)
func (sidecarRegistry *SidecarRegistry) TryPackRecoveryNonce(operator [32]byte) ([]byte, error) {
	return sidecarRegistry.abi.Pack("recoveryNonce", operator)
}

// UnpackRecoveryNonce is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x0b3ebdf3.
//
// Solidity: function recoveryNonce(bytes32 operator) view returns(uint64)
func (sidecarRegistry *SidecarRegistry) UnpackRecoveryNonce(data []byte) (uint64, error) {
	out, err := sidecarRegistry.abi.Unpack("recoveryNonce", data)
	if err != nil {
		return *new(uint64), err
	}
	out0 := *abi.ConvertType(out[0], new(uint64)).(*uint64)
	return out0, nil
}

// PackRecoveryThreshold is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x3fe96526.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function recoveryThreshold(bytes32 operator) view returns(uint8)
func (sidecarRegistry *SidecarRegistry) PackRecoveryThreshold(operator [32]byte) []byte {
	enc, err := sidecarRegistry.abi.Pack("recoveryThreshold", operator)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackRecoveryThreshold is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x3fe96526.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function recoveryThreshold(bytes32 operator) view returns(uint8)
func (sidecarRegistry *SidecarRegistry) TryPackRecoveryThreshold(operator [32]byte) ([]byte, error) {
	return sidecarRegistry.abi.Pack("recoveryThreshold", operator)
}

// UnpackRecoveryThreshold is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x3fe96526.
//
// Solidity: function recoveryThreshold(bytes32 operator) view returns(uint8)
func (sidecarRegistry *SidecarRegistry) UnpackRecoveryThreshold(data []byte) (uint8, error) {
	out, err := sidecarRegistry.abi.Unpack("recoveryThreshold", data)
	if err != nil {
		return *new(uint8), err
	}
	out0 := *abi.ConvertType(out[0], new(uint8)).(*uint8)
	return out0, nil
}

// PackRegisterAdditionalMasterDevice is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xc40cc796.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function registerAdditionalMasterDevice((bytes32,(bytes32,bytes32,bytes32,uint256,uint256,uint8),bool,uint64,uint64) operation, (bytes32,(bytes,bytes,uint256,uint256))[] votes, (bytes,bytes,uint256,uint256) selfAssertion) returns()
func (sidecarRegistry *SidecarRegistry) PackRegisterAdditionalMasterDevice(operation RegisterMaster, votes []MasterAssertion, selfAssertion K11Assertion) []byte {
	enc, err := sidecarRegistry.abi.Pack("registerAdditionalMasterDevice", operation, votes, selfAssertion)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackRegisterAdditionalMasterDevice is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xc40cc796.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function registerAdditionalMasterDevice((bytes32,(bytes32,bytes32,bytes32,uint256,uint256,uint8),bool,uint64,uint64) operation, (bytes32,(bytes,bytes,uint256,uint256))[] votes, (bytes,bytes,uint256,uint256) selfAssertion) returns()
func (sidecarRegistry *SidecarRegistry) TryPackRegisterAdditionalMasterDevice(operation RegisterMaster, votes []MasterAssertion, selfAssertion K11Assertion) ([]byte, error) {
	return sidecarRegistry.abi.Pack("registerAdditionalMasterDevice", operation, votes, selfAssertion)
}

// PackRegisterAgentDevice is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x8bed2159.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function registerAgentDevice((bytes32,bytes32,address,uint64,uint64) operation, (uint64,uint8,bytes32,bytes32) consent, (bytes32,(bytes,bytes,uint256,uint256)) master) returns()
func (sidecarRegistry *SidecarRegistry) PackRegisterAgentDevice(operation BindAgent, consent ConsentSignature, master MasterAssertion) []byte {
	enc, err := sidecarRegistry.abi.Pack("registerAgentDevice", operation, consent, master)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackRegisterAgentDevice is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x8bed2159.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function registerAgentDevice((bytes32,bytes32,address,uint64,uint64) operation, (uint64,uint8,bytes32,bytes32) consent, (bytes32,(bytes,bytes,uint256,uint256)) master) returns()
func (sidecarRegistry *SidecarRegistry) TryPackRegisterAgentDevice(operation BindAgent, consent ConsentSignature, master MasterAssertion) ([]byte, error) {
	return sidecarRegistry.abi.Pack("registerAgentDevice", operation, consent, master)
}

// PackRegisterFirstMasterDevice is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x6e0c96ed.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function registerFirstMasterDevice((bytes32,address,bytes32,bytes32,bytes32,uint256,uint256,uint64,uint64) operation, (bytes,bytes,uint256,uint256) selfAssertion) returns()
func (sidecarRegistry *SidecarRegistry) PackRegisterFirstMasterDevice(operation RegisterFirstMaster, selfAssertion K11Assertion) []byte {
	enc, err := sidecarRegistry.abi.Pack("registerFirstMasterDevice", operation, selfAssertion)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackRegisterFirstMasterDevice is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x6e0c96ed.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function registerFirstMasterDevice((bytes32,address,bytes32,bytes32,bytes32,uint256,uint256,uint64,uint64) operation, (bytes,bytes,uint256,uint256) selfAssertion) returns()
func (sidecarRegistry *SidecarRegistry) TryPackRegisterFirstMasterDevice(operation RegisterFirstMaster, selfAssertion K11Assertion) ([]byte, error) {
	return sidecarRegistry.abi.Pack("registerFirstMasterDevice", operation, selfAssertion)
}

// PackReplaceMasterDevice is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xf4b93a04.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function replaceMasterDevice((bytes32,bytes32,(bytes32,bytes32,bytes32,uint256,uint256,uint8),uint64,uint64) operation, (bytes32,(bytes,bytes,uint256,uint256))[] votes, (bytes,bytes,uint256,uint256) selfAssertion) returns()
func (sidecarRegistry *SidecarRegistry) PackReplaceMasterDevice(operation ReplaceMaster, votes []MasterAssertion, selfAssertion K11Assertion) []byte {
	enc, err := sidecarRegistry.abi.Pack("replaceMasterDevice", operation, votes, selfAssertion)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackReplaceMasterDevice is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xf4b93a04.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function replaceMasterDevice((bytes32,bytes32,(bytes32,bytes32,bytes32,uint256,uint256,uint8),uint64,uint64) operation, (bytes32,(bytes,bytes,uint256,uint256))[] votes, (bytes,bytes,uint256,uint256) selfAssertion) returns()
func (sidecarRegistry *SidecarRegistry) TryPackReplaceMasterDevice(operation ReplaceMaster, votes []MasterAssertion, selfAssertion K11Assertion) ([]byte, error) {
	return sidecarRegistry.abi.Pack("replaceMasterDevice", operation, votes, selfAssertion)
}

// PackResolve is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x55ea6c47.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function resolve(address account) view returns(uint8 kind, bytes32 operatorOmni, bytes32 actorOmni, uint8 status)
func (sidecarRegistry *SidecarRegistry) PackResolve(account common.Address) []byte {
	enc, err := sidecarRegistry.abi.Pack("resolve", account)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackResolve is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x55ea6c47.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function resolve(address account) view returns(uint8 kind, bytes32 operatorOmni, bytes32 actorOmni, uint8 status)
func (sidecarRegistry *SidecarRegistry) TryPackResolve(account common.Address) ([]byte, error) {
	return sidecarRegistry.abi.Pack("resolve", account)
}

// ResolveOutput serves as a container for the return parameters of contract
// method Resolve.
type ResolveOutput struct {
	Kind         uint8
	OperatorOmni [32]byte
	ActorOmni    [32]byte
	Status       uint8
}

// UnpackResolve is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x55ea6c47.
//
// Solidity: function resolve(address account) view returns(uint8 kind, bytes32 operatorOmni, bytes32 actorOmni, uint8 status)
func (sidecarRegistry *SidecarRegistry) UnpackResolve(data []byte) (ResolveOutput, error) {
	out, err := sidecarRegistry.abi.Unpack("resolve", data)
	outstruct := new(ResolveOutput)
	if err != nil {
		return *outstruct, err
	}
	outstruct.Kind = *abi.ConvertType(out[0], new(uint8)).(*uint8)
	outstruct.OperatorOmni = *abi.ConvertType(out[1], new([32]byte)).(*[32]byte)
	outstruct.ActorOmni = *abi.ConvertType(out[2], new([32]byte)).(*[32]byte)
	outstruct.Status = *abi.ConvertType(out[3], new(uint8)).(*uint8)
	return *outstruct, nil
}

// PackRevokeAgentDevice is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xb269f9fb.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function revokeAgentDevice(bytes32 deviceKeyHash) returns()
func (sidecarRegistry *SidecarRegistry) PackRevokeAgentDevice(deviceKeyHash [32]byte) []byte {
	enc, err := sidecarRegistry.abi.Pack("revokeAgentDevice", deviceKeyHash)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackRevokeAgentDevice is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xb269f9fb.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function revokeAgentDevice(bytes32 deviceKeyHash) returns()
func (sidecarRegistry *SidecarRegistry) TryPackRevokeAgentDevice(deviceKeyHash [32]byte) ([]byte, error) {
	return sidecarRegistry.abi.Pack("revokeAgentDevice", deviceKeyHash)
}

// PackRevokeAgentDeviceWithWebauthn is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x56309004.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function revokeAgentDeviceWithWebauthn((bytes32,bytes32,uint64) operation, (bytes32,(bytes,bytes,uint256,uint256)) master) returns()
func (sidecarRegistry *SidecarRegistry) PackRevokeAgentDeviceWithWebauthn(operation RevokeAgent, master MasterAssertion) []byte {
	enc, err := sidecarRegistry.abi.Pack("revokeAgentDeviceWithWebauthn", operation, master)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackRevokeAgentDeviceWithWebauthn is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x56309004.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function revokeAgentDeviceWithWebauthn((bytes32,bytes32,uint64) operation, (bytes32,(bytes,bytes,uint256,uint256)) master) returns()
func (sidecarRegistry *SidecarRegistry) TryPackRevokeAgentDeviceWithWebauthn(operation RevokeAgent, master MasterAssertion) ([]byte, error) {
	return sidecarRegistry.abi.Pack("revokeAgentDeviceWithWebauthn", operation, master)
}

// PackRevokeMasterDevice is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xc4c80986.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function revokeMasterDevice((bytes32,bytes32,uint64,uint64) operation, (bytes32,(bytes,bytes,uint256,uint256))[] votes) returns()
func (sidecarRegistry *SidecarRegistry) PackRevokeMasterDevice(operation RevokeMaster, votes []MasterAssertion) []byte {
	enc, err := sidecarRegistry.abi.Pack("revokeMasterDevice", operation, votes)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackRevokeMasterDevice is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xc4c80986.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function revokeMasterDevice((bytes32,bytes32,uint64,uint64) operation, (bytes32,(bytes,bytes,uint256,uint256))[] votes) returns()
func (sidecarRegistry *SidecarRegistry) TryPackRevokeMasterDevice(operation RevokeMaster, votes []MasterAssertion) ([]byte, error) {
	return sidecarRegistry.abi.Pack("revokeMasterDevice", operation, votes)
}

// PackRotateMasterWallet is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xf539ea90.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function rotateMasterWallet((bytes32,address,bool,bool,uint64,uint64) operation, (bytes32,(bytes,bytes,uint256,uint256))[] votes, (uint8,bytes32,bytes32) newWallet) returns()
func (sidecarRegistry *SidecarRegistry) PackRotateMasterWallet(operation RotateMasterWallet, votes []MasterAssertion, newWallet K10Signature) []byte {
	enc, err := sidecarRegistry.abi.Pack("rotateMasterWallet", operation, votes, newWallet)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackRotateMasterWallet is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xf539ea90.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function rotateMasterWallet((bytes32,address,bool,bool,uint64,uint64) operation, (bytes32,(bytes,bytes,uint256,uint256))[] votes, (uint8,bytes32,bytes32) newWallet) returns()
func (sidecarRegistry *SidecarRegistry) TryPackRotateMasterWallet(operation RotateMasterWallet, votes []MasterAssertion, newWallet K10Signature) ([]byte, error) {
	return sidecarRegistry.abi.Pack("rotateMasterWallet", operation, votes, newWallet)
}

// PackScope is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x6e62d0a8.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function scope() view returns(address)
func (sidecarRegistry *SidecarRegistry) PackScope() []byte {
	enc, err := sidecarRegistry.abi.Pack("scope")
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackScope is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x6e62d0a8.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function scope() view returns(address)
func (sidecarRegistry *SidecarRegistry) TryPackScope() ([]byte, error) {
	return sidecarRegistry.abi.Pack("scope")
}

// UnpackScope is the Go binding that unpacks the parameters returned
// from invoking the contract method with ID 0x6e62d0a8.
//
// Solidity: function scope() view returns(address)
func (sidecarRegistry *SidecarRegistry) UnpackScope(data []byte) (common.Address, error) {
	out, err := sidecarRegistry.abi.Unpack("scope", data)
	if err != nil {
		return *new(common.Address), err
	}
	out0 := *abi.ConvertType(out[0], new(common.Address)).(*common.Address)
	return out0, nil
}

// PackSetRecoveryThreshold is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x8143e31e.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function setRecoveryThreshold((bytes32,uint8,uint64,uint64) operation, (bytes32,(bytes,bytes,uint256,uint256))[] votes) returns()
func (sidecarRegistry *SidecarRegistry) PackSetRecoveryThreshold(operation SetRecoveryThreshold, votes []MasterAssertion) []byte {
	enc, err := sidecarRegistry.abi.Pack("setRecoveryThreshold", operation, votes)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackSetRecoveryThreshold is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x8143e31e.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function setRecoveryThreshold((bytes32,uint8,uint64,uint64) operation, (bytes32,(bytes,bytes,uint256,uint256))[] votes) returns()
func (sidecarRegistry *SidecarRegistry) TryPackSetRecoveryThreshold(operation SetRecoveryThreshold, votes []MasterAssertion) ([]byte, error) {
	return sidecarRegistry.abi.Pack("setRecoveryThreshold", operation, votes)
}

// PackUnfreeze is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x66cf237d.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function unfreeze((bytes32,bytes32[],uint64,uint64) operation, (bytes32,(bytes,bytes,uint256,uint256))[] votes) returns()
func (sidecarRegistry *SidecarRegistry) PackUnfreeze(operation Unfreeze, votes []MasterAssertion) []byte {
	enc, err := sidecarRegistry.abi.Pack("unfreeze", operation, votes)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackUnfreeze is the Go binding used to pack the parameters required for calling
// the contract method with ID 0x66cf237d.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function unfreeze((bytes32,bytes32[],uint64,uint64) operation, (bytes32,(bytes,bytes,uint256,uint256))[] votes) returns()
func (sidecarRegistry *SidecarRegistry) TryPackUnfreeze(operation Unfreeze, votes []MasterAssertion) ([]byte, error) {
	return sidecarRegistry.abi.Pack("unfreeze", operation, votes)
}

// PackUseOperatorNonce is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xdc4a18d2.  This method will panic if any
// invalid/nil inputs are passed.
//
// Solidity: function useOperatorNonce(bytes32 operator, uint64 signed) returns()
func (sidecarRegistry *SidecarRegistry) PackUseOperatorNonce(operator [32]byte, signed uint64) []byte {
	enc, err := sidecarRegistry.abi.Pack("useOperatorNonce", operator, signed)
	if err != nil {
		panic(err)
	}
	return enc
}

// TryPackUseOperatorNonce is the Go binding used to pack the parameters required for calling
// the contract method with ID 0xdc4a18d2.  This method will return an error
// if any inputs are invalid/nil.
//
// Solidity: function useOperatorNonce(bytes32 operator, uint64 signed) returns()
func (sidecarRegistry *SidecarRegistry) TryPackUseOperatorNonce(operator [32]byte, signed uint64) ([]byte, error) {
	return sidecarRegistry.abi.Pack("useOperatorNonce", operator, signed)
}

// SidecarRegistryActorOwned represents a ActorOwned event raised by the SidecarRegistry contract.
type SidecarRegistryActorOwned struct {
	Operator [32]byte
	Actor    [32]byte
	Raw      *types.Log // Blockchain specific contextual infos
}

const SidecarRegistryActorOwnedEventName = "ActorOwned"

// ContractEventName returns the user-defined event name.
func (SidecarRegistryActorOwned) ContractEventName() string {
	return SidecarRegistryActorOwnedEventName
}

// UnpackActorOwnedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event ActorOwned(bytes32 indexed operator, bytes32 indexed actor)
func (sidecarRegistry *SidecarRegistry) UnpackActorOwnedEvent(log *types.Log) (*SidecarRegistryActorOwned, error) {
	event := "ActorOwned"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != sidecarRegistry.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(SidecarRegistryActorOwned)
	if len(log.Data) > 0 {
		if err := sidecarRegistry.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range sidecarRegistry.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// SidecarRegistryAssertionConsumed represents a AssertionConsumed event raised by the SidecarRegistry contract.
type SidecarRegistryAssertionConsumed struct {
	Operator      [32]byte
	DeviceKeyHash [32]byte
	Digest        [32]byte
	SignCount     uint32
	Raw           *types.Log // Blockchain specific contextual infos
}

const SidecarRegistryAssertionConsumedEventName = "AssertionConsumed"

// ContractEventName returns the user-defined event name.
func (SidecarRegistryAssertionConsumed) ContractEventName() string {
	return SidecarRegistryAssertionConsumedEventName
}

// UnpackAssertionConsumedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event AssertionConsumed(bytes32 indexed operator, bytes32 indexed deviceKeyHash, bytes32 indexed digest, uint32 signCount)
func (sidecarRegistry *SidecarRegistry) UnpackAssertionConsumedEvent(log *types.Log) (*SidecarRegistryAssertionConsumed, error) {
	event := "AssertionConsumed"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != sidecarRegistry.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(SidecarRegistryAssertionConsumed)
	if len(log.Data) > 0 {
		if err := sidecarRegistry.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range sidecarRegistry.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// SidecarRegistryDeviceRegistered represents a DeviceRegistered event raised by the SidecarRegistry contract.
type SidecarRegistryDeviceRegistered struct {
	Operator      [32]byte
	Actor         [32]byte
	DeviceKeyHash [32]byte
	Account       common.Address
	Tier          uint8
	Roles         uint8
	Raw           *types.Log // Blockchain specific contextual infos
}

const SidecarRegistryDeviceRegisteredEventName = "DeviceRegistered"

// ContractEventName returns the user-defined event name.
func (SidecarRegistryDeviceRegistered) ContractEventName() string {
	return SidecarRegistryDeviceRegisteredEventName
}

// UnpackDeviceRegisteredEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event DeviceRegistered(bytes32 indexed operator, bytes32 indexed actor, bytes32 indexed deviceKeyHash, address account, uint8 tier, uint8 roles)
func (sidecarRegistry *SidecarRegistry) UnpackDeviceRegisteredEvent(log *types.Log) (*SidecarRegistryDeviceRegistered, error) {
	event := "DeviceRegistered"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != sidecarRegistry.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(SidecarRegistryDeviceRegistered)
	if len(log.Data) > 0 {
		if err := sidecarRegistry.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range sidecarRegistry.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// SidecarRegistryDeviceRevoked represents a DeviceRevoked event raised by the SidecarRegistry contract.
type SidecarRegistryDeviceRevoked struct {
	Operator      [32]byte
	Actor         [32]byte
	DeviceKeyHash [32]byte
	Raw           *types.Log // Blockchain specific contextual infos
}

const SidecarRegistryDeviceRevokedEventName = "DeviceRevoked"

// ContractEventName returns the user-defined event name.
func (SidecarRegistryDeviceRevoked) ContractEventName() string {
	return SidecarRegistryDeviceRevokedEventName
}

// UnpackDeviceRevokedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event DeviceRevoked(bytes32 indexed operator, bytes32 indexed actor, bytes32 indexed deviceKeyHash)
func (sidecarRegistry *SidecarRegistry) UnpackDeviceRevokedEvent(log *types.Log) (*SidecarRegistryDeviceRevoked, error) {
	event := "DeviceRevoked"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != sidecarRegistry.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(SidecarRegistryDeviceRevoked)
	if len(log.Data) > 0 {
		if err := sidecarRegistry.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range sidecarRegistry.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// SidecarRegistryMasterCancelled represents a MasterCancelled event raised by the SidecarRegistry contract.
type SidecarRegistryMasterCancelled struct {
	Operator      [32]byte
	DeviceKeyHash [32]byte
	By            [32]byte
	Raw           *types.Log // Blockchain specific contextual infos
}

const SidecarRegistryMasterCancelledEventName = "MasterCancelled"

// ContractEventName returns the user-defined event name.
func (SidecarRegistryMasterCancelled) ContractEventName() string {
	return SidecarRegistryMasterCancelledEventName
}

// UnpackMasterCancelledEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event MasterCancelled(bytes32 indexed operator, bytes32 indexed deviceKeyHash, bytes32 indexed by)
func (sidecarRegistry *SidecarRegistry) UnpackMasterCancelledEvent(log *types.Log) (*SidecarRegistryMasterCancelled, error) {
	event := "MasterCancelled"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != sidecarRegistry.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(SidecarRegistryMasterCancelled)
	if len(log.Data) > 0 {
		if err := sidecarRegistry.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range sidecarRegistry.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// SidecarRegistryMasterMaturing represents a MasterMaturing event raised by the SidecarRegistry contract.
type SidecarRegistryMasterMaturing struct {
	Operator      [32]byte
	DeviceKeyHash [32]byte
	RecoveryFrom  uint64
	Raw           *types.Log // Blockchain specific contextual infos
}

const SidecarRegistryMasterMaturingEventName = "MasterMaturing"

// ContractEventName returns the user-defined event name.
func (SidecarRegistryMasterMaturing) ContractEventName() string {
	return SidecarRegistryMasterMaturingEventName
}

// UnpackMasterMaturingEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event MasterMaturing(bytes32 indexed operator, bytes32 indexed deviceKeyHash, uint64 recoveryFrom)
func (sidecarRegistry *SidecarRegistry) UnpackMasterMaturingEvent(log *types.Log) (*SidecarRegistryMasterMaturing, error) {
	event := "MasterMaturing"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != sidecarRegistry.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(SidecarRegistryMasterMaturing)
	if len(log.Data) > 0 {
		if err := sidecarRegistry.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range sidecarRegistry.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// SidecarRegistryMasterReplaced represents a MasterReplaced event raised by the SidecarRegistry contract.
type SidecarRegistryMasterReplaced struct {
	Operator      [32]byte
	DeviceKeyHash [32]byte
	Newcomer      [32]byte
	Raw           *types.Log // Blockchain specific contextual infos
}

const SidecarRegistryMasterReplacedEventName = "MasterReplaced"

// ContractEventName returns the user-defined event name.
func (SidecarRegistryMasterReplaced) ContractEventName() string {
	return SidecarRegistryMasterReplacedEventName
}

// UnpackMasterReplacedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event MasterReplaced(bytes32 indexed operator, bytes32 indexed deviceKeyHash, bytes32 indexed newcomer)
func (sidecarRegistry *SidecarRegistry) UnpackMasterReplacedEvent(log *types.Log) (*SidecarRegistryMasterReplaced, error) {
	event := "MasterReplaced"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != sidecarRegistry.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(SidecarRegistryMasterReplaced)
	if len(log.Data) > 0 {
		if err := sidecarRegistry.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range sidecarRegistry.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// SidecarRegistryMasterWalletRetired represents a MasterWalletRetired event raised by the SidecarRegistry contract.
type SidecarRegistryMasterWalletRetired struct {
	Operator       [32]byte
	Retired        common.Address
	NewWallet      common.Address
	PasskeyRevoked bool
	Raw            *types.Log // Blockchain specific contextual infos
}

const SidecarRegistryMasterWalletRetiredEventName = "MasterWalletRetired"

// ContractEventName returns the user-defined event name.
func (SidecarRegistryMasterWalletRetired) ContractEventName() string {
	return SidecarRegistryMasterWalletRetiredEventName
}

// UnpackMasterWalletRetiredEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event MasterWalletRetired(bytes32 indexed operator, address indexed retired, address indexed newWallet, bool passkeyRevoked)
func (sidecarRegistry *SidecarRegistry) UnpackMasterWalletRetiredEvent(log *types.Log) (*SidecarRegistryMasterWalletRetired, error) {
	event := "MasterWalletRetired"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != sidecarRegistry.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(SidecarRegistryMasterWalletRetired)
	if len(log.Data) > 0 {
		if err := sidecarRegistry.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range sidecarRegistry.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// SidecarRegistryMasterWalletSet represents a MasterWalletSet event raised by the SidecarRegistry contract.
type SidecarRegistryMasterWalletSet struct {
	Operator [32]byte
	Wallet   common.Address
	Raw      *types.Log // Blockchain specific contextual infos
}

const SidecarRegistryMasterWalletSetEventName = "MasterWalletSet"

// ContractEventName returns the user-defined event name.
func (SidecarRegistryMasterWalletSet) ContractEventName() string {
	return SidecarRegistryMasterWalletSetEventName
}

// UnpackMasterWalletSetEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event MasterWalletSet(bytes32 indexed operator, address indexed wallet)
func (sidecarRegistry *SidecarRegistry) UnpackMasterWalletSetEvent(log *types.Log) (*SidecarRegistryMasterWalletSet, error) {
	event := "MasterWalletSet"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != sidecarRegistry.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(SidecarRegistryMasterWalletSet)
	if len(log.Data) > 0 {
		if err := sidecarRegistry.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range sidecarRegistry.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// SidecarRegistryOperatorFrozen represents a OperatorFrozen event raised by the SidecarRegistry contract.
type SidecarRegistryOperatorFrozen struct {
	Operator [32]byte
	By       [32]byte
	Raw      *types.Log // Blockchain specific contextual infos
}

const SidecarRegistryOperatorFrozenEventName = "OperatorFrozen"

// ContractEventName returns the user-defined event name.
func (SidecarRegistryOperatorFrozen) ContractEventName() string {
	return SidecarRegistryOperatorFrozenEventName
}

// UnpackOperatorFrozenEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event OperatorFrozen(bytes32 indexed operator, bytes32 indexed by)
func (sidecarRegistry *SidecarRegistry) UnpackOperatorFrozenEvent(log *types.Log) (*SidecarRegistryOperatorFrozen, error) {
	event := "OperatorFrozen"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != sidecarRegistry.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(SidecarRegistryOperatorFrozen)
	if len(log.Data) > 0 {
		if err := sidecarRegistry.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range sidecarRegistry.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// SidecarRegistryOperatorNonceAdvanced represents a OperatorNonceAdvanced event raised by the SidecarRegistry contract.
type SidecarRegistryOperatorNonceAdvanced struct {
	Operator [32]byte
	Nonce    uint64
	Raw      *types.Log // Blockchain specific contextual infos
}

const SidecarRegistryOperatorNonceAdvancedEventName = "OperatorNonceAdvanced"

// ContractEventName returns the user-defined event name.
func (SidecarRegistryOperatorNonceAdvanced) ContractEventName() string {
	return SidecarRegistryOperatorNonceAdvancedEventName
}

// UnpackOperatorNonceAdvancedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event OperatorNonceAdvanced(bytes32 indexed operator, uint64 nonce)
func (sidecarRegistry *SidecarRegistry) UnpackOperatorNonceAdvancedEvent(log *types.Log) (*SidecarRegistryOperatorNonceAdvanced, error) {
	event := "OperatorNonceAdvanced"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != sidecarRegistry.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(SidecarRegistryOperatorNonceAdvanced)
	if len(log.Data) > 0 {
		if err := sidecarRegistry.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range sidecarRegistry.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// SidecarRegistryOperatorUnfrozen represents a OperatorUnfrozen event raised by the SidecarRegistry contract.
type SidecarRegistryOperatorUnfrozen struct {
	Operator    [32]byte
	FreezeNonce uint64
	Raw         *types.Log // Blockchain specific contextual infos
}

const SidecarRegistryOperatorUnfrozenEventName = "OperatorUnfrozen"

// ContractEventName returns the user-defined event name.
func (SidecarRegistryOperatorUnfrozen) ContractEventName() string {
	return SidecarRegistryOperatorUnfrozenEventName
}

// UnpackOperatorUnfrozenEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event OperatorUnfrozen(bytes32 indexed operator, uint64 freezeNonce)
func (sidecarRegistry *SidecarRegistry) UnpackOperatorUnfrozenEvent(log *types.Log) (*SidecarRegistryOperatorUnfrozen, error) {
	event := "OperatorUnfrozen"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != sidecarRegistry.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(SidecarRegistryOperatorUnfrozen)
	if len(log.Data) > 0 {
		if err := sidecarRegistry.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range sidecarRegistry.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// SidecarRegistryPasskeyRegistered represents a PasskeyRegistered event raised by the SidecarRegistry contract.
type SidecarRegistryPasskeyRegistered struct {
	Operator      [32]byte
	DeviceKeyHash [32]byte
	K11CredId     [32]byte
	K11RpIdHash   [32]byte
	K11OriginHash [32]byte
	K11PubX       *big.Int
	K11PubY       *big.Int
	Raw           *types.Log // Blockchain specific contextual infos
}

const SidecarRegistryPasskeyRegisteredEventName = "PasskeyRegistered"

// ContractEventName returns the user-defined event name.
func (SidecarRegistryPasskeyRegistered) ContractEventName() string {
	return SidecarRegistryPasskeyRegisteredEventName
}

// UnpackPasskeyRegisteredEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event PasskeyRegistered(bytes32 indexed operator, bytes32 indexed deviceKeyHash, bytes32 k11CredId, bytes32 k11RpIdHash, bytes32 k11OriginHash, uint256 k11PubX, uint256 k11PubY)
func (sidecarRegistry *SidecarRegistry) UnpackPasskeyRegisteredEvent(log *types.Log) (*SidecarRegistryPasskeyRegistered, error) {
	event := "PasskeyRegistered"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != sidecarRegistry.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(SidecarRegistryPasskeyRegistered)
	if len(log.Data) > 0 {
		if err := sidecarRegistry.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range sidecarRegistry.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// SidecarRegistryRecoveryNonceAdvanced represents a RecoveryNonceAdvanced event raised by the SidecarRegistry contract.
type SidecarRegistryRecoveryNonceAdvanced struct {
	Operator [32]byte
	Nonce    uint64
	Raw      *types.Log // Blockchain specific contextual infos
}

const SidecarRegistryRecoveryNonceAdvancedEventName = "RecoveryNonceAdvanced"

// ContractEventName returns the user-defined event name.
func (SidecarRegistryRecoveryNonceAdvanced) ContractEventName() string {
	return SidecarRegistryRecoveryNonceAdvancedEventName
}

// UnpackRecoveryNonceAdvancedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event RecoveryNonceAdvanced(bytes32 indexed operator, uint64 nonce)
func (sidecarRegistry *SidecarRegistry) UnpackRecoveryNonceAdvancedEvent(log *types.Log) (*SidecarRegistryRecoveryNonceAdvanced, error) {
	event := "RecoveryNonceAdvanced"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != sidecarRegistry.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(SidecarRegistryRecoveryNonceAdvanced)
	if len(log.Data) > 0 {
		if err := sidecarRegistry.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range sidecarRegistry.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// SidecarRegistryRecoveryThresholdSet represents a RecoveryThresholdSet event raised by the SidecarRegistry contract.
type SidecarRegistryRecoveryThresholdSet struct {
	Operator  [32]byte
	Threshold uint8
	Raw       *types.Log // Blockchain specific contextual infos
}

const SidecarRegistryRecoveryThresholdSetEventName = "RecoveryThresholdSet"

// ContractEventName returns the user-defined event name.
func (SidecarRegistryRecoveryThresholdSet) ContractEventName() string {
	return SidecarRegistryRecoveryThresholdSetEventName
}

// UnpackRecoveryThresholdSetEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event RecoveryThresholdSet(bytes32 indexed operator, uint8 threshold)
func (sidecarRegistry *SidecarRegistry) UnpackRecoveryThresholdSetEvent(log *types.Log) (*SidecarRegistryRecoveryThresholdSet, error) {
	event := "RecoveryThresholdSet"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != sidecarRegistry.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(SidecarRegistryRecoveryThresholdSet)
	if len(log.Data) > 0 {
		if err := sidecarRegistry.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range sidecarRegistry.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// SidecarRegistryRotationCancelled represents a RotationCancelled event raised by the SidecarRegistry contract.
type SidecarRegistryRotationCancelled struct {
	Operator  [32]byte
	NewWallet common.Address
	Raw       *types.Log // Blockchain specific contextual infos
}

const SidecarRegistryRotationCancelledEventName = "RotationCancelled"

// ContractEventName returns the user-defined event name.
func (SidecarRegistryRotationCancelled) ContractEventName() string {
	return SidecarRegistryRotationCancelledEventName
}

// UnpackRotationCancelledEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event RotationCancelled(bytes32 indexed operator, address indexed newWallet)
func (sidecarRegistry *SidecarRegistry) UnpackRotationCancelledEvent(log *types.Log) (*SidecarRegistryRotationCancelled, error) {
	event := "RotationCancelled"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != sidecarRegistry.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(SidecarRegistryRotationCancelled)
	if len(log.Data) > 0 {
		if err := sidecarRegistry.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range sidecarRegistry.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// SidecarRegistryRotationProposed represents a RotationProposed event raised by the SidecarRegistry contract.
type SidecarRegistryRotationProposed struct {
	Operator      [32]byte
	NewWallet     common.Address
	RevokePasskey bool
	EffectiveAt   uint64
	Raw           *types.Log // Blockchain specific contextual infos
}

const SidecarRegistryRotationProposedEventName = "RotationProposed"

// ContractEventName returns the user-defined event name.
func (SidecarRegistryRotationProposed) ContractEventName() string {
	return SidecarRegistryRotationProposedEventName
}

// UnpackRotationProposedEvent is the Go binding that unpacks the event data emitted
// by contract.
//
// Solidity: event RotationProposed(bytes32 indexed operator, address indexed newWallet, bool revokePasskey, uint64 effectiveAt)
func (sidecarRegistry *SidecarRegistry) UnpackRotationProposedEvent(log *types.Log) (*SidecarRegistryRotationProposed, error) {
	event := "RotationProposed"
	if len(log.Topics) == 0 {
		return nil, bind.ErrNoEventSignature
	}
	if log.Topics[0] != sidecarRegistry.abi.Events[event].ID {
		return nil, bind.ErrEventSignatureMismatch
	}
	out := new(SidecarRegistryRotationProposed)
	if len(log.Data) > 0 {
		if err := sidecarRegistry.abi.UnpackIntoInterface(out, event, log.Data); err != nil {
			return nil, err
		}
	}
	var indexed abi.Arguments
	for _, arg := range sidecarRegistry.abi.Events[event].Inputs {
		if arg.Indexed {
			indexed = append(indexed, arg)
		}
	}
	if err := abi.ParseTopics(out, indexed, log.Topics[1:]); err != nil {
		return nil, err
	}
	out.Raw = log
	return out, nil
}

// UnpackError attempts to decode the provided error data using user-defined
// error definitions.
func (sidecarRegistry *SidecarRegistry) UnpackError(raw []byte) (any, error) {
	if bytes.Equal(raw[:4], sidecarRegistry.abi.Errors["ActorIsOperator"].ID.Bytes()[:4]) {
		return sidecarRegistry.UnpackActorIsOperatorError(raw[4:])
	}
	if bytes.Equal(raw[:4], sidecarRegistry.abi.Errors["ActorOfOtherOperator"].ID.Bytes()[:4]) {
		return sidecarRegistry.UnpackActorOfOtherOperatorError(raw[4:])
	}
	if bytes.Equal(raw[:4], sidecarRegistry.abi.Errors["AuditMissing"].ID.Bytes()[:4]) {
		return sidecarRegistry.UnpackAuditMissingError(raw[4:])
	}
	if bytes.Equal(raw[:4], sidecarRegistry.abi.Errors["ConsentNotByAgent"].ID.Bytes()[:4]) {
		return sidecarRegistry.UnpackConsentNotByAgentError(raw[4:])
	}
	if bytes.Equal(raw[:4], sidecarRegistry.abi.Errors["CredentialIdMissing"].ID.Bytes()[:4]) {
		return sidecarRegistry.UnpackCredentialIdMissingError(raw[4:])
	}
	if bytes.Equal(raw[:4], sidecarRegistry.abi.Errors["DeadlinePassed"].ID.Bytes()[:4]) {
		return sidecarRegistry.UnpackDeadlinePassedError(raw[4:])
	}
	if bytes.Equal(raw[:4], sidecarRegistry.abi.Errors["DeviceAlreadyRegistered"].ID.Bytes()[:4]) {
		return sidecarRegistry.UnpackDeviceAlreadyRegisteredError(raw[4:])
	}
	if bytes.Equal(raw[:4], sidecarRegistry.abi.Errors["DeviceIsRevoked"].ID.Bytes()[:4]) {
		return sidecarRegistry.UnpackDeviceIsRevokedError(raw[4:])
	}
	if bytes.Equal(raw[:4], sidecarRegistry.abi.Errors["DeviceOfOtherOperator"].ID.Bytes()[:4]) {
		return sidecarRegistry.UnpackDeviceOfOtherOperatorError(raw[4:])
	}
	if bytes.Equal(raw[:4], sidecarRegistry.abi.Errors["DeviceUnknown"].ID.Bytes()[:4]) {
		return sidecarRegistry.UnpackDeviceUnknownError(raw[4:])
	}
	if bytes.Equal(raw[:4], sidecarRegistry.abi.Errors["DigestSpent"].ID.Bytes()[:4]) {
		return sidecarRegistry.UnpackDigestSpentError(raw[4:])
	}
	if bytes.Equal(raw[:4], sidecarRegistry.abi.Errors["K10SignatureInvalid"].ID.Bytes()[:4]) {
		return sidecarRegistry.UnpackK10SignatureInvalidError(raw[4:])
	}
	if bytes.Equal(raw[:4], sidecarRegistry.abi.Errors["K10SignatureSTooHigh"].ID.Bytes()[:4]) {
		return sidecarRegistry.UnpackK10SignatureSTooHighError(raw[4:])
	}
	if bytes.Equal(raw[:4], sidecarRegistry.abi.Errors["K10SignatureVInvalid"].ID.Bytes()[:4]) {
		return sidecarRegistry.UnpackK10SignatureVInvalidError(raw[4:])
	}
	if bytes.Equal(raw[:4], sidecarRegistry.abi.Errors["NewcomerMaturing"].ID.Bytes()[:4]) {
		return sidecarRegistry.UnpackNewcomerMaturingError(raw[4:])
	}
	if bytes.Equal(raw[:4], sidecarRegistry.abi.Errors["NoRotationPending"].ID.Bytes()[:4]) {
		return sidecarRegistry.UnpackNoRotationPendingError(raw[4:])
	}
	if bytes.Equal(raw[:4], sidecarRegistry.abi.Errors["NotAgentDevice"].ID.Bytes()[:4]) {
		return sidecarRegistry.UnpackNotAgentDeviceError(raw[4:])
	}
	if bytes.Equal(raw[:4], sidecarRegistry.abi.Errors["NotConsumer"].ID.Bytes()[:4]) {
		return sidecarRegistry.UnpackNotConsumerError(raw[4:])
	}
	if bytes.Equal(raw[:4], sidecarRegistry.abi.Errors["NotFrozen"].ID.Bytes()[:4]) {
		return sidecarRegistry.UnpackNotFrozenError(raw[4:])
	}
	if bytes.Equal(raw[:4], sidecarRegistry.abi.Errors["NotMasterDevice"].ID.Bytes()[:4]) {
		return sidecarRegistry.UnpackNotMasterDeviceError(raw[4:])
	}
	if bytes.Equal(raw[:4], sidecarRegistry.abi.Errors["NotMaturing"].ID.Bytes()[:4]) {
		return sidecarRegistry.UnpackNotMaturingError(raw[4:])
	}
	if bytes.Equal(raw[:4], sidecarRegistry.abi.Errors["NotRevoker"].ID.Bytes()[:4]) {
		return sidecarRegistry.UnpackNotRevokerError(raw[4:])
	}
	if bytes.Equal(raw[:4], sidecarRegistry.abi.Errors["OmniMismatch"].ID.Bytes()[:4]) {
		return sidecarRegistry.UnpackOmniMismatchError(raw[4:])
	}
	if bytes.Equal(raw[:4], sidecarRegistry.abi.Errors["OperatorIsFrozen"].ID.Bytes()[:4]) {
		return sidecarRegistry.UnpackOperatorIsFrozenError(raw[4:])
	}
	if bytes.Equal(raw[:4], sidecarRegistry.abi.Errors["PasskeyAlreadyRegistered"].ID.Bytes()[:4]) {
		return sidecarRegistry.UnpackPasskeyAlreadyRegisteredError(raw[4:])
	}
	if bytes.Equal(raw[:4], sidecarRegistry.abi.Errors["PasskeyMissing"].ID.Bytes()[:4]) {
		return sidecarRegistry.UnpackPasskeyMissingError(raw[4:])
	}
	if bytes.Equal(raw[:4], sidecarRegistry.abi.Errors["ProposalRefused"].ID.Bytes()[:4]) {
		return sidecarRegistry.UnpackProposalRefusedError(raw[4:])
	}
	if bytes.Equal(raw[:4], sidecarRegistry.abi.Errors["QuorumTooSmall"].ID.Bytes()[:4]) {
		return sidecarRegistry.UnpackQuorumTooSmallError(raw[4:])
	}
	if bytes.Equal(raw[:4], sidecarRegistry.abi.Errors["RecoveryDelayInvalid"].ID.Bytes()[:4]) {
		return sidecarRegistry.UnpackRecoveryDelayInvalidError(raw[4:])
	}
	if bytes.Equal(raw[:4], sidecarRegistry.abi.Errors["RecoveryNotMature"].ID.Bytes()[:4]) {
		return sidecarRegistry.UnpackRecoveryNotMatureError(raw[4:])
	}
	if bytes.Equal(raw[:4], sidecarRegistry.abi.Errors["RoleMissing"].ID.Bytes()[:4]) {
		return sidecarRegistry.UnpackRoleMissingError(raw[4:])
	}
	if bytes.Equal(raw[:4], sidecarRegistry.abi.Errors["RolesInvalid"].ID.Bytes()[:4]) {
		return sidecarRegistry.UnpackRolesInvalidError(raw[4:])
	}
	if bytes.Equal(raw[:4], sidecarRegistry.abi.Errors["RotationNotByNewWallet"].ID.Bytes()[:4]) {
		return sidecarRegistry.UnpackRotationNotByNewWalletError(raw[4:])
	}
	if bytes.Equal(raw[:4], sidecarRegistry.abi.Errors["RotationNotDue"].ID.Bytes()[:4]) {
		return sidecarRegistry.UnpackRotationNotDueError(raw[4:])
	}
	if bytes.Equal(raw[:4], sidecarRegistry.abi.Errors["RotationPending"].ID.Bytes()[:4]) {
		return sidecarRegistry.UnpackRotationPendingError(raw[4:])
	}
	if bytes.Equal(raw[:4], sidecarRegistry.abi.Errors["ScopeMissing"].ID.Bytes()[:4]) {
		return sidecarRegistry.UnpackScopeMissingError(raw[4:])
	}
	if bytes.Equal(raw[:4], sidecarRegistry.abi.Errors["SenderNotWallet"].ID.Bytes()[:4]) {
		return sidecarRegistry.UnpackSenderNotWalletError(raw[4:])
	}
	if bytes.Equal(raw[:4], sidecarRegistry.abi.Errors["SignCountNotIncreased"].ID.Bytes()[:4]) {
		return sidecarRegistry.UnpackSignCountNotIncreasedError(raw[4:])
	}
	if bytes.Equal(raw[:4], sidecarRegistry.abi.Errors["StaleNonce"].ID.Bytes()[:4]) {
		return sidecarRegistry.UnpackStaleNonceError(raw[4:])
	}
	if bytes.Equal(raw[:4], sidecarRegistry.abi.Errors["TargetIsWallet"].ID.Bytes()[:4]) {
		return sidecarRegistry.UnpackTargetIsWalletError(raw[4:])
	}
	if bytes.Equal(raw[:4], sidecarRegistry.abi.Errors["TargetMayNotVote"].ID.Bytes()[:4]) {
		return sidecarRegistry.UnpackTargetMayNotVoteError(raw[4:])
	}
	if bytes.Equal(raw[:4], sidecarRegistry.abi.Errors["ThresholdInvalid"].ID.Bytes()[:4]) {
		return sidecarRegistry.UnpackThresholdInvalidError(raw[4:])
	}
	if bytes.Equal(raw[:4], sidecarRegistry.abi.Errors["TooFewRecoveryMasters"].ID.Bytes()[:4]) {
		return sidecarRegistry.UnpackTooFewRecoveryMastersError(raw[4:])
	}
	if bytes.Equal(raw[:4], sidecarRegistry.abi.Errors["VerifierMissing"].ID.Bytes()[:4]) {
		return sidecarRegistry.UnpackVerifierMissingError(raw[4:])
	}
	if bytes.Equal(raw[:4], sidecarRegistry.abi.Errors["VoteDuplicate"].ID.Bytes()[:4]) {
		return sidecarRegistry.UnpackVoteDuplicateError(raw[4:])
	}
	if bytes.Equal(raw[:4], sidecarRegistry.abi.Errors["VotesUnordered"].ID.Bytes()[:4]) {
		return sidecarRegistry.UnpackVotesUnorderedError(raw[4:])
	}
	return nil, errors.New("Unknown error")
}

// SidecarRegistryActorIsOperator represents a ActorIsOperator error raised by the SidecarRegistry contract.
type SidecarRegistryActorIsOperator struct {
	Actor [32]byte
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ActorIsOperator(bytes32 actor)
func SidecarRegistryActorIsOperatorErrorID() common.Hash {
	return common.HexToHash("0xfcb9ca4f89f90fca0f37b7f664cc28c0f3fb279379d91b4b95717d5b7272dbaf")
}

// UnpackActorIsOperatorError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ActorIsOperator(bytes32 actor)
func (sidecarRegistry *SidecarRegistry) UnpackActorIsOperatorError(raw []byte) (*SidecarRegistryActorIsOperator, error) {
	out := new(SidecarRegistryActorIsOperator)
	if err := sidecarRegistry.abi.UnpackIntoInterface(out, "ActorIsOperator", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// SidecarRegistryActorOfOtherOperator represents a ActorOfOtherOperator error raised by the SidecarRegistry contract.
type SidecarRegistryActorOfOtherOperator struct {
	Actor [32]byte
	Owner [32]byte
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ActorOfOtherOperator(bytes32 actor, bytes32 owner)
func SidecarRegistryActorOfOtherOperatorErrorID() common.Hash {
	return common.HexToHash("0x6c63c1778ceedeaccd0d0cc4764f6f9d90e0bc6f4cd2eddbe0a3423f82ab55e6")
}

// UnpackActorOfOtherOperatorError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ActorOfOtherOperator(bytes32 actor, bytes32 owner)
func (sidecarRegistry *SidecarRegistry) UnpackActorOfOtherOperatorError(raw []byte) (*SidecarRegistryActorOfOtherOperator, error) {
	out := new(SidecarRegistryActorOfOtherOperator)
	if err := sidecarRegistry.abi.UnpackIntoInterface(out, "ActorOfOtherOperator", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// SidecarRegistryAuditMissing represents a AuditMissing error raised by the SidecarRegistry contract.
type SidecarRegistryAuditMissing struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error AuditMissing()
func SidecarRegistryAuditMissingErrorID() common.Hash {
	return common.HexToHash("0x6c157dbff3230a5428095c13afca4053417d882619bf4701515f3293eda1015b")
}

// UnpackAuditMissingError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error AuditMissing()
func (sidecarRegistry *SidecarRegistry) UnpackAuditMissingError(raw []byte) (*SidecarRegistryAuditMissing, error) {
	out := new(SidecarRegistryAuditMissing)
	if err := sidecarRegistry.abi.UnpackIntoInterface(out, "AuditMissing", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// SidecarRegistryConsentNotByAgent represents a ConsentNotByAgent error raised by the SidecarRegistry contract.
type SidecarRegistryConsentNotByAgent struct {
	Recovered common.Address
	Agent     common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ConsentNotByAgent(address recovered, address agent)
func SidecarRegistryConsentNotByAgentErrorID() common.Hash {
	return common.HexToHash("0xf3c7460f6ea79df93a7cf5ac80d0de40009872b645672a0656cbcfaff3bf3ab2")
}

// UnpackConsentNotByAgentError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ConsentNotByAgent(address recovered, address agent)
func (sidecarRegistry *SidecarRegistry) UnpackConsentNotByAgentError(raw []byte) (*SidecarRegistryConsentNotByAgent, error) {
	out := new(SidecarRegistryConsentNotByAgent)
	if err := sidecarRegistry.abi.UnpackIntoInterface(out, "ConsentNotByAgent", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// SidecarRegistryCredentialIdMissing represents a CredentialIdMissing error raised by the SidecarRegistry contract.
type SidecarRegistryCredentialIdMissing struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error CredentialIdMissing()
func SidecarRegistryCredentialIdMissingErrorID() common.Hash {
	return common.HexToHash("0x2b73b6e01181f175ed1834a0ae929632d35645938eb1d2e26b71eef3ec4ccf57")
}

// UnpackCredentialIdMissingError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error CredentialIdMissing()
func (sidecarRegistry *SidecarRegistry) UnpackCredentialIdMissingError(raw []byte) (*SidecarRegistryCredentialIdMissing, error) {
	out := new(SidecarRegistryCredentialIdMissing)
	if err := sidecarRegistry.abi.UnpackIntoInterface(out, "CredentialIdMissing", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// SidecarRegistryDeadlinePassed represents a DeadlinePassed error raised by the SidecarRegistry contract.
type SidecarRegistryDeadlinePassed struct {
	Deadline uint64
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error DeadlinePassed(uint64 deadline)
func SidecarRegistryDeadlinePassedErrorID() common.Hash {
	return common.HexToHash("0x6768091307d5da213ba3ac1392311a935d1607f1020232ee01d118de33b68661")
}

// UnpackDeadlinePassedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error DeadlinePassed(uint64 deadline)
func (sidecarRegistry *SidecarRegistry) UnpackDeadlinePassedError(raw []byte) (*SidecarRegistryDeadlinePassed, error) {
	out := new(SidecarRegistryDeadlinePassed)
	if err := sidecarRegistry.abi.UnpackIntoInterface(out, "DeadlinePassed", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// SidecarRegistryDeviceAlreadyRegistered represents a DeviceAlreadyRegistered error raised by the SidecarRegistry contract.
type SidecarRegistryDeviceAlreadyRegistered struct {
	DeviceKeyHash [32]byte
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error DeviceAlreadyRegistered(bytes32 deviceKeyHash)
func SidecarRegistryDeviceAlreadyRegisteredErrorID() common.Hash {
	return common.HexToHash("0xa98bbce0efb623561cba382cf95be37fe724e4edd50bc8e995e765006cbe8c4f")
}

// UnpackDeviceAlreadyRegisteredError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error DeviceAlreadyRegistered(bytes32 deviceKeyHash)
func (sidecarRegistry *SidecarRegistry) UnpackDeviceAlreadyRegisteredError(raw []byte) (*SidecarRegistryDeviceAlreadyRegistered, error) {
	out := new(SidecarRegistryDeviceAlreadyRegistered)
	if err := sidecarRegistry.abi.UnpackIntoInterface(out, "DeviceAlreadyRegistered", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// SidecarRegistryDeviceIsRevoked represents a DeviceIsRevoked error raised by the SidecarRegistry contract.
type SidecarRegistryDeviceIsRevoked struct {
	DeviceKeyHash [32]byte
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error DeviceIsRevoked(bytes32 deviceKeyHash)
func SidecarRegistryDeviceIsRevokedErrorID() common.Hash {
	return common.HexToHash("0xdceb7f6f6d473ca2d8ecf35fc49ced3deae4da3d82183de31832b6d1ac6f8db5")
}

// UnpackDeviceIsRevokedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error DeviceIsRevoked(bytes32 deviceKeyHash)
func (sidecarRegistry *SidecarRegistry) UnpackDeviceIsRevokedError(raw []byte) (*SidecarRegistryDeviceIsRevoked, error) {
	out := new(SidecarRegistryDeviceIsRevoked)
	if err := sidecarRegistry.abi.UnpackIntoInterface(out, "DeviceIsRevoked", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// SidecarRegistryDeviceOfOtherOperator represents a DeviceOfOtherOperator error raised by the SidecarRegistry contract.
type SidecarRegistryDeviceOfOtherOperator struct {
	DeviceKeyHash [32]byte
	Operator      [32]byte
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error DeviceOfOtherOperator(bytes32 deviceKeyHash, bytes32 operator)
func SidecarRegistryDeviceOfOtherOperatorErrorID() common.Hash {
	return common.HexToHash("0xf168b08c46fa5a1c03d9a54ca33cd690a17ac9ed3a9bf0e1b61696cc4d49a6e9")
}

// UnpackDeviceOfOtherOperatorError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error DeviceOfOtherOperator(bytes32 deviceKeyHash, bytes32 operator)
func (sidecarRegistry *SidecarRegistry) UnpackDeviceOfOtherOperatorError(raw []byte) (*SidecarRegistryDeviceOfOtherOperator, error) {
	out := new(SidecarRegistryDeviceOfOtherOperator)
	if err := sidecarRegistry.abi.UnpackIntoInterface(out, "DeviceOfOtherOperator", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// SidecarRegistryDeviceUnknown represents a DeviceUnknown error raised by the SidecarRegistry contract.
type SidecarRegistryDeviceUnknown struct {
	DeviceKeyHash [32]byte
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error DeviceUnknown(bytes32 deviceKeyHash)
func SidecarRegistryDeviceUnknownErrorID() common.Hash {
	return common.HexToHash("0xda0015fe0c83865b6a2bc1ced238f8b296b5b4ebba42a3c6ccffae110047e12c")
}

// UnpackDeviceUnknownError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error DeviceUnknown(bytes32 deviceKeyHash)
func (sidecarRegistry *SidecarRegistry) UnpackDeviceUnknownError(raw []byte) (*SidecarRegistryDeviceUnknown, error) {
	out := new(SidecarRegistryDeviceUnknown)
	if err := sidecarRegistry.abi.UnpackIntoInterface(out, "DeviceUnknown", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// SidecarRegistryDigestSpent represents a DigestSpent error raised by the SidecarRegistry contract.
type SidecarRegistryDigestSpent struct {
	Digest [32]byte
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error DigestSpent(bytes32 digest)
func SidecarRegistryDigestSpentErrorID() common.Hash {
	return common.HexToHash("0x586b0fe73a1a47846306fed792162db643f0ac8677505f4e8a02bc073420f6ef")
}

// UnpackDigestSpentError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error DigestSpent(bytes32 digest)
func (sidecarRegistry *SidecarRegistry) UnpackDigestSpentError(raw []byte) (*SidecarRegistryDigestSpent, error) {
	out := new(SidecarRegistryDigestSpent)
	if err := sidecarRegistry.abi.UnpackIntoInterface(out, "DigestSpent", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// SidecarRegistryK10SignatureInvalid represents a K10SignatureInvalid error raised by the SidecarRegistry contract.
type SidecarRegistryK10SignatureInvalid struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error K10SignatureInvalid()
func SidecarRegistryK10SignatureInvalidErrorID() common.Hash {
	return common.HexToHash("0x2d2f4786841443402f8faeefcbe81bbf39938fe6e936c99240eec98ba532bf46")
}

// UnpackK10SignatureInvalidError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error K10SignatureInvalid()
func (sidecarRegistry *SidecarRegistry) UnpackK10SignatureInvalidError(raw []byte) (*SidecarRegistryK10SignatureInvalid, error) {
	out := new(SidecarRegistryK10SignatureInvalid)
	if err := sidecarRegistry.abi.UnpackIntoInterface(out, "K10SignatureInvalid", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// SidecarRegistryK10SignatureSTooHigh represents a K10SignatureSTooHigh error raised by the SidecarRegistry contract.
type SidecarRegistryK10SignatureSTooHigh struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error K10SignatureSTooHigh()
func SidecarRegistryK10SignatureSTooHighErrorID() common.Hash {
	return common.HexToHash("0x7e66e7f42dcd827cde3096168183c1e6d3804726d482801d531e38d5778272cf")
}

// UnpackK10SignatureSTooHighError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error K10SignatureSTooHigh()
func (sidecarRegistry *SidecarRegistry) UnpackK10SignatureSTooHighError(raw []byte) (*SidecarRegistryK10SignatureSTooHigh, error) {
	out := new(SidecarRegistryK10SignatureSTooHigh)
	if err := sidecarRegistry.abi.UnpackIntoInterface(out, "K10SignatureSTooHigh", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// SidecarRegistryK10SignatureVInvalid represents a K10SignatureVInvalid error raised by the SidecarRegistry contract.
type SidecarRegistryK10SignatureVInvalid struct {
	V uint8
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error K10SignatureVInvalid(uint8 v)
func SidecarRegistryK10SignatureVInvalidErrorID() common.Hash {
	return common.HexToHash("0x43693dd3d8d641c25795d0486b108ff8795e2ac4486ffc433ebe9fe447556cd3")
}

// UnpackK10SignatureVInvalidError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error K10SignatureVInvalid(uint8 v)
func (sidecarRegistry *SidecarRegistry) UnpackK10SignatureVInvalidError(raw []byte) (*SidecarRegistryK10SignatureVInvalid, error) {
	out := new(SidecarRegistryK10SignatureVInvalid)
	if err := sidecarRegistry.abi.UnpackIntoInterface(out, "K10SignatureVInvalid", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// SidecarRegistryNewcomerMaturing represents a NewcomerMaturing error raised by the SidecarRegistry contract.
type SidecarRegistryNewcomerMaturing struct {
	DeviceKeyHash [32]byte
	RecoveryFrom  uint64
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error NewcomerMaturing(bytes32 deviceKeyHash, uint64 recoveryFrom)
func SidecarRegistryNewcomerMaturingErrorID() common.Hash {
	return common.HexToHash("0xac6f0c49955aacb896c8904ba02558d0b20cf1183b409d87d8a9339eafa7be57")
}

// UnpackNewcomerMaturingError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error NewcomerMaturing(bytes32 deviceKeyHash, uint64 recoveryFrom)
func (sidecarRegistry *SidecarRegistry) UnpackNewcomerMaturingError(raw []byte) (*SidecarRegistryNewcomerMaturing, error) {
	out := new(SidecarRegistryNewcomerMaturing)
	if err := sidecarRegistry.abi.UnpackIntoInterface(out, "NewcomerMaturing", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// SidecarRegistryNoRotationPending represents a NoRotationPending error raised by the SidecarRegistry contract.
type SidecarRegistryNoRotationPending struct {
	Operator [32]byte
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error NoRotationPending(bytes32 operator)
func SidecarRegistryNoRotationPendingErrorID() common.Hash {
	return common.HexToHash("0x609dfd14da35d54d20a6fee40798701dbc6d98ef6dc494d612db9fb4dd30f85b")
}

// UnpackNoRotationPendingError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error NoRotationPending(bytes32 operator)
func (sidecarRegistry *SidecarRegistry) UnpackNoRotationPendingError(raw []byte) (*SidecarRegistryNoRotationPending, error) {
	out := new(SidecarRegistryNoRotationPending)
	if err := sidecarRegistry.abi.UnpackIntoInterface(out, "NoRotationPending", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// SidecarRegistryNotAgentDevice represents a NotAgentDevice error raised by the SidecarRegistry contract.
type SidecarRegistryNotAgentDevice struct {
	DeviceKeyHash [32]byte
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error NotAgentDevice(bytes32 deviceKeyHash)
func SidecarRegistryNotAgentDeviceErrorID() common.Hash {
	return common.HexToHash("0x624854008f22d0b8630344d6bd4c6b6252faf8f96d8f53c269cbb2fed1c1fa8e")
}

// UnpackNotAgentDeviceError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error NotAgentDevice(bytes32 deviceKeyHash)
func (sidecarRegistry *SidecarRegistry) UnpackNotAgentDeviceError(raw []byte) (*SidecarRegistryNotAgentDevice, error) {
	out := new(SidecarRegistryNotAgentDevice)
	if err := sidecarRegistry.abi.UnpackIntoInterface(out, "NotAgentDevice", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// SidecarRegistryNotConsumer represents a NotConsumer error raised by the SidecarRegistry contract.
type SidecarRegistryNotConsumer struct {
	Caller common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error NotConsumer(address caller)
func SidecarRegistryNotConsumerErrorID() common.Hash {
	return common.HexToHash("0x5bca3de4fac695d43afae3467a4e9b7aa88031896428078695c88df3e39c0b89")
}

// UnpackNotConsumerError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error NotConsumer(address caller)
func (sidecarRegistry *SidecarRegistry) UnpackNotConsumerError(raw []byte) (*SidecarRegistryNotConsumer, error) {
	out := new(SidecarRegistryNotConsumer)
	if err := sidecarRegistry.abi.UnpackIntoInterface(out, "NotConsumer", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// SidecarRegistryNotFrozen represents a NotFrozen error raised by the SidecarRegistry contract.
type SidecarRegistryNotFrozen struct {
	Operator [32]byte
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error NotFrozen(bytes32 operator)
func SidecarRegistryNotFrozenErrorID() common.Hash {
	return common.HexToHash("0x20a02faf09252bac844bd6d8df8b6a12975cdf2925cc79af4130b01256e4fb33")
}

// UnpackNotFrozenError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error NotFrozen(bytes32 operator)
func (sidecarRegistry *SidecarRegistry) UnpackNotFrozenError(raw []byte) (*SidecarRegistryNotFrozen, error) {
	out := new(SidecarRegistryNotFrozen)
	if err := sidecarRegistry.abi.UnpackIntoInterface(out, "NotFrozen", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// SidecarRegistryNotMasterDevice represents a NotMasterDevice error raised by the SidecarRegistry contract.
type SidecarRegistryNotMasterDevice struct {
	DeviceKeyHash [32]byte
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error NotMasterDevice(bytes32 deviceKeyHash)
func SidecarRegistryNotMasterDeviceErrorID() common.Hash {
	return common.HexToHash("0x26d6bc6c9376fad8d1b5635c3a147f7cbbe449c4f8e7ef8fc60ecb28b2be089d")
}

// UnpackNotMasterDeviceError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error NotMasterDevice(bytes32 deviceKeyHash)
func (sidecarRegistry *SidecarRegistry) UnpackNotMasterDeviceError(raw []byte) (*SidecarRegistryNotMasterDevice, error) {
	out := new(SidecarRegistryNotMasterDevice)
	if err := sidecarRegistry.abi.UnpackIntoInterface(out, "NotMasterDevice", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// SidecarRegistryNotMaturing represents a NotMaturing error raised by the SidecarRegistry contract.
type SidecarRegistryNotMaturing struct {
	DeviceKeyHash [32]byte
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error NotMaturing(bytes32 deviceKeyHash)
func SidecarRegistryNotMaturingErrorID() common.Hash {
	return common.HexToHash("0xba0e0fee02df3051dd6e2dce0a7c18f73db4abe867a9e8beae72daf01cdb6775")
}

// UnpackNotMaturingError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error NotMaturing(bytes32 deviceKeyHash)
func (sidecarRegistry *SidecarRegistry) UnpackNotMaturingError(raw []byte) (*SidecarRegistryNotMaturing, error) {
	out := new(SidecarRegistryNotMaturing)
	if err := sidecarRegistry.abi.UnpackIntoInterface(out, "NotMaturing", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// SidecarRegistryNotRevoker represents a NotRevoker error raised by the SidecarRegistry contract.
type SidecarRegistryNotRevoker struct {
	Sender        common.Address
	DeviceKeyHash [32]byte
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error NotRevoker(address sender, bytes32 deviceKeyHash)
func SidecarRegistryNotRevokerErrorID() common.Hash {
	return common.HexToHash("0xf4583b026f0a3f37f06dc6f7a604ab1150f0ea4ae3d5d50b2239bfaec1efab04")
}

// UnpackNotRevokerError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error NotRevoker(address sender, bytes32 deviceKeyHash)
func (sidecarRegistry *SidecarRegistry) UnpackNotRevokerError(raw []byte) (*SidecarRegistryNotRevoker, error) {
	out := new(SidecarRegistryNotRevoker)
	if err := sidecarRegistry.abi.UnpackIntoInterface(out, "NotRevoker", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// SidecarRegistryOmniMismatch represents a OmniMismatch error raised by the SidecarRegistry contract.
type SidecarRegistryOmniMismatch struct {
	Expected [32]byte
	Given    [32]byte
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error OmniMismatch(bytes32 expected, bytes32 given)
func SidecarRegistryOmniMismatchErrorID() common.Hash {
	return common.HexToHash("0xde4a5024116282ee201420a651c9a08a75d2de264ad2d1043f005f465854bbdb")
}

// UnpackOmniMismatchError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error OmniMismatch(bytes32 expected, bytes32 given)
func (sidecarRegistry *SidecarRegistry) UnpackOmniMismatchError(raw []byte) (*SidecarRegistryOmniMismatch, error) {
	out := new(SidecarRegistryOmniMismatch)
	if err := sidecarRegistry.abi.UnpackIntoInterface(out, "OmniMismatch", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// SidecarRegistryOperatorIsFrozen represents a OperatorIsFrozen error raised by the SidecarRegistry contract.
type SidecarRegistryOperatorIsFrozen struct {
	Operator [32]byte
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error OperatorIsFrozen(bytes32 operator)
func SidecarRegistryOperatorIsFrozenErrorID() common.Hash {
	return common.HexToHash("0x53cd24f2ca27d42cfcc7546d1d11d0278e86d363ec2542eaf53478c9fe29fb09")
}

// UnpackOperatorIsFrozenError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error OperatorIsFrozen(bytes32 operator)
func (sidecarRegistry *SidecarRegistry) UnpackOperatorIsFrozenError(raw []byte) (*SidecarRegistryOperatorIsFrozen, error) {
	out := new(SidecarRegistryOperatorIsFrozen)
	if err := sidecarRegistry.abi.UnpackIntoInterface(out, "OperatorIsFrozen", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// SidecarRegistryPasskeyAlreadyRegistered represents a PasskeyAlreadyRegistered error raised by the SidecarRegistry contract.
type SidecarRegistryPasskeyAlreadyRegistered struct {
	PasskeyHash [32]byte
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error PasskeyAlreadyRegistered(bytes32 passkeyHash)
func SidecarRegistryPasskeyAlreadyRegisteredErrorID() common.Hash {
	return common.HexToHash("0x805f7e5e8330ebdee852bb7965f59040b36e6dd6db36a7fc6a4ed297e1a0046e")
}

// UnpackPasskeyAlreadyRegisteredError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error PasskeyAlreadyRegistered(bytes32 passkeyHash)
func (sidecarRegistry *SidecarRegistry) UnpackPasskeyAlreadyRegisteredError(raw []byte) (*SidecarRegistryPasskeyAlreadyRegistered, error) {
	out := new(SidecarRegistryPasskeyAlreadyRegistered)
	if err := sidecarRegistry.abi.UnpackIntoInterface(out, "PasskeyAlreadyRegistered", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// SidecarRegistryPasskeyMissing represents a PasskeyMissing error raised by the SidecarRegistry contract.
type SidecarRegistryPasskeyMissing struct {
	DeviceKeyHash [32]byte
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error PasskeyMissing(bytes32 deviceKeyHash)
func SidecarRegistryPasskeyMissingErrorID() common.Hash {
	return common.HexToHash("0xfa121795ce868c914a751e62f25fb9355ec96d188e2b79df91b85bc987d5770a")
}

// UnpackPasskeyMissingError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error PasskeyMissing(bytes32 deviceKeyHash)
func (sidecarRegistry *SidecarRegistry) UnpackPasskeyMissingError(raw []byte) (*SidecarRegistryPasskeyMissing, error) {
	out := new(SidecarRegistryPasskeyMissing)
	if err := sidecarRegistry.abi.UnpackIntoInterface(out, "PasskeyMissing", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// SidecarRegistryProposalRefused represents a ProposalRefused error raised by the SidecarRegistry contract.
type SidecarRegistryProposalRefused struct {
	Threshold uint8
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ProposalRefused(uint8 threshold)
func SidecarRegistryProposalRefusedErrorID() common.Hash {
	return common.HexToHash("0x55123518c66f8f7ded7c371b4fa9f08bdaeb4b34467e422c68d38d630254a564")
}

// UnpackProposalRefusedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ProposalRefused(uint8 threshold)
func (sidecarRegistry *SidecarRegistry) UnpackProposalRefusedError(raw []byte) (*SidecarRegistryProposalRefused, error) {
	out := new(SidecarRegistryProposalRefused)
	if err := sidecarRegistry.abi.UnpackIntoInterface(out, "ProposalRefused", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// SidecarRegistryQuorumTooSmall represents a QuorumTooSmall error raised by the SidecarRegistry contract.
type SidecarRegistryQuorumTooSmall struct {
	Votes  *big.Int
	Needed *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error QuorumTooSmall(uint256 votes, uint256 needed)
func SidecarRegistryQuorumTooSmallErrorID() common.Hash {
	return common.HexToHash("0x2b2dd84da2107e895e3ab36d9c129fe2b1b7c98e7ea4fb946faa07d8b183d743")
}

// UnpackQuorumTooSmallError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error QuorumTooSmall(uint256 votes, uint256 needed)
func (sidecarRegistry *SidecarRegistry) UnpackQuorumTooSmallError(raw []byte) (*SidecarRegistryQuorumTooSmall, error) {
	out := new(SidecarRegistryQuorumTooSmall)
	if err := sidecarRegistry.abi.UnpackIntoInterface(out, "QuorumTooSmall", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// SidecarRegistryRecoveryDelayInvalid represents a RecoveryDelayInvalid error raised by the SidecarRegistry contract.
type SidecarRegistryRecoveryDelayInvalid struct {
	Delay uint64
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error RecoveryDelayInvalid(uint64 delay)
func SidecarRegistryRecoveryDelayInvalidErrorID() common.Hash {
	return common.HexToHash("0xff71d2433178cde0e35b6dd58bf6dad609f7ec48b0df80d1cb96b44ff8adba10")
}

// UnpackRecoveryDelayInvalidError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error RecoveryDelayInvalid(uint64 delay)
func (sidecarRegistry *SidecarRegistry) UnpackRecoveryDelayInvalidError(raw []byte) (*SidecarRegistryRecoveryDelayInvalid, error) {
	out := new(SidecarRegistryRecoveryDelayInvalid)
	if err := sidecarRegistry.abi.UnpackIntoInterface(out, "RecoveryDelayInvalid", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// SidecarRegistryRecoveryNotMature represents a RecoveryNotMature error raised by the SidecarRegistry contract.
type SidecarRegistryRecoveryNotMature struct {
	DeviceKeyHash [32]byte
	RecoveryFrom  uint64
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error RecoveryNotMature(bytes32 deviceKeyHash, uint64 recoveryFrom)
func SidecarRegistryRecoveryNotMatureErrorID() common.Hash {
	return common.HexToHash("0x5960c86cc7f6d0c78c18e699db1b7461b532c392384ad36a5e4ad00ba0238fcf")
}

// UnpackRecoveryNotMatureError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error RecoveryNotMature(bytes32 deviceKeyHash, uint64 recoveryFrom)
func (sidecarRegistry *SidecarRegistry) UnpackRecoveryNotMatureError(raw []byte) (*SidecarRegistryRecoveryNotMature, error) {
	out := new(SidecarRegistryRecoveryNotMature)
	if err := sidecarRegistry.abi.UnpackIntoInterface(out, "RecoveryNotMature", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// SidecarRegistryRoleMissing represents a RoleMissing error raised by the SidecarRegistry contract.
type SidecarRegistryRoleMissing struct {
	DeviceKeyHash [32]byte
	Role          uint8
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error RoleMissing(bytes32 deviceKeyHash, uint8 role)
func SidecarRegistryRoleMissingErrorID() common.Hash {
	return common.HexToHash("0x10a8c8fa04960fd81580671546afcf80c6efe67b884c60b073da73c28013dbd6")
}

// UnpackRoleMissingError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error RoleMissing(bytes32 deviceKeyHash, uint8 role)
func (sidecarRegistry *SidecarRegistry) UnpackRoleMissingError(raw []byte) (*SidecarRegistryRoleMissing, error) {
	out := new(SidecarRegistryRoleMissing)
	if err := sidecarRegistry.abi.UnpackIntoInterface(out, "RoleMissing", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// SidecarRegistryRolesInvalid represents a RolesInvalid error raised by the SidecarRegistry contract.
type SidecarRegistryRolesInvalid struct {
	Roles uint8
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error RolesInvalid(uint8 roles)
func SidecarRegistryRolesInvalidErrorID() common.Hash {
	return common.HexToHash("0x0282eb92309889db20b320174ea45a1bba8a37c58c624757e2a0cea7381846a4")
}

// UnpackRolesInvalidError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error RolesInvalid(uint8 roles)
func (sidecarRegistry *SidecarRegistry) UnpackRolesInvalidError(raw []byte) (*SidecarRegistryRolesInvalid, error) {
	out := new(SidecarRegistryRolesInvalid)
	if err := sidecarRegistry.abi.UnpackIntoInterface(out, "RolesInvalid", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// SidecarRegistryRotationNotByNewWallet represents a RotationNotByNewWallet error raised by the SidecarRegistry contract.
type SidecarRegistryRotationNotByNewWallet struct {
	Recovered common.Address
	NewWallet common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error RotationNotByNewWallet(address recovered, address newWallet)
func SidecarRegistryRotationNotByNewWalletErrorID() common.Hash {
	return common.HexToHash("0x35ed660d4cdea46597d1fbb5e939fbef5a6735bf638dd73080d1bc0cec0a7d8e")
}

// UnpackRotationNotByNewWalletError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error RotationNotByNewWallet(address recovered, address newWallet)
func (sidecarRegistry *SidecarRegistry) UnpackRotationNotByNewWalletError(raw []byte) (*SidecarRegistryRotationNotByNewWallet, error) {
	out := new(SidecarRegistryRotationNotByNewWallet)
	if err := sidecarRegistry.abi.UnpackIntoInterface(out, "RotationNotByNewWallet", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// SidecarRegistryRotationNotDue represents a RotationNotDue error raised by the SidecarRegistry contract.
type SidecarRegistryRotationNotDue struct {
	EffectiveAt uint64
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error RotationNotDue(uint64 effectiveAt)
func SidecarRegistryRotationNotDueErrorID() common.Hash {
	return common.HexToHash("0x901aa9601a95a42b4f6970e78fabca63d13e108f7a0918740583349d64bc7b4f")
}

// UnpackRotationNotDueError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error RotationNotDue(uint64 effectiveAt)
func (sidecarRegistry *SidecarRegistry) UnpackRotationNotDueError(raw []byte) (*SidecarRegistryRotationNotDue, error) {
	out := new(SidecarRegistryRotationNotDue)
	if err := sidecarRegistry.abi.UnpackIntoInterface(out, "RotationNotDue", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// SidecarRegistryRotationPending represents a RotationPending error raised by the SidecarRegistry contract.
type SidecarRegistryRotationPending struct {
	NewWallet   common.Address
	EffectiveAt uint64
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error RotationPending(address newWallet, uint64 effectiveAt)
func SidecarRegistryRotationPendingErrorID() common.Hash {
	return common.HexToHash("0x836fcc73dec424dab3f64f22a46598e7f0c3408ec1166ff4b4c5c20f9ec84824")
}

// UnpackRotationPendingError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error RotationPending(address newWallet, uint64 effectiveAt)
func (sidecarRegistry *SidecarRegistry) UnpackRotationPendingError(raw []byte) (*SidecarRegistryRotationPending, error) {
	out := new(SidecarRegistryRotationPending)
	if err := sidecarRegistry.abi.UnpackIntoInterface(out, "RotationPending", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// SidecarRegistryScopeMissing represents a ScopeMissing error raised by the SidecarRegistry contract.
type SidecarRegistryScopeMissing struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ScopeMissing()
func SidecarRegistryScopeMissingErrorID() common.Hash {
	return common.HexToHash("0x5f7bffaaa31da3244890ea4db157b723773fd418c047bf292347ec1d7a14f2ab")
}

// UnpackScopeMissingError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ScopeMissing()
func (sidecarRegistry *SidecarRegistry) UnpackScopeMissingError(raw []byte) (*SidecarRegistryScopeMissing, error) {
	out := new(SidecarRegistryScopeMissing)
	if err := sidecarRegistry.abi.UnpackIntoInterface(out, "ScopeMissing", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// SidecarRegistrySenderNotWallet represents a SenderNotWallet error raised by the SidecarRegistry contract.
type SidecarRegistrySenderNotWallet struct {
	Sender common.Address
	Wallet common.Address
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error SenderNotWallet(address sender, address wallet)
func SidecarRegistrySenderNotWalletErrorID() common.Hash {
	return common.HexToHash("0x945de9017a2d78d3ef1b9cc03bb8bb09662c7404232a555bcae04a4b399b305c")
}

// UnpackSenderNotWalletError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error SenderNotWallet(address sender, address wallet)
func (sidecarRegistry *SidecarRegistry) UnpackSenderNotWalletError(raw []byte) (*SidecarRegistrySenderNotWallet, error) {
	out := new(SidecarRegistrySenderNotWallet)
	if err := sidecarRegistry.abi.UnpackIntoInterface(out, "SenderNotWallet", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// SidecarRegistrySignCountNotIncreased represents a SignCountNotIncreased error raised by the SidecarRegistry contract.
type SidecarRegistrySignCountNotIncreased struct {
	DeviceKeyHash [32]byte
	Last          uint32
	Given         uint32
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error SignCountNotIncreased(bytes32 deviceKeyHash, uint32 last, uint32 given)
func SidecarRegistrySignCountNotIncreasedErrorID() common.Hash {
	return common.HexToHash("0xd648ab7fc23966920a03d1eab1ffa7b69d0e68659b48931a48ec03854054e7cf")
}

// UnpackSignCountNotIncreasedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error SignCountNotIncreased(bytes32 deviceKeyHash, uint32 last, uint32 given)
func (sidecarRegistry *SidecarRegistry) UnpackSignCountNotIncreasedError(raw []byte) (*SidecarRegistrySignCountNotIncreased, error) {
	out := new(SidecarRegistrySignCountNotIncreased)
	if err := sidecarRegistry.abi.UnpackIntoInterface(out, "SignCountNotIncreased", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// SidecarRegistryStaleNonce represents a StaleNonce error raised by the SidecarRegistry contract.
type SidecarRegistryStaleNonce struct {
	Current uint64
	Signed  uint64
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error StaleNonce(uint64 current, uint64 signed)
func SidecarRegistryStaleNonceErrorID() common.Hash {
	return common.HexToHash("0xaef79e28ffb5346feedf722506c2865b8a6f9fcfa1cba6c6e855c28094b831a9")
}

// UnpackStaleNonceError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error StaleNonce(uint64 current, uint64 signed)
func (sidecarRegistry *SidecarRegistry) UnpackStaleNonceError(raw []byte) (*SidecarRegistryStaleNonce, error) {
	out := new(SidecarRegistryStaleNonce)
	if err := sidecarRegistry.abi.UnpackIntoInterface(out, "StaleNonce", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// SidecarRegistryTargetIsWallet represents a TargetIsWallet error raised by the SidecarRegistry contract.
type SidecarRegistryTargetIsWallet struct {
	DeviceKeyHash [32]byte
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error TargetIsWallet(bytes32 deviceKeyHash)
func SidecarRegistryTargetIsWalletErrorID() common.Hash {
	return common.HexToHash("0x785128e82ee67c8fab56dd13544995b6bf8591cd3bdfe5cc5bd6f59390f186e7")
}

// UnpackTargetIsWalletError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error TargetIsWallet(bytes32 deviceKeyHash)
func (sidecarRegistry *SidecarRegistry) UnpackTargetIsWalletError(raw []byte) (*SidecarRegistryTargetIsWallet, error) {
	out := new(SidecarRegistryTargetIsWallet)
	if err := sidecarRegistry.abi.UnpackIntoInterface(out, "TargetIsWallet", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// SidecarRegistryTargetMayNotVote represents a TargetMayNotVote error raised by the SidecarRegistry contract.
type SidecarRegistryTargetMayNotVote struct {
	DeviceKeyHash [32]byte
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error TargetMayNotVote(bytes32 deviceKeyHash)
func SidecarRegistryTargetMayNotVoteErrorID() common.Hash {
	return common.HexToHash("0x177b7ad56d57c54a1a29db0152318dc19d571ed0df7a911375155108a6c4440e")
}

// UnpackTargetMayNotVoteError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error TargetMayNotVote(bytes32 deviceKeyHash)
func (sidecarRegistry *SidecarRegistry) UnpackTargetMayNotVoteError(raw []byte) (*SidecarRegistryTargetMayNotVote, error) {
	out := new(SidecarRegistryTargetMayNotVote)
	if err := sidecarRegistry.abi.UnpackIntoInterface(out, "TargetMayNotVote", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// SidecarRegistryThresholdInvalid represents a ThresholdInvalid error raised by the SidecarRegistry contract.
type SidecarRegistryThresholdInvalid struct {
	Threshold       uint8
	RecoveryMasters *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ThresholdInvalid(uint8 threshold, uint256 recoveryMasters)
func SidecarRegistryThresholdInvalidErrorID() common.Hash {
	return common.HexToHash("0x8ecc9e6945eefbaddbdbd878ad584a02d956aa72c5fb970870c02fc1fb48f817")
}

// UnpackThresholdInvalidError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ThresholdInvalid(uint8 threshold, uint256 recoveryMasters)
func (sidecarRegistry *SidecarRegistry) UnpackThresholdInvalidError(raw []byte) (*SidecarRegistryThresholdInvalid, error) {
	out := new(SidecarRegistryThresholdInvalid)
	if err := sidecarRegistry.abi.UnpackIntoInterface(out, "ThresholdInvalid", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// SidecarRegistryTooFewRecoveryMasters represents a TooFewRecoveryMasters error raised by the SidecarRegistry contract.
type SidecarRegistryTooFewRecoveryMasters struct {
	Remaining *big.Int
	Needed    *big.Int
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error TooFewRecoveryMasters(uint256 remaining, uint256 needed)
func SidecarRegistryTooFewRecoveryMastersErrorID() common.Hash {
	return common.HexToHash("0xde12b8ed31c4972221cf163d27a759d57bbb444ef8617744b140c1ef32a05973")
}

// UnpackTooFewRecoveryMastersError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error TooFewRecoveryMasters(uint256 remaining, uint256 needed)
func (sidecarRegistry *SidecarRegistry) UnpackTooFewRecoveryMastersError(raw []byte) (*SidecarRegistryTooFewRecoveryMasters, error) {
	out := new(SidecarRegistryTooFewRecoveryMasters)
	if err := sidecarRegistry.abi.UnpackIntoInterface(out, "TooFewRecoveryMasters", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// SidecarRegistryVerifierMissing represents a VerifierMissing error raised by the SidecarRegistry contract.
type SidecarRegistryVerifierMissing struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error VerifierMissing()
func SidecarRegistryVerifierMissingErrorID() common.Hash {
	return common.HexToHash("0x92ff91ecd94e3865b1f56dccc4e718c6417aea692f116700f688acb11e8c0302")
}

// UnpackVerifierMissingError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error VerifierMissing()
func (sidecarRegistry *SidecarRegistry) UnpackVerifierMissingError(raw []byte) (*SidecarRegistryVerifierMissing, error) {
	out := new(SidecarRegistryVerifierMissing)
	if err := sidecarRegistry.abi.UnpackIntoInterface(out, "VerifierMissing", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// SidecarRegistryVoteDuplicate represents a VoteDuplicate error raised by the SidecarRegistry contract.
type SidecarRegistryVoteDuplicate struct {
	DeviceKeyHash [32]byte
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error VoteDuplicate(bytes32 deviceKeyHash)
func SidecarRegistryVoteDuplicateErrorID() common.Hash {
	return common.HexToHash("0x14db53098b85914a6b2ab1033d2e4eef13211379d687e93608b48d4491b2fc6f")
}

// UnpackVoteDuplicateError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error VoteDuplicate(bytes32 deviceKeyHash)
func (sidecarRegistry *SidecarRegistry) UnpackVoteDuplicateError(raw []byte) (*SidecarRegistryVoteDuplicate, error) {
	out := new(SidecarRegistryVoteDuplicate)
	if err := sidecarRegistry.abi.UnpackIntoInterface(out, "VoteDuplicate", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// SidecarRegistryVotesUnordered represents a VotesUnordered error raised by the SidecarRegistry contract.
type SidecarRegistryVotesUnordered struct {
	Before        [32]byte
	DeviceKeyHash [32]byte
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error VotesUnordered(bytes32 before, bytes32 deviceKeyHash)
func SidecarRegistryVotesUnorderedErrorID() common.Hash {
	return common.HexToHash("0xdf0399196cd31a2ae33325372e0888f0d69537ddbebca95efec0432fe0052015")
}

// UnpackVotesUnorderedError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error VotesUnordered(bytes32 before, bytes32 deviceKeyHash)
func (sidecarRegistry *SidecarRegistry) UnpackVotesUnorderedError(raw []byte) (*SidecarRegistryVotesUnordered, error) {
	out := new(SidecarRegistryVotesUnordered)
	if err := sidecarRegistry.abi.UnpackIntoInterface(out, "VotesUnordered", raw); err != nil {
		return nil, err
	}
	return out, nil
}
