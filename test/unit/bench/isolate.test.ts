import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { isolate } from '../../bench/isolate.ts'

const entry = fileURLToPath(new URL('./groupProcess.ts', import.meta.url))
const limit = 20_000

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fob-isolate-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

it('hands over the rows of a group that ran in its own process', async () => {
  expect(await isolate(entry, ['measures'], limit).outcome).toMatchObject({
    kind: 'measured',
    name: 'A group',
    rows: [{ name: 'a row', value: 2, reference: { value: 1 } }],
  })
})

it.each([
  ['throws', 'could not be measured'],
  ['exits', 'its process ended (3)'],
])('tells why a group failed that %s', async (what, detail) => {
  const outcome = await isolate(entry, [what], limit).outcome
  expect(outcome).toMatchObject({ kind: 'failed', detail: expect.stringContaining(detail) })
})

it('skips what this machine can not measure, and says why', async () => {
  const outcome = await isolate(entry, ['hindered'], limit).outcome
  expect(outcome).toEqual({ kind: 'skipped', detail: 'no radio here' })
})

it('does not even start a group that is stopped at once', async () => {
  const group = isolate(entry, ['measures'], limit)
  group.stop('interrupted')
  expect(await group.outcome).toEqual({ kind: 'failed', detail: 'interrupted' })
})

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** What the hanging group wrote down, once it did. */
async function notesIn(file: string): Promise<{ readonly child: number; readonly folder: string }> {
  for (;;) {
    const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
    if (text !== '') return JSON.parse(text)
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise(resolve => setTimeout(resolve, 20))
}

it('ends a group that hangs, with the processes and files that it leaves', async () => {
  const notes = join(folder, 'notes')
  const { outcome } = isolate(entry, ['hangs', notes], 5_000)
  const left = await notesIn(notes)
  expect(await outcome).toEqual({ kind: 'failed', detail: 'not done after 5 s' })
  await until(() => !isAlive(left.child))
  expect(existsSync(left.folder)).toBe(false)
})

it('ends a group when asked to', async () => {
  const notes = join(folder, 'notes')
  const group = isolate(entry, ['hangs', notes], limit)
  const left = await notesIn(notes)
  group.stop('interrupted')
  expect(await group.outcome).toEqual({ kind: 'failed', detail: 'interrupted' })
  await until(() => !isAlive(left.child))
})
