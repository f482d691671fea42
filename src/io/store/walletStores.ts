// What the wallet remembers in this browser: tables of their own in the app's database, loaded with the wallet.
import type { WalletStores } from '../../app/ports/walletStore.ts'
import { changeNotices } from './changeNotices.ts'
import { createDatabase } from './database.ts'
import { migrations } from './migrations.ts'
import { createTable, createValues, type StoreContext, type StoreProblem } from './table.ts'
import { accountsTable, activityTable, contactsTable, ownedTable, paymentsTable } from './walletRecords.ts'

/** The object store behind `values`; the wallet's names must not meet the app's. */
const VALUES = 'walletValues'

/**
 * Opens lazily. Writes of `payments` and `owned` are on the disk when they resolve, and reject where they can't be; all
 * others don't reject for want of storage, and are kept for this tab's life. Both are told through `onProblem`.
 */
export function createWalletStores({
  onProblem,
  name = 'fob',
}: {
  readonly onProblem: (problem: StoreProblem) => void
  readonly name?: string
}): WalletStores & { close(): void } {
  const database = createDatabase({ name, migrations, onProblem })
  const notices = changeNotices(`${name}-wallet-store`)
  const tell = (table: string) => notices.tell(table === VALUES ? 'values' : table)
  const disk = { isWritable: true }
  const context: StoreContext = { database, onProblem, tell, disk }
  return {
    accounts: createTable(context, accountsTable),
    owned: createTable(context, ownedTable),
    payments: createTable(context, paymentsTable),
    activity: createTable(context, activityTable),
    contacts: createTable(context, contactsTable),
    values: createValues(context, VALUES),
    onForeignChange: notices.onForeignChange,
    close() {
      notices.close()
      database.close()
    },
  }
}
