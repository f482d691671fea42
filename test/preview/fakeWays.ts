// Gateways and a cable without a world, for looking at their screens.
import { Observable } from '../../src/app/observable.ts'
import type { GatewayFailure } from '../../src/app/ports/device.ts'
import type { HeardDevice, KnownGateway } from '../../src/app/ports/ways.ts'
import type { Ways } from '../../src/app/ways/ways.ts'
import { readGatewayCode } from '../../src/core/gateway/code.ts'
import { fail, ok } from '../../src/core/result.ts'

export interface WaysScenario {
  readonly gateways?: readonly KnownGateway[]
  readonly heard?: readonly HeardDevice[] | GatewayFailure
  readonly hasCable?: boolean
}

const peerId = '12D3KooWGRUvqdBLsUE8mNWXVrLmb8NRZ4uBPjnnpNYCh7mzhwp1'
const relay = '12D3KooWJWoaqZhDaoEFshF7Rh1bpY9ohihFhzcW6d69Lr2NASuq'
const garden: KnownGateway = {
  peerId,
  addresses: [
    `/dns4/relay.acme.example/tcp/443/tls/ws/p2p/${relay}/p2p-circuit/webrtc/p2p/${peerId}`,
    `/ip4/192.168.1.7/tcp/8650/ws/p2p/${peerId}`,
  ],
  key: 'c0'.repeat(16),
  name: 'Garden house',
}
const long: KnownGateway = {
  ...garden,
  peerId: relay,
  name: '很长的网关名称 with a very long name '.repeat(3).trim(),
}

const heard: readonly HeardDevice[] = [
  { id: 'C0:00:00:00:00:01', name: 'Fob Lock One 7F3A', rssi: -51, isTaken: false },
  { id: 'C0:00:00:00:00:02', name: 'W'.repeat(40), rssi: -74, isTaken: true },
  { id: 'C0:00:00:00:00:03', name: '', rssi: -90, isTaken: false },
  { id: 'C0:00:00:00:00:04', name: 'Fob Sensor Mini 0B12', rssi: null, isTaken: false },
]

export const waysScenarios: Readonly<Record<string, WaysScenario>> = {
  waysFresh: { hasCable: true },
  waysGateways: { gateways: [garden, long], heard, hasCable: true },
  waysPhone: { gateways: [garden], heard: [], hasCable: false },
  waysDown: {
    gateways: [garden],
    heard: { kind: 'gatewayUnreachable', detail: 'The operation was aborted due to timeout' },
  },
}

/** The address of the first gateway's screen. */
export const gardenPath = `/add/gateway/${peerId}`

export function createFakeWays({ gateways = [], heard: told = [], hasCable = false }: WaysScenario): Ways {
  const known = new Observable<readonly KnownGateway[]>(gateways)
  const unused = () => Promise.reject(new Error('not in this preview'))
  return {
    gateways: known,
    hasCable,
    async addGateway(text, name) {
      const code = readGatewayCode(text)
      if (!code) return fail({ kind: 'gatewayCodeUnreadable' })
      const added = { ...garden, peerId: code.peerId, addresses: code.addresses, name }
      known.update(all => [...all, added])
      return ok(added)
    },
    renameGateway: async (id, name) =>
      known.update(all => all.map(each => (each.peerId === id ? { ...each, name } : each))),
    forgetGateway: async id => known.update(all => all.filter(each => each.peerId !== id)),
    listen: async () => ('kind' in told ? fail(told) : ok(told)),
    addFromGateway: async () => 'front',
    addOverCable: async () => fail({ kind: 'chooserRefused', detail: 'SecurityError' }),
    port: () => ({
      source: 'gateway',
      radioState: async () => 'ready',
      choose: unused,
      known: async () => [],
      connect: unused,
      forget: unused,
    }),
  }
}
