// The block store in IndexedDB, with one transaction for what comes at the same time: each costs more than a block does.
import { IDBBlockstore } from 'blockstore-idb'
import { type IDBPDatabase, openDB } from 'idb'
import { base32upper } from 'multiformats/bases/base32'
import type { CID } from 'multiformats/cid'

interface Waiting {
  readonly key: string
  readonly bytes: Uint8Array
  resolve(): void
  reject(error: unknown): void
}

/** Reads what blockstore-idb 4.0.1 has written, and the other way around. A block is there when `put` resolves. */
export class GroupedBlocks extends IDBBlockstore {
  readonly #name: string
  #database: IDBPDatabase | undefined
  #waiting: Waiting[] = []
  #isWriting = false
  #reading: ReturnType<GroupedBlocks['begin']> | undefined

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
    await new Promise<void>((resolve, reject) => {
      this.#waiting.push({ key: keyOf(cid), bytes, resolve, reject })
      if (!this.#isWriting) void this.#write()
    })
    return cid
  }

  override async has(cid: CID): Promise<boolean> {
    return (await this.#read().getKey(keyOf(cid))) !== undefined
  }

  override async *get(cid: CID): AsyncGenerator<Uint8Array> {
    const bytes: unknown = await this.#read().get(keyOf(cid))
    if (!(bytes instanceof Uint8Array)) throw new BlockNotFound()
    yield bytes
  }

  /** Those that come while a transaction is being written are the next one's. */
  async #write(): Promise<void> {
    this.#isWriting = true
    while (this.#waiting.length > 0) {
      const group = this.#waiting
      this.#waiting = []
      try {
        const { store, done } = this.begin('readwrite')
        // The transaction tells what became of them all.
        for (const { key, bytes } of group) store.put(bytes, key).catch(() => undefined)
        await done
        for (const { resolve } of group) resolve()
      } catch (error) {
        for (const { reject } of group) reject(error)
      }
    }
    this.#isWriting = false
  }

  /** The same transaction for everything that is asked in one go. */
  #read() {
    this.#reading ??= this.begin('readonly')
    const { store } = this.#reading
    void Promise.resolve().then(() => {
      this.#reading = undefined
    })
    return store
  }

  /** Throws where the database is gone: site data was cleared. */
  private begin(mode: 'readonly' | 'readwrite') {
    if (!this.#database) throw new Error('the block store is not open')
    return openTransaction(this.#database, this.#name, mode)
  }
}

function openTransaction(database: IDBPDatabase, name: string, mode: 'readonly' | 'readwrite') {
  const transaction = database.transaction(name, mode, { durability: 'relaxed' })
  const { done } = transaction
  // Of a reading one nobody waits for the end.
  if (mode === 'readonly') done.catch(() => undefined)
  const store = transaction.objectStore(name)
  return {
    done,
    store: {
      get: (key: string): Promise<unknown> => store.get(key),
      getKey: (key: string) => store.getKey(key),
      put: async (bytes: Uint8Array, key: string) => store.put?.(bytes, key),
    },
  }
}

/** As blockstore-idb names its keys. */
const keyOf = (cid: CID): string => `/${base32upper.encode(cid.multihash.bytes)}`

class BlockNotFound extends Error {
  override readonly name = 'NotFoundError'
}
