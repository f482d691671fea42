// Motors, relays and sensors on pins: what is driven for how long, what counts as given, and that every line is off afterwards.
import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { GiveEnd, VendingHardware } from '../../../device/vending/hardware.ts'
import { GpioOutput, listenToLine, parseGpioLine } from '../../../node/device/gpio.ts'
import { MotorMachine, RelayMachine } from '../../../node/device/gpioMachine.ts'
import { systemTimer as timer } from '../../../node/systemTimer.ts'
import { temporaryDirectory } from '../node/temporary.ts'

const tools = temporaryDirectory()
const said = join(tools, 'said')
const path = process.env.PATH

/** As libgpiod's tools of version 1.6, without pins: `gpioset` holds a line for its time; line 9 is not there. */
const gpioset = `#!/bin/sh
[ "$1" = --version ] && echo 'gpioset (libgpiod) v1.6.3' && exit 0
for it in "$@"; do case "$it" in --sec=*) s="\${it#*=}";; --usec=*) u="\${it#*=}";; 9=*) echo 'no such line' >&2; exit 1;; esac; done
echo "$@" >> '${said}'
case "$*" in *=1) exec sleep "$s.$(printf %06d "$u")";; esac
`
const gpiomon = `#!/bin/sh
[ "$1" = --version ] && echo 'gpiomon (libgpiod) v1.6.3' && exit 0
echo on; echo on; exec sleep 30
`

beforeAll(() => {
  for (const [name, script] of Object.entries({ gpioset, gpiomon })) {
    writeFileSync(join(tools, name), script)
    chmodSync(join(tools, name), 0o755)
  }
  process.env.PATH = `${tools}:${path}`
})
afterAll(() => {
  process.env.PATH = path
})
beforeEach(() => writeFileSync(said, ''))

const output = (line: number) => new GpioOutput({ chip: 'gpiochip0', line, isActiveLow: false }, () => {})
/** The values that were set, in their order. */
const values = () => readFileSync(said, 'utf8').match(/\d+=[01]/g)
const given = (machine: VendingHardware, slot: number, quantity: number) =>
  new Promise<GiveEnd>(resolve => {
    machine.give(slot, quantity, resolve)
  })

describe('a line', () => {
  test('is named by chip and number, and says which level is on', () => {
    expect(parseGpioLine('gpiochip0:17')).toEqual({ chip: 'gpiochip0', line: 17, isActiveLow: false })
    expect(parseGpioLine('gpiochip4:5:low')).toEqual({ chip: 'gpiochip4', line: 5, isActiveLow: true })
    for (const wrong of [
      '17',
      'gpiochip0',
      'gpiochip0:',
      'gpiochip0:1:high',
      '/dev/gpiochip0:1',
      'gpiochip0:1;x',
    ]) {
      expect(parseGpioLine(wrong)).toBeUndefined()
    }
  })

  test('that is not there is noticed at once, and not when somebody stands before the door', () => {
    expect(() => output(9)).toThrow('no such line')
  })

  test('is heard once for each time that it goes on', async () => {
    let presses = 0
    const stop = listenToLine(
      { chip: 'gpiochip0', line: 2, isActiveLow: false },
      () => presses++,
      () => {},
    )
    await expect.poll(() => presses).toBe(2)
    stop()
  })
})

describe('a machine of motors', () => {
  test('turns the slot’s motor once for each product and leaves it off; what fell is for the sensor to say', async () => {
    const machine = new MotorMachine({ motors: [output(4), output(5)], turnMs: 20, capacity: 8 })
    expect(machine.slots).toHaveLength(2)
    expect(machine.slots[0]).toMatchObject({ unit: 'product', stock: 0, capacity: 8 })
    let count = 41
    machine.keepCountIn({
      read: () => count,
      write: next => {
        count = next
      },
    })
    writeFileSync(said, '')
    expect(await given(machine, 1, 2)).toBe('given')
    expect(values()).toEqual(['5=1', '5=0', '5=1', '5=0'])
    expect(machine.passed()).toBe(41)
    machine.notePassed()
    expect([machine.passed(), count]).toEqual([42, 42])
  })

  test('that can’t be driven is jammed, and nothing counts', async () => {
    const motor = output(4)
    const machine = new MotorMachine({ motors: [motor], turnMs: 200, capacity: 8 })
    const first = given(machine, 0, 1)
    await expect.poll(() => motor.isDriven).toBe(true)
    expect(await given(machine, 0, 1)).toBe('jam')
    expect(await first).toBe('given')
    expect(machine.passed()).toBe(0)
  })
})

describe('an outlet', () => {
  test('is on for the minutes that were paid, counts each, and is off then', async () => {
    const machine = new RelayMachine(output(6), timer, 30)
    writeFileSync(said, '')
    expect(await given(machine, 0, 3)).toBe('given')
    expect(machine.passed()).toBe(3)
    expect(values()).toEqual(['6=1', '6=0'])
  })

  test('that is stopped is off at once, and what was not given does not count', async () => {
    const relay = output(6)
    const machine = new RelayMachine(relay, timer, 10_000)
    const ended = new Promise<GiveEnd>(resolve => {
      const stop = machine.give(0, 3, resolve)
      void expect
        .poll(() => relay.isDriven)
        .toBe(true)
        .then(stop)
    })
    expect(await ended).toBe('stopped')
    expect(machine.passed()).toBe(0)
    expect(values()?.at(-1)).toBe('6=0')
    expect(relay.isDriven).toBe(false)
  })
})
