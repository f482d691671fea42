// Owning devices, put together over the rest of the wallet: what the ui sees, and what goes on by itself.
import type { DeviceId } from '../../../core/identity.ts'
import { givenName } from '../../../core/invisible.ts'
import { fail, ok } from '../../../core/result.ts'
import { checkAccountRules } from '../../../core/wallet/rules.ts'
import type { Sentence } from '../../../core/wallet/sentence.ts'
import { Observable } from '../../observable.ts'
import type { DeviceOwnership, OwnedDeviceView } from '../deviceOwnership.ts'
import { proposeClaim } from './claimDevice.ts'
import { type OwnershipContext, readRegistry } from './context.ts'
import { changeConfig, deliverConfig, proposeFileConfig } from './deviceConfig.ts'
import { findDevices } from './findDevices.ts'
import { finishTaking } from './finishTaking.ts'
import { confirmGive, type Drafts, proposeGive, readTakeCode, takeBackGiven } from './giveDevice.ts'
import { ownedView } from './ownedViews.ts'
import { OwnerKey } from './ownerKey.ts'
import { pairDevice } from './pairDevice.ts'
import type { OwnershipParts } from './parts.ts'
import { readOwnershipOf } from './readOwnership.ts'
import { OwnedRecords } from './records.ts'
import { TakeCodes } from './takeCodes.ts'
import { makeTakeCode, proposeTaking, readGiveCode } from './takeDevice.ts'
import { Tasks } from './tasks.ts'

/** Milliseconds until the registry is asked again for what a final payment has done. */
const lookAgainAfter = 3000

/** What we own would be found again at once, and what is on its way must not be lost sight of. */
const forgettable: ReadonlySet<OwnedDeviceView['stage']['kind']> = new Set([
  'begun',
  'paired',
  'taking',
  'gone',
])

export interface Ownership extends DeviceOwnership {
  /** Reads the registry for all devices that may have changed hands; the wallet calls it as it refreshes itself. */
  refreshDevices(): Promise<void>
  /** The network is another one now: its records are shown. */
  reload(): Promise<void>
  /** The vault was erased: what belonged to it can't be signed for any more, and another wallet's must not be taken for it. */
  forgetVault(): Promise<void>
}

export async function createOwnership(parts: OwnershipParts): Promise<Ownership> {
  const { accounts, proposals, vault } = parts
  const records = new OwnedRecords(parts.stores, parts.config)
  const ownerKey = new OwnerKey(vault, parts.stores.values, parts.signingContext)
  const tasks = new Tasks()
  const context: OwnershipContext = { parts, records, tasks, ownerKey }
  const codes = new TakeCodes(parts)
  const drafts: Drafts = new Map()
  const views = new Observable<readonly OwnedDeviceView[]>([])
  /** Payments that are final, and whose device was read again since. */
  const settled = new Set<string>()

  function refreshViews(): void {
    const facts = {
      payments: proposals.payments.get(),
      isOwn: (address: `0x${string}`) => accounts.isOwn(address),
      isMet: (deviceKey: string) => parts.devices.get(deviceKey) !== undefined,
    }
    const list = [...records.all.get().values()].sort((a, b) => b.addedAt - a.addedAt)
    views.set(list.map(record => ownedView(record, facts)))
  }

  /** What a payment did to a device is known once it is final: then the registry is read, by proof. */
  async function followPayments(): Promise<void> {
    for (const { id, state, sentence } of proposals.payments.get()) {
      const deviceId = deviceIn(sentence)
      if (state.kind !== 'final' || deviceId === null || settled.has(id)) continue
      settled.add(id)
      const record = records.get(deviceId)
      if (!record || (record.registry?.evidence.block.number ?? -1) >= state.block) continue
      const reading = await readRegistry(context, deviceId)
      // Not read, or proven at an older block than the payment was: asked again in a moment.
      if (!reading.ok || reading.value.evidence.block.number < state.block) {
        settled.delete(id)
        later(followPayments)
      }
    }
  }

  /** A device of ours that is met, or met again after it was removed from the list, is the one that we own. */
  async function followDevices(): Promise<void> {
    for (const { key, deviceId } of parts.devices.records.get().values()) {
      const record = deviceId === null ? undefined : records.get(deviceId)
      if (!record || record.deviceKey === key) continue
      if (record.deviceKey !== null && parts.devices.get(record.deviceKey)) continue
      await records.change(record.deviceId, () => ({ deviceKey: key }))
    }
  }

  let cancelLater = () => {}
  function later(task: () => Promise<void>): void {
    cancelLater()
    cancelLater = parts.platform.timer.after(lookAgainAfter, inBackground(task))
  }

  async function followVault(): Promise<void> {
    const { kind } = vault.state.get()
    if (kind === 'unlocked') await ownerKey.publicKey()
  }

  const inBackground = (task: () => Promise<void>) => () => {
    // A store that fails is told where something is asked for; what only follows is tried again with the next change.
    task().catch(() => {})
  }

  await records.load()
  refreshViews()
  for (const source of [records.all, proposals.payments, accounts.owner, parts.devices.records]) {
    source.subscribe(refreshViews)
  }
  for (const source of [records.all, parts.devices.records]) source.subscribe(inBackground(followDevices))
  proposals.payments.subscribe(inBackground(followPayments))
  vault.state.subscribe(inBackground(followVault))
  inBackground(followVault)()
  inBackground(followDevices)()
  inBackground(followPayments)()

  return {
    devices: views,
    tasks: tasks.running,
    readOwnership: deviceKey => readOwnershipOf(context, deviceKey),
    pair: (deviceKey, by) => pairDevice(context, deviceKey, by),
    cancelTask: deviceKey => tasks.cancel(deviceKey),
    proposeClaim: deviceId => proposeClaim(context, deviceId),
    changeConfig: (deviceId, change) => changeConfig(context, deviceId, change),
    deliverConfig: deviceId => deliverConfig(context, deviceId),
    proposeFileConfig: deviceId => proposeFileConfig(context, deviceId),
    makeTakeCode: () => makeTakeCode(context, codes),
    readTakeCode: text => readTakeCode(context, text),
    proposeGive: (deviceId, to) => proposeGive(context, drafts, deviceId, to),
    confirmGive: proposal => confirmGive(context, drafts, proposal),
    takeBackGiven: deviceId => takeBackGiven(context, deviceId),
    readGiveCode: text => readGiveCode(context, codes, text),
    proposeTaking: deviceId => proposeTaking(context, deviceId),
    finishTaking: deviceId => finishTaking(context, deviceId),
    async pressDemoButton(deviceKey) {
      const record = parts.devices.get(deviceKey)
      if (!record) return false
      const port = await parts.port(record.source)
      return (await port.pressButton?.(record.sourceId)) ?? false
    },
    findDevices: () => findDevices(context),
    custodyOf: async deviceId => (await parts.chain()).custodyOf(deviceId),
    async renameOwned(deviceId, name) {
      const given = givenName(name)
      if (!given) return
      const record = await records.change(deviceId, () => ({ name: given }))
      // One name for one thing, on every screen.
      if (record?.deviceKey) await parts.devices.change(record.deviceKey, { name: given })
    },
    async changeRules(deviceId, rules) {
      const checked = checkAccountRules(rules)
      if (!checked.ok) return checked
      const record = await records.change(deviceId, () => ({ rules: checked.value }))
      return record ? ok(null) : fail({ kind: 'deviceNotOwned' })
    },
    async forgetOwned(deviceId) {
      const view = views.get().find(device => device.deviceId === deviceId)
      const kind = view?.stage.kind
      if (kind !== undefined && forgettable.has(kind)) await records.delete(deviceId)
    },
    async refreshDevices() {
      for (const { deviceId } of records.all.get().values()) await readRegistry(context, deviceId)
      await followPayments()
    },
    async reload() {
      await records.load()
    },
    async forgetVault() {
      await records.clear()
      await codes.forgetAll()
      await ownerKey.forget()
    },
  }
}

/** The device that a transaction changes in the registry. */
function deviceIn(sentence: Sentence): DeviceId | null {
  switch (sentence.kind) {
    case 'claimDevice':
    case 'handOverDevice':
    case 'fileConfig':
    case 'reportDevice':
    case 'setDeviceUser':
      return sentence.deviceId
    default:
      return null
  }
}
