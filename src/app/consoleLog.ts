// What a technician's console is asked and answers, and its log as a text.
import type { Readable } from './observable.ts'

export type ConsoleCommand =
  | 'info'
  | 'bootloader'
  | 'images'
  | 'slots'
  | 'params'
  | 'tasks'
  | 'pools'
  | 'echo'
  | 'erase'
  | 'restart'

export interface ConsoleEntry {
  readonly id: string
  /** Unix seconds. */
  readonly at: number
  readonly command: ConsoleCommand
  /** Of `echo`. */
  readonly argument: string | null
  /** What the device said, in the protocol's own words, a line each; null where it failed. */
  readonly answer: readonly string[] | null
  /** Stable kind, and its detail. */
  readonly failure: { readonly kind: string; readonly detail: string | null } | null
}

export interface DeviceConsole {
  readonly log: Readable<readonly ConsoleEntry[]>
  /** A command is under way, or the link is gone: then nothing more can be asked. */
  readonly state: Readable<'ready' | 'busy' | 'gone'>
  run(command: ConsoleCommand, argument?: string): Promise<void>
  close(): Promise<void>
}

export type ConsoleFailure = { readonly kind: string; readonly detail?: string }

/** The log as a text to be saved or sent: times in UTC, commands in the protocol's words. */
export function consoleText(device: string, log: readonly ConsoleEntry[]): string {
  const lines = log.flatMap(({ at, command, argument, answer, failure }) => [
    `${new Date(at * 1000).toISOString()} > ${command}${argument === null ? '' : ` ${argument}`}`,
    ...(answer ?? [`! ${failure?.kind ?? ''} ${failure?.detail ?? ''}`.trimEnd()]).map(line => `  ${line}`),
  ])
  return [`# ${device}`, ...lines, ''].join('\n')
}
