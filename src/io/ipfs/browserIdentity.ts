// The node's lasting identity: its key and address book in IndexedDB, for one tab at a time.
import { IDBDatastore } from 'datastore-idb'
import type { Datastore } from './stores.ts'

export interface Identity {
  readonly datastore: Datastore
  readonly release: () => Promise<void>
}

const LOCK = 'fob-peer-identity'

/**
 * undefined where another tab has it: two nodes under one peer id would get each other's answers, because a peer sends
 * to any connection of that id. Such a tab runs under a passing identity. The lock ends with the tab.
 */
export async function takeBrowserIdentity(): Promise<Identity | undefined> {
  const unlock = await tryLock()
  if (!unlock) return undefined
  const datastore = new IDBDatastore('fob-peer')
  await datastore.open()
  return {
    datastore,
    release: async () => {
      await datastore.close()
      unlock()
    },
  }
}

function tryLock(): Promise<(() => void) | undefined> {
  return new Promise((resolve, reject) => {
    navigator.locks
      .request(LOCK, { ifAvailable: true }, lock => {
        if (!lock) return resolve(undefined)
        return new Promise<void>(unlock => resolve(unlock))
      })
      .catch(reject)
  })
}
