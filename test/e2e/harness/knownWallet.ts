// A wallet that tests know, put straight into a browser's storage; and what a bad disk or a bad moment does to that storage.
import { readFileSync } from 'node:fs'
import type { BrowserContext, Page } from 'playwright-core'
import { type Address, fromHex } from '../../../src/core/bytes.ts'

const vector = JSON.parse(
  readFileSync(new URL('../../vectors/wallet/vault-v1.json', import.meta.url), 'utf8'),
) as { file: string; passphrase: string; words: string; owner: Address }

/** The vault as its first version was written, which every later one has to open. */
export const knownVault = {
  file: fromHex(`0x${vector.file}`) ?? new Uint8Array(),
  passphrase: vector.passphrase,
  words: vector.words.split(' '),
  owner: vector.owner,
}

/** What lies in the vault's database; null takes a value away. */
type KeyRecords = Readonly<Record<string, Uint8Array | string | null>>

/** Opens the wallet's address with just this vault stored, locked and never guessed at; with null, with none. */
export async function openWithVault(page: Page, url: string, file: Uint8Array | null): Promise<void> {
  await page.goto(new URL('/wallet', url).href)
  // The app makes the database.
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.waitForFunction(async () =>
    (await indexedDB.databases()).some(({ name, version }) => name === 'fob-keys' && version !== undefined),
  )
  await writeKeys(page, {
    'vault-a': file,
    'vault-current': file && 'vault-a',
    'vault-b': null,
    'vault-attempts': null,
  })
  await page.reload()
}

/** Behind the app's back. */
export async function writeKeys(page: Page, records: KeyRecords): Promise<void> {
  const entries = Object.entries(records).map(
    ([key, value]) => [key, value instanceof Uint8Array ? [...value] : value] as const,
  )
  await page.evaluate(
    written =>
      new Promise<void>((resolve, reject) => {
        const opening = indexedDB.open('fob-keys')
        opening.onerror = () => reject(opening.error)
        opening.onsuccess = () => {
          const transaction = opening.result.transaction('keys', 'readwrite')
          for (const [key, value] of written) {
            if (value === null) transaction.objectStore('keys').delete(key)
            else
              transaction
                .objectStore('keys')
                .put(typeof value === 'string' ? value : new Uint8Array(value), key)
          }
          transaction.onabort = () => reject(transaction.error)
          transaction.oncomplete = () => {
            opening.result.close()
            resolve()
          }
        }
      }),
    entries,
  )
}

/** The vaults that are stored, by slot. */
export async function storedVaults(page: Page): Promise<Readonly<Record<string, Uint8Array>>> {
  const found = await page.evaluate(
    () =>
      new Promise<[string, number[]][]>((resolve, reject) => {
        const opening = indexedDB.open('fob-keys')
        opening.onerror = () => reject(opening.error)
        opening.onsuccess = () => {
          const store = opening.result.transaction('keys').objectStore('keys')
          const values: [string, number[]][] = []
          const walk = store.openCursor()
          walk.onerror = () => reject(walk.error)
          walk.onsuccess = () => {
            const cursor = walk.result
            if (cursor === null) {
              opening.result.close()
              resolve(values)
              return
            }
            if (cursor.value instanceof Uint8Array) values.push([String(cursor.key), [...cursor.value]])
            cursor.continue()
          }
        }
      }),
  )
  return Object.fromEntries(found.map(([slot, bytes]) => [slot, Uint8Array.from(bytes)]))
}

/** Ids and states of the payments that are written down. */
export function storedPayments(page: Page): Promise<readonly { id: string; hash: string | null }[]> {
  return page.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const opening = indexedDB.open('fob')
        opening.onerror = () => reject(opening.error)
        opening.onsuccess = () => {
          const reading = opening.result.transaction('payments').objectStore('payments').getAll()
          reading.onerror = () => reject(reading.error)
          reading.onsuccess = () => {
            opening.result.close()
            resolve(reading.result.map(({ id, hash }) => ({ id, hash })))
          }
        }
      }),
  )
}

/** The wall clock, for this page and those that follow it: so many seconds off. The steady clock goes on as it was. */
export async function moveClock(page: Page, seconds: number): Promise<void> {
  const move = (offset: number) => {
    const clock = globalThis as { trueNow?: () => number }
    clock.trueNow ??= Date.now
    const now = clock.trueNow
    Date.now = () => now() + offset * 1000
  }
  await page.addInitScript(move, seconds)
  await page.evaluate(move, seconds)
}

/**
 * How much an origin may store, for as long as this browser runs. To be set before the origin is opened for the first time:
 * the browser remembers for half a minute what was left.
 */
export async function limitStorage(
  page: Page,
  origin: string,
): Promise<(megabytes: number) => Promise<void>> {
  const session = await page.context().newCDPSession(page)
  return async megabytes => {
    await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: megabytes * 1_000_000 })
  }
}

/** Stores rubbish in the page's origin until the browser takes no more of it, however small. */
export async function fillStorage(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const rubbish = await new Promise<IDBDatabase>((resolve, reject) => {
      const opening = indexedDB.open('rubbish', 1)
      opening.onupgradeneeded = () => opening.result.createObjectStore('rubbish', { autoIncrement: true })
      opening.onsuccess = () => resolve(opening.result)
      opening.onerror = () => reject(opening.error)
    })
    const isTaken = (size: number) =>
      new Promise<boolean>(resolve => {
        const transaction = rubbish.transaction('rubbish', 'readwrite')
        const bytes = new Uint8Array(size)
        for (let at = 0; at < size; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536))
        transaction.objectStore('rubbish').put(bytes)
        transaction.oncomplete = () => resolve(true)
        transaction.onabort = () => resolve(false)
      })
    for (const size of [1_000_000, 65_536, 4096, 256, 16]) while (await isTaken(size));
    rubbish.close()
  })
}

/**
 * Calls `listener` as soon as a page puts or deletes something in one of its databases, with what it does (`put vault-b`,
 * `put payments`): named by the record's key, or by its table. For this browser until it ends.
 */
export async function watchWrites(context: BrowserContext, listener: (write: string) => void): Promise<void> {
  await context.exposeBinding('toldWrite', (_, write: string) => listener(write))
  const watch = () => {
    const told = (write: string) => (globalThis as { toldWrite?: (write: string) => void }).toldWrite?.(write)
    const { put, delete: remove } = IDBObjectStore.prototype
    IDBObjectStore.prototype.put = function (...record) {
      told(`put ${typeof record[1] === 'string' ? record[1] : this.name}`)
      return put.apply(this, record)
    }
    IDBObjectStore.prototype.delete = function (key) {
      told(`delete ${String(key)}`)
      return remove.call(this, key)
    }
  }
  await context.addInitScript(watch)
  for (const page of context.pages()) await page.evaluate(watch)
}
