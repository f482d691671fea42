// Where sealed vaults and lock keys are stored: an IndexedDB database of their own, each write on the disk before it counts.
import type { StorageFailure } from '../../app/ports/vault.ts'
import { fail, ok, type Result } from '../../core/result.ts'
import { createDatabase, DatabaseGone } from '../store/database.ts'
import type { Migration } from '../store/migrations.ts'

/** Single values by name. Each call is one transaction; it rejects where the browser refuses. */
export interface KeyStore {
  get(key: string): Promise<unknown>
  put(key: string, value: unknown): Promise<void>
  /** Stores `value` unless there is one already; what is stored then. */
  getOrPut(key: string, value: unknown): Promise<unknown>
  delete(key: string): Promise<void>
  close(): void
}

/** The schema of database `fob-keys`. Append only. */
const migrations: readonly Migration[] = [
  db => {
    db.createObjectStore('keys')
  },
]

export function openKeyStore(name = 'fob-keys'): KeyStore {
  // Failures come back from each call, where somebody waits for it; there is nothing to tell besides.
  const database = createDatabase({ name, migrations, onProblem: () => {} })
  const write = { durability: 'strict' } as const
  return {
    get: key => database.run(db => db.get('keys', key)),
    put: (key, value) =>
      database.run(async db => {
        const transaction = db.transaction('keys', 'readwrite', write)
        await Promise.all([transaction.store.put(value, key), transaction.done])
      }),
    getOrPut: (key, value) =>
      database.run(async db => {
        const transaction = db.transaction('keys', 'readwrite', write)
        const stored: unknown = await transaction.store.get(key)
        if (stored === undefined) await transaction.store.put(value, key)
        await transaction.done
        return stored ?? value
      }),
    delete: key =>
      database.run(async db => {
        const transaction = db.transaction('keys', 'readwrite', write)
        await Promise.all([transaction.store.delete(key), transaction.done])
      }),
    close: () => database.close(),
  }
}

/** Runs `task`, and returns as a failure what browsers throw where storage is full or gone. */
export async function stored<T>(task: () => Promise<T>): Promise<Result<T, StorageFailure>> {
  try {
    return ok(await task())
  } catch (error) {
    if (error instanceof DOMException && error.name === 'QuotaExceededError') {
      return fail({ kind: 'vaultStorageFull' })
    }
    if (error instanceof DOMException || error instanceof DatabaseGone) {
      return fail({ kind: 'vaultStorageUnavailable', detail: String(error) })
    }
    throw error
  }
}
