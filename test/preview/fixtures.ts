// Devices, makers, releases and updates in every state that a screen can show. Times are relative to the page's load.
import type { DeviceView, UpdateView } from '../../src/app/fob.ts'
import type { CheckRecord, DeviceRecord, HistoryEntry, MakerRecord } from '../../src/app/ports/store.ts'
import type { Hex } from '../../src/core/bytes.ts'
import type { ImageVersion } from '../../src/core/mcuboot/version.ts'
import type { NetworkConfig } from '../../src/core/network.ts'
import type { Decision } from '../../src/core/registry/decision.ts'
import type { Evidence } from '../../src/core/registry/evidence.ts'
import type { Model } from '../../src/core/registry/model.ts'
import type { HeadReading, Manifest, ReleaseEntry } from '../../src/core/registry/release.ts'
import type { UpdateState } from '../../src/core/update/state.ts'

export const now = Math.floor(Date.now() / 1000)

/** A hash-like constant from a seed: for looks only. */
export function hex(seed: number, bytes = 32): Hex {
  let digits = ''
  let state = (seed * 2654435761) >>> 0
  while (digits.length < bytes * 2) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    digits += state.toString(16).padStart(8, '0')
  }
  return `0x${digits.slice(0, bytes * 2)}`
}

export const version = (major: number, minor: number, revision: number): ImageVersion => ({
  major,
  minor,
  revision,
  build: 0,
})

export const acme = hex(11, 20)
export const other = hex(12, 20)
export const lockModel: Model = { maker: acme, name: 'Acme Lock 2', hardware: 'B' }
export const outletModel: Model = { maker: acme, name: 'Acme Outlet', hardware: 'A1' }
export const vendingModel: Model = { maker: acme, name: 'Acme Vendor Slim', hardware: 'C' }
export const sensorModel: Model = { maker: other, name: 'Nordlicht Sense', hardware: '3' }

function manifest(model: Model, to: ImageVersion, notes: string): Manifest {
  return {
    model: model.name,
    hardware: model.hardware,
    version: to,
    securityCounter: 3,
    cid: 'bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi',
    size: 312_448,
    fileHash: hex(21),
    imageHash: hex(22),
    keyHash: hex(23),
    validUntil: now + 90 * 86_400,
    notes,
    peers: [],
  }
}

export const lockManifest = manifest(
  lockModel,
  version(1, 3, 0),
  'Opens 40 % faster after a long sleep.\nFixes a rare case in which the bolt stopped half way.\nTime tokens survive a power loss.',
)

export const proven = (secondsAgo: number): Evidence => ({
  level: 'proven',
  block: { number: 4711, hash: hex(31), timestamp: now - secondsAgo - 3 },
  endpoints: [
    { host: 'rpc.one.example', verdict: 'agreed' },
    { host: 'node.two.example:8546', verdict: 'agreed' },
  ],
  verifiedAt: now - secondsAgo,
})

export const unproven = (secondsAgo: number): Evidence => ({
  level: 'unproven',
  reason: 'oneEndpoint',
  block: { number: 4711, hash: hex(31), timestamp: now - secondsAgo - 3 },
  endpoints: [
    { host: 'rpc.one.example', verdict: 'agreed' },
    { host: 'node.two.example:8546', verdict: 'unreachable', detail: 'no answer in 8 s' },
  ],
  verifiedAt: now - secondsAgo,
})

export const check = (
  decision: Decision,
  evidence: Evidence = proven(12),
  runningRevoked = false,
): CheckRecord => ({ at: evidence.verifiedAt, decision, evidence, runningRevoked })

export function record(key: string, change: Partial<DeviceRecord>): DeviceRecord {
  return {
    key,
    source: 'bluetooth',
    sourceId: `ble-${key}`,
    name: key,
    addedAt: now - 40 * 86_400,
    lastSeenAt: now - 12,
    deviceId: hex(key.length + 40),
    model: lockModel,
    modelFrom: 'signed',
    running: { version: version(1, 2, 0), hash: hex(22), confirmed: true },
    battery: 84,
    slotSize: 458_752,
    lastCheck: null,
    highWater: null,
    ...change,
  }
}

export const acmeRecord: MakerRecord = {
  address: acme,
  name: 'Acme Access GmbH',
  pinnedAt: now - 40 * 86_400,
  from: 'domain',
  domain: 'acme.example',
  models: [lockModel, outletModel, vendingModel],
}

export function view(device: DeviceRecord, change: Partial<DeviceView> = {}): DeviceView {
  return {
    record: device,
    activity: 'idle',
    reachable: true,
    maker: device.model?.maker === acme ? acmeRecord : null,
    lastFailure: null,
    ...change,
  }
}

const updateOf = (to: ImageVersion): Decision => ({
  kind: 'update',
  manifest: { ...lockManifest, version: to },
  confirm: [],
})

export const devices: readonly DeviceView[] = [
  view(record('front', { name: 'Front door', lastCheck: check(updateOf(version(1, 3, 0))) })),
  view(
    record('outlet', {
      name: 'Workshop outlet 3',
      model: outletModel,
      battery: null,
      running: { version: version(2, 0, 1), hash: hex(50), confirmed: true },
      lastCheck: check(
        { kind: 'upToDate', manifest: manifest(outletModel, version(2, 0, 1), '') },
        proven(47),
      ),
    }),
  ),
  view(
    record('alarm', {
      name: 'Delivery entrance, courtyard side, left wing',
      battery: 17,
      running: { version: version(1, 1, 4), hash: hex(51), confirmed: true },
      lastCheck: check(updateOf(version(1, 3, 0)), proven(190), true),
    }),
    { reachable: false },
  ),
  view(
    record('vendor', {
      name: 'Lobby vendor',
      source: 'demo',
      model: vendingModel,
      battery: null,
      running: { version: version(3, 4, 0), hash: hex(52), confirmed: true },
      lastCheck: check(
        { kind: 'unproven', manifest: manifest(vendingModel, version(3, 4, 0), '') },
        unproven(8),
      ),
    }),
  ),
  view(
    record('old', {
      name: 'Cellar lock',
      lastSeenAt: now - 19 * 86_400,
      lastCheck: check({ kind: 'upToDate', manifest: lockManifest }, proven(19 * 86_400)),
    }),
    { reachable: false },
  ),
  view(
    record('sensor', {
      name: 'Roof sensor',
      model: sensorModel,
      running: { version: version(0, 9, 2), hash: hex(53), confirmed: true },
    }),
    { lastFailure: { kind: 'makerNotPinned', detail: other, at: now - 60 } },
  ),
  view(
    record('plain', {
      name: 'nRF52840 devkit',
      deviceId: null,
      model: null,
      modelFrom: null,
      battery: null,
      running: { version: version(0, 1, 0), hash: hex(54), confirmed: false },
    }),
  ),
]

export const updateState = (deviceKey: string, change: Partial<UpdateState>): UpdateState => ({
  deviceKey,
  attempt: 'a1',
  status: 'running',
  step: 'upload',
  deviceId: hex(45),
  plan: {
    model: lockModel,
    manifest: lockManifest,
    evidence: proven(40),
    from: version(1, 2, 0),
    confirm: [],
  },
  consented: false,
  planIsFresh: true,
  progress: { done: 0, total: 0 },
  fetchedFrom: 'peer',
  bytesSent: 0,
  swapRequested: false,
  restartRequested: false,
  reconnects: 0,
  failure: null,
  startedAt: now - 48,
  finishedAt: null,
  ...change,
})

export const updateView = (state: UpdateState, change: Partial<UpdateView> = {}): UpdateView => ({
  state,
  speed: null,
  secondsLeft: null,
  mine: true,
  ...change,
})

export const doneState = (deviceKey: string): UpdateState =>
  updateState(deviceKey, {
    status: 'done',
    step: 'confirm',
    bytesSent: 312_448,
    swapRequested: true,
    finishedAt: now - 2,
    startedAt: now - 83,
  })

export const history = (deviceKey: string): readonly HistoryEntry[] => [
  { id: 'h1', deviceKey, at: now - 12, event: { kind: 'checked', decision: 'update' } },
  {
    id: 'h2',
    deviceKey,
    at: now - 21 * 86_400,
    event: {
      kind: 'updated',
      receipt: {
        deviceId: hex(45),
        deviceName: 'Front door',
        model: lockModel,
        from: version(1, 1, 4),
        to: version(1, 2, 0),
        imageHash: hex(22),
        manifest: lockManifest,
        evidence: proven(21 * 86_400),
        startedAt: now - 21 * 86_400 - 74,
        finishedAt: now - 21 * 86_400,
        bytesSent: 298_112,
      },
    },
  },
  {
    id: 'h3',
    deviceKey,
    at: now - 22 * 86_400,
    event: { kind: 'failed', failure: 'outOfReach', detail: null },
  },
]

export const reading: HeadReading = {
  evidence: proven(6),
  record: { maker: acme, releaseKey: hex(61, 20), guardian: hex(62, 20), pending: null },
  head: {
    manifestHash: hex(63),
    version: lockManifest.version,
    seq: 7,
    minSecurityCounter: 3,
    updatedAt: now - 5 * 86_400,
  },
  manifest: lockManifest,
  revocations: [{ digest: hex(64), reason: 1 }],
}

export const releases: readonly ReleaseEntry[] = [
  {
    seq: 7,
    manifestHash: hex(63),
    manifest: lockManifest,
    blockNumber: 4702,
    transaction: hex(65),
    isHead: true,
    revoked: false,
    attestations: [
      { auditor: hex(66, 20), approves: true, uri: 'https://audit.example/acme-lock-1-3' },
      { auditor: hex(67, 20), approves: false, uri: 'ipfs://report' },
    ],
  },
  {
    seq: 6,
    manifestHash: hex(68),
    manifest: manifest(lockModel, version(1, 2, 0), 'Battery lasts a third longer.'),
    blockNumber: 4120,
    transaction: hex(69),
    isHead: false,
    revoked: false,
    attestations: [],
  },
  {
    seq: 5,
    manifestHash: hex(70),
    manifest: manifest(lockModel, version(1, 1, 4), 'First release with time tokens.'),
    blockNumber: 3800,
    transaction: null,
    isHead: false,
    revoked: true,
    attestations: [],
  },
]

export const networkConfig: NetworkConfig = {
  version: 1,
  name: 'Fob demo network',
  chain: {
    id: 31337,
    name: 'Local chain',
    registry: hex(80, 20),
    endpoints: ['http://rpc.one.example/', 'http://node.two.example:8546/'],
    minAgreeing: 2,
    maxAgeSeconds: 3600,
    currency: { symbol: 'ETH', decimals: 18 },
  },
  peers: ['/dns4/seed.acme.example/tcp/443/wss/p2p/12D3KooWGq1AcVhCnX5cVYzDBJSeVqKkNqUbtFQkP6NaBqUuWbkN'],
  gateways: ['https://gateway.example'],
  makers: [
    { name: 'Acme Access GmbH', address: acme, models: [{ name: 'Acme Lock 2', hardware: 'B' }] },
    {
      name: 'Nordlicht Instruments AS',
      address: other,
      models: [{ name: 'Nordlicht Sense', hardware: '3' }],
    },
  ],
}
