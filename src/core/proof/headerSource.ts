// Which block to believe in: the newest one that enough independent endpoints call final under the same hash.

import type { EndpointVerdict, UnprovenReason } from '../registry/evidence.ts'
import { fail, ok, type Result } from '../result.ts'
import type { Endpoint } from './endpoint.ts'
import { type Header, headerFromRpc } from './header.ts'
import { Verdicts } from './verdicts.ts'

export interface HeaderReading {
  readonly header: Header
  /** null: this header is proven, as far as its source proves headers. */
  readonly doubt: UnprovenReason | null
  readonly endpoints: readonly EndpointVerdict[]
  /** How many of the endpoints that `agreed` must stay honest to the end for the header to stay proven. */
  readonly needed: number
}

export type HeaderFailure =
  /** No endpoint answered. */
  | { readonly kind: 'chainUnreachable'; readonly endpoints: readonly EndpointVerdict[] }
  /** Endpoints answered, but contradict each other or were all caught lying: nothing to rely on. */
  | { readonly kind: 'chainDisagrees'; readonly endpoints: readonly EndpointVerdict[] }
  | { readonly kind: 'wrongChain'; readonly endpoints: readonly EndpointVerdict[] }

/** A light client or a set of attestors is one more of these. */
export interface HeaderSource {
  newest(): Promise<Result<HeaderReading, HeaderFailure>>
}

interface Witness {
  readonly endpoint: Endpoint
  /** The newest that it has of the kind that is asked for. */
  readonly newest: Header
}

/** `depth`: how many blocks must lie on top of the block, for those who do not wait until it is final. */
export function createEndpointHeaderSource(
  endpoints: readonly Endpoint[],
  chainId: number,
  minAgreeing: number,
  depth: number | 'final' = 'final',
): HeaderSource {
  const [tag, below] = depth === 'final' ? (['finalized', 0] as const) : (['latest', depth] as const)
  return {
    async newest() {
      const verdicts = new Verdicts()
      const looks = await Promise.all(endpoints.map(endpoint => lookAt(endpoint, tag, chainId, verdicts)))
      const witnesses = looks.filter(look => look !== undefined)
      // From the newest height that enough of them call final: an endpoint that lags, or says so, holds nobody up.
      const heights = witnesses
        .map(witness => Math.max(0, witness.newest.number - below))
        .sort((a, b) => b - a)
      const candidates = [...new Set(heights.slice(Math.min(minAgreeing, heights.length) - 1))]
      let last: Agreement | undefined
      for (const height of candidates) {
        last = await compareAt(height, witnesses, verdicts)
        const [enough, ...more] = last.groups.filter(group => countFinal(group, height) >= minAgreeing)
        if (enough && more.length === 0) {
          markGroup(last, enough, verdicts)
          return ok({ header: enough.header, doubt: null, endpoints: verdicts.list(), needed: minAgreeing })
        }
        if (enough) break
      }
      return settle(last, verdicts, minAgreeing)
    },
  }
}

/** undefined, and a verdict, where it is of no use: unreachable, of another chain, or lying about its own hash. */
async function lookAt(
  endpoint: Endpoint,
  tag: 'finalized' | 'latest',
  chainId: number,
  verdicts: Verdicts,
): Promise<Witness | undefined> {
  const [id, block] = await Promise.all([
    endpoint.call('eth_chainId', []),
    endpoint.call('eth_getBlockByNumber', [tag, false]),
  ])
  if (!id.ok) {
    verdicts.set(endpoint, 'unreachable', id.error.detail)
    return undefined
  }
  if (!isNumber(id.value, chainId)) {
    verdicts.set(
      endpoint,
      'wrongChain',
      typeof id.value === 'string' ? `chain ${id.value.slice(0, 20)}` : undefined,
    )
    return undefined
  }
  if (!block.ok || block.value === null) {
    verdicts.set(endpoint, 'unreachable', block.ok ? `no ${tag} block` : block.error.detail)
    return undefined
  }
  const header = headerFromRpc(block.value)
  if (!header.ok) {
    verdicts.set(endpoint, 'badHeader', header.error.detail)
    return undefined
  }
  return { endpoint, newest: header.value }
}

function isNumber(quantity: unknown, expected: number): boolean {
  return (
    typeof quantity === 'string' && /^0x[0-9a-fA-F]{1,16}$/.test(quantity) && Number(quantity) === expected
  )
}

interface Group {
  readonly header: Header
  readonly members: readonly Witness[]
}

interface Agreement {
  readonly groups: readonly Group[]
  readonly silent: readonly Witness[]
}

const countFinal = (group: Group, height: number): number =>
  group.members.filter(member => member.newest.number >= height).length

async function compareAt(
  height: number,
  witnesses: readonly Witness[],
  verdicts: Verdicts,
): Promise<Agreement> {
  const headers = await Promise.all(witnesses.map(witness => headerAt(height, witness, verdicts)))
  const groups = new Map<string, { header: Header; members: Witness[] }>()
  for (const [i, witness] of witnesses.entries()) {
    const header = headers[i]
    if (!header) continue
    const group = groups.get(header.hash)
    if (group) group.members.push(witness)
    else groups.set(header.hash, { header, members: [witness] })
  }
  return { groups: [...groups.values()], silent: witnesses.filter((_, i) => headers[i] === undefined) }
}

async function headerAt(height: number, witness: Witness, verdicts: Verdicts): Promise<Header | undefined> {
  const { endpoint, newest } = witness
  if (newest.number === height) return newest
  if (verdicts.has(endpoint, 'badHeader')) return undefined
  const block = await endpoint.call('eth_getBlockByNumber', [`0x${height.toString(16)}`, false])
  if (!block.ok || block.value === null) {
    verdicts.set(endpoint, 'unreachable', block.ok ? `has no block ${height}` : block.error.detail)
    return undefined
  }
  const header = headerFromRpc(block.value)
  if (header.ok && header.value.number === height) return header.value
  verdicts.set(
    endpoint,
    'badHeader',
    header.ok ? 'gave another block than it was asked for' : header.error.detail,
  )
  return undefined
}

function markGroup(agreement: Agreement, agreed: Group, verdicts: Verdicts): void {
  for (const group of agreement.groups) {
    for (const { endpoint } of group.members)
      verdicts.set(endpoint, group === agreed ? 'agreed' : 'disagreed')
  }
}

/** No block has enough witnesses: a contradiction is a failure, too few voices are a reading that is not proven. */
function settle(
  agreement: Agreement | undefined,
  verdicts: Verdicts,
  needed: number,
): Result<HeaderReading, HeaderFailure> {
  const [only, ...others] = agreement?.groups ?? []
  if (agreement && only && others.length === 0) {
    markGroup(agreement, only, verdicts)
    // That others were caught lying is seen from the verdicts.
    return ok({ header: only.header, doubt: 'oneEndpoint', endpoints: verdicts.list(), needed })
  }
  if (agreement && only) {
    for (const { members } of agreement.groups) {
      for (const { endpoint } of members) verdicts.set(endpoint, 'disagreed')
    }
  }
  const list = verdicts.list()
  if (verdicts.some('disagreed', 'badHeader')) return fail({ kind: 'chainDisagrees', endpoints: list })
  return fail({ kind: verdicts.some('wrongChain') ? 'wrongChain' : 'chainUnreachable', endpoints: list })
}
