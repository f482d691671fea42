// Whether what was stored here is still there: the first thing that is asked of the database.
import type { StoreOpening } from '../../app/ports/store.ts'
import { type Database, DatabaseGone } from './database.ts'
import { keyOf } from './records.ts'

/** That something was stored, kept outside of the database: it stays where a browser removes or loses that. */
export interface MemoryMark {
  isSet(): boolean
  set(): void
}

export const noMark: MemoryMark = { isSet: () => false, set: () => {} }

/** Browsers that make room, or find a database damaged, remove it and leave this. Clearing the site's data takes both. */
export function localMark(storage: () => Storage): MemoryMark {
  const key = 'fob-memory'
  return {
    isSet() {
      try {
        return storage().getItem(key) !== null
      } catch {
        return false
      }
    },
    set() {
      try {
        storage().setItem(key, '1')
      } catch {
        // Site data is blocked, or there is no room: nothing is lost but this warning.
      }
    },
  }
}

/** The mark's other half, in the database. */
const VALUES = 'values'
const KEY = 'memory'

export function openMemory(
  database: Database,
  mark: MemoryMark,
): { open(): Promise<StoreOpening>; beginAnew(): Promise<void> } {
  /** Both halves, the database's first: the other one alone would tell of a loss that there was not. */
  async function begin(): Promise<void> {
    try {
      await database.run(db => db.put(VALUES, 1, KEY))
      mark.set()
    } catch (error) {
      // It can be read and not written: told at the first record that can't be stored.
      if (!isFault(error)) throw error
    }
  }

  return {
    async open() {
      try {
        const tables = [VALUES, ...Object.keys(keyOf)]
        const [isMarked, counts] = await database.run(db => {
          const transaction = db.transaction(tables)
          return Promise.all([
            transaction.objectStore(VALUES).get(KEY),
            Promise.all(tables.map(table => transaction.objectStore(table).count())),
          ])
        })
        const isEmpty = isMarked === undefined && counts.every(count => count === 0)
        if (isEmpty && mark.isSet()) return { kind: 'gone' }
        if (isMarked === undefined || !mark.isSet()) await begin()
        return { kind: 'read' }
      } catch (error) {
        if (!isFault(error)) throw error
        return { kind: 'unreadable', detail: String(error) }
      }
    },
    beginAnew: begin,
  }
}

const isFault = (error: unknown): boolean => error instanceof DatabaseGone || error instanceof DOMException
