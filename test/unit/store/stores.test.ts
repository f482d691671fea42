// The stores through their public face: records, history, damage, quota, several tabs.
import 'fake-indexeddb/auto'
import { openDB } from 'idb'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { DeviceRecord, HistoryEntry, MakerRecord } from '../../../src/app/ports/store.ts'
import { createStores } from '../../../src/io/store/stores.ts'
import type { StoreProblem } from '../../../src/io/store/table.ts'

const opened: { close(): void }[] = []
afterEach(() => {
  vi.restoreAllMocks()
  for (const stores of opened.splice(0)) stores.close()
})

let count = 0
const freshName = () => `fob-stores-${++count}`

function openTab(name: string) {
  const problems: StoreProblem[] = []
  const stores = createStores({ name, onProblem: problem => problems.push(problem) })
  opened.push(stores)
  return { stores, problems }
}

const device = (key: string): DeviceRecord => ({
  key,
  source: 'bluetooth',
  sourceId: 'x',
  name: 'Front door',
  addedAt: 1,
  lastSeenAt: 2,
  deviceId: `0x${'ab'.repeat(32)}`,
  model: { maker: `0x${'11'.repeat(20)}`, name: 'Lock One', hardware: 'A' },
  modelFrom: 'signed',
  running: { version: { major: 1, minor: 0, revision: 0, build: 0 }, hash: '0xab', confirmed: true },
  battery: 80,
  slotSize: 500_000,
  lastCheck: null,
  highWater: null,
})

const checked = (id: string, deviceKey: string, at: number): HistoryEntry => ({
  id,
  deviceKey,
  at,
  event: { kind: 'checked', decision: 'upToDate' },
})

const maker: MakerRecord = {
  address: `0x${'22'.repeat(20)}`,
  name: 'Acme',
  pinnedAt: 5,
  from: 'qr',
  domain: null,
  models: [],
}

describe('tables', () => {
  test('give back what was put, after a restart too', async () => {
    const name = freshName()
    const first = openTab(name)
    await first.stores.devices.put(device('d1'))
    await first.stores.makers.put(maker)
    await first.stores.values.put('settings', { language: 'zh', flash: Uint8Array.of(1, 2) })
    first.stores.close()

    const { stores, problems } = openTab(name)
    expect(await stores.devices.get('d1')).toEqual(device('d1'))
    expect(await stores.devices.all()).toEqual([device('d1')])
    expect(await stores.makers.get(maker.address)).toEqual(maker)
    expect(await stores.values.get('settings')).toEqual({ language: 'zh', flash: Uint8Array.of(1, 2) })
    expect(await stores.devices.get('other')).toBeUndefined()
    await stores.devices.delete('d1')
    expect(await stores.devices.all()).toEqual([])
    await stores.values.delete('settings')
    expect(await stores.values.get('settings')).toBeUndefined()
    expect(problems).toEqual([])
  })

  test('history is given per device, newest first', async () => {
    const { stores } = openTab(freshName())
    for (const entry of [
      checked('1', 'a', 10),
      checked('2', 'b', 20),
      checked('3', 'a', 30),
      checked('4', 'ab', 1),
    ])
      await stores.history.put(entry)
    expect((await stores.history.forDevice('a')).map(entry => entry.id)).toEqual(['3', '1'])
    expect((await stores.history.all()).length).toBe(4)
  })
})

describe('a damaged record', () => {
  const damages: Record<string, (good: DeviceRecord) => unknown> = {
    'without a field': ({ running, ...rest }) => ({ ...rest, was: running }),
    'with a wrong type': good => ({ ...good, name: 7 }),
    'with a broken part': good => ({ ...good, model: { maker: 'me', name: 'x', hardware: 'y' } }),
  }
  test.each(Object.keys(damages))('%s is dropped with a notice, and the others stay', async damage => {
    const name = freshName()
    const { stores, problems } = openTab(name)
    await stores.devices.put(device('good'))
    const raw = await openDB(name)
    await raw.put('devices', damages[damage]?.(device('bad')))
    raw.close()

    expect(await stores.devices.all()).toEqual([device('good')])
    expect(await stores.devices.get('bad')).toBeUndefined()
    expect(problems).toEqual([{ kind: 'recordDropped', table: 'devices', key: 'bad' }])
  })

  test('in a history is dropped as well', async () => {
    const name = freshName()
    const { stores, problems } = openTab(name)
    await stores.history.put(checked('1', 'a', 10))
    const raw = await openDB(name)
    await raw.put('history', { id: '2', deviceKey: 'a', at: 11, event: { kind: 'updated' } })
    raw.close()
    expect((await stores.history.forDevice('a')).map(entry => entry.id)).toEqual(['1'])
    expect(problems.map(problem => problem.kind)).toEqual(['recordDropped'])
  })
})

describe('two tabs', () => {
  test('tell each other what changed, and not themselves', async () => {
    const name = freshName()
    const [one, two] = [openTab(name).stores, openTab(name).stores]
    const heard = { one: [] as string[], two: [] as string[] }
    one.onForeignChange(table => heard.one.push(table))
    const stop = two.onForeignChange(table => heard.two.push(table))
    await one.devices.put(device('d1'))
    await one.values.put('settings', 1)
    await expect.poll(() => heard.two).toEqual(['devices', 'values'])
    expect(heard.one).toEqual([])
    expect(await two.devices.get('d1')).toEqual(device('d1'))
    stop()
    await two.makers.put(maker)
    await expect.poll(() => heard.one).toEqual(['makers'])
    await one.devices.delete('d1')
    await new Promise(resolve => setTimeout(resolve, 30))
    expect(heard.two).toEqual(['devices', 'values'])
  })
})

describe('no room or no database', () => {
  test('a full quota is told, and the record is there as long as the tab', async () => {
    const name = freshName()
    const { stores, problems } = openTab(name)
    await stores.devices.put(device('d1'))
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError')
    })
    await stores.devices.put({ ...device('d1'), name: 'Renamed' })
    await stores.devices.put(device('d2'))
    await stores.history.put(checked('1', 'd1', 10))
    expect(problems.map(problem => problem.kind)).toEqual(['storageFull', 'storageFull', 'storageFull'])
    expect((await stores.devices.get('d1'))?.name).toBe('Renamed')
    expect((await stores.devices.all()).map(record => record.key)).toEqual(['d1', 'd2'])
    expect((await stores.history.forDevice('d1')).length).toBe(1)

    vi.restoreAllMocks()
    await stores.devices.put({ ...device('d1'), name: 'Again' })
    expect((await openTab(name).stores.devices.get('d1'))?.name).toBe('Again')
  })

  test('a failing disk is told, and neither a write nor a read rejects', async () => {
    const { stores, problems } = openTab(freshName())
    await stores.devices.put(device('before'))
    const fail = () => {
      throw new DOMException('Internal error.', 'UnknownError')
    }
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(fail)
    vi.spyOn(IDBObjectStore.prototype, 'get').mockImplementation(fail)
    vi.spyOn(IDBObjectStore.prototype, 'getAll').mockImplementation(fail)
    await stores.devices.put(device('a'))
    expect(await stores.devices.get('a')).toEqual(device('a'))
    expect(await stores.devices.get('before')).toBeUndefined()
    expect(await stores.devices.all()).toEqual([device('a')])
    expect(await stores.values.get('settings')).toBeUndefined()
    expect(problems.map(({ kind }) => kind)).toContain('storeUnavailable')
  })

  test('what can’t be stored at all is the caller’s mistake, and said', async () => {
    const { stores } = openTab(freshName())
    await expect(stores.values.put('settings', () => {})).rejects.toThrow()
  })

  test('a browser without storage is told, and everything works in memory', async () => {
    vi.spyOn(indexedDB, 'open').mockImplementation(() => {
      throw new DOMException('denied', 'SecurityError')
    })
    const { stores, problems } = openTab(freshName())
    await stores.devices.put(device('d1'))
    await stores.values.put('settings', 1)
    expect(await stores.devices.get('d1')).toEqual(device('d1'))
    expect(await stores.values.get('settings')).toBe(1)
    await stores.devices.delete('d1')
    expect(await stores.devices.all()).toEqual([])
    expect(problems.map(problem => problem.kind)).toEqual(['storeUnavailable'])
  })

  test('a tab that was overtaken by a newer version goes on in memory', async () => {
    const name = freshName()
    const { stores, problems } = openTab(name)
    await stores.devices.put(device('d1'))
    const newer = await openDB(name, 99)
    opened.push(newer)
    await stores.devices.put(device('d2'))
    expect(await stores.devices.get('d2')).toEqual(device('d2'))
    expect(problems.map(problem => problem.kind)).toEqual(['storeOutdated'])
  })
})
