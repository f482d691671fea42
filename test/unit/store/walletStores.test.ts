// The wallet's tables through their public face: what is stored, what is on the disk, upgrades, damage, several tabs.
import 'fake-indexeddb/auto'
import { openDB } from 'idb'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type {
  AccountRecord,
  ActivityRecord,
  OwnedDeviceRecord,
  PaymentRecord,
  WalletStores,
} from '../../../src/app/ports/walletStore.ts'
import type { DeviceId } from '../../../src/core/identity.ts'
import type { Evidence } from '../../../src/core/registry/evidence.ts'
import { noRules } from '../../../src/core/wallet/rules.ts'
import { createDatabase } from '../../../src/io/store/database.ts'
import { migrations } from '../../../src/io/store/migrations.ts'
import { createStores } from '../../../src/io/store/stores.ts'
import type { StoreProblem } from '../../../src/io/store/table.ts'
import { createWalletStores } from '../../../src/io/store/walletStores.ts'

const opened: { close(): void }[] = []
afterEach(() => {
  vi.restoreAllMocks()
  for (const stores of opened.splice(0)) stores.close()
})

let count = 0
const freshName = () => `fob-wallet-${++count}`

function openTab(name: string) {
  const problems: StoreProblem[] = []
  const stores = createWalletStores({ name, onProblem: problem => problems.push(problem) })
  opened.push(stores)
  return { stores, problems }
}

const address = `0x${'11'.repeat(20)}` as const
const other = `0x${'22'.repeat(20)}` as const
const word = `0x${'ab'.repeat(32)}` as const

const evidence: Evidence = {
  level: 'proven',
  block: { number: 7, hash: word, timestamp: 1_700_000_000 },
  endpoints: [{ host: 'one.example', verdict: 'agreed' }],
  verifiedAt: 1_700_000_001,
}

const account: AccountRecord = {
  key: '1/0xreg/device/3',
  name: { kind: 'device', index: 3 },
  address,
  balances: { coin: '1000000000000000000', [other]: '5' },
  evidence,
}

const signed = {
  version: 1,
  epoch: 0,
  market: other,
  issuerKey: word,
  threshold: 0,
  attestorKeys: [],
  ownerSignature: word,
  taken: null,
}

const owned: OwnedDeviceRecord = {
  key: `1/0xreg/${word}`,
  deviceId: word as DeviceId,
  devicePublicKey: word,
  name: 'Front door',
  model: { maker: address, name: 'Lock One', hardware: 'A' },
  deviceKey: 'd1',
  accountIndex: 3,
  account: address,
  generation: 0,
  isPaired: true,
  registry: {
    owner: other,
    report: 'lost',
    user: { address, expires: 9 },
    filed: 1,
    counter: 2,
    evidence,
  },
  met: { configVersion: 1, epoch: 0, pairingCounter: 1 },
  config: signed,
  delivered: null,
  inherited: 0,
  giving: { to: other, deadline: 5, code: 'fob:give' },
  promised: 1,
  taking: null,
  rules: noRules,
  spending: [{ purpose: 'serving', at: 3, token: null, amount: '7', payee: other }],
  addedAt: 1,
}

const payment: PaymentRecord = {
  id: 'p1',
  network: '1/0xreg',
  chainId: 1,
  from: address,
  accountId: 'owner',
  nonce: 4,
  raw: '0x02ab',
  hash: word,
  sentence: {
    kind: 'transfer',
    to: { address: other, name: null },
    amount: { value: 10n ** 30n, token: null, symbol: 'ETH', decimals: 18 },
  },
  createdAt: 1,
  replaces: null,
  state: { kind: 'stored', lastFailure: { kind: 'nonceTooLow' } },
}

const activity: ActivityRecord = {
  key: '1/0xreg/0x11',
  tokens: [other],
  movements: [
    {
      id: `${word}/0`,
      at: 1,
      block: 7,
      transaction: word,
      direction: 'out',
      token: null,
      amount: 1n << 200n,
      counterparty: other,
      fee: 21_000n,
      succeeded: true,
    },
  ],
  fromBlock: 0,
  toBlock: 7,
  readAt: 2,
}

const contact = { address: other, name: 'Ann' }

async function fill(stores: WalletStores): Promise<void> {
  await stores.accounts.put(account)
  await stores.owned.put(owned)
  await stores.payments.put(payment)
  await stores.activity.put(activity)
  await stores.contacts.put(contact)
  await stores.values.put('nextDeviceIndex', 4)
}

describe('what was put', () => {
  test('comes back after a restart, amounts beyond any number of JavaScript included', async () => {
    const name = freshName()
    const first = openTab(name)
    await fill(first.stores)
    first.stores.close()

    const { stores, problems } = openTab(name)
    expect(await stores.accounts.all()).toEqual([account])
    expect(await stores.owned.get(owned.key)).toEqual(owned)
    expect(await stores.payments.get('p1')).toEqual(payment)
    expect(await stores.activity.get(activity.key)).toEqual(activity)
    expect(await stores.contacts.all()).toEqual([contact])
    expect(await stores.values.get('nextDeviceIndex')).toBe(4)
    expect(problems).toEqual([])
  })

  test('is not mixed with the app’s own values of the same name', async () => {
    const name = freshName()
    const app = createStores({ name, onProblem: () => {} })
    opened.push(app)
    const { stores } = openTab(name)
    await app.values.put('settings', 'of the app')
    await stores.values.put('settings', 'of the wallet')
    expect(await app.values.get('settings')).toBe('of the app')
    expect(await stores.values.get('settings')).toBe('of the wallet')
  })

  const states: PaymentRecord['state'][] = [
    { kind: 'stored', lastFailure: null },
    { kind: 'waiting', since: 1 },
    { kind: 'mined', block: 2, succeeded: true, fee: '3' },
    { kind: 'final', block: 2, succeeded: false, fee: '3', evidence },
    { kind: 'replaced', by: 'p2' },
    { kind: 'overtaken' },
  ]
  test.each(states)('is given back for a payment in state $kind', async state => {
    const { stores, problems } = openTab(freshName())
    await stores.payments.put({ ...payment, state, nonce: null, raw: null, hash: null })
    expect((await stores.payments.get('p1'))?.state).toEqual(state)
    expect(problems).toEqual([])
  })
})

describe('an upgrade from the version without a wallet', () => {
  test('keeps every record, and the wallet’s tables are there', async () => {
    const name = freshName()
    const old = createDatabase({ name, migrations: migrations.slice(0, 1), onProblem: () => {} })
    const maker = { address, name: 'Acme', pinnedAt: 5, from: 'qr', domain: null, models: [] }
    await old.run(async db => {
      await db.put('makers', maker)
      await db.put('values', { network: 'pinned' }, 'network')
      await db.put('history', { id: 'h', deviceKey: 'd', at: 1, event: { kind: 'checked', decision: 'x' } })
    })
    old.close()

    const { stores, problems } = openTab(name)
    await fill(stores)
    const app = createStores({ name, onProblem: problem => problems.push(problem) })
    opened.push(app)
    expect(await app.makers.all()).toEqual([maker])
    expect(await app.values.get('network')).toEqual({ network: 'pinned' })
    expect((await app.history.forDevice('d')).map(({ id }) => id)).toEqual(['h'])
    expect(await stores.owned.all()).toEqual([owned])
    expect(problems).toEqual([])
  })
})

describe('payments and owned devices', () => {
  test('are written through to the disk, and nothing else waits for it', async () => {
    const transactions: { tables: unknown; durability: unknown }[] = []
    const original = IDBDatabase.prototype.transaction
    vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(function (
      this: IDBDatabase,
      tables,
      mode,
      options,
    ) {
      if (mode === 'readwrite') transactions.push({ tables, durability: options?.durability })
      return original.call(this, tables, mode, options)
    })
    await fill(openTab(freshName()).stores)
    const durabilityOf = (table: string) =>
      transactions.filter(({ tables }) => String(tables) === table).map(({ durability }) => durability)
    expect(durabilityOf('payments')).toEqual(['strict'])
    expect(durabilityOf('owned')).toEqual(['strict'])
    expect(durabilityOf('activity')).toEqual(['default'])
  })

  test.each([
    ['QuotaExceededError', 'storageFull'],
    ['UnknownError', 'storeUnavailable'],
  ])('reject with %s, tell %s, and don’t pretend to be there', async (name, kind) => {
    const { stores, problems } = openTab(freshName())
    await stores.payments.put(payment)
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('no', name)
    })
    await expect(stores.payments.put({ ...payment, id: 'p2' })).rejects.toThrow('no')
    await expect(stores.owned.put(owned)).rejects.toThrow('no')
    expect(await stores.payments.all()).toEqual([payment])
    expect(await stores.owned.all()).toEqual([])
    expect(problems.map(problem => problem.kind)).toEqual([kind, kind])
    // What only helps to show something is kept for this tab's life instead.
    await stores.contacts.put(contact)
    expect(await stores.contacts.all()).toEqual([contact])
  })

  test('reject where the browser gives no database', async () => {
    vi.spyOn(indexedDB, 'open').mockImplementation(() => {
      throw new DOMException('denied', 'SecurityError')
    })
    const { stores, problems } = openTab(freshName())
    await expect(stores.payments.put(payment)).rejects.toThrow()
    await expect(stores.owned.delete(owned.key)).rejects.toThrow()
    await stores.accounts.put(account)
    expect(await stores.accounts.all()).toEqual([account])
    expect(await stores.payments.all()).toEqual([])
    expect(problems.map(problem => problem.kind)).toEqual(['storeUnavailable'])
  })

  test('reject once a newer version of the app has the database', async () => {
    const name = freshName()
    const { stores, problems } = openTab(name)
    await stores.payments.put(payment)
    opened.push(await openDB(name, 99))
    await expect(stores.payments.put({ ...payment, id: 'p2' })).rejects.toThrow()
    expect(problems.map(problem => problem.kind)).toEqual(['storeOutdated'])
  })
})

describe('a damaged record', () => {
  const damages: Record<string, readonly [table: string, record: object]> = {
    'a payment without its state': ['payments', { ...payment, id: 'bad', state: undefined }],
    'a payment from nobody': ['payments', { ...payment, id: 'bad', from: '0x12' }],
    'a device with an amount that is no number': [
      'owned',
      { ...owned, key: 'bad', rules: { ...noRules, serving: { ...noRules.serving, perDay: '1.5' } } },
    ],
    'an account with a balance in words': [
      'accounts',
      { ...account, key: 'bad', balances: { coin: 'much' } },
    ],
    'an account of a kind that there is no more': [
      'accounts',
      { ...account, key: 'bad', name: { kind: 'counterparty', with: `0x${'12'.repeat(20)}`, index: 0 } },
    ],
    'a movement with a rounded amount': [
      'activity',
      { ...activity, key: 'bad', movements: activity.movements.map(each => ({ ...each, amount: 1e18 })) },
    ],
  }
  test.each(Object.keys(damages))('%s is told, and the others stay', async damage => {
    const name = freshName()
    const { stores, problems } = openTab(name)
    await fill(stores)
    const [table, record] = damages[damage] ?? ['', {}]
    const raw = await openDB(name)
    await raw.put(table, record)
    raw.close()

    const all = [stores.accounts, stores.owned, stores.payments, stores.activity, stores.contacts]
    const lengths = await Promise.all(all.map(async each => (await each.all()).length))
    expect(lengths).toEqual([1, 1, 1, 1, 1])
    // What money and devices hang on is left as it is: a newer version may read it.
    const isKept = table === 'owned' || table === 'payments'
    expect(problems).toEqual([{ kind: isKept ? 'recordUnreadable' : 'recordDropped', table, key: 'bad' }])
    const after = await openDB(name)
    expect((await after.get(table, 'bad')) !== undefined).toBe(isKept)
    after.close()
  })
})

describe('two tabs', () => {
  test('tell each other what changed, and neither themselves nor the app’s tables', async () => {
    const name = freshName()
    const [one, two] = [openTab(name).stores, openTab(name).stores]
    const app = createStores({ name, onProblem: () => {} })
    opened.push(app)
    const heard = { one: [] as string[], two: [] as string[], app: [] as string[] }
    one.onForeignChange(table => heard.one.push(table))
    const stop = two.onForeignChange(table => heard.two.push(table))
    app.onForeignChange(table => heard.app.push(table))
    await fill(one)
    await expect
      .poll(() => heard.two)
      .toEqual(['accounts', 'owned', 'payments', 'activity', 'contacts', 'values'])
    stop()
    await two.contacts.delete(contact.address)
    await expect.poll(() => heard.one).toEqual(['contacts'])
    await new Promise(resolve => setTimeout(resolve, 20))
    expect(heard.app).toEqual([])
    expect(heard.two).toHaveLength(6)
  })
})
