// What a device of `fob device` moves: by its kind, on the pins that the command line names, or in words where it names none.

import { DEMO_OUTLET, DEMO_SPIRALS, DemoMachine } from '../../device/vending/demoMachine.ts'
import type { VendingHardware } from '../../device/vending/hardware.ts'
import { type Failure, fail, ok, type Result } from '../../src/core/result.ts'
import type { Input, OptionSpec } from '../cli/command.ts'
import { systemTimer as timer } from '../systemTimer.ts'
import type { BoardKind } from './board.ts'
import { type GpioLine, GpioOutput, listenToLine, parseGpioLine } from './gpio.ts'
import { MotorMachine, RelayMachine } from './gpioMachine.ts'

/** Milliseconds. */
const DEFAULT_PULSE = 1_500
const DEFAULT_TURN = 2_000
const LONGEST = 60_000
const DEFAULT_CAPACITY = 8
/** Of a machine without pins. */
const DEMO_TURN = 2_000

const line = (help: string): OptionSpec => ({ type: 'string', value: 'CHIP:LINE', help })

export const pinOptions: Readonly<Record<string, OptionSpec>> = {
  bolt: line(
    'lock: the line that moves the bolt, as in gpiochip0:17, or gpiochip0:17:low where low is on; without it, openings are only printed',
  ),
  pulse: { type: 'string', value: 'MS', help: `how long the bolt is driven; default: ${DEFAULT_PULSE}` },
  motor: {
    ...line('vending: the line of a slot’s motor, once for each slot; without any, nothing turns'),
    multiple: true,
  },
  turn: { type: 'string', value: 'MS', help: `of a motor for one product; default: ${DEFAULT_TURN}` },
  capacity: { type: 'string', value: 'N', help: `products that a slot holds; default: ${DEFAULT_CAPACITY}` },
  'drop-sensor': line('vending: the line that goes on for each product that falls; needed with --motor'),
  relay: line('outlet: the line that is on for paid minutes; without it, nothing is switched'),
  button: line('the button that lets the device be paired for a minute; in a terminal, Enter does the same'),
}

/** Checked before anything is made; lines are opened by `openHardware`. */
export interface Pins {
  readonly bolt: GpioLine | undefined
  readonly motors: readonly GpioLine[]
  readonly dropSensor: GpioLine | undefined
  readonly relay: GpioLine | undefined
  readonly button: GpioLine | undefined
  readonly pulseMs: number
  readonly turnMs: number
  readonly capacity: number
}

export function readPins(input: Input): Result<Pins, Failure> {
  const usage = (detail: string) => fail({ kind: 'usage', detail })
  for (const name of ['bolt', 'motor', 'drop-sensor', 'relay', 'button']) {
    for (const text of input.texts(name)) {
      if (!parseGpioLine(text)) return usage(`--${name} is a chip and a line, as in gpiochip0:17.`)
    }
  }
  const one = (name: string) => parseGpioLine(input.text(name) ?? '')
  const pins: Pins = {
    bolt: one('bolt'),
    motors: input.texts('motor').flatMap(text => parseGpioLine(text) ?? []),
    dropSensor: one('drop-sensor'),
    relay: one('relay'),
    button: one('button'),
    pulseMs: Number(input.text('pulse') ?? DEFAULT_PULSE),
    turnMs: Number(input.text('turn') ?? DEFAULT_TURN),
    capacity: Number(input.text('capacity') ?? DEFAULT_CAPACITY),
  }
  for (const [name, ms] of [
    ['pulse', pins.pulseMs],
    ['turn', pins.turnMs],
  ] as const) {
    if (!Number.isInteger(ms) || ms < 10 || ms > LONGEST) {
      return usage(`--${name} is a number of milliseconds from 10 to ${LONGEST}.`)
    }
  }
  if (!Number.isInteger(pins.capacity) || pins.capacity < 1 || pins.capacity > 1_000) {
    return usage('--capacity is a number from 1 to 1000.')
  }
  if (pins.motors.length > 0 && !pins.dropSensor) {
    return usage('Without a --drop-sensor nobody could tell that a product fell, and each sale would fail.')
  }
  return ok(pins)
}

export interface BoardHardware {
  /** Of a lock: moves the bolt, and says whether it could be driven. */
  readonly actuator?: () => boolean
  readonly vending?: VendingHardware
  stop(): void
}

/** Throws where a line can't be driven, or the tools for it are missing. */
export function openHardware(kind: BoardKind, pins: Pins, log: (line: string) => void): BoardHardware {
  switch (kind) {
    case 'lock':
      return lock(pins, log)
    case 'vending':
      return vending(pins, log)
    case 'outlet':
      return outlet(pins, log)
    case 'sensor':
      return { stop: () => {} }
  }
}

function lock({ bolt, pulseMs }: Pins, log: (line: string) => void): BoardHardware {
  if (!bolt) {
    const actuator = () => {
      log('The bolt would move now (no --bolt).')
      return true
    }
    return { actuator, stop: () => {} }
  }
  const output = new GpioOutput(bolt, log)
  return {
    // Whoever opens a second time within the pulse is let in all the same.
    actuator: () => output.isDriven || output.drive(pulseMs, () => {}),
    stop: () => output.stop(),
  }
}

function vending({ motors, dropSensor, turnMs, capacity }: Pins, log: (line: string) => void): BoardHardware {
  if (motors.length === 0 || !dropSensor) {
    log('No motor is connected (no --motor): sales are only counted.')
    return { vending: new DemoMachine({ timer, slots: DEMO_SPIRALS, unitMs: DEMO_TURN }), stop: () => {} }
  }
  const outputs = motors.map(motor => new GpioOutput(motor, log))
  const machine = new MotorMachine({ motors: outputs, turnMs, capacity })
  const stopListening = listenToLine(dropSensor, () => machine.notePassed(), log)
  return {
    vending: machine,
    stop() {
      machine.stop()
      stopListening()
    },
  }
}

function outlet({ relay }: Pins, log: (line: string) => void): BoardHardware {
  if (!relay) {
    log('No relay is connected (no --relay): units are only counted.')
    const options = { timer, slots: DEMO_OUTLET, unitMs: DEMO_TURN, isMeter: true }
    return { vending: new DemoMachine(options), stop: () => {} }
  }
  const machine = new RelayMachine(new GpioOutput(relay, log), timer)
  return { vending: machine, stop: () => machine.stop() }
}
