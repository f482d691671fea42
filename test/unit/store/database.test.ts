// The database under what browsers do to it, and its migrations from every earlier version.
import 'fake-indexeddb/auto'
import { type IDBPDatabase, openDB } from 'idb'
import { afterEach, describe, expect, test } from 'vitest'
import {
  createDatabase,
  type Database,
  DatabaseGone,
  type DatabaseProblem,
} from '../../../src/io/store/database.ts'
import { type Migration, migrations } from '../../../src/io/store/migrations.ts'

const opened: { close(): void }[] = []
afterEach(() => {
  for (const db of opened.splice(0)) db.close()
})

let count = 0
const freshName = () => `fob-test-${++count}`

function open(name: string, steps: readonly Migration[]) {
  const problems: DatabaseProblem[] = []
  const database = createDatabase({ name, migrations: steps, onProblem: problem => problems.push(problem) })
  opened.push(database)
  return { database, problems }
}

const touch = (database: Database) => database.run(async db => db.version)
const schemaOf = (db: IDBPDatabase) =>
  [...db.objectStoreNames].map(name => {
    const store = db.transaction(name).store
    return { name, keyPath: store.keyPath, indexes: [...store.indexNames] }
  })

/** A later history of the schema: one step that adds, one that rewrites records, one that waits for its requests. */
const laterSteps: readonly Migration[] = [
  ...migrations,
  db => {
    db.createObjectStore('extra')
  },
  async (_db, transaction) => {
    const store = transaction.objectStore('values')
    for (let cursor = await store.openCursor(); cursor; cursor = await cursor.continue()) {
      await cursor.update(`${cursor.value}!`)
    }
  },
  (_db, transaction) => {
    transaction.objectStore('devices').createIndex('byName', 'name')
  },
]

describe('migrations', () => {
  const histories = { shipped: migrations, later: laterSteps }
  for (const [name, steps] of Object.entries(histories)) {
    for (let from = 0; from <= steps.length; from++) {
      test(`${name}: version ${from} becomes version ${steps.length} with its records and the same schema as a new one`, async () => {
        const expected = await open(freshName(), steps).database.run(async db => schemaOf(db))
        const dbName = freshName()
        if (from > 0) {
          const old = open(dbName, steps.slice(0, from)).database
          await old.run(async db => {
            await db.put('values', 'kept', 'key')
            await db.put('devices', { key: 'd1', name: 'Lock' })
          })
          old.close()
        }
        const { database } = open(dbName, steps)
        expect(await database.run(async db => schemaOf(db))).toEqual(expected)
        if (from > 0) {
          const rewritten = steps === laterSteps && from < migrations.length + 2 ? 'kept!' : 'kept'
          expect(await database.run(db => db.get('values', 'key'))).toBe(rewritten)
          expect(await database.run(db => db.get('devices', 'd1'))).toEqual({ key: 'd1', name: 'Lock' })
        }
      })
    }
  }

  test('one that fails leaves the old version as it was', async () => {
    const name = freshName()
    const old = open(name, migrations)
    await old.database.run(db => db.put('values', 1, 'key'))
    old.database.close()
    const failing = open(name, [
      ...migrations,
      db => {
        db.deleteObjectStore('values')
        throw new Error('a mistake in a migration')
      },
    ])
    await expect(touch(failing.database)).rejects.toBeInstanceOf(DatabaseGone)
    expect(failing.problems).toEqual([expect.objectContaining({ kind: 'storeUnavailable' })])
    const again = open(name, migrations)
    expect(await again.database.run(db => db.get('values', 'key'))).toBe(1)
  })
})

describe('another tab', () => {
  test('with a newer version gets the database, and this tab says that it is outdated', async () => {
    const name = freshName()
    const older = open(name, migrations)
    await touch(older.database)
    const newer = open(name, laterSteps)
    expect(await touch(newer.database)).toBe(laterSteps.length)
    expect(older.problems).toEqual([{ kind: 'storeOutdated' }])
    await expect(touch(older.database)).rejects.toBeInstanceOf(DatabaseGone)
  })

  test('with an older version is told so when it comes later', async () => {
    const name = freshName()
    await touch(open(name, laterSteps).database)
    const late = open(name, migrations)
    await expect(touch(late.database)).rejects.toBeInstanceOf(DatabaseGone)
    expect(late.problems).toEqual([{ kind: 'storeOutdated' }])
  })

  test('that does not let go is told of, and waited for', async () => {
    const name = freshName()
    const stubborn = await openDB(name, 1, {
      upgrade: (db, _o, _n, tx) => void migrations[0]?.(db, tx as never),
    })
    const newer = open(name, laterSteps)
    const waiting = touch(newer.database)
    await expect.poll(() => newer.problems).toEqual([{ kind: 'storeBlocked' }])
    stubborn.close()
    expect(await waiting).toBe(laterSteps.length)
  })

  test('that deletes everything leaves an empty database to go on with', async () => {
    const name = freshName()
    const { database, problems } = open(name, migrations)
    await database.run(db => db.put('values', 1, 'key'))
    await new Promise((resolve, reject) => {
      const request = indexedDB.deleteDatabase(name)
      request.onsuccess = resolve
      request.onerror = reject
    })
    expect(await database.run(db => db.get('values', 'key'))).toBeUndefined()
    expect(problems).toEqual([])
  })
})

test('a connection that closed under us is opened again', async () => {
  const { database, problems } = open(freshName(), migrations)
  await database.run(async db => db.close())
  expect(await touch(database)).toBe(migrations.length)
  expect(problems).toEqual([])
})
