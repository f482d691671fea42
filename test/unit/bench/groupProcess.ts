// The process of a bench group, for the tests of how one is run: `measures`, `throws`, `exits`,
// is `hindered`, or `hangs` with a child of its own.
import { spawn } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { answerParent } from '../../bench/isolate.ts'
import type { Row } from '../../bench/row.ts'

const [what, notes = ''] = process.argv.slice(2)

const row: Row = {
  name: 'a row',
  value: 2,
  unit: 'ms',
  reference: { name: 'another', value: 1 },
  better: 'lower',
  runs: 3,
}

async function run(): Promise<readonly Row[]> {
  if (what === 'throws') throw new Error('could not be measured')
  if (what === 'exits') process.exit(3)
  if (what === 'hangs') {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
    writeFileSync(
      notes,
      JSON.stringify({ child: child.pid, folder: mkdtempSync(join(tmpdir(), 'left-behind-')) }),
    )
    await new Promise(() => {})
  }
  return [row]
}

const obstacle = () => (what === 'hindered' ? 'no radio here' : undefined)

await answerParent(async () => ({ name: 'A group', obstacle, run }))
