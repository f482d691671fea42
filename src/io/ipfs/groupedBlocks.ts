// The block store in IndexedDB, with one transaction for what comes at the same time: each costs more than a block does.
import { BaseBlockstore } from 'blockstore-core'
import { type IDBPDatabase, type IDBPObjectStore, openDB, unwrap } from 'idb'
import { base32upper } from 'multiformats/bases/base32'
import { CID } from 'multiformats/cid'
import { decode as decodeDigest } from 'multiformats/hashes/digest'
import { concat } from '../../core/bytes.ts'
import { RAW } from '../../core/ipfs/block.ts'
import type { Blockstore } from './stores.ts'

interface Waiting {
  readonly key: string
  /** null: it goes. */
  readonly bytes: Uint8Array | null
  resolve(): void
  reject(error: unknown): void
}

/**
 * A larger block is kept in parts of this. Chromium 156 makes a file of its own out of each value that takes 64 KiB or more with
 * its header, as a leaf does: that costs the page three times as much as two halves.
 */
const PART_BYTES = 32 * 1024

/**
 * A record for the first part of each block, under the key that blockstore-idb 4.0.1 gave to the whole, and one for each other part,
 * under that key and `.` with the part's number in four digits. Whole ones that were kept before are read as they are.
 * A block is there when `put` resolves.
 */
export class GroupedBlocks extends BaseBlockstore {
  readonly #name: string
  #database: IDBPDatabase | undefined
  #waiting: Waiting[] = []
  #isWriting = false
  #reading: IDBPObjectStore<unknown, [string], string, 'readonly'> | undefined

  constructor(name: string) {
    super()
    this.#name = name
  }

  async open(): Promise<void> {
    const name = this.#name
    this.#database = await openDB(name, 1, {
      upgrade(database) {
        database.createObjectStore(name)
      },
    })
  }

  close(): void {
    this.#database?.close()
  }

  override async put(...[cid, bytes]: Parameters<Blockstore['put']>): Promise<CID> {
    await this.#change(cid, bytes instanceof Uint8Array ? bytes : await gather(bytes))
    return cid
  }

  override async delete(cid: CID): Promise<void> {
    await this.#change(cid, null)
  }

  override async has(cid: CID): Promise<boolean> {
    return (await this.#read().getKey(keyOf(cid))) !== undefined
  }

  override async *get(cid: CID): AsyncGenerator<Uint8Array> {
    const parts: unknown[] = await this.#read().getAll(allPartsOf(keyOf(cid)))
    if (parts.length === 0) throw new BlockNotFound()
    for (const part of parts) if (part instanceof Uint8Array) yield part
  }

  override async *getAll(): AsyncGenerator<{ cid: CID; bytes: AsyncGenerator<Uint8Array> }> {
    for (const key of await this.#read().getAllKeys()) {
      const cid = cidOf(String(key))
      if (cid) yield { cid, bytes: this.get(cid) }
    }
  }

  #change(cid: CID, bytes: Uint8Array | null): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ key: keyOf(cid), bytes, resolve, reject })
      if (!this.#isWriting) void this.#write()
    })
  }

  /** Those that come while a transaction is being written are the next one's. */
  async #write(): Promise<void> {
    this.#isWriting = true
    while (this.#waiting.length > 0) {
      const group = this.#waiting
      this.#waiting = []
      try {
        const transaction = this.begin('readwrite')
        // Without idb's listeners on each request: the transaction tells what became of them all.
        const store = unwrap(transaction.objectStore(this.#name))
        for (const { key, bytes } of group) {
          if (bytes) putParts(store, key, bytes)
          else store.delete(allPartsOf(key))
        }
        transaction.commit()
        await transaction.done
        for (const { resolve } of group) resolve()
      } catch (error) {
        for (const { reject } of group) reject(error)
      }
    }
    this.#isWriting = false
  }

  /** The same transaction for everything that is asked in one go. */
  #read() {
    if (!this.#reading) {
      this.#reading = this.begin('readonly').objectStore(this.#name)
    }
    void Promise.resolve().then(() => {
      this.#reading = undefined
    })
    return this.#reading
  }

  /** Throws where the database is gone: site data was cleared. */
  private begin<Mode extends 'readonly' | 'readwrite'>(mode: Mode) {
    if (!this.#database) throw new Error('the block store is not open')
    // A closed tab loses nothing by it, a power cut the last blocks.
    const transaction = this.#database.transaction(this.#name, mode, { durability: 'relaxed' })
    // Not everybody waits for its end.
    transaction.done.catch(() => undefined)
    return transaction
  }
}

function putParts(store: IDBObjectStore, key: string, bytes: Uint8Array): void {
  store.put(bytes.slice(0, PART_BYTES), key)
  for (let start = PART_BYTES, part = 1; start < bytes.length; start += PART_BYTES, part++) {
    // A slice, for a view would be kept with all that it is a view of.
    store.put(bytes.slice(start, start + PART_BYTES), `${key}.${String(part).padStart(4, '0')}`)
  }
}

async function gather(parts: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = []
  for await (const part of parts) all.push(part)
  return concat(...all)
}

/** A multihash in upper-case base 32 with the prefix of its multibase, after a slash: as blockstore-idb names them. */
const keyOf = (cid: CID): string => `/${base32upper.encode(cid.multihash.bytes)}`

/** undefined for the key of a part that is not a block's first. Which codec a block was linked with is not kept: all are raw. */
const cidOf = (key: string): CID | undefined =>
  key.includes('.') ? undefined : CID.createV1(RAW, decodeDigest(base32upper.decode(key.slice(1))))

const allPartsOf = (key: string): IDBKeyRange => IDBKeyRange.bound(key, `${key}.9999`)

class BlockNotFound extends Error {
  override readonly name = 'NotFoundError'
}
