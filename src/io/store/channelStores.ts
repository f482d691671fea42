// What this browser remembers of payment channels: tables of their own in the app's database, loaded when they are needed.
import { array, looseObject, nullable, number, optional, string, unknown } from 'valibot'
import type {
  AgreementRecord,
  ChannelStores,
  LedgerRecord,
  PurseRecord,
} from '../../app/ports/channelStore.ts'
import { changeNotices } from './changeNotices.ts'
import { createDatabase } from './database.ts'
import { migrations } from './migrations.ts'
import { hex } from './recordSchemas.ts'
import { createTable, type StoreContext, type StoreProblem } from './table.ts'
import { address, amount, hash, tableOf } from './walletRecords.ts'

const purse = looseObject({
  channelId: hash,
  network: string(),
  payer: address,
  payee: address,
  keyName: nullable(string()),
  terms: unknown(),
  document: unknown(),
  spending: array(looseObject({ day: string(), cid: string(), amount })),
  addedAt: number(),
  paymentId: nullable(string()),
  openedFor: optional(string()),
  closing: optional(looseObject({ amount, consent: nullable(hex), at: number() })),
})

const ledger = looseObject({
  channelId: hash,
  network: string(),
  payer: address,
  payee: address,
  document: unknown(),
  at: number(),
})

const agreement = looseObject({
  cid: string(),
  network: string(),
  payee: address,
  pricePerUnit: amount,
  others: optional(array(looseObject({ payee: address, pricePerUnit: amount }))),
  ceiling: amount,
  before: amount,
  at: number(),
})

/** All writes are on the disk when they resolve, and reject where they can't be: a voucher may only leave after that. */
const pursesTable = tableOf<PurseRecord>('purses', purse, ({ channelId }) => channelId, true)
const ledgersTable = tableOf<LedgerRecord>('ledgers', ledger, ({ channelId }) => channelId, true)
const agreementsTable = tableOf<AgreementRecord>('agreements', agreement, ({ cid }) => cid, true)

/** Opens lazily. */
export function createChannelStores({
  onProblem,
  name = 'fob',
}: {
  readonly onProblem: (problem: StoreProblem) => void
  readonly name?: string
}): ChannelStores & { close(): void } {
  const database = createDatabase({ name, migrations, onProblem })
  const notices = changeNotices(`${name}-channel-store`)
  const disk = { isWritable: true }
  const context: StoreContext = { database, onProblem, tell: notices.tell, disk }
  return {
    purses: createTable(context, pursesTable),
    ledgers: createTable(context, ledgersTable),
    agreements: createTable(context, agreementsTable),
    onForeignChange: notices.onForeignChange,
    close() {
      notices.close()
      database.close()
    },
  }
}
