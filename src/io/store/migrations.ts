// The schema of database `fob`, one step per version. Append only: what shipped is never edited.
import type { IDBPDatabase, IDBPTransaction } from 'idb'

type UpgradeTransaction = IDBPTransaction<unknown, string[], 'versionchange'>

/**
 * Brings a database from the version before to this one. Runs inside the upgrade transaction: it may await only that
 * transaction's requests, or IndexedDB commits it half done.
 */
export type Migration = (db: IDBPDatabase, transaction: UpgradeTransaction) => void | Promise<void>

/** Version n is reached by the first n of these. */
export const migrations: readonly Migration[] = [
  // 1: what the first release stores.
  db => {
    db.createObjectStore('devices', { keyPath: 'key' })
    db.createObjectStore('makers', { keyPath: 'address' })
    db.createObjectStore('readings', { keyPath: 'key' })
    db.createObjectStore('updates', { keyPath: 'deviceKey' })
    db.createObjectStore('history', { keyPath: 'id' }).createIndex('byDevice', ['deviceKey', 'at'])
    db.createObjectStore('values')
  },
  // 2: the wallet.
  db => {
    db.createObjectStore('accounts', { keyPath: 'key' })
    db.createObjectStore('owned', { keyPath: 'key' })
    db.createObjectStore('payments', { keyPath: 'id' })
    db.createObjectStore('activity', { keyPath: 'key' })
    db.createObjectStore('contacts', { keyPath: 'address' })
    db.createObjectStore('walletValues')
  },
  // 3: paid unlocks.
  db => {
    db.createObjectStore('keys', { keyPath: 'id' })
    db.createObjectStore('receipts', { keyPath: 'id' })
    db.createObjectStore('lent', { keyPath: 'id' })
    db.createObjectStore('letting', { keyPath: 'key' })
  },
  // 4: what locks have said, to be anchored. No receipts were kept before that.
  db => {
    db.createObjectStore('logs', { keyPath: 'key' })
  },
  // 5: payment channels.
  db => {
    db.createObjectStore('purses', { keyPath: 'channelId' })
    db.createObjectStore('ledgers', { keyPath: 'channelId' })
    db.createObjectStore('agreements', { keyPath: 'cid' })
  },
]
