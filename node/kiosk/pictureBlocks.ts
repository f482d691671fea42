// Pictures that a box keeps for its owners, as the blocks of which their CIDs speak: what its gateway gives to kiosks and buyers.
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { CID } from 'multiformats/cid'
import type { Bytes } from '../../src/core/bytes.ts'
import { layOutFile } from '../../src/core/ipfs/unixfs.ts'
import { readFileIfThere, writeFileWhole } from '../files.ts'
import type { BlockSource } from '../seed/gateway.ts'

export class PictureBlocks implements BlockSource {
  readonly #directory: string
  /** By block, the picture that it is of. */
  readonly #files = new Map<string, string>()

  /** `isNamed`: whether a catalogue still has it; the others are removed. */
  constructor(directory: string, isNamed: (cid: string) => boolean) {
    this.#directory = directory
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    for (const cid of readdirSync(directory)) {
      const bytes = isNamed(cid) ? readFileIfThere(join(directory, cid)) : undefined
      if (bytes) this.#index(bytes)
      else rmSync(join(directory, cid), { force: true })
    }
  }

  /** Throws where it can't be written. */
  put(bytes: Bytes): void {
    const { root } = layOutFile(bytes)
    writeFileWhole(join(this.#directory, root.toString()), bytes, 0o600)
    this.#index(bytes)
  }

  has(cid: CID): boolean {
    return this.#files.has(cid.toString())
  }

  *get(cid: CID): Iterable<Uint8Array> {
    const file = this.#files.get(cid.toString())
    const bytes = file === undefined ? undefined : readFileIfThere(join(this.#directory, file))
    const block = bytes && layOutFile(bytes).blocks.find(each => each.cid.equals(cid))
    if (!block) throw new Error(`${cid.toString()} is not here`)
    yield block.bytes
  }

  #index(bytes: Uint8Array): void {
    const { root, blocks } = layOutFile(bytes)
    for (const { cid } of blocks) this.#files.set(cid.toString(), root.toString())
  }
}
