package devchain

import (
	"encoding/binary"
	"math/big"

	"github.com/ethereum/go-ethereum/core"
	"github.com/ethereum/go-ethereum/core/rawdb"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/eth/ethconfig"
	"github.com/ethereum/go-ethereum/node"
	"github.com/ethereum/go-ethereum/p2p"
	"github.com/ethereum/go-ethereum/params"
)

const gasLimit = 30_000_000

// LondonRules is a chain configuration in which every fork up to London is
// active from the first block and none after it. Blocks are produced as after
// the merge (that changes no opcode but DIFFICULTY), because that is the only
// production that go-ethereum still has.
func LondonRules(chainID uint64) *params.ChainConfig {
	zero := new(big.Int)
	return &params.ChainConfig{
		ChainID:                 new(big.Int).SetUint64(chainID),
		HomesteadBlock:          zero,
		EIP150Block:             zero,
		EIP155Block:             zero,
		EIP158Block:             zero,
		ByzantiumBlock:          zero,
		ConstantinopleBlock:     zero,
		PetersburgBlock:         zero,
		IstanbulBlock:           zero,
		MuirGlacierBlock:        zero,
		BerlinBlock:             zero,
		LondonBlock:             zero,
		ArrowGlacierBlock:       zero,
		GrayGlacierBlock:        zero,
		MergeNetsplitBlock:      zero,
		TerminalTotalDifficulty: zero,
	}
}

func genesis(chainID uint64) *core.Genesis {
	return &core.Genesis{
		Config: LondonRules(chainID),
		// The configuration is no part of the genesis hash; without this a
		// directory could be opened under another chain id.
		ExtraData:  binary.BigEndian.AppendUint64(nil, chainID),
		GasLimit:   gasLimit,
		Difficulty: new(big.Int),
		BaseFee:    big.NewInt(params.InitialBaseFee),
		Alloc:      types.GenesisAlloc{faucetAddress(): {Balance: faucetStock()}},
	}
}

// nodeConfig opens no endpoint: the chain's own server answers, because only
// it knows what is durable.
func nodeConfig(cfg Config) *node.Config {
	return &node.Config{
		Name:    "devchain",
		DataDir: cfg.Dir,
		P2P:     p2p.Config{NoDiscovery: true, NoDial: true},
	}
}

func ethConfig(cfg Config) *ethconfig.Config {
	c := ethconfig.Defaults
	c.Genesis = genesis(cfg.ChainID)
	c.SyncMode = ethconfig.FullSync

	// Hash-based state, written in full with each block: the other scheme
	// keeps the newest state in memory and loses it at kill -9.
	c.StateScheme = rawdb.HashScheme
	c.NoPruning = true
	c.SnapshotCache = 0
	c.DatabaseCache, c.TrieCleanCache = 16, 16
	c.TransactionHistory = 0 // every transaction can be looked up
	c.LogNoHistory = true    // no index: logs are read per block

	c.Miner.GasCeil = gasLimit
	// With a higher floor the pool takes transactions that no block does.
	c.Miner.GasPrice = big.NewInt(1)
	c.TxPool.PriceLimit = 1
	c.TxPool.NoLocals = true
	c.TxPool.Journal = ""
	c.BlobPool.Datadir = ""
	return &c
}
