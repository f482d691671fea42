// Firmware CIDs: the same as Kubo's, for the parameters that we fix.
import { createHash } from 'node:crypto'
import { MemoryBlockstore } from 'blockstore-core/memory'
import fc from 'fast-check'
import { CID } from 'multiformats/cid'
import * as Digest from 'multiformats/hashes/digest'
import { describe, expect, it } from 'vitest'
import {
  addFirmwareFile,
  firmwareCid,
  leafSize,
  maxLinksPerNode,
  parseCid,
} from '../../../node/seed/firmwareFile.ts'

/** A second way to the CID, written from the UnixFS and DAG-PB specifications without any IPFS library. */
function expectedCid(bytes: Uint8Array): string {
  interface Node {
    readonly cid: Buffer
    readonly fileSize: number
    readonly totalSize: number
  }
  const varint = (value: number): Buffer => {
    const out: number[] = []
    let rest = value
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) out.push((rest % 0x80) | 0x80)
    return Buffer.from([...out, rest])
  }
  const field = (number: number, content: Buffer) =>
    Buffer.concat([varint((number << 3) | 2), varint(content.length), content])
  const cidOf = (codec: number, block: Buffer) =>
    Buffer.concat([Buffer.from([1, codec, 0x12, 0x20]), createHash('sha256').update(block).digest()])
  const leaves: Node[] = []
  for (let at = 0; at < Math.max(1, bytes.length); at += leafSize) {
    const block = Buffer.from(bytes.subarray(at, at + leafSize))
    leaves.push({ cid: cidOf(0x55, block), fileSize: block.length, totalSize: block.length })
  }
  const parentOf = (children: readonly Node[]): Node => {
    const fileSize = children.reduce((sum, child) => sum + child.fileSize, 0)
    const unixfs = Buffer.concat([
      Buffer.from([0x08, 0x02, 0x18]),
      varint(fileSize),
      ...children.map(child => Buffer.concat([Buffer.from([0x20]), varint(child.fileSize)])),
    ])
    const links = children.map(child =>
      field(
        2,
        Buffer.concat([
          field(1, child.cid),
          field(2, Buffer.alloc(0)),
          Buffer.from([0x18]),
          varint(child.totalSize),
        ]),
      ),
    )
    const block = Buffer.concat([...links, field(1, unixfs)])
    const below = children.reduce((sum, child) => sum + child.totalSize, 0)
    return { cid: cidOf(0x70, block), fileSize, totalSize: below + block.length }
  }
  let level = leaves
  while (level.length > 1) {
    const parents: Node[] = []
    for (let i = 0; i < level.length; i += maxLinksPerNode)
      parents.push(parentOf(level.slice(i, i + maxLinksPerNode)))
    level = parents
  }
  return CID.decode(level[0]?.cid ?? Buffer.alloc(0)).toString()
}

const pattern = (length: number, seed = 1) =>
  Uint8Array.from({ length }, (_, i) => (i * 31 + seed * 7 + (i >> 8) + (i >> 16) * 5) & 0xff)

describe('firmwareCid', () => {
  it('gives what Kubo gives for a file of one leaf', async () => {
    // Source: ipfs/kubo, test/sharness/t0114-gateway-subdomains/README.md (`ipfs add --cid-version 1`).
    const cid = await firmwareCid(new TextEncoder().encode('hello\n'))
    expect(cid.toString()).toBe('bafkreicysg23kiwv34eg2d7qweipxwosdo2py4ldv42nbauguluen5v6am')
  })

  it.each([1, leafSize - 1, leafSize, leafSize + 1, 2 * leafSize, 300_000])(
    'follows the specification for %i bytes',
    async length => {
      const bytes = pattern(length)
      expect((await firmwareCid(bytes)).toString()).toBe(expectedCid(bytes))
    },
  )

  it.each([maxLinksPerNode, maxLinksPerNode + 1])('builds a balanced tree of %i leaves', async count => {
    const bytes = pattern((count - 1) * leafSize + 5)
    expect((await firmwareCid(bytes)).toString()).toBe(expectedCid(bytes))
  })

  it('follows the specification for any content', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 5 * leafSize }), fc.nat(255), async (length, seed) => {
        const bytes = pattern(length, seed)
        expect((await firmwareCid(bytes)).toString()).toBe(expectedCid(bytes))
      }),
      { numRuns: 20 },
    )
  })
})

describe('addFirmwareFile', () => {
  it('stores every block under the hash of its content', async () => {
    const store = new MemoryBlockstore()
    const root = await addFirmwareFile(store, pattern(300_000))
    const cids: CID[] = []
    for await (const { cid, bytes } of store.getAll()) {
      const chunks: Uint8Array[] = []
      for await (const chunk of bytes) chunks.push(chunk)
      const digest = createHash('sha256').update(Buffer.concat(chunks)).digest()
      expect(Digest.equals(cid.multihash, Digest.create(0x12, digest))).toBe(true)
      cids.push(cid)
    }
    // Five leaves and the root.
    expect(cids).toHaveLength(6)
    expect(cids.some(cid => root.multihash.digest.every((byte, i) => byte === cid.multihash.digest[i]))).toBe(
      true,
    )
  })
})

describe('parseCid', () => {
  it('answers undefined for anything that is no CID', () => {
    fc.assert(fc.property(fc.string(), text => parseCid(text) === undefined || CID.parse(text) !== undefined))
    expect(parseCid('hello')).toBeUndefined()
  })
})
