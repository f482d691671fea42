// The app's memory in this browser: typed tables over IndexedDB, shared between tabs, never in the way of an update.
import type { HistoryEntry, Stores, Table } from '../../app/ports/store.ts'
import { createDatabase, type Database, DatabaseGone, type DatabaseProblem } from './database.ts'
import { type Migration, migrations as shipped } from './migrations.ts'
import { checkRecord, keyOf, type TableName, type TableRecords } from './records.ts'

export type StoreProblem =
  | DatabaseProblem
  /** A record that could not be read was removed. */
  | { readonly kind: 'recordDropped'; readonly table: string; readonly key: string }
  /** The quota is used up: from here on this tab remembers in memory only. */
  | { readonly kind: 'storageFull' }

export interface StoreOptions {
  readonly onProblem: (problem: StoreProblem) => void
  readonly name?: string
  readonly migrations?: readonly Migration[]
}

/**
 * Opens lazily. Reads and writes don't reject for want of storage: what can't be stored is kept for this tab's life
 * and told through `onProblem`, because an update under way is worth more than its record.
 */
export function createStores(options: StoreOptions): Stores & { close(): void } {
  const { onProblem, name = 'fob', migrations = shipped } = options
  const database = createDatabase({ name, migrations, onProblem })
  const channel = new BroadcastChannel(`${name}-store`)
  const listeners = new Set<(table: string) => void>()
  channel.onmessage = event => {
    if (typeof event.data === 'string') for (const listener of listeners) listener(event.data)
  }

  const context: Context = { database, onProblem, tell: table => channel.postMessage(table) }
  const history = createTable(context, 'history')
  return {
    devices: createTable(context, 'devices'),
    makers: createTable(context, 'makers'),
    readings: createTable(context, 'readings'),
    updates: createTable(context, 'updates'),
    history: { ...history, forDevice: deviceKey => historyOf(context, history, deviceKey) },
    values: createValues(context),
    onForeignChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close() {
      channel.close()
      database.close()
    },
  }
}

interface Context {
  readonly database: Database
  readonly onProblem: (problem: StoreProblem) => void
  readonly tell: (table: string) => void
}

/** What could not be written; null stands for a deletion. */
type Unsaved<T> = Map<string, { readonly value: T } | null>

interface InnerTable<T> extends Table<T> {
  readonly unsaved: Unsaved<T>
  accept(value: unknown, key: string): Promise<T | undefined>
}

function createTable<K extends TableName>(context: Context, table: K): InnerTable<TableRecords[K]> {
  type Item = TableRecords[K]
  const { database, onProblem, tell } = context
  const unsaved: Unsaved<Item> = new Map()

  /** Shape and key must be right; the key in the record could otherwise lead to another's. */
  async function accept(value: unknown, key: string): Promise<Item | undefined> {
    const record = checkRecord(table, value)
    if (record && keyOf[table](record) === key) return record
    await database.run(db => db.delete(table, key))
    onProblem({ kind: 'recordDropped', table, key })
    return undefined
  }

  return {
    unsaved,
    accept,
    async get(key) {
      const kept = unsaved.get(key)
      if (kept !== undefined) return kept?.value
      return unlessGone(context, undefined, async () => {
        const value: unknown = await database.run(db => db.get(table, key))
        return value === undefined ? undefined : accept(value, key)
      })
    },
    async all() {
      const records = new Map<string, Item>()
      await unlessGone(context, undefined, async () => {
        // Both in one transaction, or a write between them would pair keys with others' values.
        const [keys, values] = await database.run(async db => {
          const { store } = db.transaction(table)
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
      const key = keyOf[table](record)
      await write(context, unsaved, key, { value: record }, db => db.put(table, record))
      tell(table)
    },
    async delete(key) {
      await write(context, unsaved, key, null, db => db.delete(table, key))
      tell(table)
    },
  }
}

async function historyOf(
  context: Context,
  table: InnerTable<HistoryEntry>,
  deviceKey: string,
): Promise<readonly HistoryEntry[]> {
  const entries = new Map<string, HistoryEntry>()
  await unlessGone(context, undefined, async () => {
    const range = IDBKeyRange.bound([deviceKey], [deviceKey, []])
    const found: unknown[] = await context.database.run(db =>
      db.getAllFromIndex('history', 'byDevice', range),
    )
    for (const value of found) {
      const key = typeof value === 'object' && value !== null && 'id' in value ? String(value.id) : ''
      const entry = await table.accept(value, key)
      if (entry) entries.set(key, entry)
    }
  })
  for (const [key, kept] of table.unsaved) {
    if (kept?.value.deviceKey === deviceKey) entries.set(key, kept.value)
    else if (kept === null) entries.delete(key)
  }
  return [...entries.values()].sort((a, b) => b.at - a.at)
}

function createValues(context: Context): Stores['values'] {
  const { database, tell } = context
  const unsaved: Unsaved<unknown> = new Map()
  return {
    async get<T>(key: string) {
      const kept = unsaved.get(key)
      const value: unknown =
        kept === undefined
          ? await unlessGone(context, undefined, () => database.run(db => db.get('values', key)))
          : kept?.value
      // The caller knows what it stored under its own key.
      return value as T | undefined
    },
    async put(key, value) {
      await write(context, unsaved, key, { value }, db => db.put('values', value, key))
      tell('values')
    },
    async delete(key) {
      await write(context, unsaved, key, null, db => db.delete('values', key))
      tell('values')
    },
  }
}

async function write<T>(
  { database, onProblem }: Context,
  unsaved: Unsaved<T>,
  key: string,
  entry: { readonly value: T } | null,
  task: Parameters<typeof database.run<unknown>>[0],
): Promise<void> {
  try {
    await database.run(task)
    unsaved.delete(key)
  } catch (error) {
    const trouble = troubleOf(error)
    unsaved.set(key, entry)
    if (trouble) onProblem(trouble)
  }
}

async function unlessGone<T>({ onProblem }: Context, otherwise: T, task: () => Promise<T>): Promise<T> {
  try {
    return await task()
  } catch (error) {
    const trouble = troubleOf(error)
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
