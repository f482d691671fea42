// How a firmware file becomes IPFS blocks, in the one way that Fob's CIDs are made.
import { type AddOptions, unixfs } from '@helia/unixfs'
import { MemoryBlockstore } from 'blockstore-core/memory'
import { CID } from 'multiformats/cid'

/** Bytes of a leaf. */
export const leafSize = 64 * 1024
/** Kubo's default, `Import.UnixFSFileMaxLinks`. */
export const maxLinksPerNode = 174

/** The same, as the parameters of Kubo's RPC and of `ipfs add`. */
export const kuboAddParameters: Readonly<Record<string, string>> = {
  'cid-version': '1',
  'raw-leaves': 'true',
  chunker: `size-${leafSize}`,
  hash: 'sha2-256',
  trickle: 'false',
  'max-file-links': String(maxLinksPerNode),
}

async function* leaves(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const bytes of source) {
    for (let offset = 0; offset < bytes.length; offset += leafSize)
      yield bytes.subarray(offset, offset + leafSize)
  }
}

/** Balanced: `maxLinksPerNode` nodes under a parent, these under parents again, up to one root. */
const balanced: NonNullable<AddOptions['layout']> = async (source, reduce) => {
  let level: Awaited<ReturnType<typeof reduce>>[] = []
  for await (const leaf of source) level.push(leaf)
  do {
    const parents: typeof level = []
    for (let i = 0; i < Math.max(1, level.length); i += maxLinksPerNode) {
      parents.push(await reduce(level.slice(i, i + maxLinksPerNode)))
    }
    level = parents
  } while (level.length > 1)
  const [root] = level
  if (root === undefined) throw new Error('a balanced tree has a root')
  return root
}

/**
 * Stores a file of at least one byte as UnixFS: CIDv1, SHA-256, raw leaves of 64 KiB, balanced, 174 links per node, a
 * single leaf standing for itself. The CID equals that of `ipfs add --cid-version=1 --raw-leaves --chunker=size-65536`.
 */
export function addFirmwareFile(
  blockstore: Parameters<typeof unixfs>[0]['blockstore'],
  bytes: Uint8Array,
): Promise<CID> {
  return unixfs({ blockstore }).addBytes(bytes, {
    cidVersion: 1,
    rawLeaves: true,
    reduceSingleLeafToSelf: true,
    fieldOrder: 'links-first',
    chunker: leaves,
    layout: balanced,
  })
}

/** The CID alone; nothing is kept. */
export function firmwareCid(bytes: Uint8Array): Promise<CID> {
  return addFirmwareFile(new MemoryBlockstore(), bytes)
}

/** undefined where `text` is not a CID. */
export function parseCid(text: string): CID | undefined {
  try {
    return CID.parse(text)
  } catch {
    // CID.parse throws for anything malformed.
    return undefined
  }
}
