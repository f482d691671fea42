// fob device: the reference device on a Linux board, as a real Bluetooth peripheral.
import { join } from 'node:path'
import { formatVersion } from '../../src/core/mcuboot/version.ts'
import { type Failure, fail, type Result } from '../../src/core/result.ts'
import { BluezObjects } from '../bluez/bluezObjects.ts'
import { startPeripheral } from '../bluez/peripheral.ts'
import { type Command, failed, type Input, type Io, type Outcome, usageError } from '../cli/command.ts'
import { networkOptions } from '../cli/network.ts'
import { describeError } from '../describeError.ts'
import { BOARD_KINDS, type Board, type BoardOptions, openBoard } from '../device/board.ts'
import { openConsole } from '../device/console.ts'
import { listenToLine } from '../device/gpio.ts'
import { type BoardHardware, openHardware, pinOptions, readPins } from '../device/hardware.ts'
import { makeNewDevice, newDeviceOptions } from './newDevice.ts'

/** Bytes: the longest attribute value (Bluetooth Core, Vol 3, Part F, 3.2.9). */
const LONGEST_WRITE = 512

export const device: Command = {
  usage: '--kind KIND [options]',
  description: `Runs the reference device on this board until Ctrl-C: pairing, updates and opening over Bluetooth Low Energy, as any phone with Fob does
them. At the first start the device is made, from the demo firmware of the network or a file of your own, and its claim code is
printed once. Its key, its flash and its counters are kept in FOB_HOME/device, and are on the disk before the device answers.

Needs BlueZ 5.55 or newer (bluetoothd) and an adapter that can advertise; gpioset and gpiomon (package gpiod) for pins.`,
  positionals: [],
  options: {
    kind: { type: 'string', value: 'KIND', help: `what a new device is: ${BOARD_KINDS.join(', ')}` },
    directory: { type: 'string', value: 'DIR', help: 'where it is kept; default: FOB_HOME/device' },
    ...newDeviceOptions,
    adapter: { type: 'string', value: 'NAME', help: 'as in hci0; default: the first that can advertise' },
    ...pinOptions,
    console: {
      type: 'string',
      value: 'TTY',
      help: 'a serial port that takes SMP as well, as in /dev/ttyGS0',
    },
    'no-radio': { type: 'boolean', help: 'no Bluetooth: reached over --console alone' },
    ...networkOptions,
  },
  run,
}

async function run(input: Input, io: Io): Promise<Outcome> {
  const pins = readPins(input)
  if (!pins.ok) return usageError(pins.error.detail ?? '')
  const tty = input.text('console')
  if (input.isSet('no-radio') && tty === undefined) return usageError('Without radio, name a --console.')
  const directory = input.text('directory') ?? join(io.home.directory, 'device')
  const log = (line: string) => io.print(`${new Date().toISOString().slice(11, 19)} ${line}`)
  const stops: (() => unknown)[] = []
  try {
    let hardware: BoardHardware | undefined
    stops.push(() => hardware?.stop())
    const opened = await openOrMake(input, io, directory, {
      maxWrite: LONGEST_WRITE,
      hardware(kind) {
        hardware = openHardware(kind, pins.value, log)
        return hardware
      },
    })
    if (!opened.ok) return failed(opened.error.kind, opened.error.detail ?? '')
    const board = opened.value
    stops.push(() => board.stop())
    const running = board.device.runningVersion
    if (running === null) {
      return failed(
        'deviceBricked',
        `No image in ${directory} may be started: the device is lost. Make a new one in another --directory.`,
      )
    }
    log(`Started ${formatVersion(running)}`)
    follow(board, log)
    if (pins.value.button) {
      stops.push(listenToLine(pins.value.button, () => board.device.pressButton(), log))
    }
    if (process.stdin.isTTY) {
      const press = () => board.device.pressButton()
      process.stdin.on('data', press)
      stops.push(() => process.stdin.off('data', press).pause())
    }
    if (tty !== undefined) {
      const console = await openConsole(tty, board.device, log)
      stops.push(() => console.close())
    }
    if (!input.isSet('no-radio')) {
      const bluez = await BluezObjects.open()
      stops.push(() => bluez.close())
      const peripheral = await startPeripheral({
        ...{ bluez, log, device: board.device },
        adapter: input.text('adapter'),
      })
      stops.push(() => peripheral.stop())
    }
    io.print(`${board.device.advertisement.localName} is on the air: ${board.device.deviceId}`)
    io.print(process.stdin.isTTY ? 'Enter presses its button; Ctrl-C ends it.' : 'SIGTERM ends it.')
    await io.interrupted()
    return { ok: true, text: 'The device is off.', data: { deviceId: board.device.deviceId } }
  } catch (error) {
    return failed('deviceFailed', explain(describeError(error)))
  } finally {
    for (const stop of stops.reverse()) await stop()
  }
}

async function openOrMake(
  input: Input,
  io: Io,
  directory: string,
  options: BoardOptions,
): Promise<Result<Board, Failure>> {
  const asked = BOARD_KINDS.find(kind => kind === input.text('kind'))
  const opened = openBoard(directory, options)
  if (opened.ok) {
    if (asked === undefined || asked === opened.value.kind) return opened
    opened.value.stop()
    return fail({
      kind: 'otherKind',
      detail: `The device in ${directory} is a ${opened.value.kind}. Leave --kind out, or name another --directory.`,
    })
  }
  if (opened.error.kind === 'boardDamaged') {
    return fail({ kind: 'boardDamaged', detail: `${opened.error.detail} can't be read.` })
  }
  if (asked === undefined) {
    return fail({ kind: 'usage', detail: `There is no device yet: --kind ${BOARD_KINDS.join(', ')}` })
  }
  const made = await makeNewDevice(asked, directory, input, io)
  return made.ok ? openBoard(directory, options) : made
}

function follow({ device: board }: Board, log: (line: string) => void): void {
  board.onEvent(event => {
    switch (event.kind) {
      case 'booted':
        return log(`Started ${formatVersion(event.boot.image.version)}`)
      case 'reset':
        return log(event.reason === 'watchdog' ? 'The watchdog resets it' : 'Restarting')
      case 'bricked':
        return log(`Nothing can be started: ${event.detail}`)
      case 'buttonPressed':
        return log('The button was pressed: it can be paired for a minute')
      case 'opened':
        return log(event.hasMoved ? 'Opened' : 'The bolt did not move')
      case 'vend':
        return log(`Order ${event.record.orderId}: slot ${event.record.slot}, ${event.record.state}`)
      default:
        return
    }
  })
}

/** What helps, where the cause is a common one. */
function explain(detail: string): string {
  if (/ENOENT|ECONNREFUSED/.test(detail) && /socket|connect/.test(detail)) {
    return `There is no system message bus here (${detail}). Install and start dbus and bluez.`
  }
  if (/AccessDenied|not allowed|rejected send/i.test(detail)) {
    return `The message bus refuses (${detail}). Run it as root, or as a member of the group bluetooth.`
  }
  return detail
}
