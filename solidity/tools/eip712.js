#!/usr/bin/env node
// Recomputes every digest of testdata/vectors/typeddata.json with an encoder that is nobody's here (ethers). The types are
// written down once more, from docs/contracts.md: a field that was forgotten in Go and in Solidity alike shows here.
"use strict";
const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const { TypedDataEncoder, id } = require("ethers");

// "type name" pairs, as EIP-712 writes a struct.
const fields = (text) => text.split(",").map((f) => ({ type: f.split(" ")[0], name: f.split(" ")[1] }));

const passkey = "bytes32 k11CredId,bytes32 k11RpIdHash,bytes32 k11OriginHash,uint256 k11PubX,uint256 k11PubY";
const turn = "uint64 nonce,uint64 deadline";
const structs = {
  Newcomer: `${passkey},uint8 roles`,
  Grant: "string service,uint32 ops,uint32 maxPerPeriod,uint32 periodSeconds,uint32 maxTotal,uint64 expiresAt",
};
const operations = {
  RegisterFirstMaster: `bytes32 operator,address wallet,${passkey},${turn}`,
  RegisterMaster: `bytes32 operator,Newcomer newcomer,bool immediate,${turn}`,
  CancelMaster: "bytes32 operator,bytes32 deviceKeyHash,uint64 deadline",
  RevokeMaster: `bytes32 operator,bytes32 deviceKeyHash,${turn}`,
  ReplaceMaster: `bytes32 operator,bytes32 deviceKeyHash,Newcomer newcomer,${turn}`,
  SetRecoveryThreshold: `bytes32 operator,uint8 threshold,${turn}`,
  RotateMasterWallet: `bytes32 operator,address newWallet,bool revokePasskey,bool immediate,${turn}`,
  CancelRotation: "bytes32 operator,address newWallet,uint64 deadline",
  Freeze: `bytes32 operator,${turn}`,
  Unfreeze: `bytes32 operator,bytes32[] revocations,${turn}`,
  SetAuditRelayer: `bytes32 operator,address relayer,${turn}`,
  AgentConsent: "bytes32 operator,bytes32 actor,address agent,uint64 deadline",
  BindAgent: `bytes32 operator,bytes32 actor,address agent,${turn}`,
  RevokeAgent: "bytes32 operator,bytes32 deviceKeyHash,uint64 deadline",
  SetScope: `bytes32 operator,bytes32 actor,Grant[] grants,${turn}`,
  RevokeScope: `bytes32 operator,bytes32 actor,${turn}`,
};

const typesOf = (operation) => {
  const types = { [operation]: fields(operations[operation]) };
  for (const name of Object.keys(structs)) {
    if (operations[operation].includes(name)) types[name] = fields(structs[name]);
  }
  return types;
};

const file = join(__dirname, "..", "..", "testdata", "vectors", "typeddata.json");
const vectors = JSON.parse(readFileSync(file, "utf8")).operations;
const met = new Set();
let faults = 0;
const same = (vector, what, got, want) => {
  if (got === want) return;
  faults++;
  console.error(`${vector.name}: ${what} is ${got}, the vector has ${want}`);
};

for (const v of vectors) {
  if (!operations[v.operation]) throw new Error(`${v.name}: operation ${v.operation} has no type here`);
  met.add(v.operation);
  const types = typesOf(v.operation);
  const names = types[v.operation].map((f) => f.name);
  same(v, "list of fields", Object.keys(v.message).sort().join(), [...names].sort().join());
  const domain = { name: "AgentKeys", version: "1", chainId: BigInt(v.chainId), verifyingContract: v.contract };
  const encoder = TypedDataEncoder.from(types);
  same(v, "type hash", id(encoder.encodeType(v.operation)), v.typeHash);
  same(v, "domain separator", TypedDataEncoder.hashDomain(domain), v.domainSeparator);
  same(v, "struct hash", encoder.hashStruct(v.operation, v.message), v.structHash);
  same(v, "digest", TypedDataEncoder.hash(domain, types, v.message), v.digest);
}
for (const name of Object.keys(operations)) {
  if (met.has(name)) continue;
  faults++;
  console.error(`no vector of ${name}`);
}
if (vectors.length < 2 * Object.keys(operations).length) {
  faults++;
  console.error(`only ${vectors.length} vectors`);
}
console.log(`${vectors.length} vectors of ${met.size} operations, ${faults} faults`);
if (faults > 0) process.exitCode = 1;
