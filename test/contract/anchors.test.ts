// Anchored logs: what a reader finds of one, by view, by storage and by its list of events, and that logs only grow.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { anchorsAbi, anchorsLayout as layout } from '../../contracts/generated/Anchors.ts'
import { inclusionOf, isIncluded, leafHash, merkleRoot } from '../../src/core/anchors/merkleTree.ts'
import { fromHex, toHex } from '../../src/core/bytes.ts'
import { type Anchors, aHash, startAnchors } from './anchors.ts'
import { done } from './deviceRegistry.ts'
import { plain, slotOf, storageOf } from './storage.ts'

let anchors: Anchors
beforeAll(async () => {
  anchors = await startAnchors()
})
afterAll(() => anchors?.stop())

const { structAt } = storageOf(() => anchors)
const author = () => anchors.people[0] ?? '0x'
const stranger = () => anchors.people[1] ?? '0x'
const none = { root: `0x${'00'.repeat(32)}`, size: 0n, anchoredAt: 0, logBlock: 0 }

test('an entry is shown to have been in the log by the time of its anchor, with what the chain says alone', async () => {
  const logId = aHash('openings')
  const leaves = Array.from({ length: 11 }, (_, i) => leafHash(Uint8Array.of(i, 1, 2)))
  const { block } = done(
    await anchors.send(author(), 'anchor', [logId, toHex(merkleRoot(leaves)), BigInt(leaves.length)]),
  )
  const head = await anchors.read.headOf([author(), logId])
  expect(head).toMatchObject({ anchoredAt: block.timestamp, logBlock: block.number })
  const anchored = { root: fromHex(head.root) ?? new Uint8Array(), size: Number(head.size) }
  const entry = leafHash(Uint8Array.of(6, 1, 2))
  expect(isIncluded(entry, inclusionOf(leaves, 6), anchored)).toBe(true)
  expect(isIncluded(leafHash(Uint8Array.of(6, 1, 3)), inclusionOf(leaves, 6), anchored)).toBe(false)
})

test('a log only grows', async () => {
  const logId = aHash('growing')
  const anchor = (size: bigint) => anchors.send(author(), 'anchor', [logId, aHash(`root ${size}`), size])
  expect(await anchor(0n)).toMatchObject({ error: 'SizeNotGreater' })
  done(await anchor(5n))
  for (const size of [0n, 4n, 5n]) {
    expect(await anchor(size)).toEqual({ ok: false, error: 'SizeNotGreater', args: [5n, size] })
  }
  done(await anchor(6n))
  done(await anchor(2n ** 64n - 1n))
  expect(await anchors.read.headOf([author(), logId])).toMatchObject({ size: 2n ** 64n - 1n })
})

test('everybody has logs of his own: nobody writes to another’s, not even of the same name', async () => {
  const logId = aHash('same name')
  done(await anchors.send(author(), 'anchor', [logId, aHash('mine'), 9n]))
  done(await anchors.send(stranger(), 'anchor', [logId, aHash('theirs'), 1n]))
  expect(await anchors.read.headOf([author(), logId])).toMatchObject({ root: aHash('mine'), size: 9n })
  expect(await anchors.read.headOf([stranger(), logId])).toMatchObject({ root: aHash('theirs'), size: 1n })
  expect(await anchors.read.headOf([author(), aHash('another name')])).toEqual(none)
})

test('earlier roots are a list of events, from the head back', async () => {
  const logId = aHash('list')
  const blocks: number[] = []
  for (const size of [1n, 3n, 8n]) {
    blocks.push(
      done(await anchors.send(author(), 'anchor', [logId, aHash(`root ${size}`), size])).block.number,
    )
  }
  const sizes: bigint[] = []
  let at = (await anchors.read.headOf([author(), logId])).logBlock
  while (at !== 0 && sizes.length < 5) {
    const [event] = await anchors.client.getContractEvents({
      abi: anchorsAbi,
      address: anchors.address,
      eventName: 'Anchored',
      args: { author: author(), logId },
      fromBlock: BigInt(at),
      toBlock: BigInt(at),
    })
    expect(event?.args.root).toBe(aHash(`root ${event?.args.size}`))
    sizes.push(event?.args.size ?? 0n)
    at = event?.args.previousBlock ?? 0
  }
  expect(sizes).toEqual([8n, 3n, 1n])
  expect(blocks).toHaveLength(3)
})

test('a head is two slots, and every member of it is found by the layout', async () => {
  expect(layout.heads.value.slots).toBe(2)
  const logId = aHash('layout')
  done(await anchors.send(author(), 'anchor', [logId, aHash('root'), 0x0102030405060708n]))
  const found = await structAt(slotOf(layout.heads.slot, [author(), logId]), layout.heads.value.members)
  expect(found).toEqual(plain({ ...(await anchors.read.headOf([author(), logId])) }))
  expect(found).toMatchObject({ root: aHash('root'), size: 0x0102030405060708n })
})
