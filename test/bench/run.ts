// `npm run bench`: measures group by group, prints a table of values against references, and writes JSON where asked.
import { writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { groups } from './groups.ts'
import { answerParent, type Isolated, isolate, type Outcome } from './isolate.ts'
import { ratioOf } from './row.ts'
import { formatSections, type Section } from './table.ts'

const usage = `npm run bench [-- --only GROUP] [--json FILE]

Measures, each time against a reference in the same run. Times of this machine mean little; ratios (value / reference) do.

  --only GROUP  one group, may be repeated: ${Object.keys(groups).join(', ')}
  --json FILE   the same rows for machines`

interface Options {
  readonly only: readonly string[]
  readonly json: string | undefined
}

type Command =
  | { readonly kind: 'measure'; readonly options: Options }
  | { readonly kind: 'work'; readonly group: string }
  | { readonly kind: 'say'; readonly text: string; readonly code: number }

function readCommand(): Command {
  try {
    const { values } = parseArgs({
      options: {
        only: { type: 'string', multiple: true },
        json: { type: 'string' },
        /** How a group's own process is started. */
        work: { type: 'string' },
        help: { type: 'boolean' },
      },
    })
    if (values.help === true) return { kind: 'say', text: usage, code: 0 }
    if (values.work !== undefined) return { kind: 'work', group: values.work }
    const only = values.only ?? Object.keys(groups)
    const unknown = only.find(name => groups[name] === undefined)
    if (unknown !== undefined) {
      return { kind: 'say', text: `There is no group "${unknown}".\n\n${usage}`, code: 2 }
    }
    return { kind: 'measure', options: { only, json: values.json } }
  } catch (error) {
    const complaint = error instanceof Error ? error.message : String(error)
    return { kind: 'say', text: `${complaint}\n\n${usage}`, code: 2 }
  }
}

interface Measured {
  readonly group: string
  readonly seconds: number
  readonly outcome: Outcome
}

async function measure({ only, json }: Options): Promise<number> {
  let current: Isolated | undefined
  let isInterrupted = false
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      isInterrupted = true
      current?.stop('interrupted')
    })
  }
  const all: Measured[] = []
  for (const group of only) {
    if (isInterrupted) break
    const entry = groups[group]
    if (entry === undefined) continue
    console.error(`${group} ...`)
    const begun = performance.now()
    current = isolate(fileURLToPath(import.meta.url), ['--work', group], entry.limit * 1000)
    const outcome = await current.outcome
    const seconds = Math.round((performance.now() - begun) / 100) / 10
    all.push({ group, seconds, outcome })
    if (outcome.kind !== 'measured') console.error(`${group} ${outcome.kind}: ${outcome.detail}`)
  }
  print(all)
  if (json !== undefined) await writeFile(json, `${JSON.stringify(machineForm(all), null, 2)}\n`)
  return isInterrupted ? 130 : all.some(({ outcome }) => outcome.kind === 'failed') ? 1 : 0
}

function print(all: readonly Measured[]): void {
  const sections: Section[] = []
  for (const { outcome } of all) if (outcome.kind === 'measured') sections.push(outcome)
  for (const text of formatSections(sections)) console.log(`\n${text}`)
  const failed = all.filter(({ outcome }) => outcome.kind === 'failed').map(({ group }) => group)
  const rows = sections.reduce((sum, section) => sum + section.rows.length, 0)
  const seconds = Math.round(all.reduce((sum, each) => sum + each.seconds, 0))
  const trouble = failed.length === 0 ? '' : `; FAILED: ${failed.join(', ')}`
  console.log(`\n${rows} rows in ${seconds} s on ${availableParallelism()} cores${trouble}`)
}

function machineForm(all: readonly Measured[]) {
  return {
    machine: {
      cores: availableParallelism(),
      platform: process.platform,
      arch: process.arch,
      node: process.version,
    },
    groups: all.map(({ group, seconds, outcome }) =>
      outcome.kind === 'measured'
        ? {
            ...{ group, seconds, ...outcome },
            rows: outcome.rows.map(row => ({ ...row, ratio: ratioOf(row) })),
          }
        : { group, seconds, ...outcome },
    ),
  }
}

async function work(name: string): Promise<void> {
  await answerParent(async () => {
    const entry = groups[name]
    if (entry === undefined) throw new Error(`there is no group "${name}"`)
    return (await entry.load()).group
  })
}

const command = readCommand()
if (command.kind === 'work') {
  await work(command.group)
} else if (command.kind === 'say') {
  console.log(command.text)
  process.exit(command.code)
} else {
  process.exit(await measure(command.options))
}
