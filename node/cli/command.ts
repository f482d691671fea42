// What a subcommand of `fob` is: its options as data, so that help, parsing and errors are the same everywhere.
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import type { Home } from '../home.ts'

/** Documented in `fob --help`; scripts rely on them. */
export const exitCode = { ok: 0, failed: 1, usage: 2, refused: 3 } as const

export interface OptionSpec {
  readonly type: 'string' | 'boolean'
  readonly multiple?: boolean
  /** Placeholder of the value, as in `NAME`. */
  readonly value?: string
  readonly help: string
}

export interface Input {
  readonly positionals: readonly string[]
  /** The last value given; undefined where the option is absent. */
  text(option: string): string | undefined
  texts(option: string): readonly string[]
  isSet(option: string): boolean
}

export interface Io {
  readonly home: Home
  readonly env: NodeJS.ProcessEnv
  /** A line for the person; goes to standard error with --json, so that standard output stays one document. */
  print(line: string): void
  /** Hidden input from the terminal; undefined where there is no terminal. */
  askPassphrase(question: string): Promise<string | undefined>
  /** Resolves at Ctrl-C or SIGTERM, which from then on don't end the process by themselves. */
  interrupted(): Promise<void>
}

export type Outcome =
  | {
      readonly ok: true
      /** Printed without --json. */
      readonly text: string
      /** Printed with --json, beside `ok: true`. Big integers become decimal text. */
      readonly data: Readonly<Record<string, unknown>>
    }
  | {
      readonly ok: false
      readonly exit: (typeof exitCode)['failed' | 'usage' | 'refused']
      /** Stable. */
      readonly kind: string
      /** What happened and what to do next. */
      readonly text: string
      readonly data?: Readonly<Record<string, unknown>>
    }

export interface CommandEntry {
  readonly summary: string
  load(): Promise<Command>
}

export interface Command {
  /** After `fob NAME`. */
  readonly usage: string
  readonly description: string
  readonly options: Readonly<Record<string, OptionSpec>>
  readonly positionals: readonly string[]
  run(input: Input, io: Io): Promise<Outcome>
}

export const usageError = (text: string): Outcome => ({
  ok: false,
  exit: exitCode.usage,
  kind: 'usage',
  text,
})
export const refused = (kind: string, text: string): Outcome => ({
  ok: false,
  exit: exitCode.refused,
  kind,
  text,
})
export const failed = (kind: string, text: string): Outcome => ({
  ok: false,
  exit: exitCode.failed,
  kind,
  text,
})

const everywhere: Readonly<Record<string, OptionSpec>> = {
  json: { type: 'boolean', help: 'one JSON document on standard output' },
  help: { type: 'boolean', help: 'this text' },
}

/** undefined input: help was asked for. */
export function parseInput(command: Command, args: readonly string[]): Input | 'help' | { usage: string } {
  const options: ParseArgsOptionsConfig = {}
  for (const [name, { type, multiple }] of Object.entries({ ...command.options, ...everywhere })) {
    options[name] = { type, multiple: multiple === true }
  }
  let parsed: ReturnType<typeof parseArgs>
  try {
    parsed = parseArgs({ args: [...args], options, allowPositionals: true, strict: true })
  } catch (error) {
    return { usage: error instanceof Error ? error.message : String(error) }
  }
  const { values, positionals } = parsed
  if (values.help === true) return 'help'
  const missing = command.positionals[positionals.length]
  if (missing !== undefined) return { usage: `${missing} is missing.` }
  if (positionals.length > command.positionals.length) {
    return { usage: `Too many arguments: ${positionals[command.positionals.length]}` }
  }
  const texts = (option: string) => [values[option] ?? []].flat().filter(v => typeof v === 'string')
  return {
    positionals,
    text: option => texts(option).at(-1),
    texts,
    isSet: option => values[option] === true,
  }
}

export function commandHelp(name: string, command: Command): string {
  const rows = Object.entries({ ...command.options, ...everywhere }).map(
    ([option, { value, help }]) => [`--${option}${value === undefined ? '' : ` ${value}`}`, help] as const,
  )
  return [`fob ${name} ${command.usage}`, '', command.description, '', 'Options', ...table(rows)].join('\n')
}

/** Two columns, the second wrapped. */
export function table(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length)) + 4
  return rows.flatMap(([left, right]) =>
    wrap(right, 100 - width).map((line, i) => `  ${(i === 0 ? left : '').padEnd(width - 2)}${line}`),
  )
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + word.length < width) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}
