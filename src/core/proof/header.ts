// Block headers as JSON-RPC gives them, and their hash computed from their fields.
// Sources: execution-apis, "Block object"; execution-specs, `Header` of each fork up to Amsterdam.
import { keccak_256 } from '@noble/hashes/sha3.js'
import { type Bytes, fromHex, type Hex, toHex } from '../bytes.ts'
import { fail, ok, type Result } from '../result.ts'
import { encodeRlp, quantityBytes } from './rlp.ts'

export interface Header {
  readonly hash: Hex
  readonly parentHash: Hex
  readonly number: number
  /** Unix time in seconds. */
  readonly timestamp: number
  readonly stateRoot: Hex
  readonly transactionsRoot: Hex
  readonly receiptsRoot: Hex
  /** Wei per unit of gas; null before EIP-1559. */
  readonly baseFeePerGas: bigint | null
}

export interface BadHeader {
  readonly kind: 'badHeader'
  readonly detail: string
}

/** Fields in the order of the RLP list. The length of data in bytes, or 'quantity' for a number. */
const frontier = [
  ['parentHash', 32],
  ['sha3Uncles', 32],
  ['miner', 20],
  ['stateRoot', 32],
  ['transactionsRoot', 32],
  ['receiptsRoot', 32],
  ['logsBloom', 256],
  ['difficulty', 'quantity'],
  ['number', 'quantity'],
  ['gasLimit', 'quantity'],
  ['gasUsed', 'quantity'],
  ['timestamp', 'quantity'],
  ['extraData', 'any'],
  ['mixHash', 32],
  ['nonce', 8],
] as const

/** Added by later forks, each behind all before it; how many there are is seen from the block itself. */
const later = [
  ['baseFeePerGas', 'quantity'],
  ['withdrawalsRoot', 32],
  ['blobGasUsed', 'quantity'],
  ['excessBlobGas', 'quantity'],
  ['parentBeaconBlockRoot', 32],
  ['requestsHash', 32],
  ['blockAccessListHash', 32],
  ['slotNumber', 'quantity'],
] as const

/**
 * Reads the result of `eth_getBlockByNumber` or `eth_getBlockByHash`. The hash is computed from the fields; a block that
 * claims another one, misses a field or has a malformed one is a `badHeader`.
 */
export function headerFromRpc(block: unknown): Result<Header, BadHeader> {
  const read = readFields(block)
  if (!read.ok) return read
  const fields = read.value
  const hash = toHex(keccak_256(encodeRlp(fields)))
  const [parentHash, , , stateRoot, transactionsRoot, receiptsRoot, , , number, , , timestamp] = fields
  if (!parentHash || !stateRoot || !transactionsRoot || !receiptsRoot || !number || !timestamp)
    return bad('fields are missing')
  const baseFee = fields[frontier.length]
  if (number.length > 6 || timestamp.length > 6) return bad('number or timestamp is out of range')
  return ok({
    hash,
    parentHash: toHex(parentHash),
    number: toNumber(number),
    timestamp: toNumber(timestamp),
    stateRoot: toHex(stateRoot),
    transactionsRoot: toHex(transactionsRoot),
    receiptsRoot: toHex(receiptsRoot),
    baseFeePerGas: baseFee ? BigInt(baseFee.length === 0 ? 0 : toHex(baseFee)) : null,
  })
}

/** What a block's hash is the keccak256 of, of the result of `eth_getBlockByNumber`: to show the header to others. */
export function headerRlpFromRpc(block: unknown): Result<Bytes, BadHeader> {
  const fields = readFields(block)
  return fields.ok ? ok(encodeRlp(fields.value)) : fields
}

/** The header's fields in their order, which hash to what the block claims. */
function readFields(block: unknown): Result<readonly Bytes[], BadHeader> {
  if (typeof block !== 'object' || block === null) return bad('no block')
  const given = new Map<string, unknown>(Object.entries(block))
  const present = later.filter(([name]) => given.get(name) !== undefined && given.get(name) !== null)
  const expected = [...frontier, ...later.slice(0, present.length)]
  const fields: Bytes[] = []
  for (const [name, size] of expected) {
    const field = readField(given.get(name), size)
    if (!field) return bad(`${name} is missing or malformed`)
    fields.push(field)
  }
  if (given.get('hash') !== toHex(keccak_256(encodeRlp(fields)))) {
    return bad('the fields do not hash to the hash that is claimed')
  }
  return ok(fields)
}

function readField(value: unknown, size: number | 'quantity' | 'any'): Bytes | undefined {
  if (typeof value !== 'string' || value.length > 1024) return undefined
  if (size === 'quantity')
    return /^0x[0-9a-fA-F]{1,64}$/.test(value) ? quantityBytes(BigInt(value)) : undefined
  const bytes = fromHex(value)
  return size === 'any' || bytes?.length === size ? bytes : undefined
}

const toNumber = (bytes: Uint8Array): number => bytes.reduce((sum, byte) => sum * 256 + byte, 0)

const bad = (detail: string) => fail<BadHeader>({ kind: 'badHeader', detail })
