// The stores through their public face: records, history, damage, quota, several tabs.
import 'fake-indexeddb/auto'
import { openDB } from 'idb'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { DeviceRecord, HistoryEntry, MakerRecord } from '../../../src/app/ports/store.ts'
import { type MemoryMark, noMark } from '../../../src/io/store/opening.ts'
import { createStores } from '../../../src/io/store/stores.ts'
import type { StoreProblem } from '../../../src/io/store/table.ts'

const opened: { close(): void }[] = []
afterEach(() => {
  vi.restoreAllMocks()
  for (const stores of opened.splice(0)) stores.close()
})

let count = 0
const freshName = () => `fob-stores-${++count}`

function openTab(name: string, mark = noMark) {
  const problems: StoreProblem[] = []
  const stores = createStores({ name, mark, onProblem: problem => problems.push(problem) })
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

  test('of a trusted maker stays, and is told at each start until it is forgotten or read anew', async () => {
    const name = freshName()
    const first = openTab(name)
    await first.stores.makers.put(maker)
    const raw = await openDB(name)
    await raw.put('makers', { ...maker, models: 'none' })
    raw.close()
    const problem = { kind: 'recordUnreadable', table: 'makers', key: maker.address }
    for (let start = 0; start < 2; start++) {
      const { stores, problems } = openTab(name)
      expect(await stores.makers.all()).toEqual([])
      expect(problems).toEqual([problem])
    }
    await first.stores.makers.put(maker)
    const mended = openTab(name)
    expect(await mended.stores.makers.all()).toEqual([maker])
    expect(mended.problems).toEqual([])
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

describe('what was stored before', () => {
  function memoryMark(): MemoryMark & { isLeft: boolean } {
    return {
      isLeft: false,
      isSet() {
        return this.isLeft
      },
      set() {
        this.isLeft = true
      },
    }
  }

  test('is nothing at a first visit, and found at the next ones', async () => {
    const [name, mark] = [freshName(), memoryMark()]
    const first = openTab(name, mark)
    expect(await first.stores.open()).toEqual({ kind: 'read' })
    await first.stores.makers.put(maker)
    first.stores.close()
    expect(await openTab(name, mark).stores.open()).toEqual({ kind: 'read' })
  })

  test('is missed where the browser removed it, in every tab, until the person knows', async () => {
    const mark = memoryMark()
    await openTab(freshName(), mark).stores.open()
    const emptied = freshName()
    const { stores } = openTab(emptied, mark)
    expect(await stores.open()).toEqual({ kind: 'gone' })
    expect(await openTab(emptied, mark).stores.open()).toEqual({ kind: 'gone' })
    await stores.beginAnew()
    expect(await openTab(emptied, mark).stores.open()).toEqual({ kind: 'read' })
  })

  test('is not missed where it is older than the mark, or site data was cleared as a whole', async () => {
    const name = freshName()
    await openTab(name).stores.makers.put(maker)
    expect(await openTab(name, memoryMark()).stores.open()).toEqual({ kind: 'read' })
    expect(await openTab(freshName(), memoryMark()).stores.open()).toEqual({ kind: 'read' })
  })

  test('that can’t be read is told as that, and read as soon as it can be', async () => {
    const [name, mark] = [freshName(), memoryMark()]
    await openTab(name, mark).stores.open()
    const open = vi.spyOn(indexedDB, 'open').mockImplementation(() => {
      throw new DOMException('Internal error.', 'UnknownError')
    })
    const { stores } = openTab(name, mark)
    expect(await stores.open()).toMatchObject({ kind: 'unreadable' })
    expect(await stores.open()).toMatchObject({ kind: 'unreadable' })
    open.mockRestore()
    expect(await stores.open()).toEqual({ kind: 'read' })
  })

  test('is never replaced by what took its place while it could not be read', async () => {
    const name = freshName()
    const before = openTab(name)
    await before.stores.values.put('network', 'the pinned one')
    await before.stores.makers.put(maker)
    const tab = openTab(name)
    const get = vi.spyOn(IDBObjectStore.prototype, 'get').mockImplementation(() => {
      throw new DOMException('Internal error.', 'UnknownError')
    })
    expect(await tab.stores.values.get('network')).toBeUndefined()
    get.mockRestore()
    // The disk works again, and this tab does not know what it would write over.
    await tab.stores.values.put('network', 'another one')
    await tab.stores.makers.delete(maker.address)
    expect(await tab.stores.values.get('network')).toBe('another one')
    expect(await tab.stores.makers.all()).toEqual([])
    const later = openTab(name)
    expect(await later.stores.values.get('network')).toBe('the pinned one')
    expect(await later.stores.makers.all()).toEqual([maker])
  })

  test('stays as it was after the person went on without it', async () => {
    const name = freshName()
    await openTab(name).stores.values.put('network', 'the pinned one')
    const { stores } = openTab(name)
    stores.forgo()
    await stores.values.put('network', 'another one')
    expect(await stores.values.get('network')).toBe('another one')
    expect(await openTab(name).stores.values.get('network')).toBe('the pinned one')
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
