// The contract of transports, through a gateway over real libp2p; and what a gateway refuses.
import { afterEach, describe, expect, test } from 'vitest'
import type { ReferenceDevice } from '../../../device/referenceDevice.ts'
import { type Gateway, type GatewayOptions, startGateway } from '../../../node/gateway/gateway.ts'
import type { HeardDevice, Radio } from '../../../node/gateway/radio.ts'
import { freePort } from '../../../node/http.ts'
import { startSeed } from '../../../node/seed/seed.ts'
import { systemTimer as timer } from '../../../node/systemTimer.ts'
import type { KnownGateway } from '../../../src/app/ports/ways.ts'
import { toHex } from '../../../src/core/bytes.ts'
import { readGatewayCode } from '../../../src/core/gateway/code.ts'
import { fail, ok } from '../../../src/core/result.ts'
import { SmpClient } from '../../../src/core/smp/client.ts'
import { SMP_SERVICE } from '../../../src/core/smp/gattUuids.ts'
import { echo } from '../../../src/core/smp/os.ts'
import { createGatewayDevices } from '../../../src/io/gateway/gatewayDevices.ts'
import { startGatewayNode } from '../../../src/io/gateway/gatewayNode.ts'
import { temporaryDirectory } from '../node/temporary.ts'
import { makeDevice, transportContract } from './contract.ts'

const ID = 'C0:00:00:00:00:01'
const heard: HeardDevice = { id: ID, name: 'Fob Lock One 0001', rssi: -60, services: [SMP_SERVICE] }

/** A radio with one device in reach, without the air between. */
function radioOf(device: ReferenceDevice, state: { isOn: boolean } = { isOn: true }): Radio {
  return {
    listen: () => {},
    isOn: () => state.isOn,
    heard: () => [heard],
    async connect(id) {
      if (id !== ID) return fail({ kind: 'unknownDevice', detail: 'it is not heard' })
      try {
        return ok({ transport: await device.connect(), batteryLevel: async () => device.battery() })
      } catch (error) {
        return fail({ kind: 'outOfReach', detail: String(error) })
      }
    },
    stop: async () => {},
  }
}

async function open(radio: Radio, options: Partial<GatewayOptions> = {}) {
  const gateway = await startGateway({
    directory: temporaryDirectory(),
    host: '127.0.0.1',
    port: await freePort(),
    relays: [],
    webRtc: false,
    log: () => {},
    radio,
    ...options,
  })
  const node = await startGatewayNode({ webRtc: false })
  const known = knownFrom(gateway)
  const devices = createGatewayDevices({ known: () => [known], open: it => node.open(it), timer })
  const stop = async () => {
    await node.stop()
    await gateway.stop()
  }
  return { gateway, known, devices, stop }
}

/** As the app keeps what it has scanned. */
function knownFrom(gateway: Gateway): KnownGateway {
  const code = readGatewayCode(gateway.code())
  if (!code) throw new Error('the code must be readable')
  const { peerId, addresses, key } = code
  return { peerId, addresses, key: toHex(key).slice(2), name: 'Garden' }
}

transportContract('through a gateway', async device => {
  const { devices, known, stop } = await open(radioOf(device))
  return {
    async connect() {
      const opened = await devices.connect(devices.idOf(known, ID))
      return opened.ok && 'transport' in opened.value ? opened.value.transport : undefined
    },
    cut: () => device.dropLink(),
    stop,
  }
})

describe('a gateway', () => {
  const stops: (() => Promise<void>)[] = []
  afterEach(async () => {
    for (const stop of stops.splice(0).reverse()) await stop()
  })
  const world = async (options: Partial<GatewayOptions> = {}, state = { isOn: true }) => {
    const device = makeDevice()
    const opened = await open(radioOf(device, state), options)
    stops.push(async () => device.dispose(), opened.stop)
    return { ...opened, device, id: opened.devices.idOf(opened.known, ID) }
  }

  test('tells what it hears and whose it is, hands a device to one client at a time, and tells its battery', async () => {
    const { devices, known, id, device } = await world()
    expect(await devices.list(known)).toEqual({ ok: true, value: [{ ...heard, isTaken: false }] })
    const first = await devices.connect(id)
    if (!first.ok || !('transport' in first.value)) throw new Error('it must connect')
    expect(await first.value.batteryLevel()).toBe(device.battery())
    expect(await devices.list(known)).toMatchObject({ ok: true, value: [{ isTaken: true }] })
    expect(await devices.connect(id)).toEqual({ ok: false, error: { kind: 'deviceTaken' } })
    await first.value.transport.close()
    await expect.poll(async () => (await devices.connect(id)).ok).toBe(true)
    expect(await devices.connect(devices.idOf(known, 'C0:00:00:00:00:02'))).toMatchObject({
      ok: false,
      error: { kind: 'outOfReach' },
    })
  })

  test('answers nobody without its key, hides what it may not hand out, and says when its radio is off', async () => {
    const state = { isOn: true }
    const { devices, known } = await world({ allowed: new Set(['C0:00:00:00:00:09']) }, state)
    expect(await devices.list(known)).toEqual({ ok: true, value: [] })
    expect(await devices.connect(devices.idOf(known, ID))).toMatchObject({ error: { kind: 'outOfReach' } })
    const stranger = { ...known, key: '00'.repeat(16) }
    expect(await devices.list(stranger)).toEqual({ ok: false, error: { kind: 'gatewayKeyWrong' } })
    state.isOn = false
    expect(await devices.list(known)).toEqual({ ok: false, error: { kind: 'gatewayRadioOff' } })
  })

  test('lets go of a device whose client says nothing, and of one whose client is gone', async () => {
    const { devices, id, device } = await world({ idleMs: 150 })
    const opened = await devices.connect(id)
    if (!opened.ok || !('transport' in opened.value)) throw new Error('it must connect')
    const { transport } = opened.value
    const client = new SmpClient(transport, { timer })
    expect(await echo(client, 'hello')).toEqual({ ok: true, value: 'hello' })
    const loss = await new Promise(resolve => transport.onClose(resolve))
    expect(loss).toBe('lost')
    await expect.poll(() => device.isConnected).toBe(false)
  })

  test('is met at a relay, whose limits are enough to look and to open, also after the relay was restarted', async () => {
    const place = { directory: temporaryDirectory(), host: '127.0.0.1', port: await freePort() }
    const seed = await startSeed({ ...place, webRtcDirect: false, log: () => {} })
    const relay = seed.addresses().find(address => address.includes('/ws/'))
    const { gateway, known } = await world({ relays: [relay ?? ''], relayCheckMs: 200 })
    const circuits = () => gateway.addresses().filter(address => address.includes('/p2p-circuit/'))
    await expect.poll(() => circuits().length, { timeout: 15_000 }).toBeGreaterThan(0)
    expect(readGatewayCode(gateway.code())?.addresses).toContain(circuits()[0])
    const node = await startGatewayNode({ webRtc: false })
    stops.push(() => node.stop())
    const far = { ...known, addresses: circuits().slice(0, 1) }
    const devices = createGatewayDevices({ known: () => [far], open: it => node.open(it), timer })
    expect(await devices.list(far)).toMatchObject({ ok: true, value: [{ id: ID }] })
    const opened = await devices.connect(devices.idOf(far, ID))
    if (!opened.ok || !('transport' in opened.value)) throw new Error(JSON.stringify(opened))
    const client = new SmpClient(opened.value.transport, { timer })
    expect(await echo(client, 'from afar')).toEqual({ ok: true, value: 'from afar' })
    client.dispose()
    await opened.value.transport.close()

    // The relay is restarted, and knows nothing of anybody any more.
    await seed.stop()
    await expect.poll(() => circuits().length, { timeout: 15_000 }).toBe(0)
    const again = await startSeed({ ...place, webRtcDirect: false, log: () => {} })
    stops.push(() => again.stop())
    await expect.poll(() => circuits().length, { timeout: 15_000 }).toBeGreaterThan(0)
  })

  test('keeps its peer id and its key over a restart', async () => {
    const directory = temporaryDirectory()
    const { known, gateway } = await world({ directory })
    await gateway.stop()
    const again = await world({ directory })
    expect(again.known.peerId).toBe(known.peerId)
    expect(again.known.key).toBe(known.key)
  })
})
