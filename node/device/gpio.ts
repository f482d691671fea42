// The board's pins, through libgpiod's own tools: gpioset drives a line, gpiomon hears one.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'

/** A line of a GPIO character device: `gpiochip0:17`. */
export interface GpioLine {
  readonly chip: string
  readonly line: number
  /** Low is on. */
  readonly isActiveLow: boolean
}

/** `gpiochip0:17`, or `gpiochip0:17:low` for a line that is on while it is low; undefined for anything else. */
export function parseGpioLine(text: string): GpioLine | undefined {
  const [, chip, line, low] = /^(gpiochip\d{1,3}):(\d{1,3})(:low)?$/.exec(text) ?? []
  if (chip === undefined || line === undefined) return undefined
  return { chip, line: Number(line), isActiveLow: low !== undefined }
}

const SET = 'gpioset'
const MONITOR = 'gpiomon'

/** libgpiod 2 takes other options than 1.6, which Debian 12 has. Throws where the tools are not installed. */
function majorVersion(tool: string): number {
  const asked = spawnSync(tool, ['--version'], { encoding: 'utf8' })
  if (asked.error || asked.status !== 0) {
    throw new Error(`${tool} is missing: install the package gpiod`)
  }
  return Number(/v?(\d+)\.\d/.exec(asked.stdout)?.[1] ?? 1)
}

/** A line that this program drives: a bolt's strike, a motor, a relay. */
export class GpioOutput {
  readonly #line: GpioLine
  readonly #log: (line: string) => void
  readonly #version: number
  #driving: ChildProcess | undefined

  /** Sets it to off, which shows whether the line is there and free. Throws where it is not. */
  constructor(line: GpioLine, log: (line: string) => void) {
    this.#line = line
    this.#log = log
    this.#version = majorVersion(SET)
    const fault = this.#off()
    if (fault !== undefined) throw new Error(`the line ${line.chip}:${line.line} can't be driven: ${fault}`)
  }

  get isDriven(): boolean {
    return this.#driving !== undefined
  }

  /**
   * On for `ms`, then off; calls back once it is off, with whether it was on for all of that time. False where the line can't
   * be driven now, and then nobody is called back.
   */
  drive(ms: number, onEnd: (isDone: boolean) => void): boolean {
    if (this.#driving) return false
    const child = spawn(SET, this.#arguments(1, ms), { stdio: 'ignore' })
    child.once('error', () => undefined)
    if (child.pid === undefined) return false
    this.#driving = child
    child.once('exit', (code, signal) => {
      this.#driving = undefined
      // Some drivers keep what was set last when nobody holds the line any more.
      this.#off()
      if (code !== 0 && signal === null)
        this.#log(`${this.#line.chip}:${this.#line.line}: ${SET} ended with ${code}`)
      onEnd(code === 0)
    })
    return true
  }

  /** Off at once. */
  stop(): void {
    this.#driving?.kill()
    this.#off()
  }

  /** What is wrong; undefined where it is off now. */
  #off(): string | undefined {
    const done = spawnSync(SET, this.#arguments(0, 1), { encoding: 'utf8' })
    return done.status === 0 ? undefined : (done.stderr || String(done.error ?? '')).trim()
  }

  #arguments(value: 0 | 1, ms: number): string[] {
    const { chip, line, isActiveLow } = this.#line
    const low = isActiveLow ? ['--active-low'] : []
    const assignment = `${line}=${value}`
    // With a period of 0 gpioset 2 ends there; after any other it turns the value round first.
    const periods = value === 1 ? `${ms}ms,0` : '0'
    if (this.#version >= 2) return [...low, '--toggle', periods, '--chip', chip, assignment]
    const time = [`--sec=${Math.floor(ms / 1000)}`, `--usec=${(ms % 1000) * 1000}`]
    return [...low, '--mode=time', ...time, chip, assignment]
  }
}

/** Calls back for each time that the line goes on. Throws where gpiomon is not installed; returns what ends it. */
export function listenToLine(
  { chip, line, isActiveLow }: GpioLine,
  onEdge: () => void,
  log: (line: string) => void,
): () => void {
  const version = majorVersion(MONITOR)
  const low = isActiveLow ? ['--active-low'] : []
  const options =
    version >= 2
      ? [...low, '--edges', 'rising', '--format', 'on', '--chip', chip, String(line)]
      : [...low, '--rising-edge', '--line-buffered', '--format=on', chip, String(line)]
  const child = spawn(MONITOR, options, { stdio: ['ignore', 'pipe', 'inherit'] })
  let isStopping = false
  child.stdout.on('data', (said: Buffer) => {
    for (const byte of said) if (byte === 0x0a) onEdge()
  })
  child.once('error', error => log(`${chip}:${line} is not heard: ${error.message}`))
  child.once('exit', code => {
    if (!isStopping) log(`${chip}:${line} is not heard any more: ${MONITOR} ended with ${code}`)
  })
  return () => {
    isStopping = true
    child.kill()
  }
}
