// The next nonce, and handing a signed transaction to every endpoint.
import { keccak_256 } from '@noble/hashes/sha3.js'
import type { ChainFailure } from '../../../app/ports/chain.ts'
import type { BroadcastFailure } from '../../../app/ports/walletChain.ts'
import { type Address, type Bytes, type Hex, toHex } from '../../../core/bytes.ts'
import type { Endpoint, RpcFailure } from '../../../core/proof/endpoint.ts'
import { fail, ok, type Result } from '../../../core/result.ts'
import { askAll, countOf, reachedBy, refusedByAll } from './ask.ts'
import type { ChainWorld } from './world.ts'

export async function nextNonce(
  world: ChainWorld,
  address: Address,
): Promise<Result<{ readonly mined: number; readonly pending: number }, ChainFailure>> {
  const asked = await askAll(world.endpoints, world.chainId, async endpoint => {
    const [mined, pending] = await Promise.all(
      ['latest', 'pending'].map(block => endpoint.call('eth_getTransactionCount', [address, block])),
    )
    if (!mined?.ok) return mined ?? ok(undefined)
    const count = countOf(mined.value)
    if (count === undefined) return ok(undefined)
    // Some endpoints keep no pool.
    const waiting = pending?.ok ? countOf(pending.value) : undefined
    return ok({ mined: count, pending: Math.max(count, waiting ?? 0) })
  })
  if (!asked.ok) return asked
  const said = asked.value.answers.map(({ value }) => value)
  const reached = (counts: readonly number[]) => reachedBy(counts, world.needed)
  const mined = reached(said.map(each => each.mined))
  const pending = reached(said.map(each => each.pending))
  if (mined === undefined || pending === undefined) return fail(refusedByAll(asked.value))
  return ok({ mined, pending: Math.max(mined, pending) })
}

/** `raw` is signed; every endpoint of the chain gets it, and one that takes it is enough. */
export async function broadcast(world: ChainWorld, raw: Bytes): Promise<Result<null, BroadcastFailure>> {
  const hash = toHex(keccak_256(raw))
  const asked = await askAll(world.endpoints, world.chainId, async endpoint => {
    const answer = await endpoint.call('eth_sendRawTransaction', [toHex(raw)])
    if (!answer.ok && answer.error.kind === 'rpcRefused' && (await hasIt(endpoint, hash, answer.error)))
      return ok(hash)
    if (!answer.ok) return answer
    if (answer.value === hash) return ok(hash)
    return fail<RpcFailure>({ kind: 'rpcRefused', detail: 'took it for another transaction' })
  })
  if (!asked.ok) return asked
  if (asked.value.answers.length > 0) return ok(null)
  const reasons = asked.value.refusals.map(({ error }) => reasonOf(error.detail))
  const [first] = reasons.toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind))
  return fail(first ?? refusedByAll(asked.value))
}

type Reason = Exclude<BroadcastFailure, ChainFailure>

/** Where endpoints differ: what the person can do something about first. */
const order: readonly Reason['kind'][] = [
  'replacementUnderpriced',
  'insufficientFunds',
  'broadcastRefused',
  'nonceTooLow',
]

/** It was sent before: an endpoint says so, or calls the nonce used up by the very same transaction. */
async function hasIt(endpoint: Endpoint, hash: Hex, { detail }: RpcFailure): Promise<boolean> {
  if (/already (known|imported|exists)|known transaction|alreadyknown/i.test(detail)) return true
  if (reasonOf(detail).kind !== 'nonceTooLow') return false
  const known = await endpoint.call('eth_getTransactionByHash', [hash])
  const { value } = known.ok ? known : { value: null }
  return typeof value === 'object' && value !== null && 'hash' in value && value.hash === hash
}

/** In the words of geth, reth, erigon, nethermind, besu and anvil. */
function reasonOf(detail: string): Reason {
  if (/replacement|underpriced to replace|fee too low to replace/i.test(detail))
    return { kind: 'replacementUnderpriced' }
  if (/nonce.{0,20}too low|oldnonce|nonce too small/i.test(detail)) return { kind: 'nonceTooLow' }
  if (isInsufficientFunds(detail)) return { kind: 'insufficientFunds' }
  return { kind: 'broadcastRefused', detail }
}

export const isInsufficientFunds = (detail: string): boolean =>
  /insufficient.?(funds|balance)|exceeds (account )?balance|out ?of ?funds|lack of funds/i.test(detail)
