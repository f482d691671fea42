// `npm test`: every check in one go, and at the end one line that counts what passed and what failed.
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { setPriority, tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const bin = (name: string): string => path.join(root, 'node_modules', '.bin', name)
const node = process.execPath

/** A nice value: the browsers' stories go first, and the others are not starved. */
const LOWER = 5

interface Check {
  readonly name: string
  readonly command: readonly string[]
}

const runtimes = ['src/core', 'src', 'device', 'sw', 'node', 'test']

/** Before anything else: it is also what the browsers' stories load. */
const production: readonly Check[] = [
  { name: 'production build', command: [bin('vite'), 'build', '--logLevel', 'warn'] },
  { name: 'size limits', command: [node, 'test/sizes.ts'] },
]

/** Two lanes that go side by side, and beside the tests; within one the order counts. */
const lanes: readonly (readonly Check[])[] = [
  [
    { name: 'format, lint and import rules', command: [bin('biome'), 'ci', '.'] },
    ...runtimes.map(room => ({
      name: `types of ${room}`,
      // One thread: each more checks the same again.
      command: [bin('tsc'), '-p', path.join(root, room, 'tsconfig.json'), '--singleThreaded'],
    })),
  ],
  [
    { name: 'contracts are what was compiled', command: [node, 'contracts/build.ts', '--check'] },
    { name: 'no dead code, no missing or unused dependency', command: [bin('knip')] },
  ],
]

let passed = 0
let failed = 0

/** Only what the arguments name is run: `npm test -- unit`; all of it without arguments. */
const projects = process.argv.slice(2)
if (projects.length === 0) await runInOrder(production)
const checks = projects.length === 0 ? lanes.map(runInOrder) : []

/**
 * Browsers wait much of their time, for a chain, a seed or each other: meanwhile the other tests and checks have what is left
 * of the processor, at a lower priority. What those tests say comes in one piece when they are done.
 */
const reports =
  projects.length > 0
    ? [await runVitest(projects, 'live')]
    : await Promise.all([runVitest(['contract', 'pure', 'unit'], 'inOnePiece'), runVitest(['e2e'], 'live')])
await Promise.all(checks)
let skipped = 0
for (const report of reports) {
  passed += report.passed
  failed += report.failed
  skipped += report.skipped
}
console.log(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
process.exit(failed === 0 ? 0 : 1)

async function runInOrder(checks: readonly Check[]): Promise<void> {
  for (const check of checks) {
    const begun = Date.now()
    const { code, output } = await capture(check.command)
    const seconds = ((Date.now() - begun) / 1000).toFixed(1)
    if (code === 0) passed++
    else failed++
    console.log(`${code === 0 ? '✓' : '✗'} ${check.name} (${seconds} s)`)
    if (code !== 0) console.log(output)
  }
}

async function capture(command: readonly string[]): Promise<{ code: number; output: string }> {
  const [file = '', ...args] = command
  const child = spawn(file, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  if (child.pid !== undefined) setPriority(child.pid, LOWER)
  const chunks: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk))
  const code = await new Promise<number>(resolve => {
    child.once('error', error => {
      chunks.push(Buffer.from(error.message))
      resolve(1)
    })
    child.once('close', exit => resolve(exit ?? 1))
  })
  return { code, output: Buffer.concat(chunks).toString() }
}

interface Report {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

/** A run that dies without a report, or reports no test, counts as a failure. */
async function runVitest(only: readonly string[], output: 'live' | 'inOnePiece'): Promise<Report> {
  const folder = await mkdtemp(path.join(tmpdir(), 'fob-test-'))
  const file = path.join(folder, 'report.json')
  const filter = only.flatMap(project => ['--project', project])
  const args = ['run', ...filter, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
  const isLive = output === 'live'
  const child = spawn(bin('vitest'), args, {
    cwd: root,
    stdio: ['ignore', isLive ? 'inherit' : 'pipe', isLive ? 'inherit' : 'pipe'],
  })
  if (!isLive && child.pid !== undefined) setPriority(child.pid, LOWER)
  const said: Buffer[] = []
  child.stdout?.on('data', (chunk: Buffer) => said.push(chunk))
  child.stderr?.on('data', (chunk: Buffer) => said.push(chunk))
  const code = await new Promise<number>(resolve => child.once('close', exit => resolve(exit ?? 1)))
  if (said.length > 0) console.log(Buffer.concat(said).toString())
  try {
    const json: unknown = JSON.parse(await readFile(file, 'utf8'))
    const count = (key: string): number => {
      const value = typeof json === 'object' && json !== null ? Reflect.get(json, key) : undefined
      return typeof value === 'number' ? value : 0
    }
    const counted = { passed: count('numPassedTests'), failed: count('numFailedTests') }
    const broken = (code !== 0 && counted.failed === 0) || counted.passed + counted.failed === 0
    return { ...counted, failed: counted.failed + (broken ? 1 : 0), skipped: count('numPendingTests') }
  } catch {
    return { passed: 0, failed: 1, skipped: 0 }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
