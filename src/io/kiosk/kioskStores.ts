// What a kiosk remembers: a database of its own, each write on the disk before it counts, and rejecting where it can't be.
import type { KioskStores } from '../../app/ports/kiosk.ts'
import type { Table } from '../../app/ports/store.ts'
import type { Sale } from '../../core/kiosk/sale.ts'
import { createDatabase } from '../store/database.ts'
import type { Migration } from '../store/migrations.ts'

/** The schema of database `fob-kiosk`. Append only. */
const migrations: readonly Migration[] = [
  db => {
    db.createObjectStore('sales', { keyPath: 'id' })
    db.createObjectStore('values')
  },
]

export function createKioskStores(name = 'fob-kiosk'): KioskStores & { close(): void } {
  // Failures come back from each call, where somebody waits for it.
  const database = createDatabase({ name, migrations, onProblem: () => {} })
  const durable = { durability: 'strict' } as const
  const put = (store: 'sales' | 'values', value: unknown, key?: string) =>
    database.run(async db => {
      const transaction = db.transaction(store, 'readwrite', durable)
      await Promise.all([transaction.store.put(value, key), transaction.done])
    })
  const remove = (store: 'sales' | 'values', key: string) =>
    database.run(async db => {
      const transaction = db.transaction(store, 'readwrite', durable)
      await Promise.all([transaction.store.delete(key), transaction.done])
    })
  const sales: Table<Sale> = {
    get: id => database.run(db => db.get('sales', id)),
    all: () => database.run(db => db.getAll('sales')),
    put: sale => put('sales', sale),
    delete: id => remove('sales', id),
  }
  return {
    sales,
    values: {
      get: key => database.run(db => db.get('values', key)),
      put: (key, value) => put('values', value, key),
      delete: key => remove('values', key),
    },
    close: () => database.close(),
  }
}
