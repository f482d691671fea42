// Tables over one database: checked when they are read, shared between tabs, and what is done where nothing can be stored.
import type { IDBPObjectStore } from 'idb'
import type { Table } from '../../app/ports/store.ts'
import { type Database, DatabaseGone, type DatabaseProblem } from './database.ts'

export type StoreProblem =
  | DatabaseProblem
  /** A record that could not be read was removed. */
  | { readonly kind: 'recordDropped'; readonly table: string; readonly key: string }
  /** A record can't be read, and is left as it is: what it says matters too much, and another version may read it. */
  | { readonly kind: 'recordUnreadable'; readonly table: string; readonly key: string }
  /** The quota is used up: from here on this tab remembers in memory only. */
  | { readonly kind: 'storageFull' }

export interface StoreContext {
  readonly database: Database
  readonly onProblem: (problem: StoreProblem) => void
  readonly tell: (table: string) => void
  readonly disk: DiskUse
}

/**
 * Begins as writable. Once something could not be read, nothing is written any more until it was: a default would
 * otherwise take the place of what only could not be seen for a moment.
 */
interface DiskUse {
  isWritable: boolean
}

export interface TableKind<T> {
  /** Of the object store. */
  readonly name: string
  /** The record where it has the table's shape, undefined for anything else. */
  check(value: unknown): T | undefined | Promise<T | undefined>
  /** The property that is the table's key; a record is stored under it. */
  keyOf(record: T): string
  /**
   * Writes are on the disk when they resolve, and reject where they can't be; nothing is kept in memory instead. For what
   * must not be believed to be stored: money that is about to leave.
   */
  readonly isStrict?: boolean
  /** A record that can't be read stays where it is, and is told; in strict tables always. */
  readonly keepsUnreadable?: boolean
}

/** What could not be written; null stands for a deletion. */
type Unsaved<T> = Map<string, { readonly value: T } | null>

export interface InnerTable<T> extends Table<T> {
  readonly unsaved: Unsaved<T>
  accept(value: unknown, key: string): Promise<T | undefined>
}

export function createTable<T>(context: StoreContext, kind: TableKind<T>): InnerTable<T> {
  const { database, onProblem, tell } = context
  const { name, check, keyOf, isStrict = false, keepsUnreadable = isStrict } = kind
  const unsaved: Unsaved<T> = new Map()
  const write = (key: string, entry: { readonly value: T } | null, task: WriteTask) =>
    isStrict ? writeToDisk(context, name, task) : writeOrKeep(context, name, unsaved, key, entry, task)

  /** Shape and key must be right; the key in the record could otherwise lead to another's. */
  async function accept(value: unknown, key: string): Promise<T | undefined> {
    const record = await check(value)
    if (record && keyOf(record) === key) return record
    if (keepsUnreadable) {
      onProblem({ kind: 'recordUnreadable', table: name, key })
      return undefined
    }
    if (!context.disk.isWritable) return undefined
    await database.run(db => db.delete(name, key))
    onProblem({ kind: 'recordDropped', table: name, key })
    return undefined
  }

  return {
    unsaved,
    accept,
    async get(key) {
      const kept = unsaved.get(key)
      if (kept !== undefined) return kept?.value
      return unlessGone(context, undefined, async () => {
        const value: unknown = await database.run(db => db.get(name, key))
        return value === undefined ? undefined : accept(value, key)
      })
    },
    async all() {
      const records = new Map<string, T>()
      await unlessGone(context, undefined, async () => {
        // Both in one transaction, or a write between them would pair keys with others' values.
        const [keys, values] = await database.run(async db => {
          const { store } = db.transaction(name)
          return Promise.all([store.getAllKeys(), store.getAll()])
        })
        for (const [i, key] of keys.entries()) {
          const record = await accept(values[i], String(key))
          if (record) records.set(String(key), record)
        }
      })
      for (const [key, kept] of unsaved) {
        if (kept) records.set(key, kept.value)
        else records.delete(key)
      }
      return [...records.values()]
    },
    async put(record) {
      await write(keyOf(record), { value: record }, store => store.put(record))
      tell(name)
    },
    async delete(key) {
      await write(key, null, store => store.delete(key))
      tell(name)
    },
  }
}

export interface Values {
  get<T>(key: string): Promise<T | undefined>
  put(key: string, value: unknown): Promise<void>
  delete(key: string): Promise<void>
}

/** Small singletons by name, in an object store without a key path. */
export function createValues(context: StoreContext, name: string): Values {
  const { database, tell } = context
  const unsaved: Unsaved<unknown> = new Map()
  return {
    async get<T>(key: string) {
      const kept = unsaved.get(key)
      const value: unknown =
        kept === undefined
          ? await unlessGone(context, undefined, () => database.run(db => db.get(name, key)))
          : kept?.value
      // The caller knows what it stored under its own key.
      return value as T | undefined
    },
    async put(key, value) {
      await writeOrKeep(context, name, unsaved, key, { value }, store => store.put(value, key))
      tell(name)
    },
    async delete(key) {
      await writeOrKeep(context, name, unsaved, key, null, store => store.delete(key))
      tell(name)
    },
  }
}

type WriteTask = (store: IDBPObjectStore<unknown, string[], string, 'readwrite'>) => Promise<unknown>

async function writeIn(
  database: Database,
  name: string,
  durability: IDBTransactionDurability,
  task: WriteTask,
): Promise<void> {
  await database.run(async db => {
    const transaction = db.transaction([name], 'readwrite', { durability })
    await Promise.all([task(transaction.objectStore(name)), transaction.done])
  })
}

/** Rejects where it could not be written, and tells what is wrong besides, as for every other table. */
async function writeToDisk(
  { database, onProblem, disk }: StoreContext,
  name: string,
  task: WriteTask,
): Promise<void> {
  if (!disk.isWritable) throw new DatabaseGone('what is stored could not be read')
  try {
    await writeIn(database, name, 'strict', task)
  } catch (error) {
    const trouble = troubleOf(error)
    if (trouble) onProblem(trouble)
    throw error
  }
}

async function writeOrKeep<T>(
  { database, onProblem, disk }: StoreContext,
  name: string,
  unsaved: Unsaved<T>,
  key: string,
  entry: { readonly value: T } | null,
  task: WriteTask,
): Promise<void> {
  if (!disk.isWritable) return void unsaved.set(key, entry)
  try {
    await writeIn(database, name, 'default', task)
    unsaved.delete(key)
  } catch (error) {
    const trouble = troubleOf(error)
    unsaved.set(key, entry)
    if (trouble) onProblem(trouble)
  }
}

/** `otherwise` where the database is gone or fails, which is told; nothing is written over what could not be read. */
export async function unlessGone<T>(
  { onProblem, disk }: StoreContext,
  otherwise: T,
  task: () => Promise<T>,
): Promise<T> {
  try {
    return await task()
  } catch (error) {
    const trouble = troubleOf(error)
    disk.isWritable = false
    if (trouble) onProblem(trouble)
    return otherwise
  }
}

/** These say that the caller handed in what can't be stored. */
const mistakes: ReadonlySet<string> = new Set(['DataCloneError', 'DataError', 'NotFoundError'])

/** What to tell of it: null where it was told already. Throws what is a bug and no want of storage. */
function troubleOf(error: unknown): StoreProblem | null {
  if (error instanceof DatabaseGone) return null
  if (!(error instanceof DOMException) || mistakes.has(error.name)) throw error
  if (error.name === 'QuotaExceededError') return { kind: 'storageFull' }
  // A disk that fails, a profile that is damaged, a transaction that the browser gave up.
  return { kind: 'storeUnavailable', detail: `${error.name}: ${error.message}` }
}
