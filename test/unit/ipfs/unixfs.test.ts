// UnixFS and DAG-PB against Helia's own importer, and against bytes that nobody meant well with.
import { unixfs } from '@helia/unixfs'
import fc from 'fast-check'
import { createHeliaLight } from 'helia'
import { describe, expect, test } from 'vitest'
import { cidOf, DAG_PB, isBlockOf, parseFileCid, RAW } from '../../../src/core/ipfs/block.ts'
import { decodeDagPb, encodeDagPb } from '../../../src/core/ipfs/dagPb.ts'
import { layOutFile, readFileBlock } from '../../../src/core/ipfs/unixfs.ts'

const link = fc.record({
  hash: fc.uint8Array({ minLength: 1, maxLength: 40 }),
  name: fc.option(fc.uint8Array({ maxLength: 10 })),
  tsize: fc.option(fc.maxSafeNat()),
})
const node = fc.record({
  links: fc.array(link, { maxLength: 5 }),
  data: fc.option(fc.uint8Array({ maxLength: 60 })),
})
const plain = (value: unknown) =>
  JSON.stringify(value, (_, part) => (part instanceof Uint8Array ? [...part] : part))

function pattern(length: number, seed = 1): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length)
  for (let i = 0, x = seed; i < length; i++) {
    x = (Math.imul(x, 1103515245) + 12345) >>> 0
    bytes[i] = x >>> 16
  }
  return bytes
}

describe('DAG-PB', () => {
  test('decodes what it encoded', () => {
    fc.assert(
      fc.property(node, value => {
        const decoded = decodeDagPb(encodeDagPb(value))
        expect(decoded.ok && plain(decoded.value)).toBe(plain(value))
      }),
    )
  })

  test('a node cut anywhere is refused or is a shorter node, never an exception', () => {
    fc.assert(
      fc.property(node, value => {
        const bytes = encodeDagPb(value)
        for (let length = 0; length < bytes.length; length++) {
          const decoded = decodeDagPb(bytes.subarray(0, length))
          if (decoded.ok) expect(encodeDagPb(decoded.value)).toEqual(bytes.slice(0, length))
          else expect(decoded.error.kind).toBe('malformedNode')
        }
      }),
      { numRuns: 30 },
    )
  })

  test('random bytes give a value or malformedNode', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), bytes => {
        const decoded = decodeDagPb(bytes)
        expect(decoded.ok || decoded.error.kind).toSatisfy(
          (x: unknown) => x === true || x === 'malformedNode',
        )
      }),
    )
  })

  test('data between links is refused', () => {
    const hash = Uint8Array.of(1)
    const one = encodeDagPb({ links: [{ hash, name: null, tsize: null }], data: Uint8Array.of(1) })
    const two = encodeDagPb({ links: [{ hash, name: null, tsize: null }], data: null })
    expect(decodeDagPb(Uint8Array.from([...one, ...two])).ok).toBe(false)
  })
})

describe('a file laid out', () => {
  test.each([0, 1, 65_535, 65_536, 65_537, 300_000, 1_200_000])(
    '%i bytes has the CID that Helia gives it',
    async size => {
      const helia = await createHeliaLight().start()
      const file = pattern(size)
      const expected = await unixfs(helia).addBytes(file, { chunker: leavesOf64KiB })
      expect(layOutFile(file).root.toString()).toBe(expected.toString())
      await helia.stop()
    },
  )

  test('is read back in order, whatever the shape of the tree', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 0, maxLength: 500 }),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 2, max: 6 }),
        (file, leafSize, maxChildren) => {
          const { root, blocks } = layOutFile(file, { leafSize, maxChildren })
          const byCid = new Map(blocks.map(block => [block.cid.toString(), block.bytes]))
          const parts: number[] = []
          const walk = (cid: typeof root) => {
            const bytes = byCid.get(cid.toString()) ?? new Uint8Array(0)
            expect(isBlockOf(cid, bytes)).toBe(true)
            const read = readFileBlock(cid, bytes)
            if (!read.ok) throw new Error(read.error.detail)
            parts.push(...read.value.data)
            for (const child of read.value.children) walk(child.cid)
          }
          walk(root)
          expect(parts).toEqual([...file])
        },
      ),
      { numRuns: 50 },
    )
  })

  test('a node whose declared size is not the sum of its parts is refused', () => {
    const { root, blocks } = layOutFile(pattern(100), { leafSize: 40 })
    const bytes = blocks.at(-1)?.bytes ?? new Uint8Array(0)
    const decoded = decodeDagPb(bytes)
    if (!decoded.ok || !decoded.value.data) throw new Error('fixture')
    const data = decoded.value.data.slice()
    expect(data[3]).toBe(100)
    data[3] = 99
    const forged = encodeDagPb({ ...decoded.value, data })
    expect(readFileBlock(root, bytes).ok).toBe(true)
    expect(readFileBlock(cidOf(DAG_PB, forged), forged).ok).toBe(false)
  })

  test('a node with an empty child is refused: a walk through it would have no end in sight', () => {
    const leaf = cidOf(RAW, new Uint8Array(0))
    const data = Uint8Array.of(0x08, 2, 0x18, 0, 0x20, 0)
    const bytes = encodeDagPb({ links: [{ hash: leaf.bytes, name: null, tsize: 0 }], data })
    expect(readFileBlock(cidOf(DAG_PB, bytes), bytes).ok).toBe(false)
  })

  test('a directory is refused', () => {
    const bytes = encodeDagPb({ links: [], data: Uint8Array.of(0x08, 1) })
    const read = readFileBlock(cidOf(DAG_PB, bytes), bytes)
    expect(read.ok).toBe(false)
  })

  test('random UnixFS data gives a value or malformedNode', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), data => {
        const bytes = encodeDagPb({ links: [], data })
        const read = readFileBlock(cidOf(DAG_PB, bytes), bytes)
        if (!read.ok) expect(read.error.kind).toBe('malformedNode')
      }),
    )
  })
})

describe('CIDs', () => {
  test('only raw and dag-pb under a full SHA-256 name a file', () => {
    expect(parseFileCid(cidOf(RAW, pattern(3)).toString()).ok).toBe(true)
    expect(parseFileCid('QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG').ok).toBe(true)
    // identity hash, dag-cbor, and SHA2-512
    expect(parseFileCid('bafkqabtimvwgy3yk').ok).toBe(false)
    expect(parseFileCid('bafyreigdmqpykrgxyaxtlafqpqhzrb7qy2rh75nldvfd4tucqmqqme5yje').ok).toBe(false)
  })

  test('text that is no CID is a failure, not an exception', () => {
    fc.assert(
      fc.property(fc.string(), text => {
        const parsed = parseFileCid(text)
        if (!parsed.ok) expect(parsed.error.kind).toBe('unsupportedCid')
      }),
    )
  })

  test('a block with one bit changed does not match', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 100 }), fc.nat(), (bytes, n) => {
        const cid = cidOf(RAW, bytes)
        const changed = bytes.slice()
        const at = n % changed.length
        changed[at] = (changed[at] ?? 0) ^ (1 << (n % 8))
        expect(isBlockOf(cid, bytes)).toBe(true)
        expect(isBlockOf(cid, changed)).toBe(false)
      }),
    )
  })
})

/** The importer's fixed-size chunker is not exported by @helia/unixfs, so ours cuts the leaves. */
async function* leavesOf64KiB(source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>) {
  for await (const bytes of source)
    for (let at = 0; at === 0 || at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536)
}
