// Says whether an event of the audit log is on chain, and shares no code with
// what wrote the proof.
//
//   node check.mjs PROOF RPC [CONTRACT]               0: it is, 1: it is not
//   node check.mjs --every-byte PROOF RPC [CONTRACT]  0: it is, and it is not with any byte changed
//
// PROOF is what `agentkeys audit proof EVENT --offline` writes. CONTRACT is the
// audit contract that one believes in; without it the proof's own is asked.
import { readFileSync } from 'node:fs'
import { Contract, decodeRlp, hexlify, Interface, JsonRpcProvider, keccak256, toBeHex, toNumber } from 'ethers'
import { inTree } from './merkle.mjs'

const audit = new Interface([
  'event RootAppended(bytes32 indexed operator, uint64 indexed batchIndex, bytes32 indexed root, uint64 count, address sender)',
  'function getRoot(bytes32 operator, uint64 batchIndex) view returns (tuple(bytes32 root, uint64 count, uint64 anchoredAt))',
  'function verifyEntryInRoot(bytes32 operator, uint64 batchIndex, bytes entry, bytes32[] proof) view returns (bool)',
])

class No extends Error {}
const must = (what, holds) => {
  if (!holds) throw new No(what)
}

// RFC 8785, as far as the records go: sorted members, no spaces, numbers that are
// whole.
function canonical(v) {
  if (Array.isArray(v)) return `[${v.map(canonical).join(',')}]`
  if (typeof v !== 'object' || v === null) return JSON.stringify(v)
  return `{${Object.keys(v).sort().map((k) => `${JSON.stringify(k)}:${canonical(v[k])}`).join(',')}}`
}

function parse(text) {
  let f
  try {
    f = JSON.parse(text)
  } catch {
    throw new No('it is not JSON')
  }
  // One layout or the other, so that nothing can hide in how it is written.
  must('it is written in another way', [JSON.stringify(f, null, 2) + '\n', JSON.stringify(f)].includes(text))
  const shape = (o, ...names) => must(`it has not exactly ${names}`, typeof o === 'object' && o !== null && Object.keys(o).sort().join() === names.sort().join())
  shape(f, 'format', 'chain', 'leaf', 'position', 'siblings', 'batch', 'anchor', ...('receipt' in f ? ['receipt'] : []))
  shape(f.chain, 'chain_id', 'contract')
  shape(f.batch, 'operator_omni', 'index', 'count', 'root')
  shape(f.anchor, 'block', 'block_hash', 'tx')
  if (f.receipt) shape(f.receipt, 'header', 'transaction_index', 'nodes', 'transaction')
  const hex = (...list) => must('a hash is not 32 bytes in lower-case hex', list.every((h) => /^0x[0-9a-f]{64}$/.test(h)))
  hex(f.batch.operator_omni, f.batch.root, f.anchor.block_hash, f.anchor.tx, ...f.siblings)
  const whole = (...list) => must('a number is none', list.every((n) => Number.isSafeInteger(n) && n >= 0))
  whole(f.position, f.batch.index, f.batch.count, f.chain.chain_id, f.anchor.block)
  return f
}

function checkEvent(f) {
  must('the format is another', f.format === 'agentkeys-audit-proof-1')
  let record
  try {
    record = JSON.parse(f.leaf)
  } catch {
    throw new No('the leaf is no record')
  }
  must('the leaf is not in its one encoding', canonical(record) === f.leaf)
  must('the record is of another operator', record.event.operator_omni === f.batch.operator_omni)
  must('the record is at another position', record.position === f.position)
  must('the leaf is not under the root', inTree(f.batch.root, f.batch.count, f.leaf, f.siblings))
  return record
}

const isAnchor = (log, f) => {
  if (log.address.toLowerCase() !== f.chain.contract.toLowerCase()) return false
  const e = audit.parseLog(log)
  return e?.name === 'RootAppended' && e.args.operator === f.batch.operator_omni && e.args.batchIndex === BigInt(f.batch.index) &&
    e.args.root === f.batch.root && e.args.count === BigInt(f.batch.count)
}

async function checkChain(f, chain, believed) {
  must('the contract is another', /^0x[0-9a-f]{40}$/.test(f.chain.contract) && (!believed || believed.toLowerCase() === f.chain.contract))
  must('the chain is another', (await chain.id()) === BigInt(f.chain.chain_id))
  const root = await chain.root(f)
  must('the chain has another root', root.root === f.batch.root && root.count === BigInt(f.batch.count))
  must('the contract does not verify the entry', await chain.verifies(f))
  const receipt = await chain.receipt(f.anchor.tx)
  must('the transaction is not there, or failed', receipt?.status === 1)
  must('the transaction is in another block', receipt.blockNumber === f.anchor.block && receipt.blockHash === f.anchor.block_hash)
  must('the transaction anchored something else', receipt.logs.some((l) => isAnchor(l, f)))
  if (f.receipt) must('the receipt is at another place', receipt.index === f.receipt.transaction_index && f.receipt.transaction === f.anchor.tx)
}

// The receipt's way through the Merkle-Patricia trie of the block (Yellow Paper,
// appendix D).
function checkReceipt(f) {
  const { header, nodes, transaction_index: index } = f.receipt
  must('a byte string is not lower-case hex', [header, ...nodes].every((h) => /^0x([0-9a-f]{2})+$/.test(h)))
  must('the header is that of another block', keccak256(header) === f.anchor.block_hash)
  const head = decodeRlp(header)
  must('the header is that of another height', toNumber(head[8]) === f.anchor.block)
  let want = head[5]
  let path = index === 0 ? '80' : index < 128 ? toBeHex(index).slice(2) : (0x80 + toBeHex(index).length / 2 - 1).toString(16) + toBeHex(index).slice(2)
  for (const [i, node] of nodes.entries()) {
    must('a node is not the one that is pointed to', keccak256(node) === want)
    const items = decodeRlp(node)
    if (items.length === 17) {
      want = path === '' ? items[16] : items[parseInt(path[0], 16)]
      path = path.slice(1)
    } else {
      let prefix = items[0].slice(2)
      prefix = parseInt(prefix[0], 16) % 2 ? prefix.slice(1) : prefix.slice(2)
      must('the way leads elsewhere', path.startsWith(prefix))
      path = path.slice(prefix.length)
      want = items[1]
    }
    must('the way is too long', i < nodes.length - 1 || path === '')
  }
  const typed = parseInt(want.slice(2, 4), 16) < 0x80
  const [status, , , logs] = decodeRlp(typed ? '0x' + want.slice(4) : want)
  must('the transaction failed', status === '0x01')
  must('the receipt has no anchor', logs.some(([address, topics, data]) => isAnchor({ address, topics, data }, f)))
}

async function check(text, chain, believed) {
  try {
    const f = parse(text)
    const record = checkEvent(f)
    if (f.receipt) checkReceipt(f)
    await checkChain(f, chain, believed)
    const where = `contract ${f.chain.contract} on chain ${f.chain.chain_id}${believed ? '' : ", which the proof names: is it the one that you believe in?"}`
    return { yes: true, why: `event ${record.event.id}, ${record.event.op}: ${record.event.result}, entry ${f.position} of operator ${f.batch.operator_omni}, in ${where}` }
  } catch (e) {
    // That the chain gives no answer is neither yes nor no. Whatever else goes
    // wrong comes from what stands in the file.
    if (/^(E[A-Z]+|NETWORK_ERROR|SERVER_ERROR|TIMEOUT)$/.test(e.code)) throw e
    return { yes: false, why: e.message }
  }
}

// asking asks the chain; the same question again is not asked twice.
function asking(url) {
  const provider = new JsonRpcProvider(url, undefined, { staticNetwork: true, batchMaxCount: 1 })
  const known = new Map()
  const once = (f) => (...args) => {
    const key = f.name + JSON.stringify(args)
    if (!known.has(key)) known.set(key, f(...args))
    return known.get(key)
  }
  const at = (f) => new Contract(f.chain.contract, audit, provider)
  const root = once(async function getRoot(contract, operator, index) {
    return at({ chain: { contract } }).getRoot(operator, index)
  })
  return {
    id: once(async function id() { return BigInt(await provider.send('eth_chainId', [])) }),
    root: (f) => root(f.chain.contract, f.batch.operator_omni, f.batch.index),
    verifies: (f) => at(f).verifyEntryInRoot(f.batch.operator_omni, f.batch.index, hexlify(new TextEncoder().encode(f.leaf)), f.siblings),
    receipt: once(async function receipt(tx) { return provider.getTransactionReceipt(tx) }),
    close: () => provider.destroy(),
  }
}

async function everyByte(path, chain, believed) {
  const bytes = readFileSync(path)
  let n = 0
  for (let i = 0; i < bytes.length; i++) {
    for (const bit of [1, 4, 0x20]) {
      const edited = Buffer.from(bytes)
      edited[i] ^= bit
      const { yes } = await check(edited.toString('latin1') === bytes.toString('latin1') ? '' : edited.toString('utf8'), chain, believed)
      if (yes) return { yes: false, why: `byte ${i}, ${JSON.stringify(String.fromCharCode(bytes[i]))}, may be ${JSON.stringify(String.fromCharCode(edited[i]))}` }
      n++
    }
  }
  return { yes: true, why: `${n} changes of ${bytes.length} bytes, all refused` }
}

const args = process.argv.slice(2)
const all = args[0] === '--every-byte' && args.shift()
const [path, url, believed] = args
if (!path || !url) {
  console.error('usage: node check.mjs [--every-byte] PROOF RPC [CONTRACT]')
  process.exit(2)
}
const chain = asking(url)
try {
  let out = await check(readFileSync(path, 'utf8'), chain, believed)
  if (out.yes && all) out = await everyByte(path, chain, believed)
  console.log(out.yes ? 'yes:' : 'no:', out.why)
  process.exitCode = out.yes ? 0 : 1
} catch (e) {
  console.error('no answer:', e.message)
  process.exitCode = 2
} finally {
  chain.close()
}
