// The app as the ui sees it: values to watch and things to do. Implemented by createFob over the ports.
import type { Address, Hex } from '../core/bytes.ts'
import type { MakerPin, MakerPinFailure } from '../core/makerPin.ts'
import type { NetworkConfig } from '../core/network.ts'
import type { Model } from '../core/registry/model.ts'
import type { HeadReading, ReleaseEntry } from '../core/registry/release.ts'
import type { Result } from '../core/result.ts'
import type { UpdateState } from '../core/update/state.ts'
import type { Channels } from './channels/channels.ts'
import type { ConsoleFailure, DeviceConsole } from './consoleLog.ts'
import type { Fleet } from './fleet/fleet.ts'
import type { SaleBuyer } from './kiosk/buyer/saleBuyer.ts'
import type { Kiosk } from './kiosk/kiosk.ts'
import type { KioskOwner } from './kiosk/owner/kioskOwner.ts'
import type { Market } from './market/market.ts'
import type { Readable } from './observable.ts'
import type { ChainFailure, EndpointStatus } from './ports/chain.ts'
import type { ChooseFailure, DemoDisturbance, RadioState } from './ports/device.ts'
import type { PeerStatus } from './ports/firmware.ts'
import type { HandOver } from './ports/handOver.ts'
import type { DeviceRecord, HistoryEntry, MakerRecord, Settings } from './ports/store.ts'
import type { StoreTrouble } from './ports.ts'
import type { Serving } from './serving/serving.ts'
import type { Wallet } from './wallet/wallet.ts'
import type { Ways } from './ways/ways.ts'

/** What a device is doing right now, beside what is stored of it. */
export type DeviceActivity =
  | 'idle'
  | 'connecting'
  | 'identifying'
  | 'checking'
  | 'updating'
  | 'updatingElsewhere'

export interface DeviceView {
  readonly record: DeviceRecord
  readonly activity: DeviceActivity
  /** Can be connected without the chooser right now. */
  readonly reachable: boolean
  readonly maker: MakerRecord | null
  /** The last reading of the device's model, if any: for its age and evidence. */
  readonly lastFailure: CheckFailure | null
}

/** Why a check of a device did not come to a decision. `kind` is one of the ports', codecs' or identity's kinds. */
export interface CheckFailure {
  readonly kind: string
  readonly detail: string | null
  /** Unix seconds. */
  readonly at: number
}

/** An update as shown: the stored state and what only this tab knows. */
export interface UpdateView {
  readonly state: UpdateState
  /** Bytes per second over the last seconds; null until it is known. */
  readonly speed: number | null
  readonly secondsLeft: number | null
  /** True in the tab that drives it. */
  readonly mine: boolean
  /** Nothing has come of the file for a while: nobody who has it answers. It is still being tried. */
  readonly isQuiet?: true
}

export interface DemoDevice {
  readonly id: string
  readonly kind: 'lock' | 'vending' | 'outlet' | 'sensor'
  readonly model: Model
}

export type NetworkView =
  | { readonly status: 'loading' }
  /** network.json can't be had and none is pinned: first start without a network. */
  | { readonly status: 'missing'; readonly detail: string }
  /** The pinned one is there and can't be read: what the host serves now is used when the person has said so. */
  | {
      readonly status: 'pinUnreadable'
      readonly change: { readonly config: NetworkConfig; readonly fingerprint: Hex } | null
    }
  | {
      readonly status: 'ready'
      readonly config: NetworkConfig
      readonly fingerprint: Hex
      /** The host now serves another network.json than the pinned one: the person must confirm or refuse. */
      readonly change: { readonly config: NetworkConfig; readonly fingerprint: Hex } | null
    }

/** What became of what this browser remembered: nothing is shown of devices, makers or money before it is known. */
export type MemoryView =
  | { readonly status: 'opening' }
  | { readonly status: 'ready' }
  /** It can't be read now; that is tried again all the time. */
  | { readonly status: 'unreadable'; readonly detail: string }
  /** There was something, and the browser has it no more. */
  | { readonly status: 'gone' }
  /** The person went on without it: nothing is stored in this tab. */
  | { readonly status: 'forgone' }

export interface StorageView {
  readonly used: number
  readonly free: number
  readonly persisted: boolean
}

export type PinFailure =
  | MakerPinFailure
  | { readonly kind: 'pinUnreachable'; readonly detail: string }
  | { readonly kind: 'badDomain' }
  /** The pin is for another chain or registry than this network's. */
  | { readonly kind: 'pinForOtherNetwork' }

/** A maker that may be pinned once the person has looked at it. */
export interface MakerCandidate {
  readonly pin: MakerPin
  readonly from: MakerRecord['from']
  readonly domain: string | null
  /** The key that releases for the first model now, as proven on chain; null where it could not be read. */
  readonly reading: HeadReading | null
}

export interface Fob {
  readonly memory: Readable<MemoryView>
  /** Reads once more what could not be read. */
  retryMemory(): void
  /** Without what can't be read, or is gone. */
  goOnWithoutMemory(): void
  readonly devices: Readable<readonly DeviceView[]>
  /** By device key: updates under way, and finished ones until they are dismissed. */
  readonly updates: Readable<ReadonlyMap<string, UpdateView>>
  readonly makers: Readable<readonly MakerRecord[]>
  readonly settings: Readable<Settings>
  readonly network: Readable<NetworkView>
  readonly radio: Readable<RadioState>
  /** `storageFull`, `storeOutdated`, ...: from then on less is remembered than the person expects. */
  readonly storeProblem: Readable<StoreTrouble | null>
  readonly online: Readable<boolean>
  readonly demoDevices: Readable<readonly DemoDevice[]>
  /** False while stores are opened: screens wait for it instead of flashing an empty list. */
  readonly isLoaded: Readable<boolean>
  /** An update of several devices is kept, under way or ended and not put away. */
  readonly hasFleetRun: Readable<boolean>

  /** Opens the chooser: call straight from the click. Resolves to the device's key; checking has begun. */
  addBluetooth(which?: 'updatable' | 'all'): Promise<Result<string, ChooseFailure>>
  addDemo(id: string): Promise<string>
  /** Breaks something in a demo machine, or mends it all; false where there is nothing to break. */
  disturbDemo(key: string, disturbance: DemoDisturbance): Promise<boolean>
  /** Scan -> identify -> check. The outcome is in the device's record (lastCheck) or lastFailure. */
  checkDevice(key: string): Promise<void>
  /** A technician's console to the device, which nothing else uses until it is closed. */
  openConsole(key: string): Promise<Result<DeviceConsole, ConsoleFailure>>
  renameDevice(key: string, name: string): Promise<void>
  /** False where somebody talks to the device just now, this tab or another one: nothing is forgotten then. */
  forgetDevice(key: string): Promise<boolean>
  /** For a plain SMP device: the person says what it is. */
  chooseModel(key: string, model: Model): Promise<void>
  history(key: string): Promise<readonly HistoryEntry[]>

  startUpdate(key: string): Promise<void>
  /** The person has confirmed what `plan.confirm` lists. */
  consent(key: string): void
  pauseUpdate(key: string): void
  /** Goes on from paused, awaitingDevice (without a chooser) or failed. */
  resumeUpdate(key: string): Promise<void>
  /** As resumeUpdate, through the chooser: call straight from the click. */
  rechooseAndResume(key: string): Promise<Result<string, ChooseFailure>>
  /** Before the device was told to boot the new image; false where it is too late. */
  cancelUpdate(key: string): boolean
  dismissUpdate(key: string): Promise<void>

  /** Text of a scanned QR code. */
  readMakerPin(text: string): Promise<Result<MakerCandidate, PinFailure>>
  readMakerPinFromDomain(domain: string): Promise<Result<MakerCandidate, PinFailure>>
  /** A maker that network.json suggests. */
  readSuggestedMaker(address: Address): Promise<Result<MakerCandidate, PinFailure>>
  pinMaker(candidate: MakerCandidate): Promise<void>
  unpinMaker(address: Address): Promise<void>
  /** The pin that `storeProblem` says can't be read; `key` is what it names. */
  forgetUnreadableMaker(key: string): Promise<void>

  readModel(model: Model): Promise<Result<ModelOverview, ChainFailure>>

  changeSettings(change: Partial<Settings>): Promise<void>
  /** False while this tab drives an update: it was checked against the present network. */
  acceptNetworkChange(): Promise<boolean>
  refuseNetworkChange(): void
  reloadNetwork(): Promise<void>
  probeEndpoints(): Promise<readonly EndpointStatus[]>
  peers(): readonly PeerStatus[] | null
  storage(): Promise<StorageView | null>
  askForPersistence(): Promise<boolean>
  /** Removes firmware files that no device under update needs. */
  clearFirmware(): Promise<void>

  /** The update of several devices in one go; loaded when first asked for. */
  fleet(): Promise<Fleet>
  /** The wallet, its code loaded and its stores opened when first asked for; the same one each time. */
  wallet(): Promise<Wallet>
  /** Paid unlocks: letting, booking and keys; loaded as the wallet is, which they need. */
  market(): Promise<Market>
  /** Selling from the machine before which this browser stands; absent where it can’t. */
  kiosk?(): Promise<Kiosk>
  /** A kiosk of ours, from anywhere. */
  kioskOwner?(): Promise<KioskOwner>
  /** Buying at somebody’s kiosk. */
  saleBuyer?(): Promise<SaleBuyer>
  /** Gateways and the cable; loaded when first asked for. */
  ways(): Promise<Ways>
  /** Serving onward; loaded when first asked for, and at the start where it is switched on. */
  serving(): Promise<Serving>
  /** Paying for blocks, and being paid; loaded as the wallet is, which they need. */
  channels(): Promise<Channels>
  /** Files to and from the phone next to this one; loaded when first asked for. */
  handOver(): Promise<HandOver>
}

export interface ModelOverview {
  readonly reading: HeadReading
  readonly releases: readonly ReleaseEntry[]
  /** True where this comes from what was stored, because no endpoint answered. */
  readonly remembered: boolean
}
