// The app's memory in this browser: typed tables over IndexedDB, shared between tabs, never in the way of an update.
import type { HistoryEntry, Stores } from '../../app/ports/store.ts'
import { type ChangeNotices, changeNotices } from './changeNotices.ts'
import { createDatabase } from './database.ts'
import { type Migration, migrations as shipped } from './migrations.ts'
import { type MemoryMark, noMark, openMemory } from './opening.ts'
import { keyOf, type TableName } from './records.ts'
import {
  createTable,
  createValues,
  type InnerTable,
  type StoreContext,
  type StoreProblem,
  unlessGone,
} from './table.ts'

export interface StoreOptions {
  readonly onProblem: (problem: StoreProblem) => void
  readonly name?: string
  readonly migrations?: readonly Migration[]
  readonly mark?: MemoryMark
}

/**
 * Opens lazily. Reads and writes don't reject for want of storage: what can't be stored is kept for this tab's life
 * and told through `onProblem`, because an update under way is worth more than its record.
 */
export function createStores(options: StoreOptions): Stores & { close(): void } {
  const { onProblem, name = 'fob', migrations = shipped, mark = noMark } = options
  const database = createDatabase({ name, migrations, onProblem })
  const notices: ChangeNotices = changeNotices(`${name}-store`)
  const disk = { isWritable: true }
  const context: StoreContext = { database, onProblem, tell: notices.tell, disk }
  const memory = openMemory(database, mark)
  const table = <K extends TableName>(name: K) =>
    createTable(context, {
      name,
      check: async value => (await import('./recordSchemas.ts')).checkRecord(name, value),
      keyOf: keyOf[name],
      // Whom the person trusts must not change without a word.
      keepsUnreadable: name === 'makers',
    })
  const history = table('history')
  return {
    ...memory,
    forgo() {
      disk.isWritable = false
    },
    devices: table('devices'),
    makers: table('makers'),
    readings: table('readings'),
    updates: table('updates'),
    history: { ...history, forDevice: deviceKey => historyOf(context, history, deviceKey) },
    values: createValues(context, 'values'),
    onForeignChange: notices.onForeignChange,
    close() {
      notices.close()
      database.close()
    },
  }
}

async function historyOf(
  context: StoreContext,
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
