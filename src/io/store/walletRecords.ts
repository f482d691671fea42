// What a stored record of the wallet must at least look like: a damaged one is dropped instead of crashing what shows it.
import {
  array,
  bigint,
  boolean,
  type GenericSchema,
  integer,
  is,
  literal,
  looseObject,
  minValue,
  nullable,
  number,
  optional,
  picklist,
  pipe,
  record,
  regex,
  string,
  union,
} from 'valibot'
import type {
  AccountRecord,
  ActivityRecord,
  ContactRecord,
  OwnedDeviceRecord,
  PaymentRecord,
} from '../../app/ports/walletStore.ts'
import { paymentPurposes } from '../../core/wallet/rules.ts'
import { evidence, hex, model } from './recordSchemas.ts'
import type { TableKind } from './table.ts'

export const address = pipe(string(), regex(/^0x[0-9a-f]{40}$/))
export const hash = pipe(string(), regex(/^0x[0-9a-f]{64}$/))
/** Smallest units as decimal text. */
export const amount = pipe(string(), regex(/^\d+$/))
export const count = pipe(number(), integer(), minValue(0))
const time = number()
// Kinds of unions are left open where a later version may have more: its record is still a record.
const kind = looseObject({ kind: string() })

const account = looseObject({
  key: string(),
  name: union([
    looseObject({ kind: literal('owner') }),
    looseObject({ kind: literal('device'), index: count }),
    looseObject({ kind: literal('external'), walletId: string(), walletName: string() }),
  ]),
  address,
  balances: nullable(record(string(), amount)),
  evidence: nullable(evidence),
})

const signedConfig = looseObject({
  version: count,
  epoch: count,
  market: address,
  issuerKey: hex,
  threshold: count,
  attestorKeys: array(hex),
  mayOpen: optional(boolean()),
  ownerSignature: nullable(hex),
  taken: nullable(hex),
})
const report = picklist(['none', 'lost', 'stolen'])
const user = looseObject({ address, expires: time })
const rule = looseObject({
  isOn: boolean(),
  token: nullable(address),
  perPayment: amount,
  perDay: amount,
  payees: array(address),
})
const rules = Object.fromEntries(paymentPurposes.map(purpose => [purpose, rule]))

const owned = looseObject({
  key: string(),
  deviceId: hash,
  devicePublicKey: nullable(hex),
  name: string(),
  model: nullable(model),
  deviceKey: nullable(string()),
  accountIndex: nullable(count),
  account: address,
  generation: count,
  isPaired: boolean(),
  registry: nullable(
    looseObject({
      owner: nullable(address),
      report,
      user: nullable(user),
      filed: count,
      counter: count,
      evidence,
    }),
  ),
  met: nullable(looseObject({ configVersion: count, epoch: count, pairingCounter: count })),
  config: nullable(signedConfig),
  delivered: nullable(signedConfig),
  inherited: count,
  giving: nullable(looseObject({ to: address, deadline: time, code: string() })),
  promised: nullable(count),
  taking: nullable(looseObject({ code: string(), from: address, deadline: time })),
  rules: looseObject(rules),
  spending: array(
    looseObject({ purpose: string(), at: time, token: nullable(address), amount, payee: address }),
  ),
  addedAt: time,
})

const payment = looseObject({
  id: string(),
  network: string(),
  chainId: count,
  from: address,
  accountId: string(),
  nonce: nullable(count),
  raw: nullable(hex),
  hash: nullable(hash),
  sentence: kind,
  createdAt: time,
  replaces: nullable(string()),
  state: union([
    looseObject({ kind: literal('stored'), lastFailure: nullable(kind) }),
    looseObject({ kind: literal('waiting'), since: time }),
    looseObject({ kind: literal('mined'), block: count, succeeded: boolean(), fee: amount }),
    looseObject({ kind: literal('final'), block: count, succeeded: boolean(), fee: amount, evidence }),
    looseObject({ kind: literal('replaced'), by: string() }),
    looseObject({ kind: literal('overtaken') }),
  ]),
})

const activity = looseObject({
  key: string(),
  tokens: array(address),
  movements: array(
    looseObject({
      id: string(),
      at: time,
      block: count,
      transaction: nullable(hash),
      direction: picklist(['in', 'out']),
      token: nullable(address),
      amount: bigint(),
      counterparty: nullable(address),
      fee: bigint(),
      succeeded: boolean(),
    }),
  ),
  fromBlock: count,
  toBlock: count,
  readAt: time,
})

const contact = looseObject({ address, name: string() })

/** `check` trusts the schema for the type, as the port's comment on records says. */
export const tableOf = <T>(
  name: string,
  schema: GenericSchema,
  keyOf: (record: T) => string,
  isStrict = false,
): TableKind<T> => ({
  name,
  check: value => (is(schema, value) ? (value as T) : undefined),
  keyOf,
  isStrict,
})

export const accountsTable = tableOf<AccountRecord>('accounts', account, ({ key }) => key)
export const ownedTable = tableOf<OwnedDeviceRecord>('owned', owned, ({ key }) => key, true)
export const paymentsTable = tableOf<PaymentRecord>('payments', payment, ({ id }) => id, true)
export const activityTable = tableOf<ActivityRecord>('activity', activity, ({ key }) => key)
export const contactsTable = tableOf<ContactRecord>('contacts', contact, contact => contact.address)
