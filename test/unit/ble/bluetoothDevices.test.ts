// The DevicePort over scripted browser calls: gestures, missing abilities, retries and their bounds.
import { beforeAll, describe, expect, it } from 'vitest'
import type { DevicePort, SmpConnection } from '../../../src/app/ports/device.ts'
import { LinkError } from '../../../src/core/smp/transport.ts'
import { createBluetoothDevices } from '../../../src/io/ble/bluetoothDevices.ts'
import { defaultTiming } from '../../../src/io/ble/timing.ts'
import { VirtualTime } from '../smp/virtualTime.ts'
import { asBluetooth, browserError, FakeDevice, WatchableDevice } from './fakeBluetooth.ts'

// Loaded by the port when it first connects, in time that is none of the tests'.
beforeAll(async () => {
  await import('../../../src/io/ble/openLink.ts')
  await import('../../../src/io/ble/updaters.ts')
})

const outOfRange = browserError('NetworkError', 'Bluetooth Device is no longer in range.')
const refused = browserError('NetworkError', 'Connection attempt failed.')
const rejected = (error: Error) => {
  const promise = Promise.reject<void>(error)
  promise.catch(() => undefined)
  return promise
}

/** A browser that gives out `device` when asked, and tells the ones in `remembered` where it can. */
function browser(device: FakeDevice, remembered?: readonly FakeDevice[]) {
  const time = new VirtualTime()
  const bluetooth = {
    available: true,
    getAvailability: async () => bluetooth.available,
    requestDevice: async () => device,
    ...(remembered === undefined
      ? {}
      : {
          async getDevices(): Promise<readonly FakeDevice[]> {
            if (this !== bluetooth) throw new TypeError('Illegal invocation')
            return remembered
          },
        }),
  }
  return {
    time,
    bluetooth,
    devices: createBluetoothDevices({ bluetooth: asBluetooth(bluetooth), timer: time }),
  }
}

async function connected(device = new FakeDevice('a', 'Lock')) {
  const { time, devices, bluetooth } = browser(device)
  await devices.choose()
  const result = await time.until(devices.connect('a'))
  return { time, devices, bluetooth, device, connection: smpOf(result) }
}

function smpOf(result: Awaited<ReturnType<DevicePort['connect']>>): SmpConnection {
  if (!result.ok) throw new Error(result.error.kind)
  if (!('transport' in result.value)) throw new Error(result.value.updater)
  return result.value
}

describe('choosing', () => {
  it('asks the browser before anything is awaited, so that the gesture still counts', async () => {
    let asked: RequestDeviceOptions | undefined
    const bluetooth = {
      getAvailability: async () => true,
      requestDevice: async (options: RequestDeviceOptions) => {
        asked = options
        return new FakeDevice('a')
      },
    }
    const devices = createBluetoothDevices({ bluetooth: asBluetooth(bluetooth), timer: new VirtualTime() })
    const choosing = devices.choose()
    expect(asked).toEqual({
      filters: ['8d53dc1d-1db7-4cd3-868b-8a527460aa84', 0xfe59, 0x8018].map(service => ({
        services: [service],
      })),
      optionalServices: ['8d53dc1d-1db7-4cd3-868b-8a527460aa84', 0xfe59, 0x8018, 0x180f, 0x180a],
    })
    expect(await choosing).toEqual({ ok: true, value: { source: 'bluetooth', id: 'a', name: '' } })
  })

  it('says that the adapter is off when the chooser could only be cancelled', async () => {
    const { time, bluetooth, devices } = browser(new FakeDevice('a'))
    bluetooth.available = false
    bluetooth.requestDevice = () =>
      Promise.reject(browserError('NotFoundError', 'User cancelled the requestDevice() chooser.'))
    expect(await time.until(devices.choose())).toEqual({ ok: false, error: { kind: 'radioOff' } })
  })
})

describe('what a browser knows', () => {
  it('is only what was chosen in this page where there is no getDevices', async () => {
    const { devices } = browser(new FakeDevice('a', 'Lock'))
    expect(await devices.known()).toEqual([])
    await devices.choose()
    expect(await devices.known()).toEqual([{ source: 'bluetooth', id: 'a', name: 'Lock' }])
  })

  it('comes from getDevices, called on its object, where there is one', async () => {
    const { time, devices } = browser(new FakeDevice('a'), [new FakeDevice('b', 'Kept')])
    expect(await time.until(devices.known())).toEqual([{ source: 'bluetooth', id: 'b', name: 'Kept' }])
    expect(await time.until(devices.connect('b'))).toMatchObject({ ok: true })
  })

  it('does not hold anybody up when the browser no longer answers', async () => {
    const { time, bluetooth, devices } = browser(new FakeDevice('a', 'Lock'))
    bluetooth.getAvailability = () => new Promise(() => undefined)
    expect(await time.until(devices.radioState())).toBe('ready')
    expect(time.now()).toBe(defaultTiming.availability)
  })

  it('is unsupported, never an exception, where there is no Web Bluetooth', async () => {
    const devices = createBluetoothDevices({ bluetooth: undefined, timer: new VirtualTime() })
    expect(await devices.radioState()).toBe('unsupported')
    expect(await devices.choose()).toEqual({ ok: false, error: { kind: 'radioUnsupported' } })
    expect(await devices.connect('a')).toEqual({ ok: false, error: { kind: 'radioUnsupported' } })
    expect(await devices.known()).toEqual([])
  })
})

describe('connecting', () => {
  it('gives up after its attempts, with growing pauses', async () => {
    const device = new FakeDevice('a')
    const { time, devices } = browser(device)
    await devices.choose()
    device.gatt.attempts.push(rejected(refused), rejected(refused), rejected(refused))
    expect(await time.until(devices.connect('a'))).toMatchObject({ ok: false, error: { kind: 'outOfReach' } })
    expect(device.gatt.connects).toBe(3)
    expect(time.now()).toBe(defaultTiming.backOff * 3)
  })

  it('ends an attempt that hangs, and takes it back', async () => {
    const device = new FakeDevice('a')
    const { time, devices } = browser(device)
    await devices.choose()
    const hang = () => new Promise<void>(() => undefined)
    device.gatt.attempts.push(hang(), hang(), hang())
    expect(await time.until(devices.connect('a'))).toMatchObject({ ok: false, error: { kind: 'outOfReach' } })
    expect(time.now()).toBeLessThanOrEqual(defaultTiming.connectTotal + defaultTiming.connectAttempt)
    expect(device.gatt.disconnects).toBe(device.gatt.connects)
  })

  it('needs the chooser for a device out of sight, where the browser can not scan', async () => {
    const device = new FakeDevice('a')
    const { time, devices } = browser(device)
    await devices.choose()
    device.gatt.attempts.push(rejected(outOfRange))
    expect(await time.until(devices.connect('a'))).toEqual({ ok: false, error: { kind: 'mustChooseAgain' } })
  })

  it('scans for a device out of sight, connects when it is heard, and stops scanning', async () => {
    const device = new WatchableDevice('a')
    const { time, devices } = browser(device)
    await devices.choose()
    device.gatt.attempts.push(rejected(outOfRange))
    const connecting = devices.connect('a')
    time.after(700, () => device.dispatchEvent(new Event('advertisementreceived')))
    expect(await time.until(connecting)).toMatchObject({ ok: true })
    expect(time.now()).toBe(700)
    expect(device.watches).toBe(1)
    expect(device.isWatched).toBe(false)
  })

  it('stops scanning for a device that never comes', async () => {
    const device = new WatchableDevice('a')
    const { time, devices } = browser(device)
    await devices.choose()
    for (let i = 0; i < 50; i++) device.gatt.attempts.push(rejected(outOfRange))
    expect(await time.until(devices.connect('a'))).toMatchObject({ ok: false, error: { kind: 'outOfReach' } })
    expect(time.now()).toBeLessThan(defaultTiming.connectTotal + 2 * defaultTiming.sighting)
    expect(device.isWatched).toBe(false)
    expect(time.waiting).toBe(0)
  })

  it('tries again when the link drops while services are looked for', async () => {
    const device = new FakeDevice('a')
    const { time, devices } = browser(device)
    await devices.choose()
    let drops = 1
    device.gatt.smp.subscribe = async () => {
      if (drops-- > 0) device.dropLink()
    }
    expect(await time.until(devices.connect('a'))).toMatchObject({ ok: true })
    expect(device.gatt.connects).toBe(2)
  })

  it('does not try again where the device demands pairing', async () => {
    const device = new FakeDevice('a')
    const { time, devices } = browser(device)
    await devices.choose()
    device.gatt.serviceError = browserError('NetworkError', 'Authentication rejected.')
    expect(await time.until(devices.connect('a'))).toMatchObject({ error: { kind: 'pairingRequired' } })
    expect(device.gatt.connects).toBe(1)
    expect(device.gatt.connected).toBe(false)
  })

  it.each([
    ['DfuTarg', 'blockedUpdater'],
    ['CC2650 SensorTag', 'blockedUpdater'],
    ['Lamp', 'notSmp'],
  ])('says of %s, which shows no updater, what its name tells', async (name, kind) => {
    const device = new FakeDevice('a', name)
    const { time, devices } = browser(device)
    await devices.choose()
    device.gatt.serviceError = browserError('NotFoundError', 'No Services matching found in Device.')
    expect(await time.until(devices.connect('a'))).toMatchObject({ ok: false, error: { kind } })
  })

  it('lets an old link go down before the next one is made', async () => {
    const { time, devices, device, connection } = await connected()
    await connection.transport.close()
    const closedAt = time.now()
    expect(await time.until(devices.connect('a'))).toMatchObject({ ok: true })
    expect(time.now() - closedAt).toBe(defaultTiming.settle)
    expect(device.gatt.connects).toBe(2)
  })

  it('makes one link of two calls at a time', async () => {
    const device = new FakeDevice('a')
    const { time, devices } = browser(device)
    await devices.choose()
    const [first, second] = await time.until(Promise.all([devices.connect('a'), devices.connect('a')]))
    const losses: string[] = []
    smpOf(first).transport.onClose(loss => losses.push(loss))
    smpOf(second).transport.onClose(loss => losses.push(loss))
    expect(losses).toEqual(['closed'])
  })
})

describe('the transport', () => {
  it('hands over each notification as a copy of its own', async () => {
    const { connection, device } = await connected()
    const heard: Uint8Array[] = []
    const stop = connection.transport.onData(bytes => heard.push(bytes))
    device.gatt.smp.notify(1, 2, 3)
    device.gatt.smp.notify(4)
    stop()
    device.gatt.smp.notify(5)
    expect(heard.map(bytes => [...bytes])).toEqual([[1, 2, 3], [4]])
    expect(heard[0]?.buffer).not.toBe(heard[1]?.buffer)
  })

  it('writes what it was given, also when the caller reuses its buffer meanwhile', async () => {
    const { time, connection, device } = await connected()
    const buffer = Uint8Array.of(1, 2, 3)
    const writing = Promise.all([connection.transport.write(buffer), connection.transport.write(buffer)])
    buffer.fill(9)
    await time.until(writing)
    expect(device.gatt.smp.written).toEqual([
      { kind: 'command', bytes: [1, 2, 3] },
      { kind: 'command', bytes: [1, 2, 3] },
    ])
  })

  it('asks for a response where the characteristic takes nothing else', async () => {
    const device = new FakeDevice('a')
    device.gatt.smp.properties = { notify: true, write: true, writeWithoutResponse: false }
    const { time, connection } = await connected(device)
    await time.until(connection.transport.write(Uint8Array.of(7)))
    expect(device.gatt.smp.written).toEqual([{ kind: 'request', bytes: [7] }])
  })

  it('leaves the link as it is when the browser refuses a write', async () => {
    const { time, connection, device } = await connected()
    device.gatt.smp.writes.push(
      rejected(browserError('NetworkError', 'GATT operation failed for unknown reason.')),
    )
    const loss = connection.transport.write(new Uint8Array(500)).catch(error => (error as LinkError).loss)
    expect(await time.until(loss)).toBe('refused')
    await time.until(connection.transport.write(Uint8Array.of(1)))
    expect(device.gatt.smp.written).toHaveLength(1)
  })

  it('rejects every write after the end with the reason of the end', async () => {
    const { connection, device } = await connected()
    device.dropLink()
    await expect(connection.transport.write(Uint8Array.of(1))).rejects.toThrow(LinkError)
    await expect(connection.transport.write(Uint8Array.of(1))).rejects.toMatchObject({ loss: 'lost' })
  })
})

describe('the battery level', () => {
  const withLevel = (bytes: readonly number[]) => {
    const device = new FakeDevice('a')
    const find = device.gatt.getPrimaryService.bind(device.gatt)
    device.gatt.getPrimaryService = async uuid =>
      uuid === 0x180f
        ? {
            getCharacteristic: async () => ({
              readValue: async () => new DataView(Uint8Array.from(bytes).buffer),
            }),
          }
        : find(uuid)
    return device
  }

  it.each([
    ['a percentage', [42], 42],
    ['full', [100], 100],
    ['more than full', [101], null],
    ['nothing', [], null],
  ])('of a device that answers %s', async (_, bytes, level) => {
    const { time, connection } = await connected(withLevel(bytes))
    expect(await time.until(connection.batteryLevel())).toBe(level)
  })

  it('of a device without one is unknown, and asked for once', async () => {
    const { time, connection, device } = await connected()
    expect(await time.until(connection.batteryLevel())).toBeNull()
    expect(await time.until(connection.batteryLevel())).toBeNull()
    expect(device.gatt.lookedFor.filter(uuid => uuid === 0x180f)).toHaveLength(1)
  })
})
