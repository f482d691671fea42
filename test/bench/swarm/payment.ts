// What paying adds to fetching: the same blocks over the same stream, for vouchers and for nothing, with both sides' disks.
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CID } from 'multiformats/cid'
import { openPayeeLedger } from '../../../node/channels/payeeLedger.ts'
import { openPurse } from '../../../node/channels/payerPurse.ts'
import { systemTimer } from '../../../node/systemTimer.ts'
import { type Bytes, concat } from '../../../src/core/bytes.ts'
import { cidOf, isBlockOf, RAW } from '../../../src/core/ipfs/block.ts'
import { messageStream } from '../../../src/core/p2p/messageStream.ts'
import { createServeStreams, type Seller } from '../../../src/core/p2p/serveStreams.ts'
import { takeOver } from '../../../src/core/p2p/takeBlocks.ts'
import { fail, ok } from '../../../src/core/result.ts'
import { budgetOf } from '../../../src/core/voucher/budget.ts'
import { askSeller } from '../../../src/core/voucher/buyBlocks.ts'
import { sellOver } from '../../../src/core/voucher/sellBlocks.ts'
import {
  decodeServeMessage,
  encodeServeMessage,
  maxServeMessage,
} from '../../../src/core/voucher/serveMessage.ts'
import { streamPair } from '../../unit/p2p/streamPair.ts'
import { domain, keyOf, terms } from '../../unit/voucher/people.ts'
import { median } from '../medians.ts'
import type { Row } from '../row.ts'

const runs = 5
const BLOCKS = 16
const BLOCK_BYTES = 65_536
const TIMEOUT_MS = 15_000

const blocks = Array.from({ length: BLOCKS }, (_, i) => {
  const bytes: Bytes = new Uint8Array(BLOCK_BYTES).fill(i + 1)
  return { cid: cidOf(RAW, bytes), bytes }
})
const read = async (cid: CID) => blocks.find(block => block.cid.equals(cid))?.bytes

interface Measured {
  readonly ms: number
  /** Of both directions. */
  readonly bytes: number
}

export async function measurePayment(): Promise<readonly Row[]> {
  const paid: Measured[] = []
  const free: Measured[] = []
  for (let run = 0; run < runs; run++) {
    free.push(await fetchFree())
    paid.push(await fetchPaid())
  }
  const of = (what: keyof Measured, all: readonly Measured[]) => median(all.map(each => each[what]))
  return [
    {
      name: '1 MiB for vouchers, each on both disks before it counts',
      value: of('ms', paid),
      unit: 'ms',
      reference: { name: 'the same for nothing, no network', value: of('ms', free) },
      better: 'lower',
      runs,
    },
    {
      name: '1 MiB for vouchers: bytes on the way',
      value: of('bytes', paid),
      unit: 'B',
      reference: { name: 'the same for nothing', value: of('bytes', free) },
      better: 'lower',
      runs,
    },
  ]
}

function connect(seller: Seller | null) {
  const server = createServeStreams({
    timer: systemTimer,
    giver: {
      room: async () => undefined,
      async read(cid) {
        const bytes = await read(cid)
        return bytes ? ok(bytes) : fail({ kind: 'notHere' })
      },
      given: () => undefined,
    },
    seller: () => seller,
  })
  const [mine, its] = streamPair()
  server.accept(its, 'taker')
  const stream = messageStream(
    mine,
    { encode: encodeServeMessage, decode: decodeServeMessage },
    { messageBytes: maxServeMessage, queued: 64, sendMs: TIMEOUT_MS },
    systemTimer,
  )
  return { stream, bytes: () => mine.sent() + its.sent() }
}

async function fetchFree(): Promise<Measured> {
  const { stream, bytes } = connect(null)
  const begun = performance.now()
  const taker = takeOver(stream, systemTimer, { answer: TIMEOUT_MS, idle: TIMEOUT_MS })
  const taken = await Promise.all(blocks.map(({ cid }) => taker.get(cid, BLOCK_BYTES)))
  for (const [i, each] of taken.entries()) {
    const cid = blocks[i]?.cid
    if (!each.ok || !cid || !isBlockOf(cid, each.value)) throw new Error('a block did not come')
  }
  const ms = performance.now() - begun
  taker.end('done')
  return { ms, bytes: bytes() }
}

async function fetchPaid(): Promise<Measured> {
  const directory = await mkdtemp(join(tmpdir(), 'fob-payment-'))
  const chain = async () => ok({ deposit: 10n ** 9n, claimed: 0n, exitAt: 0 })
  const demand = { payee: terms.payee, token: null, minExitDelay: 86_400 }
  const ledger = openPayeeLedger({
    directory: join(directory, 'ledger'),
    domain,
    demand,
    read: chain,
    monotonic: () => performance.now(),
    freshMs: 60_000,
  })
  const sale = {
    domain,
    demand,
    pricePerUnit: 10n,
    ledger,
    readBlock: async (cid: CID) => concat((await read(cid)) ?? new Uint8Array()),
  }
  const purse = await openPurse({
    directory: join(directory, 'purse'),
    domain,
    terms,
    secretKey: keyOf('session'),
    read: chain,
  })
  if (!purse.ok) throw new Error(purse.error.kind)

  const { stream, bytes } = connect(taker => sellOver(taker, sale, TIMEOUT_MS))
  const begun = performance.now()
  const [first] = blocks
  if (!first) throw new Error('there are blocks')
  const seller = await askSeller(stream, { domain, root: first.cid, timeoutMs: TIMEOUT_MS })
  if (!seller.ok) throw new Error(seller.error.kind)
  const met = await seller.value.begin(purse.value, {
    held: async () => undefined,
    budget: budgetOf(10n ** 6n),
  })
  if (!met.ok) throw new Error(met.error.kind)
  for (const { cid } of blocks) {
    const bought = await seller.value.fetch(cid, async () => undefined)
    if (!bought.ok) throw new Error(bought.error.kind)
  }
  const ms = performance.now() - begun
  await seller.value.close()
  return { ms, bytes: bytes() }
}
