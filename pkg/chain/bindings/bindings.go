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

// BindAgent is an auto generated low-level Go binding around an user-defined struct.
type BindAgent struct {
	Operator [32]byte
	Actor    [32]byte
	Agent    common.Address
	Nonce    uint64
	Deadline uint64
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

// Grant is an auto generated low-level Go binding around an user-defined struct.
type Grant struct {
	Service       string
	Ops           uint32
	MaxPerPeriod  uint32
	PeriodSeconds uint32
	MaxTotal      uint32
	ExpiresAt     uint64
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

// RevokeAgent is an auto generated low-level Go binding around an user-defined struct.
type RevokeAgent struct {
	Operator      [32]byte
	DeviceKeyHash [32]byte
	Deadline      uint64
}

// RevokeScope is an auto generated low-level Go binding around an user-defined struct.
type RevokeScope struct {
	Operator [32]byte
	Actor    [32]byte
	Nonce    uint64
	Deadline uint64
}

// SetScope is an auto generated low-level Go binding around an user-defined struct.
type SetScope struct {
	Operator [32]byte
	Actor    [32]byte
	Grants   []Grant
	Nonce    uint64
	Deadline uint64
}

// AgentKeysScopeMetaData contains all meta data concerning the AgentKeysScope contract.
var AgentKeysScopeMetaData = bind.MetaData{
	ABI: "[{\"inputs\":[{\"internalType\":\"contractISidecarRegistry\",\"name\":\"registry_\",\"type\":\"address\"}],\"stateMutability\":\"nonpayable\",\"type\":\"constructor\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"actor\",\"type\":\"bytes32\"}],\"name\":\"ActorNotOwned\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint64\",\"name\":\"deadline\",\"type\":\"uint64\"}],\"name\":\"DeadlinePassed\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"NoGrants\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"index\",\"type\":\"uint256\"},{\"internalType\":\"uint32\",\"name\":\"ops\",\"type\":\"uint32\"}],\"name\":\"OpsInvalid\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"index\",\"type\":\"uint256\"},{\"internalType\":\"uint32\",\"name\":\"maxPerPeriod\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"periodSeconds\",\"type\":\"uint32\"}],\"name\":\"PeriodInvalid\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"registry\",\"type\":\"address\"}],\"name\":\"RegistryMismatch\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"sender\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"wallet\",\"type\":\"address\"}],\"name\":\"SenderNotWallet\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"index\",\"type\":\"uint256\"},{\"internalType\":\"bytes32\",\"name\":\"serviceHash\",\"type\":\"bytes32\"}],\"name\":\"ServiceDuplicate\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"index\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"length\",\"type\":\"uint256\"}],\"name\":\"ServiceLengthInvalid\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint64\",\"name\":\"current\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"signed\",\"type\":\"uint64\"}],\"name\":\"StaleNonce\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint256\",\"name\":\"count\",\"type\":\"uint256\"}],\"name\":\"TooManyGrants\",\"type\":\"error\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"},{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"actor\",\"type\":\"bytes32\"},{\"indexed\":false,\"internalType\":\"uint64\",\"name\":\"nonce\",\"type\":\"uint64\"}],\"name\":\"ScopeRevoked\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"},{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"actor\",\"type\":\"bytes32\"},{\"indexed\":false,\"internalType\":\"uint64\",\"name\":\"nonce\",\"type\":\"uint64\"},{\"components\":[{\"internalType\":\"string\",\"name\":\"service\",\"type\":\"string\"},{\"internalType\":\"uint32\",\"name\":\"ops\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"maxPerPeriod\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"periodSeconds\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"maxTotal\",\"type\":\"uint32\"},{\"internalType\":\"uint64\",\"name\":\"expiresAt\",\"type\":\"uint64\"}],\"indexed\":false,\"internalType\":\"structGrant[]\",\"name\":\"grants\",\"type\":\"tuple[]\"}],\"name\":\"ScopeSet\",\"type\":\"event\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"actor\",\"type\":\"bytes32\"}],\"name\":\"getScope\",\"outputs\":[{\"components\":[{\"internalType\":\"string\",\"name\":\"service\",\"type\":\"string\"},{\"internalType\":\"uint32\",\"name\":\"ops\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"maxPerPeriod\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"periodSeconds\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"maxTotal\",\"type\":\"uint32\"},{\"internalType\":\"uint64\",\"name\":\"expiresAt\",\"type\":\"uint64\"}],\"internalType\":\"structGrant[]\",\"name\":\"\",\"type\":\"tuple[]\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"actor\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"serviceHash\",\"type\":\"bytes32\"}],\"name\":\"grantOf\",\"outputs\":[{\"internalType\":\"bool\",\"name\":\"found\",\"type\":\"bool\"},{\"components\":[{\"internalType\":\"string\",\"name\":\"service\",\"type\":\"string\"},{\"internalType\":\"uint32\",\"name\":\"ops\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"maxPerPeriod\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"periodSeconds\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"maxTotal\",\"type\":\"uint32\"},{\"internalType\":\"uint64\",\"name\":\"expiresAt\",\"type\":\"uint64\"}],\"internalType\":\"structGrant\",\"name\":\"grant\",\"type\":\"tuple\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"actor\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"serviceHash\",\"type\":\"bytes32\"}],\"name\":\"isServiceInScope\",\"outputs\":[{\"internalType\":\"bool\",\"name\":\"\",\"type\":\"bool\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"registry\",\"outputs\":[{\"internalType\":\"address\",\"name\":\"\",\"type\":\"address\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"components\":[{\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"actor\",\"type\":\"bytes32\"},{\"internalType\":\"uint64\",\"name\":\"nonce\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"deadline\",\"type\":\"uint64\"}],\"internalType\":\"structRevokeScope\",\"name\":\"operation\",\"type\":\"tuple\"},{\"components\":[{\"internalType\":\"bytes32\",\"name\":\"deviceKeyHash\",\"type\":\"bytes32\"},{\"components\":[{\"internalType\":\"bytes\",\"name\":\"authenticatorData\",\"type\":\"bytes\"},{\"internalType\":\"bytes\",\"name\":\"clientDataJSON\",\"type\":\"bytes\"},{\"internalType\":\"uint256\",\"name\":\"r\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"s\",\"type\":\"uint256\"}],\"internalType\":\"structK11Assertion\",\"name\":\"assertion\",\"type\":\"tuple\"}],\"internalType\":\"structMasterAssertion\",\"name\":\"master\",\"type\":\"tuple\"}],\"name\":\"revokeScope\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"actor\",\"type\":\"bytes32\"}],\"name\":\"scopeNonce\",\"outputs\":[{\"internalType\":\"uint64\",\"name\":\"\",\"type\":\"uint64\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"components\":[{\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"actor\",\"type\":\"bytes32\"},{\"components\":[{\"internalType\":\"string\",\"name\":\"service\",\"type\":\"string\"},{\"internalType\":\"uint32\",\"name\":\"ops\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"maxPerPeriod\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"periodSeconds\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"maxTotal\",\"type\":\"uint32\"},{\"internalType\":\"uint64\",\"name\":\"expiresAt\",\"type\":\"uint64\"}],\"internalType\":\"structGrant[]\",\"name\":\"grants\",\"type\":\"tuple[]\"},{\"internalType\":\"uint64\",\"name\":\"nonce\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"deadline\",\"type\":\"uint64\"}],\"internalType\":\"structSetScope\",\"name\":\"operation\",\"type\":\"tuple\"},{\"components\":[{\"internalType\":\"bytes32\",\"name\":\"deviceKeyHash\",\"type\":\"bytes32\"},{\"components\":[{\"internalType\":\"bytes\",\"name\":\"authenticatorData\",\"type\":\"bytes\"},{\"internalType\":\"bytes\",\"name\":\"clientDataJSON\",\"type\":\"bytes\"},{\"internalType\":\"uint256\",\"name\":\"r\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"s\",\"type\":\"uint256\"}],\"internalType\":\"structK11Assertion\",\"name\":\"assertion\",\"type\":\"tuple\"}],\"internalType\":\"structMasterAssertion\",\"name\":\"master\",\"type\":\"tuple\"}],\"name\":\"setScopeWithWebauthn\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"}]",
	ID:  "229998534a2ed747fd3206f6b9451063a8",
	Bin: "0x60a060405234801561001057600080fd5b5060405161214638038061214683398101604081905261002f9161010f565b6001600160a01b0381163b15806100b95750306001600160a01b0316816001600160a01b0316636e62d0a86040518163ffffffff1660e01b8152600401602060405180830381865afa158015610089573d6000803e3d6000fd5b505050506040513d601f19601f820116820180604052508101906100ad919061010f565b6001600160a01b031614155b156100e6576040516318de4f0560e31b81526001600160a01b038216600482015260240160405180910390fd5b6001600160a01b0316608052610133565b6001600160a01b038116811461010c57600080fd5b50565b60006020828403121561012157600080fd5b815161012c816100f7565b9392505050565b608051611fdd6101696000396000818160c4015281816104bb0152818161079d01528181610a2a0152610b4a0152611fdd6000f3fe608060405234801561001057600080fd5b506004361061007d5760003560e01c80637f0045c81161005b5780637f0045c81461010b578063889455221461012c578063c53ee1be1461013f578063db6ab23a1461015f57600080fd5b8063133372401461008257806321a778c6146100aa5780637b103999146100bf575b600080fd5b6100956100903660046112c6565b6101ab565b60405190151581526020015b60405180910390f35b6100bd6100b836600461130a565b61025b565b005b6100e67f000000000000000000000000000000000000000000000000000000000000000081565b60405173ffffffffffffffffffffffffffffffffffffffff90911681526020016100a1565b61011e6101193660046112c6565b610546565b6040516100a1929190611466565b6100bd61013a366004611489565b6106f2565b61015261014d3660046114c9565b610827565b6040516100a191906114eb565b61019261016d3660046114c9565b60009182526020828152604080842092845291905290205467ffffffffffffffff1690565b60405167ffffffffffffffff90911681526020016100a1565b6000838152602081815260408083208584528252808320848452600281019092528220548083036101e157600092505050610254565b6000826001016001836101f4919061159d565b81548110610204576102046115b0565b6000918252602090912060029091020160010154700100000000000000000000000000000000900467ffffffffffffffff16905080158061024e57508067ffffffffffffffff1642105b93505050505b9392505050565b600061026a60408401846115df565b90509050806000036102a8576040517fc06b346100000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b60408111156102eb576040517ff403c062000000000000000000000000000000000000000000000000000000008152600481018290526024015b60405180910390fd5b82356000818152602081815260408083208288013580855292528220926103349184919061031f60808a0160608b01611674565b61032f60a08b0160808c01611674565b6109a6565b905061033f82610cbe565b60005b83811015610456573661035860408801886115df565b83818110610368576103686115b0565b905060200281019061037a9190611691565b90506103868282610d3d565b600061039282806116cf565b6040516103a0929190611734565b6040518091039020905084600201600082815260200190815260200160002054600014610403576040517fb58c23ea00000000000000000000000000000000000000000000000000000000815260048101849052602481018290526044016102e2565b61040e836001611744565b60008281526002808801602090815260408320939093556001808901805491820181558352929091208492909102016104478282611967565b50505050806001019050610342565b50602085013585357f397cf71199395c6eb1eebf82100f94fe8ab1426f91c084f3b0a8ffdc7f897a3d8361048d60408a018a6115df565b60405161049c93929190611c0d565b60405180910390a373ffffffffffffffffffffffffffffffffffffffff7f00000000000000000000000000000000000000000000000000000000000000001663f453ae88863560046104ed89610eee565b886040518563ffffffff1660e01b815260040161050d9493929190611d6b565b600060405180830381600087803b15801561052757600080fd5b505af115801561053b573d6000803e3d6000fd5b505050505050505050565b6040805160c0810182526060808252600060208084018290528385018290529183018190526080830181905260a083018190528681528082528381208682528252838120858252600281019092529283205480156106e75760018281016105ad828461159d565b815481106105bd576105bd6115b0565b9060005260206000209060020201806040518060c00160405290816000820180546105e790611786565b80601f016020809104026020016040519081016040528092919081815260200182805461061390611786565b80156106605780601f1061063557610100808354040283529160200191610660565b820191906000526020600020905b81548152906001019060200180831161064357829003601f168201915b50505091835250506001919091015463ffffffff8082166020840152640100000000820481166040840152680100000000000000008204811660608401526c010000000000000000000000008204166080830152700100000000000000000000000000000000900467ffffffffffffffff1660a0909101529195509093506106ea92505050565b50505b935093915050565b8135600081815260208181526040808320828701358085529252808320936107369285926107269060608a01908a01611674565b61032f60808a0160608b01611674565b905061074182610cbe565b60405167ffffffffffffffff82168152602080860135918635917ff79a61c74374dbe673334c293b736b60fa0f9b9df79fb285e58ad3ad70d76c05910160405180910390a373ffffffffffffffffffffffffffffffffffffffff7f00000000000000000000000000000000000000000000000000000000000000001663f453ae88853560046107cf88611096565b876040518563ffffffff1660e01b81526004016107ef9493929190611d6b565b600060405180830381600087803b15801561080957600080fd5b505af115801561081d573d6000803e3d6000fd5b5050505050505050565b6000828152602081815260408083208484528252808320600101805482518185028101850190935280835260609492939192909184015b8282101561099957838290600052602060002090600202016040518060c001604052908160008201805461089190611786565b80601f01602080910402602001604051908101604052809291908181526020018280546108bd90611786565b801561090a5780601f106108df5761010080835404028352916020019161090a565b820191906000526020600020905b8154815290600101906020018083116108ed57829003601f168201915b505050918352505060019182015463ffffffff808216602080850191909152640100000000830482166040850152680100000000000000008304821660608501526c010000000000000000000000008304909116608084015270010000000000000000000000000000000090910467ffffffffffffffff1660a09092019190915291835292909201910161085e565b5050505090505b92915050565b60008167ffffffffffffffff164211156109f8576040517f6768091300000000000000000000000000000000000000000000000000000000815267ffffffffffffffff831660048201526024016102e2565b6040517f5b3425e7000000000000000000000000000000000000000000000000000000008152600481018690526000907f000000000000000000000000000000000000000000000000000000000000000073ffffffffffffffffffffffffffffffffffffffff1690635b3425e790602401602060405180830381865afa158015610a86573d6000803e3d6000fd5b505050506040513d601f19601f82011682018060405250810190610aaa9190611e5d565b90503373ffffffffffffffffffffffffffffffffffffffff821614610b19576040517f945de90100000000000000000000000000000000000000000000000000000000815233600482015273ffffffffffffffffffffffffffffffffffffffff821660248201526044016102e2565b6040517f675d92660000000000000000000000000000000000000000000000000000000081526004810186905286907f000000000000000000000000000000000000000000000000000000000000000073ffffffffffffffffffffffffffffffffffffffff169063675d926690602401602060405180830381865afa158015610ba6573d6000803e3d6000fd5b505050506040513d601f19601f82011682018060405250810190610bca9190611e93565b14610c0b576040517f2e50c5d200000000000000000000000000000000000000000000000000000000815260048101879052602481018690526044016102e2565b865467ffffffffffffffff9081169085168114610c68576040517faef79e2800000000000000000000000000000000000000000000000000000000815267ffffffffffffffff8083166004830152861660248201526044016102e2565b610c73816001611eac565b88547fffffffffffffffffffffffffffffffffffffffffffffffff00000000000000001667ffffffffffffffff91909116178855610cb2816001611eac565b98975050505050505050565b60005b6001820154811015610d2b57816002016000836001018381548110610ce857610ce86115b0565b9060005260206000209060020201600001604051610d069190611ecc565b6040518091039020815260200190815260200160002060009055806001019050610cc1565b50610d3a600182016000611214565b50565b6000610d4982806116cf565b915050801580610d5a575061014481115b15610d9b576040517f03a4b0a900000000000000000000000000000000000000000000000000000000815260048101849052602481018290526044016102e2565b610dab6040830160208401611f5f565b63ffffffff161580610df557507fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc0610de96040840160208501611f5f565b1663ffffffff16600014155b15610e4c5782610e0b6040840160208501611f5f565b6040517f2d0fb6c7000000000000000000000000000000000000000000000000000000008152600481019290925263ffffffff1660248201526044016102e2565b610e5c6080830160608401611f5f565b63ffffffff1615610e736060840160408501611f5f565b63ffffffff161514610ee95782610e906060840160408501611f5f565b610ea06080850160608601611f5f565b6040517f8f503dc7000000000000000000000000000000000000000000000000000000008152600481019390935263ffffffff91821660248401521660448201526064016102e2565b505050565b600080610efe60408401846115df565b905067ffffffffffffffff811115610f1857610f18611757565b604051908082528060200260200182016040528015610f41578160200160208202803683370190505b50905060005b8151811015610fac57610f87610f6060408601866115df565b83818110610f7057610f706115b0565b9050602002810190610f829190611691565b611132565b828281518110610f9957610f996115b0565b6020908102919091010152600101610f47565b507fb255fa34a040eff09f9d973f9cbd5e184a33e8b4957cef01abeb37ec11d60b388360000135846020013583604051602001610fe99190611f7c565b604080517fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0818403018152919052805160209091012061102f6080880160608901611674565b61103f60a0890160808a01611674565b6040805160208101979097528601949094526060850192909252608084015267ffffffffffffffff90811660a08401521660c082015260e00160405160208183030381529060405280519060200120915050919050565b60007fc8d9482e7fe30ebca9188bd78ba90a38e57ad3c47b323193c425acb26f69bbe8823560208401356110d06060860160408701611674565b6110e06080870160608801611674565b604080516020810196909652850193909352606084019190915267ffffffffffffffff90811660808401521660a082015260c0015b604051602081830303815290604052805190602001209050919050565b60007ff91c9578f805b32c6ca1370201274452abf1fe2f38a5b3c07167ef35d7c3742761115f83806116cf565b60405161116d929190611734565b60405180910390208360200160208101906111889190611f5f565b6111986060860160408701611f5f565b6111a86080870160608801611f5f565b6111b860a0880160808901611f5f565b6111c860c0890160a08a01611674565b60408051602081019890985287019590955263ffffffff93841660608701529183166080860152821660a08501521660c083015267ffffffffffffffff1660e082015261010001611115565b5080546000825560020290600052602060002090810190610d3a91905b80821115611278576000611245828261127c565b506001810180547fffffffffffffffff000000000000000000000000000000000000000000000000169055600201611231565b5090565b50805461128890611786565b6000825580601f10611298575050565b601f016020900490600052602060002090810190610d3a91905b8082111561127857600081556001016112b2565b6000806000606084860312156112db57600080fd5b505081359360208301359350604090920135919050565b60006040828403121561130457600080fd5b50919050565b6000806040838503121561131d57600080fd5b823567ffffffffffffffff81111561133457600080fd5b830160a0818603121561134657600080fd5b9150602083013567ffffffffffffffff81111561136257600080fd5b61136e858286016112f2565b9150509250929050565b6000815160c0845280518060c086015260005b818110156113a857602081840181015160e088840101520161138b565b50600060e08287010152602084015191506113cb602086018363ffffffff169052565b604084015191506113e4604086018363ffffffff169052565b606084015191506113fd606086018363ffffffff169052565b60808401519150611416608086018363ffffffff169052565b60a0840151915061143360a086018367ffffffffffffffff169052565b601f017fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0169390930160e0019392505050565b82151581526040602082015260006114816040830184611378565b949350505050565b60008082840360a081121561149d57600080fd5b60808112156114ab57600080fd5b50829150608083013567ffffffffffffffff81111561136257600080fd5b600080604083850312156114dc57600080fd5b50508035926020909101359150565b6000602082016020835280845180835260408501915060408160051b86010192506020860160005b82811015611562577fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc087860301845261154d858351611378565b94506020938401939190910190600101611513565b50929695505050505050565b7f4e487b7100000000000000000000000000000000000000000000000000000000600052601160045260246000fd5b818103818111156109a0576109a061156e565b7f4e487b7100000000000000000000000000000000000000000000000000000000600052603260045260246000fd5b60008083357fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe184360301811261161457600080fd5b83018035915067ffffffffffffffff82111561162f57600080fd5b6020019150600581901b360382131561164757600080fd5b9250929050565b67ffffffffffffffff81168114610d3a57600080fd5b803561166f8161164e565b919050565b60006020828403121561168657600080fd5b81356102548161164e565b600082357fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff418336030181126116c557600080fd5b9190910192915050565b60008083357fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe184360301811261170457600080fd5b83018035915067ffffffffffffffff82111561171f57600080fd5b60200191503681900382131561164757600080fd5b8183823760009101908152919050565b808201808211156109a0576109a061156e565b7f4e487b7100000000000000000000000000000000000000000000000000000000600052604160045260246000fd5b600181811c9082168061179a57607f821691505b602082108103611304577f4e487b7100000000000000000000000000000000000000000000000000000000600052602260045260246000fd5b601f821115610ee957806000526020600020601f840160051c810160208510156117fa5750805b601f840160051c820191505b8181101561181a5760008155600101611806565b5050505050565b67ffffffffffffffff83111561183957611839611757565b61184d836118478354611786565b836117d3565b6000601f84116001811461189f57600085156118695750838201355b7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff600387901b1c1916600186901b17835561181a565b6000838152602090207fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0861690835b828110156118ee57868501358255602094850194600190920191016118ce565b5086821015611929577fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff60f88860031b161c19848701351681555b505060018560011b0183555050505050565b63ffffffff81168114610d3a57600080fd5b600081356109a08161193b565b600081356109a08161164e565b81357fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe183360301811261199957600080fd5b8201803567ffffffffffffffff8111156119b257600080fd5b6020820191508036038213156119c757600080fd5b6119d2818385611821565b505060018101611a196119e76020850161194d565b82547fffffffffffffffffffffffffffffffffffffffffffffffffffffffff000000001663ffffffff91909116178255565b611a61611a286040850161194d565b82547fffffffffffffffffffffffffffffffffffffffffffffffff00000000ffffffff1660209190911b67ffffffff0000000016178255565b611aad611a706060850161194d565b82547fffffffffffffffffffffffffffffffffffffffff00000000ffffffffffffffff1660409190911b6bffffffff000000000000000016178255565b611afd611abc6080850161194d565b82547fffffffffffffffffffffffffffffffff00000000ffffffffffffffffffffffff1660609190911b6fffffffff00000000000000000000000016178255565b610ee9611b0c60a0850161195a565b82547fffffffffffffffff0000000000000000ffffffffffffffffffffffffffffffff1660809190911b77ffffffffffffffff0000000000000000000000000000000016178255565b60008083357fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe1843603018112611b8a57600080fd5b830160208101925035905067ffffffffffffffff811115611baa57600080fd5b80360382131561164757600080fd5b8183528181602085013750600060208284010152600060207fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0601f840116840101905092915050565b803561166f8161193b565b60006040820167ffffffffffffffff86168352604060208401528084825260608401905060608560051b85010191508560007fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff41883603015b87821015611d5d577fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa08786030184528235818112611ca257600080fd5b8901611cae8180611b55565b60c08852611cc060c089018284611bb9565b9150506020820135611cd18161193b565b63ffffffff1660208801526040820135611cea8161193b565b63ffffffff1660408801526060820135611d038161193b565b63ffffffff166060880152611d1a60808301611c02565b63ffffffff166080880152611d3160a08301611664565b67ffffffffffffffff811660a08901529150955050602093840193929092019160019190910190611c65565b509298975050505050505050565b84815260ff8416602082015282604082015260806060820152600080833590508060808401525060208301357fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff81843603018112611dc757600080fd5b604060a08401528301611dda8180611b55565b608060c0860152611df061014086018284611bb9565b915050611e006020830183611b55565b7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff408684030160e0870152611e35838284611bb9565b6040850135610100880152606090940135610120909601959095525090979650505050505050565b600060208284031215611e6f57600080fd5b815173ffffffffffffffffffffffffffffffffffffffff8116811461025457600080fd5b600060208284031215611ea557600080fd5b5051919050565b67ffffffffffffffff81811683821601908111156109a0576109a061156e565b6000808354611eda81611786565b600182168015611ef15760018114611f2457611f54565b7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff0083168652811515820286019350611f54565b86600052602060002060005b83811015611f4c57815488820152600190910190602001611f30565b505081860193505b509195945050505050565b600060208284031215611f7157600080fd5b81356102548161193b565b8151600090829060208501835b82811015611f54578151845260209384019390910190600101611f8956fea26469706673582212206eca1fc8b43803ee09e44adf00391c2740d8542181b132bf16df2704b05f72ce64736f6c634300081e0033",
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
	ABI: "[{\"inputs\":[{\"internalType\":\"address\",\"name\":\"governance\",\"type\":\"address\"}],\"stateMutability\":\"nonpayable\",\"type\":\"constructor\"},{\"inputs\":[{\"internalType\":\"uint64\",\"name\":\"current\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"expected\",\"type\":\"uint64\"}],\"name\":\"EpochMismatch\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"GovernanceMissing\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"sender\",\"type\":\"address\"}],\"name\":\"NotGovernance\",\"type\":\"error\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"uint64\",\"name\":\"epoch\",\"type\":\"uint64\"},{\"indexed\":true,\"internalType\":\"address\",\"name\":\"governance\",\"type\":\"address\"}],\"name\":\"K3Rotated\",\"type\":\"event\"},{\"inputs\":[{\"internalType\":\"uint64\",\"name\":\"expectedCurrent\",\"type\":\"uint64\"}],\"name\":\"advanceEpoch\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"currentEpoch\",\"outputs\":[{\"internalType\":\"uint64\",\"name\":\"\",\"type\":\"uint64\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"signerGovernance\",\"outputs\":[{\"internalType\":\"address\",\"name\":\"\",\"type\":\"address\"}],\"stateMutability\":\"view\",\"type\":\"function\"}]",
	ID:  "50010c576575d2ba24ccbd24c7013ec9f8",
	Bin: "0x608060405260008054600160a01b600160e01b031916600160a01b179055348015602857600080fd5b506040516103db3803806103db833981016040819052604591608f565b6001600160a01b038116606b57604051633525416760e01b815260040160405180910390fd5b600080546001600160a01b0319166001600160a01b039290921691909117905560bd565b60006020828403121560a057600080fd5b81516001600160a01b038116811460b657600080fd5b9392505050565b61030f806100cc6000396000f3fe608060405234801561001057600080fd5b50600436106100415760003560e01c80633e38e55e1461004657806347c490011461009057806376671808146100a5575b600080fd5b6000546100669073ffffffffffffffffffffffffffffffffffffffff1681565b60405173ffffffffffffffffffffffffffffffffffffffff90911681526020015b60405180910390f35b6100a361009e36600461025b565b6100ea565b005b6000546100d19074010000000000000000000000000000000000000000900467ffffffffffffffff1681565b60405167ffffffffffffffff9091168152602001610087565b60005473ffffffffffffffffffffffffffffffffffffffff163314610142576040517f988d1f030000000000000000000000000000000000000000000000000000000081523360048201526024015b60405180910390fd5b60005467ffffffffffffffff74010000000000000000000000000000000000000000909104811690821681146101b8576040517f75174c0b00000000000000000000000000000000000000000000000000000000815267ffffffffffffffff808316600483015283166024820152604401610139565b6101c381600161028c565b6000805467ffffffffffffffff9290921674010000000000000000000000000000000000000000027fffffffff0000000000000000ffffffffffffffffffffffffffffffffffffffff9092169190911790553361022182600161028c565b67ffffffffffffffff167fe7dbd4c450c0745cc24e3074a927cbef3b4ae86e3a3001f67eae9ac93fee8e8160405160405180910390a35050565b60006020828403121561026d57600080fd5b813567ffffffffffffffff8116811461028557600080fd5b9392505050565b67ffffffffffffffff81811683821601908111156102d3577f4e487b7100000000000000000000000000000000000000000000000000000000600052601160045260246000fd5b9291505056fea26469706673582212207730d41c24839a60ddd1f1ae8708716466eab8337bd0066a26128efbcbcce46364736f6c634300081e0033",
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
	ABI: "[{\"inputs\":[{\"internalType\":\"contractIK11Verifier\",\"name\":\"verifier_\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"scope_\",\"type\":\"address\"},{\"internalType\":\"uint64\",\"name\":\"recoveryDelay_\",\"type\":\"uint64\"}],\"stateMutability\":\"nonpayable\",\"type\":\"constructor\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"actor\",\"type\":\"bytes32\"}],\"name\":\"ActorIsOperator\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"actor\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"owner\",\"type\":\"bytes32\"}],\"name\":\"ActorOfOtherOperator\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"recovered\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"agent\",\"type\":\"address\"}],\"name\":\"ConsentNotByAgent\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"ConsentSignatureInvalid\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"ConsentSignatureSTooHigh\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint8\",\"name\":\"v\",\"type\":\"uint8\"}],\"name\":\"ConsentSignatureVInvalid\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"CredentialIdMissing\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint64\",\"name\":\"deadline\",\"type\":\"uint64\"}],\"name\":\"DeadlinePassed\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"deviceKeyHash\",\"type\":\"bytes32\"}],\"name\":\"DeviceAlreadyRegistered\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"deviceKeyHash\",\"type\":\"bytes32\"}],\"name\":\"DeviceIsRevoked\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"deviceKeyHash\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"}],\"name\":\"DeviceOfOtherOperator\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"deviceKeyHash\",\"type\":\"bytes32\"}],\"name\":\"DeviceUnknown\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"deviceKeyHash\",\"type\":\"bytes32\"}],\"name\":\"NotAgentDevice\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"caller\",\"type\":\"address\"}],\"name\":\"NotConsumer\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"deviceKeyHash\",\"type\":\"bytes32\"}],\"name\":\"NotMasterDevice\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"sender\",\"type\":\"address\"},{\"internalType\":\"bytes32\",\"name\":\"deviceKeyHash\",\"type\":\"bytes32\"}],\"name\":\"NotRevoker\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"expected\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"given\",\"type\":\"bytes32\"}],\"name\":\"OmniMismatch\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint64\",\"name\":\"delay\",\"type\":\"uint64\"}],\"name\":\"RecoveryDelayTooLong\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"deviceKeyHash\",\"type\":\"bytes32\"},{\"internalType\":\"uint8\",\"name\":\"role\",\"type\":\"uint8\"}],\"name\":\"RoleMissing\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"ScopeMissing\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"sender\",\"type\":\"address\"},{\"internalType\":\"address\",\"name\":\"wallet\",\"type\":\"address\"}],\"name\":\"SenderNotWallet\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"deviceKeyHash\",\"type\":\"bytes32\"},{\"internalType\":\"uint32\",\"name\":\"last\",\"type\":\"uint32\"},{\"internalType\":\"uint32\",\"name\":\"given\",\"type\":\"uint32\"}],\"name\":\"SignCountNotIncreased\",\"type\":\"error\"},{\"inputs\":[{\"internalType\":\"uint64\",\"name\":\"current\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"signed\",\"type\":\"uint64\"}],\"name\":\"StaleNonce\",\"type\":\"error\"},{\"inputs\":[],\"name\":\"VerifierMissing\",\"type\":\"error\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"},{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"actor\",\"type\":\"bytes32\"}],\"name\":\"ActorOwned\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"},{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"deviceKeyHash\",\"type\":\"bytes32\"},{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"digest\",\"type\":\"bytes32\"},{\"indexed\":false,\"internalType\":\"uint32\",\"name\":\"signCount\",\"type\":\"uint32\"}],\"name\":\"AssertionConsumed\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"},{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"actor\",\"type\":\"bytes32\"},{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"deviceKeyHash\",\"type\":\"bytes32\"},{\"indexed\":false,\"internalType\":\"address\",\"name\":\"account\",\"type\":\"address\"},{\"indexed\":false,\"internalType\":\"uint8\",\"name\":\"tier\",\"type\":\"uint8\"},{\"indexed\":false,\"internalType\":\"uint8\",\"name\":\"roles\",\"type\":\"uint8\"}],\"name\":\"DeviceRegistered\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"},{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"actor\",\"type\":\"bytes32\"},{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"deviceKeyHash\",\"type\":\"bytes32\"}],\"name\":\"DeviceRevoked\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"},{\"indexed\":true,\"internalType\":\"address\",\"name\":\"wallet\",\"type\":\"address\"}],\"name\":\"MasterWalletSet\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"},{\"indexed\":false,\"internalType\":\"uint64\",\"name\":\"nonce\",\"type\":\"uint64\"}],\"name\":\"OperatorNonceAdvanced\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"},{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"deviceKeyHash\",\"type\":\"bytes32\"},{\"indexed\":false,\"internalType\":\"bytes32\",\"name\":\"k11CredId\",\"type\":\"bytes32\"},{\"indexed\":false,\"internalType\":\"bytes32\",\"name\":\"k11RpIdHash\",\"type\":\"bytes32\"},{\"indexed\":false,\"internalType\":\"bytes32\",\"name\":\"k11OriginHash\",\"type\":\"bytes32\"},{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"k11PubX\",\"type\":\"uint256\"},{\"indexed\":false,\"internalType\":\"uint256\",\"name\":\"k11PubY\",\"type\":\"uint256\"}],\"name\":\"PasskeyRegistered\",\"type\":\"event\"},{\"anonymous\":false,\"inputs\":[{\"indexed\":true,\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"},{\"indexed\":false,\"internalType\":\"uint8\",\"name\":\"threshold\",\"type\":\"uint8\"}],\"name\":\"RecoveryThresholdSet\",\"type\":\"event\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"actor\",\"type\":\"bytes32\"}],\"name\":\"actorOwner\",\"outputs\":[{\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"},{\"internalType\":\"uint8\",\"name\":\"role\",\"type\":\"uint8\"},{\"internalType\":\"bytes32\",\"name\":\"structHash\",\"type\":\"bytes32\"},{\"components\":[{\"internalType\":\"bytes32\",\"name\":\"deviceKeyHash\",\"type\":\"bytes32\"},{\"components\":[{\"internalType\":\"bytes\",\"name\":\"authenticatorData\",\"type\":\"bytes\"},{\"internalType\":\"bytes\",\"name\":\"clientDataJSON\",\"type\":\"bytes\"},{\"internalType\":\"uint256\",\"name\":\"r\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"s\",\"type\":\"uint256\"}],\"internalType\":\"structK11Assertion\",\"name\":\"assertion\",\"type\":\"tuple\"}],\"internalType\":\"structMasterAssertion\",\"name\":\"master\",\"type\":\"tuple\"}],\"name\":\"consumeAssertion\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"deviceKeyHash\",\"type\":\"bytes32\"}],\"name\":\"getDevice\",\"outputs\":[{\"components\":[{\"internalType\":\"bytes32\",\"name\":\"operatorOmni\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"actorOmni\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"k11CredId\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"k11RpIdHash\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"k11OriginHash\",\"type\":\"bytes32\"},{\"internalType\":\"uint256\",\"name\":\"k11PubX\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"k11PubY\",\"type\":\"uint256\"},{\"internalType\":\"uint8\",\"name\":\"tier\",\"type\":\"uint8\"},{\"internalType\":\"uint8\",\"name\":\"roles\",\"type\":\"uint8\"},{\"internalType\":\"uint64\",\"name\":\"registeredAt\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"recoveryFrom\",\"type\":\"uint64\"},{\"internalType\":\"uint32\",\"name\":\"lastSignCount\",\"type\":\"uint32\"},{\"internalType\":\"bool\",\"name\":\"revoked\",\"type\":\"bool\"}],\"internalType\":\"structDeviceEntry\",\"name\":\"\",\"type\":\"tuple\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"}],\"name\":\"getOperatorDevices\",\"outputs\":[{\"internalType\":\"bytes32[]\",\"name\":\"keys\",\"type\":\"bytes32[]\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"deviceKeyHash\",\"type\":\"bytes32\"}],\"name\":\"isActive\",\"outputs\":[{\"internalType\":\"bool\",\"name\":\"\",\"type\":\"bool\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"k11Verifier\",\"outputs\":[{\"internalType\":\"address\",\"name\":\"\",\"type\":\"address\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"}],\"name\":\"masterWallet\",\"outputs\":[{\"internalType\":\"address\",\"name\":\"\",\"type\":\"address\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"}],\"name\":\"operatorNonce\",\"outputs\":[{\"internalType\":\"uint64\",\"name\":\"\",\"type\":\"uint64\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"recoveryDelay\",\"outputs\":[{\"internalType\":\"uint64\",\"name\":\"\",\"type\":\"uint64\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"}],\"name\":\"recoveryMasters\",\"outputs\":[{\"internalType\":\"bytes32[]\",\"name\":\"keys\",\"type\":\"bytes32[]\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"}],\"name\":\"recoveryThreshold\",\"outputs\":[{\"internalType\":\"uint8\",\"name\":\"\",\"type\":\"uint8\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"components\":[{\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"actor\",\"type\":\"bytes32\"},{\"internalType\":\"address\",\"name\":\"agent\",\"type\":\"address\"},{\"internalType\":\"uint64\",\"name\":\"nonce\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"deadline\",\"type\":\"uint64\"}],\"internalType\":\"structBindAgent\",\"name\":\"operation\",\"type\":\"tuple\"},{\"components\":[{\"internalType\":\"uint64\",\"name\":\"deadline\",\"type\":\"uint64\"},{\"internalType\":\"uint8\",\"name\":\"v\",\"type\":\"uint8\"},{\"internalType\":\"bytes32\",\"name\":\"r\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"s\",\"type\":\"bytes32\"}],\"internalType\":\"structConsentSignature\",\"name\":\"consent\",\"type\":\"tuple\"},{\"components\":[{\"internalType\":\"bytes32\",\"name\":\"deviceKeyHash\",\"type\":\"bytes32\"},{\"components\":[{\"internalType\":\"bytes\",\"name\":\"authenticatorData\",\"type\":\"bytes\"},{\"internalType\":\"bytes\",\"name\":\"clientDataJSON\",\"type\":\"bytes\"},{\"internalType\":\"uint256\",\"name\":\"r\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"s\",\"type\":\"uint256\"}],\"internalType\":\"structK11Assertion\",\"name\":\"assertion\",\"type\":\"tuple\"}],\"internalType\":\"structMasterAssertion\",\"name\":\"master\",\"type\":\"tuple\"}],\"name\":\"registerAgentDevice\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"components\":[{\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"},{\"internalType\":\"address\",\"name\":\"wallet\",\"type\":\"address\"},{\"internalType\":\"bytes32\",\"name\":\"k11CredId\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"k11RpIdHash\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"k11OriginHash\",\"type\":\"bytes32\"},{\"internalType\":\"uint256\",\"name\":\"k11PubX\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"k11PubY\",\"type\":\"uint256\"},{\"internalType\":\"uint64\",\"name\":\"nonce\",\"type\":\"uint64\"},{\"internalType\":\"uint64\",\"name\":\"deadline\",\"type\":\"uint64\"}],\"internalType\":\"structRegisterFirstMaster\",\"name\":\"operation\",\"type\":\"tuple\"},{\"components\":[{\"internalType\":\"bytes\",\"name\":\"authenticatorData\",\"type\":\"bytes\"},{\"internalType\":\"bytes\",\"name\":\"clientDataJSON\",\"type\":\"bytes\"},{\"internalType\":\"uint256\",\"name\":\"r\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"s\",\"type\":\"uint256\"}],\"internalType\":\"structK11Assertion\",\"name\":\"selfAssertion\",\"type\":\"tuple\"}],\"name\":\"registerFirstMasterDevice\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"address\",\"name\":\"account\",\"type\":\"address\"}],\"name\":\"resolve\",\"outputs\":[{\"internalType\":\"uint8\",\"name\":\"kind\",\"type\":\"uint8\"},{\"internalType\":\"bytes32\",\"name\":\"operatorOmni\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"actorOmni\",\"type\":\"bytes32\"},{\"internalType\":\"uint8\",\"name\":\"status\",\"type\":\"uint8\"}],\"stateMutability\":\"view\",\"type\":\"function\"},{\"inputs\":[{\"internalType\":\"bytes32\",\"name\":\"deviceKeyHash\",\"type\":\"bytes32\"}],\"name\":\"revokeAgentDevice\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[{\"components\":[{\"internalType\":\"bytes32\",\"name\":\"operator\",\"type\":\"bytes32\"},{\"internalType\":\"bytes32\",\"name\":\"deviceKeyHash\",\"type\":\"bytes32\"},{\"internalType\":\"uint64\",\"name\":\"deadline\",\"type\":\"uint64\"}],\"internalType\":\"structRevokeAgent\",\"name\":\"operation\",\"type\":\"tuple\"},{\"components\":[{\"internalType\":\"bytes32\",\"name\":\"deviceKeyHash\",\"type\":\"bytes32\"},{\"components\":[{\"internalType\":\"bytes\",\"name\":\"authenticatorData\",\"type\":\"bytes\"},{\"internalType\":\"bytes\",\"name\":\"clientDataJSON\",\"type\":\"bytes\"},{\"internalType\":\"uint256\",\"name\":\"r\",\"type\":\"uint256\"},{\"internalType\":\"uint256\",\"name\":\"s\",\"type\":\"uint256\"}],\"internalType\":\"structK11Assertion\",\"name\":\"assertion\",\"type\":\"tuple\"}],\"internalType\":\"structMasterAssertion\",\"name\":\"master\",\"type\":\"tuple\"}],\"name\":\"revokeAgentDeviceWithWebauthn\",\"outputs\":[],\"stateMutability\":\"nonpayable\",\"type\":\"function\"},{\"inputs\":[],\"name\":\"scope\",\"outputs\":[{\"internalType\":\"address\",\"name\":\"\",\"type\":\"address\"}],\"stateMutability\":\"view\",\"type\":\"function\"}]",
	ID:  "b7f35e400bcf3b8f858d2ff9d2eb24763c",
	Bin: "0x60e060405234801561001057600080fd5b50604051612b43380380612b4383398101604081905261002f916100f9565b826001600160a01b03163b60000361005a576040516324bfe47b60e21b815260040160405180910390fd5b6001600160a01b03821661008157604051632fbdffd560e11b815260040160405180910390fd5b62278d006001600160401b03821611156100bd5760405163781eb3b960e01b81526001600160401b038216600482015260240160405180910390fd5b6001600160a01b03928316608052911660a0526001600160401b031660c052610152565b6001600160a01b03811681146100f657600080fd5b50565b60008060006060848603121561010e57600080fd5b8351610119816100e1565b602085015190935061012a816100e1565b60408501519092506001600160401b038116811461014757600080fd5b809150509250925092565b60805160a05160c0516129b461018f60003960006101850152600081816104a501526110ab0152600081816104f2015261160601526129b46000f3fe608060405234801561001057600080fd5b506004361061011b5760003560e01c80636a7f745e116100b25780636ed3a46b1161008157806399f911bf1161006657806399f911bf146104ed578063b269f9fb14610514578063f453ae881461052757600080fd5b80636ed3a46b146104c75780638bed2159146104da57600080fd5b80636a7f745e146102f95780636a983c441461046d5780636e0c96ed1461048d5780636e62d0a8146104a057600080fd5b806356309004116100ee57806356309004146102385780635b3425e71461024d5780635c36901c146102a8578063675d9266146102cb57600080fd5b806336c34449146101205780633758ca7a146101805780633fe96526146101a757806355ea6c47146101fc575b600080fd5b61016261012e36600461227b565b60009081526002602052604090205474010000000000000000000000000000000000000000900467ffffffffffffffff1690565b60405167ffffffffffffffff90911681526020015b60405180910390f35b6101627f000000000000000000000000000000000000000000000000000000000000000081565b6101ea6101b536600461227b565b6000908152600260205260409020547c0100000000000000000000000000000000000000000000000000000000900460ff1690565b60405160ff9091168152602001610177565b61020f61020a366004612294565b61053a565b6040805160ff958616815260208101949094528301919091529091166060820152608001610177565b61024b6102463660046122e2565b6105e1565b005b61028361025b36600461227b565b60009081526002602052604090205473ffffffffffffffffffffffffffffffffffffffff1690565b60405173ffffffffffffffffffffffffffffffffffffffff9091168152602001610177565b6102bb6102b636600461227b565b6106a1565b6040519015158152602001610177565b6102eb6102d936600461227b565b60006020819052908152604090205481565b604051908152602001610177565b61046061030736600461227b565b604080516101a081018252600080825260208201819052918101829052606081018290526080810182905260a0810182905260c0810182905260e0810182905261010081018290526101208101829052610140810182905261016081018290526101808101919091525060009081526001602081815260409283902083516101a0810185528154815292810154918301919091526002810154928201929092526003820154606082015260048201546080820152600582015460a0820152600682015460c082015260079091015460ff80821660e084015261010080830482169084015267ffffffffffffffff62010000830481166101208501526a010000000000000000000083041661014084015263ffffffff720100000000000000000000000000000000000083041661016084015276010000000000000000000000000000000000000000000090910416151561018082015290565b6040516101779190612338565b61048061047b36600461227b565b6106e5565b604051610177919061241f565b61024b61049b366004612474565b6107e2565b6102837f000000000000000000000000000000000000000000000000000000000000000081565b6104806104d536600461227b565b610d67565b61024b6104e83660046124c3565b610e61565b6102837f000000000000000000000000000000000000000000000000000000000000000081565b61024b61052236600461227b565b610ffa565b61024b61053536600461253d565b611093565b60008060008060006001600061054f8861112e565b8152602001908152602001600020905080600001549350836000801b036105835750600093508392508291508190506105da565b600180820154600783015490945060ff16146105a05760026105a3565b60015b6007820154909550760100000000000000000000000000000000000000000000900460ff166105d35760016105d6565b60035b9150505b9193509193565b6105f96105f4606084016040850161259e565b611181565b600061060883602001356111d4565b805490915083351461065b5780546040517ff168b08c0000000000000000000000000000000000000000000000000000000081526020850135600482015260248101919091526044015b60405180910390fd5b6106698184602001356112c5565b600061067d3061067886611340565b6113a8565b905061069b8435600083863561069660208901896125c8565b61140d565b50505050565b60008181526001602052604081208054158015906106de57506007810154760100000000000000000000000000000000000000000000900460ff16155b9392505050565b600081815260026020526040902060010180546060919067ffffffffffffffff81111561071457610714612606565b60405190808252806020026020018201604052801561073d578160200160208202803683370190505b5091506000805b82548110156107d9576107846001600085848154811061076657610766612635565b906000526020600020015481526020019081526020016000206117b0565b156107d15782818154811061079b5761079b612635565b90600052602060002001548483806107b290612693565b9450815181106107c4576107c4612635565b6020026020010181815250505b600101610744565b50825250919050565b6107f76105f46101208401610100850161259e565b6108076040830160208401612294565b73ffffffffffffffffffffffffffffffffffffffff163373ffffffffffffffffffffffffffffffffffffffff161461089c573361084a6040840160208501612294565b6040517f945de90100000000000000000000000000000000000000000000000000000000815273ffffffffffffffffffffffffffffffffffffffff928316600482015291166024820152604401610652565b60006108a73361181b565b9050823581146108ed576040517fde4a50240000000000000000000000000000000000000000000000000000000081526004810182905283356024820152604401610652565b604083013560000361092b576040517f2b73b6e000000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b60006109363361112e565b905061094181611990565b61095b82610956610100870160e0880161259e565b6119d9565b6000600260008481526020019081526020016000209050338160000160006101000a81548173ffffffffffffffffffffffffffffffffffffffff021916908373ffffffffffffffffffffffffffffffffffffffff160217905550600181600001601c6101000a81548160ff021916908360ff1602179055508060010182908060018154018082558091505060019003906000526020600020016000909190919091505582600080858152602001908152602001600020819055506000429050604051806101a001604052808581526020018581526020018760400135815260200187606001358152602001876080013581526020018760a0013581526020018760c001358152602001600160ff168152602001600460026001171760ff1681526020018267ffffffffffffffff1681526020018267ffffffffffffffff168152602001600063ffffffff1681526020016000151581525060016000858152602001908152602001600020600082015181600001556020820151816001015560408201518160020155606082015181600301556080820151816004015560a0820151816005015560c0820151816006015560e08201518160070160006101000a81548160ff021916908360ff1602179055506101008201518160070160016101000a81548160ff021916908360ff1602179055506101208201518160070160026101000a81548167ffffffffffffffff021916908367ffffffffffffffff16021790555061014082015181600701600a6101000a81548167ffffffffffffffff021916908367ffffffffffffffff1602179055506101608201518160070160126101000a81548163ffffffff021916908363ffffffff1602179055506101808201518160070160166101000a81548160ff02191690831515021790555090505083847f390a3957130b1ad54bc4128ca645353c684a42f1818700462c6d94493f47043a60405160405180910390a3604051339085907f030057fc6f2ff5a8e3a3e0e6205e23d8bee943a2033026a634f8debb570b6b0590600090a36040516001815284907f0990cfb959ec86914565797e68295e408dbd05ad51e44d2cbf209b516ccb696d9060200160405180910390a2604080513381526001602082015260078183015290518491869182917f1837060025c7d458b84d641fcd72439f102d5a2959180dd7bf848bf27deb3a8b919081900360600190a482847f29ca135b8aa4c3fe26dd427be73731efba123d8ac568849c60a567f9accf23af886040013589606001358a608001358b60a001358c60c00135604051610d3d959493929190948552602085019390935260408401919091526060830152608082015260a00190565b60405180910390a3610d5f846000610d58306106788b611b12565b868961140d565b505050505050565b60008181526002602081905260409091206001810180549190920180546060939290610d9390826126cb565b67ffffffffffffffff811115610dab57610dab612606565b604051908082528060200260200182016040528015610dd4578160200160208202803683370190505b50935060005b8451811015610e5857818110610e155782610df583836126de565b81548110610e0557610e05612635565b9060005260206000200154610e33565b838181548110610e2757610e27612635565b90600052602060002001545b858281518110610e4557610e45612635565b6020908102919091010152600101610dda565b50505050919050565b610e746105f460a085016080860161259e565b8235610e7f81611bf4565b6000610e99610e946060870160408801612294565b61112e565b9050610ea481611990565b610eae8585611c70565b610ec282610956608088016060890161259e565b610ee0826020870135610edb6060890160408a01612294565b611db0565b60008181526001602081815260408084208681558983013581850181905560078201805467ffffffffffffffff421662010000027fffffffffffffffffffffffffffffffffffffffffffff000000000000000000009091161761010217905587865260028085528387200180549586018155865292909420909201849055839185907f1837060025c7d458b84d641fcd72439f102d5a2959180dd7bf848bf27deb3a8b90610f949060608c01908c01612294565b6040805173ffffffffffffffffffffffffffffffffffffffff90921682526002602083015260019082015260600160405180910390a46000610fd93061067889611edc565b9050610ff184600483883561069660208b018b6125c8565b50505050505050565b6000611005826111d4565b9050816110113361112e565b141580156110455750805460009081526002602052604090205473ffffffffffffffffffffffffffffffffffffffff163314155b15611085576040517ff4583b0200000000000000000000000000000000000000000000000000000000815233600482015260248101839052604401610652565b61108f81836112c5565b5050565b3373ffffffffffffffffffffffffffffffffffffffff7f00000000000000000000000000000000000000000000000000000000000000001614611104576040517f5bca3de4000000000000000000000000000000000000000000000000000000008152336004820152602401610652565b600061111033846113a8565b9050611127858583853561069660208801886125c8565b5050505050565b6040517fffffffffffffffffffffffffffffffffffffffff000000000000000000000000606083901b1660208201526000906034015b604051602081830303815290604052805190602001209050919050565b8067ffffffffffffffff164211156111d1576040517f6768091300000000000000000000000000000000000000000000000000000000815267ffffffffffffffff82166004820152602401610652565b50565b60008181526001602052604081208054909103611220576040517fda0015fe00000000000000000000000000000000000000000000000000000000815260048101839052602401610652565b600781015460ff16600214611264576040517f6248540000000000000000000000000000000000000000000000000000000000815260048101839052602401610652565b6007810154760100000000000000000000000000000000000000000000900460ff16156112c0576040517fdceb7f6f00000000000000000000000000000000000000000000000000000000815260048101839052602401610652565b919050565b6007820180547fffffffffffffffffff00ffffffffffffffffffffffffffffffffffffffffffff1676010000000000000000000000000000000000000000000017905560018201548254604051839291907f6807b1bcc6757abdaf2ffbfc6ffa6f9407229f084e994874b97d11ad88a0322b90600090a45050565b60007fc85ab6d6a4ec8def3fa2e82139303ad9d0789e8a0d6fd3ab5325f0500d57c1b38235602084013561137a606086016040870161259e565b604080516020810195909552840192909252606083015267ffffffffffffffff16608082015260a001611164565b60006113b383611f8a565b6040517f190100000000000000000000000000000000000000000000000000000000000060208201526022810191909152604281018390526062016040516020818303038152906040528051906020012090505b92915050565b60008281526001602052604081208054909103611459576040517fda0015fe00000000000000000000000000000000000000000000000000000000815260048101849052602401610652565b805486146114a05780546040517ff168b08c000000000000000000000000000000000000000000000000000000008152610652918591600401918252602082015260400190565b600781015460ff166001146114e4576040517f26d6bc6c00000000000000000000000000000000000000000000000000000000815260048101849052602401610652565b6007810154760100000000000000000000000000000000000000000000900460ff1615611540576040517fdceb7f6f00000000000000000000000000000000000000000000000000000000815260048101849052602401610652565b600781015460ff80871661010090920487161614611596576040517f10a8c8fa0000000000000000000000000000000000000000000000000000000081526004810184905260ff86166024820152604401610652565b604080516080810182526003830154815260048084015460208301526005840154828401526006840154606083015291517f5d696e31000000000000000000000000000000000000000000000000000000008152909160009173ffffffffffffffffffffffffffffffffffffffff7f00000000000000000000000000000000000000000000000000000000000000001691635d696e319161163d918a9187918a91016127a5565b602060405180830381865afa15801561165a573d6000803e3d6000fd5b505050506040513d601f19601f8201168201806040525081019061167e9190612861565b600784015490915063ffffffff720100000000000000000000000000000000000090910481169082161515806116b9575063ffffffff811615155b80156116d157508063ffffffff168263ffffffff1611155b1561171f576040517fd648ab7f0000000000000000000000000000000000000000000000000000000081526004810187905263ffffffff808316602483015283166044820152606401610652565b6007840180547fffffffffffffffffffff00000000ffffffffffffffffffffffffffffffffffff16720100000000000000000000000000000000000063ffffffff851690810291909117909155604051908152879087908b907faeaa582af2450bba2130190ec9a9f8fdd071e885de2115dcef3ff9de1837816b9060200160405180910390a4505050505050505050565b6007810154600090760100000000000000000000000000000000000000000000900460ff161580156117ed57506007820154610100900460021615155b801561140757506007820154426a010000000000000000000090910467ffffffffffffffff16111592915050565b604080516028808252606082019092526000918291906020820181803683370190505090508260285b80156118fc577f3031323334353637383961626364656600000000000000000000000000000000600f83166010811061187f5761187f612635565b1a60f81b8361188f6001846126de565b8151811061189f5761189f612635565b60200101907effffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff1916908160001a90535060048273ffffffffffffffffffffffffffffffffffffffff16901c9150806118f590612887565b9050611844565b5060028260405160200161191091906128ec565b604080517fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0818403018152908290526119489161291e565b602060405180830381855afa158015611965573d6000803e3d6000fd5b5050506040513d601f19601f82011682018060405250810190611988919061292a565b949350505050565b600081815260016020526040902054156111d1576040517fa98bbce000000000000000000000000000000000000000000000000000000000815260048101829052602401610652565b60008281526002602052604090205467ffffffffffffffff7401000000000000000000000000000000000000000090910481169082168114611a5b576040517faef79e2800000000000000000000000000000000000000000000000000000000815267ffffffffffffffff808316600483015283166024820152604401610652565b611a66816001612943565b6000848152600260205260409020805467ffffffffffffffff9290921674010000000000000000000000000000000000000000027fffffffff0000000000000000ffffffffffffffffffffffffffffffffffffffff909216919091179055827fe4ce8b67bcb58163fb16a20a1c53f1c419bc80a898ce8637e0b092abcd417125611af1836001612943565b60405167ffffffffffffffff909116815260200160405180910390a2505050565b60007f978c2b9cb4886b56a2e11c52e7713570d75c6a828500e770618c1b405c6ca8d58235611b476040850160208601612294565b60408501356060860135608087013560a088013560c0890135611b716101008b0160e08c0161259e565b611b836101208c016101008d0161259e565b60408051602081019b909b528a019890985273ffffffffffffffffffffffffffffffffffffffff9096166060890152608088019490945260a087019290925260c086015260e085015261010084015267ffffffffffffffff9081166101208401521661014082015261016001611164565b60008181526002602052604090205473ffffffffffffffffffffffffffffffffffffffff1633811461108f576040517f945de90100000000000000000000000000000000000000000000000000000000815233600482015273ffffffffffffffffffffffffffffffffffffffff82166024820152604401610652565b611c806105f4602083018361259e565b6000611cf260405180608001604052808560000135815260200185602001358152602001856040016020810190611cb79190612294565b73ffffffffffffffffffffffffffffffffffffffff168152602090810190611ce19086018661259e565b67ffffffffffffffff16905261202f565b90506000611d09611d0330846113a8565b846120b8565b9050611d1b6060850160408601612294565b73ffffffffffffffffffffffffffffffffffffffff168173ffffffffffffffffffffffffffffffffffffffff161461069b5780611d5e6060860160408701612294565b6040517ff3c7460f00000000000000000000000000000000000000000000000000000000815273ffffffffffffffffffffffffffffffffffffffff928316600482015291166024820152604401610652565b828203611dec576040517ffcb9ca4f00000000000000000000000000000000000000000000000000000000815260048101839052602401610652565b600082815260208190526040902054838103611e085750505050565b8015611e4a576040517f6c63c1770000000000000000000000000000000000000000000000000000000081526004810184905260248101829052604401610652565b6000611e558361181b565b9050808414611e9a576040517fde4a50240000000000000000000000000000000000000000000000000000000081526004810182905260248101859052604401610652565b60008481526020819052604080822087905551859187917f390a3957130b1ad54bc4128ca645353c684a42f1818700462c6d94493f47043a9190a35050505050565b60007f7aacb963949c77339ac545568d198a9e93f7ca6741c5312482d229b28b4fd57882356020840135611f166060860160408701612294565b611f26608087016060880161259e565b611f3660a088016080890161259e565b604080516020810197909752860194909452606085019290925273ffffffffffffffffffffffffffffffffffffffff16608084015267ffffffffffffffff90811660a08401521660c082015260e001611164565b604080517f8b73c3c69bb8fe3d512ecc4cf759cc79239f7b179b0ffacaa9a75d522b39400f60208201527f2fd8c23a58cdf55d0d8fb40cd6a3efb917b35a3fdbc5c78af6902cd869246c94918101919091527fc89efdaa54c0f20c7adf612882df0950f5a951637e0307cdcb4c672f298b8bc6606082015246608082015273ffffffffffffffffffffffffffffffffffffffff821660a082015260009060c001611164565b60007f86e70db780dcb188811773eb157f6a2c261812aaedd4e00c27b9f54cb469a8e082600001518360200151846040015185606001516040516020016111649594939291909485526020850193909352604084019190915273ffffffffffffffffffffffffffffffffffffffff16606083015267ffffffffffffffff16608082015260a00190565b60007f7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a060608301351115612118576040517f0fcb6daa00000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b6121286040830160208401612963565b60ff16601b1415801561214e57506121466040830160208401612963565b60ff16601c14155b1561219b576121636040830160208401612963565b6040517fb05d2e3800000000000000000000000000000000000000000000000000000000815260ff9091166004820152602401610652565b6001836121ae6040850160208601612963565b6040805160008152602081018083529390935260ff90911682820152840135606080830191909152840135608082015260a0016020604051602081039080840390855afa158015612203573d6000803e3d6000fd5b50506040517fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0015191505073ffffffffffffffffffffffffffffffffffffffff8116611407576040517f03829ca600000000000000000000000000000000000000000000000000000000815260040160405180910390fd5b60006020828403121561228d57600080fd5b5035919050565b6000602082840312156122a657600080fd5b813573ffffffffffffffffffffffffffffffffffffffff811681146106de57600080fd5b6000604082840312156122dc57600080fd5b50919050565b60008082840360808112156122f657600080fd5b606081121561230457600080fd5b50829150606083013567ffffffffffffffff81111561232257600080fd5b61232e858286016122ca565b9150509250929050565b60006101a082019050825182526020830151602083015260408301516040830152606083015160608301526080830151608083015260a083015160a083015260c083015160c083015260e083015161239560e084018260ff169052565b506101008301516123ac61010084018260ff169052565b506101208301516123ca61012084018267ffffffffffffffff169052565b506101408301516123e861014084018267ffffffffffffffff169052565b5061016083015161240261016084018263ffffffff169052565b5061018083015161241861018084018215159052565b5092915050565b602080825282518282018190526000918401906040840190835b81811015612457578351835260209384019390920191600101612439565b509095945050505050565b6000608082840312156122dc57600080fd5b60008082840361014081121561248957600080fd5b61012081121561249857600080fd5b5082915061012083013567ffffffffffffffff8111156124b757600080fd5b61232e85828601612462565b60008060008385036101408112156124da57600080fd5b60a08112156124e857600080fd5b508392506124f98560a08601612462565b915061012084013567ffffffffffffffff81111561251657600080fd5b612522868287016122ca565b9150509250925092565b803560ff811681146112c057600080fd5b6000806000806080858703121561255357600080fd5b843593506125636020860161252c565b925060408501359150606085013567ffffffffffffffff81111561258657600080fd5b612592878288016122ca565b91505092959194509250565b6000602082840312156125b057600080fd5b813567ffffffffffffffff811681146106de57600080fd5b600082357fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff818336030181126125fc57600080fd5b9190910192915050565b7f4e487b7100000000000000000000000000000000000000000000000000000000600052604160045260246000fd5b7f4e487b7100000000000000000000000000000000000000000000000000000000600052603260045260246000fd5b7f4e487b7100000000000000000000000000000000000000000000000000000000600052601160045260246000fd5b60007fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff82036126c4576126c4612664565b5060010190565b8082018082111561140757611407612664565b8181038181111561140757611407612664565b60008083357fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe184360301811261272657600080fd5b830160208101925035905067ffffffffffffffff81111561274657600080fd5b80360382131561275557600080fd5b9250929050565b8183528181602085013750600060208284010152600060207fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0601f840116840101905092915050565b8381528251602082015260208301516040820152604083015160608201526060830151608082015260c060a082015260006127e083846126f1565b608060c08501526127f66101408501828461275c565b91505061280660208501856126f1565b7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff408584030160e086015261283b83828461275c565b604087013561010087015260609096013561012090950194909452509295945050505050565b60006020828403121561287357600080fd5b815163ffffffff811681146106de57600080fd5b60008161289657612896612664565b507fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff0190565b6000815160005b818110156128dd57602081850181015186830152016128c3565b50600093019283525090919050565b7f6167656e746b65797365766d3078000000000000000000000000000000000000815260006106de600e8301846128bc565b60006106de82846128bc565b60006020828403121561293c57600080fd5b5051919050565b67ffffffffffffffff818116838216019081111561140757611407612664565b60006020828403121561297557600080fd5b6106de8261252c56fea264697066735822122048433a3116980e9eec13797bb2ab64997305a41fc9f66d3c8908003c6bfea00c64736f6c634300081e0033",
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
// Solidity: constructor(address verifier_, address scope_, uint64 recoveryDelay_) returns()
func (sidecarRegistry *SidecarRegistry) PackConstructor(verifier_ common.Address, scope_ common.Address, recoveryDelay_ uint64) []byte {
	enc, err := sidecarRegistry.abi.Pack("", verifier_, scope_, recoveryDelay_)
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

// UnpackError attempts to decode the provided error data using user-defined
// error definitions.
func (sidecarRegistry *SidecarRegistry) UnpackError(raw []byte) (any, error) {
	if bytes.Equal(raw[:4], sidecarRegistry.abi.Errors["ActorIsOperator"].ID.Bytes()[:4]) {
		return sidecarRegistry.UnpackActorIsOperatorError(raw[4:])
	}
	if bytes.Equal(raw[:4], sidecarRegistry.abi.Errors["ActorOfOtherOperator"].ID.Bytes()[:4]) {
		return sidecarRegistry.UnpackActorOfOtherOperatorError(raw[4:])
	}
	if bytes.Equal(raw[:4], sidecarRegistry.abi.Errors["ConsentNotByAgent"].ID.Bytes()[:4]) {
		return sidecarRegistry.UnpackConsentNotByAgentError(raw[4:])
	}
	if bytes.Equal(raw[:4], sidecarRegistry.abi.Errors["ConsentSignatureInvalid"].ID.Bytes()[:4]) {
		return sidecarRegistry.UnpackConsentSignatureInvalidError(raw[4:])
	}
	if bytes.Equal(raw[:4], sidecarRegistry.abi.Errors["ConsentSignatureSTooHigh"].ID.Bytes()[:4]) {
		return sidecarRegistry.UnpackConsentSignatureSTooHighError(raw[4:])
	}
	if bytes.Equal(raw[:4], sidecarRegistry.abi.Errors["ConsentSignatureVInvalid"].ID.Bytes()[:4]) {
		return sidecarRegistry.UnpackConsentSignatureVInvalidError(raw[4:])
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
	if bytes.Equal(raw[:4], sidecarRegistry.abi.Errors["NotAgentDevice"].ID.Bytes()[:4]) {
		return sidecarRegistry.UnpackNotAgentDeviceError(raw[4:])
	}
	if bytes.Equal(raw[:4], sidecarRegistry.abi.Errors["NotConsumer"].ID.Bytes()[:4]) {
		return sidecarRegistry.UnpackNotConsumerError(raw[4:])
	}
	if bytes.Equal(raw[:4], sidecarRegistry.abi.Errors["NotMasterDevice"].ID.Bytes()[:4]) {
		return sidecarRegistry.UnpackNotMasterDeviceError(raw[4:])
	}
	if bytes.Equal(raw[:4], sidecarRegistry.abi.Errors["NotRevoker"].ID.Bytes()[:4]) {
		return sidecarRegistry.UnpackNotRevokerError(raw[4:])
	}
	if bytes.Equal(raw[:4], sidecarRegistry.abi.Errors["OmniMismatch"].ID.Bytes()[:4]) {
		return sidecarRegistry.UnpackOmniMismatchError(raw[4:])
	}
	if bytes.Equal(raw[:4], sidecarRegistry.abi.Errors["RecoveryDelayTooLong"].ID.Bytes()[:4]) {
		return sidecarRegistry.UnpackRecoveryDelayTooLongError(raw[4:])
	}
	if bytes.Equal(raw[:4], sidecarRegistry.abi.Errors["RoleMissing"].ID.Bytes()[:4]) {
		return sidecarRegistry.UnpackRoleMissingError(raw[4:])
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
	if bytes.Equal(raw[:4], sidecarRegistry.abi.Errors["VerifierMissing"].ID.Bytes()[:4]) {
		return sidecarRegistry.UnpackVerifierMissingError(raw[4:])
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

// SidecarRegistryConsentSignatureInvalid represents a ConsentSignatureInvalid error raised by the SidecarRegistry contract.
type SidecarRegistryConsentSignatureInvalid struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ConsentSignatureInvalid()
func SidecarRegistryConsentSignatureInvalidErrorID() common.Hash {
	return common.HexToHash("0x03829ca6e462299b1757d33cb94b9fde8197f69a03a8c45baf5df10fe98d6a36")
}

// UnpackConsentSignatureInvalidError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ConsentSignatureInvalid()
func (sidecarRegistry *SidecarRegistry) UnpackConsentSignatureInvalidError(raw []byte) (*SidecarRegistryConsentSignatureInvalid, error) {
	out := new(SidecarRegistryConsentSignatureInvalid)
	if err := sidecarRegistry.abi.UnpackIntoInterface(out, "ConsentSignatureInvalid", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// SidecarRegistryConsentSignatureSTooHigh represents a ConsentSignatureSTooHigh error raised by the SidecarRegistry contract.
type SidecarRegistryConsentSignatureSTooHigh struct {
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ConsentSignatureSTooHigh()
func SidecarRegistryConsentSignatureSTooHighErrorID() common.Hash {
	return common.HexToHash("0x0fcb6daa6be09d7ffa0ed5e3e4925d20a987810e7d64222f2d8f6bcc0668920b")
}

// UnpackConsentSignatureSTooHighError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ConsentSignatureSTooHigh()
func (sidecarRegistry *SidecarRegistry) UnpackConsentSignatureSTooHighError(raw []byte) (*SidecarRegistryConsentSignatureSTooHigh, error) {
	out := new(SidecarRegistryConsentSignatureSTooHigh)
	if err := sidecarRegistry.abi.UnpackIntoInterface(out, "ConsentSignatureSTooHigh", raw); err != nil {
		return nil, err
	}
	return out, nil
}

// SidecarRegistryConsentSignatureVInvalid represents a ConsentSignatureVInvalid error raised by the SidecarRegistry contract.
type SidecarRegistryConsentSignatureVInvalid struct {
	V uint8
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error ConsentSignatureVInvalid(uint8 v)
func SidecarRegistryConsentSignatureVInvalidErrorID() common.Hash {
	return common.HexToHash("0xb05d2e3890948c6469315942a1ed00b3b96bfa18150dc11f242a6acb4f966a53")
}

// UnpackConsentSignatureVInvalidError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error ConsentSignatureVInvalid(uint8 v)
func (sidecarRegistry *SidecarRegistry) UnpackConsentSignatureVInvalidError(raw []byte) (*SidecarRegistryConsentSignatureVInvalid, error) {
	out := new(SidecarRegistryConsentSignatureVInvalid)
	if err := sidecarRegistry.abi.UnpackIntoInterface(out, "ConsentSignatureVInvalid", raw); err != nil {
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

// SidecarRegistryRecoveryDelayTooLong represents a RecoveryDelayTooLong error raised by the SidecarRegistry contract.
type SidecarRegistryRecoveryDelayTooLong struct {
	Delay uint64
}

// ErrorID returns the hash of canonical representation of the error's signature.
//
// Solidity: error RecoveryDelayTooLong(uint64 delay)
func SidecarRegistryRecoveryDelayTooLongErrorID() common.Hash {
	return common.HexToHash("0x781eb3b98f4248a6c92574f9fe379610a83cfd8f6df9ff44cc9c628ee43e6a96")
}

// UnpackRecoveryDelayTooLongError is the Go binding used to decode the provided
// error data into the corresponding Go error struct.
//
// Solidity: error RecoveryDelayTooLong(uint64 delay)
func (sidecarRegistry *SidecarRegistry) UnpackRecoveryDelayTooLongError(raw []byte) (*SidecarRegistryRecoveryDelayTooLong, error) {
	out := new(SidecarRegistryRecoveryDelayTooLong)
	if err := sidecarRegistry.abi.UnpackIntoInterface(out, "RecoveryDelayTooLong", raw); err != nil {
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
