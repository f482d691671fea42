// Blocks for vouchers in the browser: who sells a file, paying one of them block by block, and selling what is served.
import type { CID } from 'multiformats/cid'
import type { BlockBuyer, BlockSale, BlockTrade } from '../../app/ports/firmware.ts'
import { parseFileCid, RAW } from '../../core/ipfs/block.ts'
import { MAX_DEPTH, readFileBlock } from '../../core/ipfs/unixfs.ts'
import { type Failure, fail, ok, type Result } from '../../core/result.ts'
import type { Timer } from '../../core/smp/transport.ts'
import { askSeller, type PaidPeer } from '../../core/voucher/buyBlocks.ts'
import type { ChannelDomain } from '../../core/voucher/channel.ts'
import { sellOver } from '../../core/voucher/sellBlocks.ts'
import type { ServeOffer } from '../../core/voucher/serveMessage.ts'
import { blockUnit, paidBlocksOf } from '../../core/voucher/standing.ts'
import { hostOf, parsePeerAddress } from './addresses.ts'
import type { IpfsNode } from './node.ts'
import { type BlockFailure, type BlockSource, describe } from './source.ts'
import type { StoredBlocks } from './storedBlocks.ts'

/** Milliseconds: for an answer of a seller, and without a message from a payer. */
const ANSWER_MS = 15_000
const SILENCE_MS = 30_000
/** Who is asked for a price, and for how long: a person waits for it. */
const MAX_ASKED = 16
const ASK_MS = 8_000
/** Files by which a payee is looked for. */
const MAX_FILES = 4

export interface BlockTradeOptions {
  readonly runningNode: () => Promise<IpfsNode>
  readonly storedBlocks: () => Promise<StoredBlocks>
  /** Multiaddrs of the network's peers. */
  readonly peers: () => readonly string[]
  readonly timer: Timer
}

type LoadBuyer = () => Promise<BlockBuyer>

/** One fetch of one file. */
export interface Purchase {
  /** The peer at this address as somebody who may sell the file; undefined where nobody here pays. */
  source(node: IpfsNode, address: string): BlockSource | undefined
  /** Nothing more is wanted. */
  end(): void
}

export interface BlockTrading extends BlockTrade {
  purchase(root: CID): Purchase
  /** A node that was just started sells as it was said before. */
  started(node: IpfsNode): void
}

export function createBlockTrade({
  runningNode,
  storedBlocks,
  peers,
  timer,
}: BlockTradeOptions): BlockTrading {
  let buyer: LoadBuyer | null = null
  let sale: BlockSale | null = null
  let running: IpfsNode | undefined

  function tell(node: IpfsNode): void {
    const terms = sale
    node.sell(
      terms &&
        ((stream, _peer, files) => {
          const readBlock = async (cid: CID) => {
            const bytes = await files.readBlock(cid)
            return bytes && Uint8Array.from(bytes)
          }
          return sellOver(stream, { ...terms, readBlock, onSold: block => files.sent(block) }, SILENCE_MS)
        }),
      // For nothing: who asks for it gets it, and a sponsor may pay for that.
      terms?.pricePerUnit === 0n,
    )
  }

  return {
    purchase: root => new FilePurchase(root, () => buyer, storedBlocks),
    started(node) {
      running = node
      tell(node)
    },
    buyWith(next) {
      buyer = next
    },
    sell(next) {
      sale = next
      if (running) tell(running)
    },
    async missingBlocks({ cid, size }) {
      const root = parseFileCid(cid)
      return root.ok ? missingIn(await storedBlocks(), root.value, size) : paidBlocksOf(size)
    },
    async findSellers(request, domain, signal) {
      const root = parseFileCid(request.cid)
      if (!root.ok) return []
      try {
        const node = await runningNode()
        const asked = (await holders(node, [root.value], request.peers)).slice(0, MAX_ASKED)
        const late = new Promise<undefined>(resolve => timer.after(ASK_MS, () => resolve(undefined)))
        const offers = await Promise.all(
          asked.map(address => Promise.race([offerOf(node, address, root.value, domain), late])),
        )
        return signal.aborted ? [] : offers.filter(offer => offer !== undefined)
      } catch {
        // No node can be started: nobody sells anything to this browser.
        return []
      }
    },
    async meetPayee({ cids, payee, domain }, talk) {
      const roots = cids.flatMap(cid => {
        const root = parseFileCid(cid)
        return root.ok ? [root.value] : []
      })
      const [first] = roots
      if (!first) return fail({ kind: 'payeeNotThere', detail: payee })
      try {
        const node = await runningNode()
        const asked = (await holders(node, roots.slice(0, MAX_FILES), [])).slice(0, MAX_ASKED)
        const met = await firstPaidAt(
          payee,
          asked.map(address => ask(node, address, first, domain, true)),
        )
        if (!met) return fail({ kind: 'payeeNotThere', detail: payee })
        const stored = await storedBlocks()
        return await talk(met, cid => stored.get(cid)).finally(() => met.close())
      } catch (error) {
        return fail({ kind: 'payeeNotThere', detail: describe(error) })
      }
    },
  }

  /** Addresses of peers that may hold one of these files: those of the network first, and at least dialled. */
  async function holders(
    node: IpfsNode,
    roots: readonly CID[],
    named: readonly string[],
  ): Promise<readonly string[]> {
    const known = [...new Set([...peers(), ...named])]
    await node.reach(known)
    const found = await Promise.all(roots.map(root => node.findProviders(root)))
    return [...new Set([...known, ...found.flat()])]
  }
}

/** The others are let go of, also those who answer later. */
async function firstPaidAt(
  payee: string,
  asked: readonly Promise<Result<PaidPeer, Failure>>[],
): Promise<PaidPeer | undefined> {
  let met: PaidPeer | undefined
  const right = asked.map(async each => {
    const answer = await each
    if (!answer.ok) throw new Error(answer.error.kind)
    const isRight = met === undefined && answer.value.offer.payee === payee
    if (isRight) met = answer.value
    else void answer.value.close()
    if (!isRight) throw new Error('another one')
  })
  await Promise.any(right).catch(() => undefined)
  return met
}

/** Of a node that is not here nothing is known but how much it holds. */
async function missingIn(stored: StoredBlocks, root: CID, size: number, depth = 0): Promise<number> {
  const bytes = await stored.get(root)
  const node = bytes && depth <= MAX_DEPTH ? readFileBlock(root, bytes) : undefined
  if (!node?.ok) return paidBlocksOf(size)
  let missing = 0
  for (const child of node.value.children) {
    if (child.cid.code !== RAW) missing += await missingIn(stored, child.cid, child.size, depth + 1)
    else if (!(await stored.has(child.cid))) missing += Math.max(1, Math.ceil(child.size / blockUnit))
  }
  return missing
}

async function ask(
  node: IpfsNode,
  address: string,
  root: CID,
  domain: ChannelDomain,
  isAnyBlock = false,
): Promise<Result<PaidPeer, Failure>> {
  try {
    const stream = await node.openServe(address)
    if (!stream) return fail({ kind: 'notHere', detail: 'it sells nothing' })
    return await askSeller(stream, { domain, root, timeoutMs: ANSWER_MS, isAnyBlock })
  } catch (error) {
    return fail({ kind: 'peerUnreachable', detail: describe(error) })
  }
}

async function offerOf(
  node: IpfsNode,
  address: string,
  root: CID,
  domain: ChannelDomain,
): Promise<ServeOffer | undefined> {
  const asked = await ask(node, address, root, domain)
  if (!asked.ok) return undefined
  void asked.value.close()
  // Who sells for nothing gives it away: it was asked before.
  return asked.value.offer.pricePerUnit === 0n ? undefined : asked.value.offer
}

interface Session {
  readonly peer: PaidPeer
  readonly end: () => void
}

/** After these the same seller is met once more: the line broke, nobody lied. */
const brokenLine: ReadonlySet<string> = new Set(['streamEnded', 'streamSilent', 'peerUnreachable'])
/** No reason to tell anybody: another one may be who was agreed on. */
const nothingSaid: ReadonlySet<string> = new Set(['notHere', 'peerRefused', 'offerForeign', 'notAgreed'])

/** Each seller is asked for one block at a time, and several at once: one block is on credit at each of them at most. */
class FilePurchase implements Purchase {
  readonly #root: CID
  readonly #buyer: () => LoadBuyer | null
  readonly #stored: () => Promise<StoredBlocks>
  /** By address. */
  readonly #sessions = new Map<string, Session>()
  readonly #turns = new Map<string, Promise<unknown>>()
  /** Addresses of nobody who may be paid, while nothing has changed. */
  readonly #declined = new Set<string>()
  /** Who is being paid, or met for it. */
  readonly #payees = new Set<string>()
  #isOver = false

  constructor(root: CID, buyer: () => LoadBuyer | null, stored: () => Promise<StoredBlocks>) {
    this.#root = root
    this.#buyer = buyer
    this.#stored = stored
  }

  source(node: IpfsNode, address: string): BlockSource | undefined {
    if (!this.#buyer()) return undefined
    const parsed = parsePeerAddress(address)
    return {
      name: parsed ? hostOf(parsed) : address,
      kind: 'seller',
      maxInFlight: 1,
      get: cid => this.#inTurn(address, () => this.#get(node, address, cid)),
    }
  }

  end(): void {
    this.#isOver = true
    // A voucher that is on its way is waited for: it is signed already.
    for (const address of this.#turns.keys()) void this.#inTurn(address, () => this.#leave(address))
  }

  #inTurn<T>(address: string, task: () => Promise<T>): Promise<T> {
    const next = (this.#turns.get(address) ?? Promise.resolve()).then(task, task)
    this.#turns.set(
      address,
      next.catch(() => {}),
    )
    return next
  }

  async #leave(address: string): Promise<void> {
    const session = this.#sessions.get(address)
    this.#sessions.delete(address)
    // The same seller may be met at another address now.
    this.#declined.clear()
    if (!session) return
    this.#payees.delete(session.peer.offer.payee)
    session.end()
    await session.peer.close()
  }

  async #get(node: IpfsNode, address: string, cid: CID): Promise<Result<Uint8Array, BlockFailure>> {
    // Code that can't be loaded pays nobody.
    const buyer = await this.#buyer()?.().catch(() => null)
    const file = this.#root.toString()
    if (this.#isOver || !buyer || !(await buyer.wants(file))) return lacks('not agreed to be paid for')
    const stored = await this.#stored()
    const met = await this.#meet(node, address, buyer, stored)
    if (!met.ok) return this.#explain(buyer, met.error)
    // Where the line broke after the block came, it is here, and was paid for when the two met again.
    const held = await stored.get(cid)
    if (held) return ok(held)
    const fetched = await met.value.fetch(cid, bytes => stored.put(cid, bytes))
    if (fetched.ok) return fetched
    // What was refused for this block alone goes on with the next one.
    if (fetched.error.kind !== 'notHere') await this.#leave(address)
    return this.#explain(buyer, fetched.error)
  }

  async #meet(
    node: IpfsNode,
    address: string,
    buyer: BlockBuyer,
    stored: StoredBlocks,
  ): Promise<Result<PaidPeer, Failure>> {
    const session = this.#sessions.get(address)
    if (session) return ok(session.peer)
    if (this.#isOver || this.#declined.has(address)) return fail({ kind: 'notAgreed', detail: address })
    const domain = buyer.domain()
    if (!domain) return fail({ kind: 'offerForeign', detail: 'no PaymentChannels' })
    const asked = await ask(node, address, this.#root, domain)
    if (!asked.ok) return asked
    const peer = asked.value
    const { payee } = peer.offer
    // A seller who is reached at two addresses is one seller, whichever was met first.
    const isMet = this.#payees.has(payee)
    this.#payees.add(payee)
    const begun = isMet
      ? fail<Failure>({ kind: 'notAgreed', detail: 'it is paid at another address' })
      : await buyer.begin(peer, this.#root.toString(), cid => stored.get(cid))
    if (!begun.ok) {
      if (!isMet) this.#payees.delete(payee)
      if (begun.error.kind === 'notAgreed') this.#declined.add(address)
      await peer.close()
      return begun
    }
    this.#sessions.set(address, { peer, end: () => begun.value.end() })
    return ok(peer)
  }

  #explain(buyer: BlockBuyer, failure: Failure): Result<never, BlockFailure> {
    const { kind } = failure
    const detail = failure.detail === undefined ? kind : `${kind}: ${failure.detail}`
    if (brokenLine.has(kind)) return fail({ kind: 'unreachable', detail })
    if (!nothingSaid.has(kind)) buyer.failed(this.#root.toString(), failure)
    return kind === 'wrongBlock' ? fail({ kind: 'wrongBytes', detail }) : lacks(detail)
  }
}

const lacks = (detail: string): Result<never, BlockFailure> => fail({ kind: 'lacksBlock', detail })
