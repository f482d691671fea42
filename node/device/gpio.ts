// The board's pins, through libgpiod's own tools: gpioset drives the bolt, gpiomon hears the button.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'

/** A line of a GPIO character device: `gpiochip0:17`. */
export interface GpioLine {
  readonly chip: string
  readonly line: number
  /** Drives low for on. */
  readonly isActiveLow: boolean
}

/** `gpiochip0:17`, or `gpiochip0:17:low` for a line that is on while it is low; undefined for anything else. */
export function parseGpioLine(text: string): GpioLine | undefined {
  const [, chip, line, low] = /^(gpiochip\d{1,3}):(\d{1,3})(:low)?$/.exec(text) ?? []
  if (chip === undefined || line === undefined) return undefined
  return { chip, line: Number(line), isActiveLow: low !== undefined }
}

export interface Bolt {
  /** Begins to move it, and says whether the line could be driven: what stands behind the line, no pin tells. */
  open(): boolean
  /** Lets go of the line. */
  stop(): void
}

/** Which commands do it; a test names its own. */
export interface GpioTools {
  readonly set: string
  readonly monitor: string
}

const TOOLS: GpioTools = { set: 'gpioset', monitor: 'gpiomon' }

/** libgpiod 2 takes other options than 1.6, which Debian 12 has. Throws where the tools are not installed. */
function majorVersion(tool: string): number {
  const asked = spawnSync(tool, ['--version'], { encoding: 'utf8' })
  if (asked.error || asked.status !== 0) {
    throw new Error(`${tool} is missing: install the package gpiod`)
  }
  return Number(/v?(\d+)\.\d/.exec(asked.stdout)?.[1] ?? 1)
}

/**
 * Drives `line` for `pulseMs` at each opening. The line is set to off once at the start, which shows whether it is there and
 * free. Throws where it is not.
 */
export function gpioBolt(
  line: GpioLine,
  { pulseMs, log, tools = TOOLS }: { pulseMs: number; log: (line: string) => void; tools?: GpioTools },
): Bolt {
  const version = majorVersion(tools.set)
  const off = spawnSync(tools.set, setArguments(version, line, 0, 1), { encoding: 'utf8' })
  if (off.status !== 0) {
    throw new Error(
      `the line ${line.chip}:${line.line} can't be driven: ${(off.stderr || String(off.error ?? '')).trim()}`,
    )
  }
  let driving: ChildProcess | undefined
  let hasFailed = false
  return {
    open() {
      // It is being driven: whoever opens a second time within the pulse is let in all the same.
      if (driving !== undefined) return true
      if (hasFailed) log('The bolt could not be driven the last time; it is tried again.')
      const child = spawn(tools.set, setArguments(version, line, 1, pulseMs), { stdio: 'ignore' })
      if (child.pid === undefined) {
        child.once('error', () => undefined)
        hasFailed = true
        return false
      }
      driving = child
      child.once('exit', (code, signal) => {
        driving = undefined
        hasFailed = code !== 0 && signal === null
        if (hasFailed) log(`The bolt was not driven: ${tools.set} ended with ${code}.`)
      })
      return true
    },
    stop() {
      driving?.kill()
    },
  }
}

/** On or off for so long, then the line is let go of. */
function setArguments(version: number, line: GpioLine, value: 0 | 1, ms: number): string[] {
  const low = line.isActiveLow ? ['--active-low'] : []
  const assignment = `${line.line}=${value}`
  // With a period of 0 gpioset 2 ends there; after any other it turns the value round first.
  const periods = value === 1 ? `${ms}ms,0` : '0'
  if (version >= 2) return [...low, '--toggle', periods, '--chip', line.chip, assignment]
  const time = [`--sec=${Math.floor(ms / 1000)}`, `--usec=${(ms % 1000) * 1000}`]
  return [...low, '--mode=time', ...time, line.chip, assignment]
}

/** Calls back for each press of a button at `line`. Throws where gpiomon is not installed; returns what ends it. */
export function gpioButton(
  line: GpioLine,
  onPress: () => void,
  { log, tools = TOOLS }: { log: (line: string) => void; tools?: GpioTools },
): () => void {
  const version = majorVersion(tools.monitor)
  const low = line.isActiveLow ? ['--active-low'] : []
  const options =
    version >= 2
      ? [...low, '--edges', 'rising', '--format', 'pressed', '--chip', line.chip, String(line.line)]
      : [...low, '--rising-edge', '--line-buffered', '--format=pressed', line.chip, String(line.line)]
  const child = spawn(tools.monitor, options, { stdio: ['ignore', 'pipe', 'inherit'] })
  let isStopping = false
  child.stdout.on('data', onPress)
  child.once('error', error => log(`The button is not heard: ${error.message}`))
  child.once('exit', code => {
    if (!isStopping) log(`The button is not heard any more: ${tools.monitor} ended with ${code}.`)
  })
  return () => {
    isStopping = true
    child.kill()
  }
}
