// Who holds a file on the public network: asked of a delegated router over HTTP. https://specs.ipfs.tech/routing/http-routing-v1/
import type { CID } from 'multiformats/cid'
import * as v from 'valibot'
import { parsePeerAddress, peerIdOf } from './addresses.ts'

const ASK_MS = 8_000
const MAX_ANSWER = 256 * 1024
const MAX_PROVIDERS = 16
const MAX_ADDRESSES = 8

/** What a browser can dial; the router may leave the rest out (IPIP-484). */
const FILTER = 'filter-addrs=wss,ws,webrtc-direct,webrtc&filter-protocols=unknown,transport-bitswap'
const DIALLED = new Set(['ws', 'wss', 'webrtc', 'webrtc-direct'])

/** Base58btc, or a CID in base36 or base32. */
const PEER_ID = /^[0-9A-Za-z]{32,128}$/

const answer = v.object({
  Providers: v.nullish(
    v.array(
      v.looseObject({
        Schema: v.optional(v.string()),
        ID: v.optional(v.string()),
        Addrs: v.nullish(v.array(v.string())),
      }),
    ),
    [],
  ),
})

/**
 * Multiaddrs of peers that the router at `base` says hold the block, one for each peer, as far as a browser can dial them
 * and `isAllowed` says that they may be. Nobody where it does not answer as it should. Never rejects: a router proves nothing.
 */
export async function findAtRouter(
  base: string,
  cid: CID,
  isAllowed: (address: string) => boolean,
): Promise<readonly string[]> {
  try {
    const response = await fetch(`${base.replace(/\/+$/, '')}/routing/v1/providers/${cid}?${FILTER}`, {
      headers: { accept: 'application/json' },
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      signal: AbortSignal.timeout(ASK_MS),
    })
    if (!response.ok) {
      await response.body?.cancel()
      return []
    }
    const text = await readAtMost(response, MAX_ANSWER)
    const parsed = v.safeParse(answer, text === undefined ? undefined : JSON.parse(text))
    if (!parsed.success) return []
    const ways = (parsed.output.Providers ?? [])
      .slice(0, 10 * MAX_PROVIDERS)
      .flatMap(({ ID: id, Addrs: addresses }) =>
        id === undefined || !PEER_ID.test(id) || !addresses ? [] : (wayTo(id, addresses, isAllowed) ?? []),
      )
    return [...new Set(ways)].slice(0, MAX_PROVIDERS)
  } catch {
    // Unreachable, too slow, or no JSON: others are asked.
    return []
  }
}

function wayTo(
  id: string,
  addresses: readonly string[],
  isAllowed: (address: string) => boolean,
): string | undefined {
  return addresses
    .slice(0, MAX_ADDRESSES)
    .map(text => (text.endsWith(`/p2p/${id}`) ? text : `${text}/p2p/${id}`))
    .find(text => {
      const address = parsePeerAddress(text)
      if (address === undefined || peerIdOf(address) !== id) return false
      const names = address.getComponents().map(({ name }) => name)
      // One that names another peer as well leads through that one, or nowhere.
      const isWay = names.filter(name => name === 'p2p').length === 1 || names.includes('p2p-circuit')
      return isWay && names.some(name => DIALLED.has(name)) && isAllowed(text)
    })
}

async function readAtMost(response: Response, maxBytes: number): Promise<string | undefined> {
  const reader = response.body?.getReader()
  if (!reader) return undefined
  const decoder = new TextDecoder()
  let text = ''
  let length = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return text + decoder.decode()
    length += value.length
    if (length > maxBytes) {
      await reader.cancel()
      return undefined
    }
    text += decoder.decode(value, { stream: true })
  }
}
