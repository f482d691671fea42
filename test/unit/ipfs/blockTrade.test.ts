// Blocks for vouchers in the browser's node: nobody is asked without an agreement, and what came is neither fetched nor paid twice.
import { MemoryBlockstore } from 'blockstore-core'
import type { CID } from 'multiformats/cid'
import { expect, test } from 'vitest'
import { addFirmwareFile } from '../../../node/seed/firmwareFile.ts'
import type { BlockBuyer } from '../../../src/app/ports/firmware.ts'
import { type Bytes, concat } from '../../../src/core/bytes.ts'
import { cidOf, RAW } from '../../../src/core/ipfs/block.ts'
import { readFileBlock } from '../../../src/core/ipfs/unixfs.ts'
import { fail, ok } from '../../../src/core/result.ts'
import { budgetOf } from '../../../src/core/voucher/budget.ts'
import type { PaidPeer } from '../../../src/core/voucher/buyBlocks.ts'
import { signByKey } from '../../../src/core/voucher/channel.ts'
import { createPayeeLedger, type PayeeLedger } from '../../../src/core/voucher/payeeLedger.ts'
import { createPurse } from '../../../src/core/voucher/payerPurse.ts'
import { sellOver } from '../../../src/core/voucher/sellBlocks.ts'
import { paidBlocksOf } from '../../../src/core/voucher/standing.ts'
import { createBlockTrade } from '../../../src/io/ipfs/blockTrade.ts'
import type { IpfsNode } from '../../../src/io/ipfs/node.ts'
import { createStoredBlocks } from '../../../src/io/ipfs/storedBlocks.ts'
import { nodeTimer } from '../../fixtures/memoryPorts.ts'
import { line } from '../channels/line.ts'
import { accountOf, domain, keyOf, terms } from '../voucher/people.ts'

const address = '/ip4/127.0.0.1/tcp/1/ws/p2p/12D3KooWGq1AcVhCnX5cVYzDBJSeVqKkNqUbtFQkP6NaBqUuWbkN'
const price = 10n
const request = { maxBytes: 1 << 21, signal: new AbortController().signal }
const onChain = { deposit: 1000n, claimed: 0n, exitAt: 0 }

/** A file of several leaves at a seller, an empty browser, and a buyer with a purse. */
async function market(hasAgreed = true) {
  const theirs = new MemoryBlockstore()
  const file = Uint8Array.from({ length: 300_000 }, (_, i) => (i + (i >> 16) * 7) & 0xff)
  const root = await addFirmwareFile(theirs, file)
  const readBlock = async (cid: CID): Promise<Bytes | undefined> => {
    if (!(await theirs.has(cid))) return undefined
    const parts: Uint8Array[] = []
    for await (const part of theirs.get(cid)) parts.push(part)
    return concat(...parts)
  }
  const node = readFileBlock(root, (await readBlock(root)) ?? new Uint8Array())
  if (!node.ok) throw new Error(node.error.detail)
  const leaves = node.value.children.map(({ cid }) => cid)
  const documents = new Map<string, unknown>()
  const ledger = createPayeeLedger({
    domain,
    demand: { payee: terms.payee, token: null, minExitDelay: 86_400 },
    stored: new Map(),
    store: async (id, document) => void documents.set(id, document),
    read: async () => ok(onChain),
    monotonic: () => performance.now(),
  })
  const cuts: (() => void)[] = []
  let opened = 0
  const ipfs = {
    async openServe() {
      opened++
      const { payer, payee, cut } = line()
      cuts.push(cut)
      const demand = { payee: terms.payee, token: null, minExitDelay: 86_400 }
      void sellOver(payee, { domain, demand, pricePerUnit: price, ledger, readBlock }, 1000)
      return payer
    },
    sell: () => {},
  } as unknown as IpfsNode
  const mine = createStoredBlocks(new MemoryBlockstore())
  const trade = createBlockTrade({
    runningNode: async () => ipfs,
    storedBlocks: async () => mine,
    peers: () => [],
    timer: nodeTimer,
  })
  let stored: unknown
  const failures: string[] = []
  let ended = 0
  const buyer: BlockBuyer = {
    domain: () => domain,
    wants: async () => hasAgreed,
    async begin(peer, _cid, held) {
      const purse = createPurse({
        domain,
        terms,
        onChain,
        stored,
        store: async document => {
          stored = document
        },
        sign: async digest => signByKey(digest, keyOf('session')),
      })
      if (!purse.ok) return purse
      const begun = await peer.begin(purse.value, { held, budget: budgetOf(1000n) })
      return begun.ok ? ok({ end: () => void ended++ }) : begun
    },
    failed: (_cid, { kind }) => void failures.push(kind),
  }
  trade.buyWith(async () => buyer)
  const purchase = trade.purchase(root)
  const seller = purchase.source(ipfs, address)
  if (!seller) throw new Error('nobody pays')
  return {
    ...{ trade, purchase, seller, root, leaves, size: file.length, mine, ledger, cuts, failures, readBlock },
    opened: () => opened,
    ended: () => ended,
  }
}

test('nobody is asked, and no stream opened, for what the person has not agreed to pay for', async () => {
  const { seller, root, opened } = await market(false)
  expect(await seller.get(root, request)).toMatchObject({ ok: false, error: { kind: 'lacksBlock' } })
  expect(opened()).toBe(0)
})

test('without a buyer a peer is no seller', async () => {
  const { root } = await market()
  const trade = createBlockTrade({
    runningNode: () => Promise.reject(new Error('offline')),
    storedBlocks: () => Promise.reject(new Error('no store')),
    peers: () => [],
    timer: nodeTimer,
  })
  expect(trade.purchase(root).source({} as IpfsNode, address)).toBeUndefined()
  const file = { cid: String(root), size: 1, peers: [] }
  expect(await trade.findSellers(file, domain, request.signal)).toEqual([])
})

test('blocks are paid one by one over one stream, kept before they are paid, and the purchase is let go of', async () => {
  const { seller, root, leaves, mine, ledger, opened, purchase, ended } = await market()
  for (const cid of [root, ...leaves]) expect((await seller.get(cid, request)).ok).toBe(true)
  expect(ledger.paid()).toBe(BigInt(leaves.length + 1) * price)
  expect(opened()).toBe(1)
  expect(await mine.has(root)).toBe(true)
  purchase.end()
  await expect.poll(ended).toBe(1)
  expect(await seller.get(root, request)).toMatchObject({ ok: false, error: { kind: 'lacksBlock' } })
})

test('a line that breaks after a block came is met again, and that block is paid once', async () => {
  const { seller, root, leaves, mine, ledger, cuts, readBlock } = await market()
  const [first] = leaves
  if (!first) throw new Error('there are leaves')
  expect((await seller.get(root, request)).ok).toBe(true)
  // As if it had been kept when the line broke, and its voucher never left.
  await ledger.lend(terms, first.toString(), price)
  await mine.put(first, (await readBlock(first)) ?? new Uint8Array())
  cuts[0]?.()
  expect(await seller.get(leaves[1] ?? first, request)).toMatchObject({ error: { kind: 'unreachable' } })
  expect((await seller.get(first, request)).ok).toBe(true)
  expect(ledger.paid()).toBe(2n * price)
})

test('a block that the seller lacks is said to be lacking, and the next one is bought all the same', async () => {
  const { seller, root, leaves, failures } = await market()
  const elsewhere = cidOf(RAW, Uint8Array.of(1))
  expect((await seller.get(root, request)).ok).toBe(true)
  expect(await seller.get(elsewhere, request)).toMatchObject({ error: { kind: 'lacksBlock' } })
  expect((await seller.get(leaves[0] ?? root, request)).ok).toBe(true)
  expect(failures).toEqual([])
})

test('what is missing of a file is what would have to be paid', async () => {
  const { trade, seller, root, leaves, size } = await market()
  const missing = () => trade.missingBlocks({ cid: root.toString(), size })
  expect(await missing()).toBe(paidBlocksOf(size))
  for (const [index, cid] of [root, ...leaves].entries()) {
    expect((await seller.get(cid, request)).ok).toBe(true)
    expect(await missing()).toBe(leaves.length - index)
  }
})

test('the buyer’s own failures are told, and end what was begun', async () => {
  const { trade, root } = await market()
  const failures: string[] = []
  trade.buyWith(async () => ({
    domain: () => domain,
    wants: async () => true,
    begin: async () => fail({ kind: 'depositExhausted' }),
    failed: (_cid, { kind }) => void failures.push(kind),
  }))
  const { payer, payee } = line()
  const ipfs = { openServe: async () => payer } as unknown as IpfsNode
  void payee.receive(1000).then(() =>
    payee.send({
      kind: 'offer',
      isHere: true,
      length: 1,
      offer: { ...domain, payee: terms.payee, token: null, pricePerUnit: price, minExitDelay: 86_400 },
    }),
  )
  const seller = trade.purchase(root).source(ipfs, address)
  expect(await seller?.get(root, request)).toMatchObject({ error: { kind: 'lacksBlock' } })
  expect(failures).toEqual(['depositExhausted'])
})

/** The file at several sellers: who is paid at which address, and each with a ledger and a channel of its own. */
async function sellersAt(payees: Readonly<Record<string, string>>) {
  const { root, leaves, mine, readBlock } = await market()
  const ledgers = new Map<string, PayeeLedger>()
  const busy = new Map<string, number>()
  let mostOfOne = 0
  let mostInAll = 0
  const termsOf = (payee: string) => ({ ...terms, payee: accountOf(payee) })
  const ledgerOf = (payee: string): PayeeLedger => {
    const known = ledgers.get(payee)
    if (known) return known
    const made = createPayeeLedger({
      domain,
      demand: { payee: accountOf(payee), token: null, minExitDelay: 86_400 },
      stored: new Map(),
      store: async () => {},
      read: async () => ok(onChain),
      monotonic: () => performance.now(),
    })
    ledgers.set(payee, made)
    return made
  }
  const cuts = new Map<string, () => void>()
  const ipfs = {
    reach: async () => {},
    findProviders: async () => Object.keys(payees),
    async openServe(at: string) {
      const { payer, payee: other, cut } = line()
      const payee = payees[at] ?? ''
      cuts.set(at, cut)
      const demand = { payee: accountOf(payee), token: null, minExitDelay: 86_400 }
      const lending = async (cid: CID) => {
        const now = (busy.get(payee) ?? 0) + 1
        busy.set(payee, now)
        mostOfOne = Math.max(mostOfOne, now)
        mostInAll = Math.max(mostInAll, [...busy.values()].filter(count => count > 0).length)
        await new Promise(resolve => setTimeout(resolve, 2))
        busy.set(payee, now - 1)
        return readBlock(cid)
      }
      const ledger = ledgerOf(payee)
      void sellOver(other, { domain, demand, pricePerUnit: price, ledger, readBlock: lending }, 1000)
      return payer
    },
    sell: () => {},
  } as unknown as IpfsNode
  const trade = createBlockTrade({
    runningNode: async () => ipfs,
    storedBlocks: async () => mine,
    peers: () => [],
    timer: nodeTimer,
  })
  const budget = budgetOf(1000n)
  trade.buyWith(async () => ({
    domain: () => domain,
    wants: async () => true,
    async begin(peer, _cid, held) {
      const payee = Object.values(payees).find(name => accountOf(name) === peer.offer.payee) ?? ''
      if (payee === 'nobody') return fail({ kind: 'notAgreed' })
      const purse = createPurse({
        domain,
        terms: termsOf(payee),
        onChain,
        stored: undefined,
        store: async () => {},
        sign: async digest => signByKey(digest, keyOf('session')),
      })
      if (!purse.ok) return purse
      const begun = await peer.begin(purse.value, { held, budget })
      return begun.ok ? ok({ end: () => {} }) : begun
    },
    failed: () => {},
  }))
  const purchase = trade.purchase(root)
  const at = (address: string) => purchase.source(ipfs, address) ?? Promise.reject(new Error('no seller'))
  const paid = () => [...ledgers].map(([payee, ledger]) => [payee, ledger.paid()] as const)
  return { trade, purchase, root, leaves, at, paid, cuts, most: () => ({ mostOfOne, mostInAll }) }
}

const [one, two, three] = [1, 2, 3].map(port => address.replace('/tcp/1/', `/tcp/${port}/`))
if (!one || !two || !three) throw new Error('there are three')

test('several sellers are paid at once, each for one block at a time, and one at two addresses is one', async () => {
  const { root, leaves, at, paid, most } = await sellersAt({
    [one]: 'first',
    [two]: 'second',
    [three]: 'first',
  })
  const sellers = [await at(one), await at(two)]
  expect((await sellers[0]?.get(root, request))?.ok).toBe(true)
  expect(await (await at(three)).get(root, request)).toMatchObject({ error: { kind: 'lacksBlock' } })
  const got = await Promise.all(leaves.map((cid, i) => sellers[i % 2]?.get(cid, request)))
  expect(got.every(each => each?.ok)).toBe(true)
  expect(most()).toEqual({ mostOfOne: 1, mostInAll: 2 })
  const sums = paid().map(([, sum]) => sum)
  expect(sums.reduce((a, b) => a + b)).toBe(BigInt(leaves.length + 1) * price)
  expect(sums.every(sum => sum > 0n)).toBe(true)
})

test('when one of two sellers leaves, the other goes on, and nothing is paid twice', async () => {
  const { root, leaves, at, paid, cuts } = await sellersAt({ [one]: 'first', [two]: 'second' })
  const [first, second] = [await at(one), await at(two)]
  expect((await first.get(root, request)).ok).toBe(true)
  expect((await second.get(leaves[0] ?? root, request)).ok).toBe(true)
  cuts.get(one)?.()
  expect(await first.get(leaves[1] ?? root, request)).toMatchObject({ error: { kind: 'unreachable' } })
  for (const cid of leaves.slice(1)) expect((await second.get(cid, request)).ok).toBe(true)
  expect(paid()).toEqual([
    ['first', price],
    ['second', BigInt(leaves.length) * price],
  ])
})

test('a payee is found among who holds the file, also one with nothing to sell, and nobody else is talked to', async () => {
  const { trade, root } = await sellersAt({ [one]: 'nobody', [two]: 'second' })
  const talk = async (peer: PaidPeer) => ok(peer.offer.payee)
  const elsewhere = cidOf(RAW, Uint8Array.of(1))
  const cids = [elsewhere.toString(), root.toString()]
  const payee = accountOf('second')
  expect(await trade.meetPayee({ cids, payee, domain }, talk)).toEqual(ok(payee))
  const other = { cids, payee: accountOf('somebody else'), domain }
  expect(await trade.meetPayee(other, talk)).toMatchObject({ error: { kind: 'payeeNotThere' } })
  expect(await trade.meetPayee({ ...other, cids: [] }, talk)).toMatchObject({
    error: { kind: 'payeeNotThere' },
  })
})
