// Whether this browser would keep that many bytes now. Estimates don't tell: Chromium reports ten free gigabytes to everybody.
import { type IDBPDatabase, openDB } from 'idb'

const STORE = 'trial'
/** More than any microcontroller's flash, and little enough to hold in memory. */
const MOST = 16 << 20
/** What IndexedDB ends a transaction with, and an opening that had to write, where the quota is used up. */
const FULL = new Set(['QuotaExceededError', 'AbortError'])

/**
 * Writes `bytes` bytes (16 MiB at most) and takes them away again. True also where the browser stores nothing at all (a private window):
 * there is no room to run out of, and files are kept in memory.
 */
export async function hasRoomFor(bytes: number): Promise<boolean> {
  if (typeof indexedDB === 'undefined') return true
  let db: IDBPDatabase | undefined
  try {
    db = await openDB('fob-room', 1, { upgrade: opened => void opened.createObjectStore(STORE) })
    await db.put(STORE, incompressible(Math.min(bytes, MOST)), STORE)
    return true
  } catch (error) {
    return !(error instanceof DOMException && FULL.has(error.name))
  } finally {
    await db?.delete(STORE, STORE).catch(() => undefined)
    db?.close()
  }
}

/** Firmware does not shrink either, and browsers store compressed. */
function incompressible(length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  // The most that one call gives (Web Cryptography API, getRandomValues).
  for (let at = 0; at < length; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536))
  return bytes
}
