// Gateways that the person has added, and the cable: kept in this browser, each a DevicePort like Bluetooth's.
import { toHex } from '../../core/bytes.ts'
import { readGatewayCode } from '../../core/gateway/code.ts'
import { givenName } from '../../core/invisible.ts'
import { fail, ok } from '../../core/result.ts'
import { Observable } from '../observable.ts'
import type { DevicePort, ReachableDevice } from '../ports/device.ts'
import type { Stores } from '../ports/store.ts'
import type { KnownGateway, WayPorts } from '../ports/ways.ts'
import type { Ways } from './ways.ts'

export interface WayParts {
  readonly ports: WayPorts
  readonly stores: Stores
  /** Keeps the device, begins to check it, and gives its key. */
  readonly add: (device: ReachableDevice) => Promise<string>
}

const STORED_AT = 'gateways'

export async function createWays({ ports, stores, add }: WayParts): Promise<Ways> {
  const gateways = new Observable<readonly KnownGateway[]>([])
  const load = async () => gateways.set((await stores.values.get<readonly KnownGateway[]>(STORED_AT)) ?? [])
  await load()
  stores.onForeignChange(table => {
    if (table === 'values') void load()
  })
  const through = ports.gateway(gateways.get)
  const cable = ports.serial() ?? noCable

  async function keep(change: (known: readonly KnownGateway[]) => readonly KnownGateway[]): Promise<void> {
    // Another tab may have added one meanwhile.
    await load()
    gateways.update(change)
    await stores.values.put(STORED_AT, gateways.get())
  }

  return {
    gateways,
    hasCable: cable !== noCable,
    async addGateway(text, name) {
      const code = readGatewayCode(text)
      if (!code) return fail({ kind: 'gatewayCodeUnreadable' })
      const { peerId, addresses } = code
      const before = gateways.get().find(each => each.peerId === peerId)
      const gateway = { peerId, addresses, key: toHex(code.key).slice(2), name: before?.name ?? name }
      await keep(known =>
        before ? known.map(each => (each.peerId === peerId ? gateway : each)) : [...known, gateway],
      )
      return ok(gateway)
    },
    renameGateway: (peerId, name) =>
      keep(known =>
        known.map(each => (each.peerId === peerId ? { ...each, name: givenName(name) || each.name } : each)),
      ),
    forgetGateway: peerId => keep(known => known.filter(each => each.peerId !== peerId)),
    listen: gateway => through.list(gateway),
    addFromGateway: (gateway, { id, name }) =>
      add({ source: 'gateway', id: through.idOf(gateway, id), name: name === '' ? id : name }),
    async addOverCable() {
      const chosen = await cable.choose()
      return chosen.ok ? ok(await add(chosen.value)) : chosen
    },
    port: source => (source === 'serial' ? cable : through),
  }
}

/** Of a device that was added in a browser with serial ports. */
const noCable: DevicePort = {
  source: 'serial',
  radioState: async () => 'unsupported',
  choose: async () => fail({ kind: 'chooserCancelled' }),
  known: async () => [],
  connect: async () => fail({ kind: 'mustChooseAgain' }),
  forget: async () => undefined,
}
