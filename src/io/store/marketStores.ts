// What this browser remembers of paid unlocks: tables of their own in the app's database, loaded with the market.
import type { MarketStores } from '../../app/ports/marketStore.ts'
import { changeNotices } from './changeNotices.ts'
import { createDatabase } from './database.ts'
import { keysTable, lentTable, lettingTable, logsTable, receiptsTable } from './marketRecords.ts'
import { migrations } from './migrations.ts'
import { createTable, type StoreContext, type StoreProblem } from './table.ts'

/** Opens lazily. Writes of `keys`, `receipts` and `logs` are on the disk when they resolve, and reject where they can't be. */
export function createMarketStores({
  onProblem,
  name = 'fob',
}: {
  readonly onProblem: (problem: StoreProblem) => void
  readonly name?: string
}): MarketStores & { close(): void } {
  const database = createDatabase({ name, migrations, onProblem })
  const notices = changeNotices(`${name}-market-store`)
  const disk = { isWritable: true }
  const context: StoreContext = { database, onProblem, tell: notices.tell, disk }
  return {
    keys: createTable(context, keysTable),
    receipts: createTable(context, receiptsTable),
    logs: createTable(context, logsTable),
    lent: createTable(context, lentTable),
    letting: createTable(context, lettingTable),
    onForeignChange: notices.onForeignChange,
    close() {
      notices.close()
      database.close()
    },
  }
}
