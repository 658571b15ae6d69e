// The trees of the audit log (solidity/src/libraries/Merkle.sol), as
// @openzeppelin/merkle-tree verifies them with our hashes.
//
//   node merkle.mjs DIR     every line of every batch file below DIR, and that
//                           some of each file, with one bit changed, are refused
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { SimpleMerkleTree } from '@openzeppelin/merkle-tree'
import { concat, keccak256, toUtf8Bytes } from 'ethers'

export const leafHash = (leaf) => keccak256(concat(['0x00', toUtf8Bytes(leaf)]))

// The two halves of a node are sorted. Hex of one length and case sorts as its bytes do.
export const nodeHash = (a, b) => keccak256(concat(a < b ? ['0x01', a, b] : ['0x01', b, a]))

// A proof has at most ceil(log2 count) siblings; only a batch of one has none.
export function inTree(root, count, leaf, siblings) {
  let most = 0
  while (2 ** most < count) most++
  if (siblings.length > most || (siblings.length === 0) !== (count === 1)) return false
  return SimpleMerkleTree.verify(root, leafHash(leaf), siblings, nodeHash)
}

const flipped = (hex) => hex.slice(0, -1) + (parseInt(hex.slice(-1), 16) ^ 1).toString(16)

function checkFile(path) {
  const [first, ...lines] = readFileSync(path, 'utf8').trimEnd().split('\n').map((l) => JSON.parse(l))
  if (first.format !== 'agentkeys-audit-batch-1' || lines.length !== first.count) throw new Error(`${path}: not a whole batch`)
  for (const [at, { leaf, siblings }] of lines.entries()) {
    const holds = (root, l, s) => inTree(root, first.count, l, s)
    if (!holds(first.root, leaf, siblings)) throw new Error(`${path}: a leaf is not in the tree`)
    if (at % 13 && at !== lines.length - 1) continue
    const wrong = [
      [flipped(first.root), leaf, siblings], [first.root, leaf + ' ', siblings], [first.root, leaf, [...siblings, first.root]],
      ...siblings.map((s, i) => [first.root, leaf, siblings.with(i, flipped(s))]),
      ...(siblings.length ? [[first.root, leaf, siblings.slice(1)], [first.root, leaf, []]] : []),
    ]
    if (wrong.some((w) => holds(...w))) throw new Error(`${path}: a leaf is in a tree in which it is not`)
  }
  return lines.length
}

function* files(dir) {
  for (const name of readdirSync(dir)) {
    const path = join(dir, name)
    if (statSync(path).isDirectory()) yield* files(path)
    else if (name.endsWith('.jsonl')) yield path
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  let batches = 0
  let leaves = 0
  for (const path of files(process.argv[2])) {
    leaves += checkFile(path)
    batches++
  }
  if (batches === 0) throw new Error('there is no batch')
  console.log(`${batches} batches, ${leaves} leaves`)
}
