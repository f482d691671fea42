// Runs one `fob` command line: finds the command, parses, runs, prints, and gives the exit code.
import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { homeDirectory, openHome } from '../home.ts'
import {
  type CommandEntry,
  commandHelp,
  exitCode,
  type Io,
  type Outcome,
  parseInput,
  table,
} from './command.ts'

export async function runFob(
  args: readonly string[],
  commands: ReadonlyMap<string, CommandEntry>,
): Promise<number> {
  const [name, ...rest] = args
  if (name === undefined || name === '--help' || name === 'help') {
    console.log(overview(commands))
    return name === undefined ? exitCode.usage : exitCode.ok
  }
  const entry = commands.get(name)
  if (entry === undefined) {
    console.error(`fob has no command ${name}. Run fob --help.`)
    return exitCode.usage
  }
  const command = await entry.load()
  const isJson = rest.includes('--json')
  const input = parseInput(command, rest)
  if (input === 'help') {
    console.log(commandHelp(name, command))
    return exitCode.ok
  }
  if ('usage' in input) {
    return print({ ok: false, exit: exitCode.usage, kind: 'usage', text: input.usage }, name, isJson)
  }
  let outcome: Outcome
  try {
    outcome = await command.run(input, openIo(isJson))
  } catch (error) {
    const { describeError } = await import('../describeError.ts')
    outcome = { ok: false, exit: exitCode.failed, kind: 'failed', text: describeError(error) }
  }
  return print(outcome, name, isJson)
}

function overview(commands: ReadonlyMap<string, CommandEntry>): string {
  return [
    'fob COMMAND [options]',
    '',
    ...table([...commands].map(([name, { summary }]) => [name, summary] as const)),
    '',
    'fob COMMAND --help explains one. State is kept in FOB_HOME (default: .fob in the project).',
    'Exit codes: 0 done, 1 failed (network, chain, node), 2 wrong usage, 3 refused: a check did not hold.',
  ].join('\n')
}

function openIo(isJson: boolean): Io {
  return {
    home: openHome(homeDirectory(process.env)),
    env: process.env,
    print: line => (isJson ? console.error(line) : console.log(line)),
    askPassphrase,
    interrupted: () =>
      new Promise(resolve => {
        process.once('SIGINT', () => resolve())
        process.once('SIGTERM', () => resolve())
      }),
  }
}

async function askPassphrase(question: string): Promise<string | undefined> {
  if (!process.stdin.isTTY) return undefined
  process.stderr.write(question)
  // Echoes nothing.
  const output = new Writable({ write: (_chunk, _encoding, done) => done() })
  const terminal = createInterface({ input: process.stdin, output, terminal: true })
  try {
    return await terminal.question('')
  } finally {
    terminal.close()
    process.stderr.write('\n')
  }
}

function print(outcome: Outcome, name: string, isJson: boolean): number {
  const code = outcome.ok ? exitCode.ok : outcome.exit
  if (isJson) {
    const document = outcome.ok
      ? { ok: true, ...outcome.data }
      : { ok: false, error: { kind: outcome.kind, message: outcome.text, ...outcome.data } }
    console.log(
      JSON.stringify(document, (_key, value) => (typeof value === 'bigint' ? String(value) : value), 2),
    )
  } else if (outcome.ok) console.log(outcome.text)
  else {
    console.error(outcome.text)
    if (outcome.exit === exitCode.usage) console.error(`fob ${name} --help explains the options.`)
  }
  return code
}
