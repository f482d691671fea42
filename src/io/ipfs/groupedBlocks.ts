// The block store in IndexedDB, with one transaction for what comes at the same time: each costs more than a block does.
import { IDBBlockstore } from 'blockstore-idb'
import { type IDBPDatabase, type IDBPObjectStore, openDB, unwrap } from 'idb'
import { base32upper } from 'multiformats/bases/base32'
import type { CID } from 'multiformats/cid'

interface Waiting {
  readonly key: string
  /** null: it goes. */
  readonly bytes: Uint8Array | null
  resolve(): void
  reject(error: unknown): void
}

/** Reads what blockstore-idb 4.0.1 has written, and the other way around. A block is there when `put` resolves. */
export class GroupedBlocks extends IDBBlockstore {
  readonly #name: string
  #database: IDBPDatabase | undefined
  #waiting: Waiting[] = []
  #isWriting = false
  #reading: IDBPObjectStore<unknown, [string], string, 'readonly'> | undefined

  constructor(name: string) {
    super(name)
    this.#name = name
  }

  override async open(): Promise<void> {
    await super.open()
    // A second connection to what the first has made: its own is private.
    this.#database = await openDB(this.#name)
  }

  override async close(): Promise<void> {
    this.#database?.close()
    await super.close()
  }

  override async put(...args: Parameters<IDBBlockstore['put']>): Promise<CID> {
    const [cid, bytes] = args
    if (!(bytes instanceof Uint8Array)) return super.put(...args)
    await this.#change(cid, bytes)
    return cid
  }

  override async delete(cid: CID): Promise<void> {
    await this.#change(cid, null)
  }

  override async has(cid: CID): Promise<boolean> {
    return (await this.#read().getKey(keyOf(cid))) !== undefined
  }

  override async *get(cid: CID): AsyncGenerator<Uint8Array> {
    const bytes: unknown = await this.#read().get(keyOf(cid))
    if (!(bytes instanceof Uint8Array)) throw new BlockNotFound()
    yield bytes
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
          if (bytes) store.put(bytes, key)
          else store.delete(key)
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

/** As blockstore-idb names its keys. */
const keyOf = (cid: CID): string => `/${base32upper.encode(cid.multihash.bytes)}`

class BlockNotFound extends Error {
  override readonly name = 'NotFoundError'
}
