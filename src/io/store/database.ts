// One IndexedDB connection that survives what browsers do to it: other tabs with other versions, eviction, termination.
import { type IDBPDatabase, openDB } from 'idb'
import type { Migration } from './migrations.ts'

export type DatabaseProblem =
  /** An older tab keeps the old version open; this one goes on when that is closed. */
  | { readonly kind: 'storeBlocked' }
  /** A newer version of the app took the database over, or has already: this tab must be reloaded to store anything. */
  | { readonly kind: 'storeOutdated' }
  /** The browser gives no database (private window, blocked site data, damaged profile). */
  | { readonly kind: 'storeUnavailable'; readonly detail: string }

export interface Database {
  /** Runs `task` on the open connection, opening it (again) where needed. Rejects with DatabaseGone when there is none. */
  run<T>(task: (db: IDBPDatabase) => Promise<T>): Promise<T>
  close(): void
}

/** There is no database for now; what it stood in the way of can't be stored. */
export class DatabaseGone extends Error {
  override readonly name = 'DatabaseGone'
}

export interface DatabaseOptions {
  readonly name: string
  readonly migrations: readonly Migration[]
  readonly onProblem: (problem: DatabaseProblem) => void
}

export function createDatabase({ name, migrations, onProblem }: DatabaseOptions): Database {
  let opening: Promise<IDBPDatabase> | undefined
  let isOutdated = false
  let isUnavailable = false
  let isClosed = false

  async function open(): Promise<IDBPDatabase> {
    let mistake: unknown
    try {
      const db = await openVersion(error => {
        mistake = error
      })
      isUnavailable = false
      return db
    } catch (openError) {
      const error = mistake ?? openError
      opening = undefined
      if (error instanceof DOMException && error.name === 'VersionError') {
        isOutdated = true
        onProblem({ kind: 'storeOutdated' })
      } else if (!isUnavailable) {
        // Said once, however many records are read and written meanwhile.
        isUnavailable = true
        onProblem({ kind: 'storeUnavailable', detail: String(error) })
      }
      throw new DatabaseGone(String(error), { cause: error })
    }
  }

  // Async: what browsers throw at once would otherwise be kept as the connection, and never be tried again.
  async function openVersion(onMistake: (error: unknown) => void): Promise<IDBPDatabase> {
    return openDB(name, migrations.length, {
      async upgrade(db, oldVersion, _newVersion, transaction) {
        try {
          for (const migrate of migrations.slice(oldVersion)) await migrate(db, transaction)
        } catch (error) {
          // idb awaits no promise here: without this the half-done step would be committed under the new version.
          onMistake(error)
          transaction.done.catch(() => {})
          transaction.abort()
        }
      },
      blocked: () => onProblem({ kind: 'storeBlocked' }),
      blocking: (_current, newVersion, event) => {
        // Not closing would keep the other tab waiting for as long as this one lives.
        const { target } = event
        if (target instanceof IDBDatabase) target.close()
        opening = undefined
        // No new version: the database was deleted, and the next use makes an empty one.
        if (newVersion === null) return
        isOutdated = true
        onProblem({ kind: 'storeOutdated' })
      },
      // The browser ended the connection (eviction, a crashed storage process): the next use opens a new one.
      terminated: () => {
        opening = undefined
      },
    })
  }

  async function connection(): Promise<IDBPDatabase> {
    if (isClosed) throw new DatabaseGone('closed')
    if (isOutdated) throw new DatabaseGone('a newer version of the app has the database')
    opening ??= open()
    return opening
  }

  return {
    async run(task) {
      const db = await connection()
      try {
        return await task(db)
      } catch (error) {
        // A connection that closed under us says so by this name only; once more on a new one, if there may be one.
        if (!(error instanceof DOMException) || error.name !== 'InvalidStateError') throw error
        opening = undefined
        return task(await connection())
      }
    },
    close() {
      isClosed = true
      void opening?.then(
        db => db.close(),
        () => {},
      )
    },
  }
}
