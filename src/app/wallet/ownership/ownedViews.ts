// What the ui sees of a device of ours: the record, and the payments that are under way for it.
import type { DeviceId } from '../../../core/identity.ts'
import type { OwnedDeviceRecord, SignedConfigRecord } from '../../ports/walletStore.ts'
import type { ConfigView, OwnedDeviceView } from '../deviceOwnership.ts'
import type { PaymentView } from '../wallet.ts'
import { pendingOf } from './deviceConfig.ts'

export interface ViewFacts {
  readonly payments: readonly PaymentView[]
  readonly isOwn: (address: `0x${string}`) => boolean
  /** Whether the app still has a device under this key. */
  readonly isMet: (deviceKey: string) => boolean
}

export function ownedView(record: OwnedDeviceRecord, facts: ViewFacts): OwnedDeviceView {
  const { deviceId, deviceKey, name, model, accountIndex, account, registry, delivered, rules } = record
  const wanted = pendingOf(record) ?? delivered
  return {
    deviceId,
    deviceKey: deviceKey !== null && facts.isMet(deviceKey) ? deviceKey : null,
    name,
    model,
    account: { id: accountIndex === null ? null : `device/${accountIndex}`, address: account },
    stage: stageOf(record, facts),
    evidence: registry?.evidence ?? null,
    report: registry?.report ?? 'none',
    user: registry?.user ?? null,
    config: {
      isKnown: record.met !== null || record.config !== null,
      wanted: wanted && configView(wanted),
      delivered: delivered?.version ?? 0,
      filed: registry?.filed ?? 0,
    },
    rules,
  }
}

function stageOf(record: OwnedDeviceRecord, { payments, isOwn }: ViewFacts): OwnedDeviceView['stage'] {
  const { registry, giving, promised, taking, isPaired, deviceId } = record
  const owner = registry?.owner ?? null
  if (owner !== null && isOwn(owner)) {
    if (giving) return { kind: 'givingAway', ...giving, isKeyPromised: promised !== null }
    return { kind: 'owned', isPaired }
  }
  const payment = acquiring(payments, deviceId)
  if (payment && isUnsettled(payment, registry)) return { kind: 'claiming', paymentId: payment.id }
  if (taking) return { kind: 'taking', from: taking.from, deadline: taking.deadline }
  if (owner !== null) return { kind: 'gone', to: owner }
  return { kind: isPaired ? 'paired' : 'begun' }
}

/** The newest payment that is to make us the owner; its sentence was read from the very bytes that are sent. */
const acquiring = (payments: readonly PaymentView[], deviceId: DeviceId): PaymentView | undefined =>
  payments.find(({ sentence }) => isAcquisition(sentence, deviceId))

const isAcquisition = (sentence: PaymentView['sentence'], deviceId: DeviceId): boolean =>
  (sentence.kind === 'claimDevice' || sentence.kind === 'handOverDevice') && sentence.deviceId === deviceId

/** Under way; or final, and the registry was not read since. */
function isUnsettled({ state }: PaymentView, registry: OwnedDeviceRecord['registry']): boolean {
  if (state.kind === 'final') return (registry?.evidence.block.number ?? -1) < state.block
  return state.kind === 'stored' || state.kind === 'waiting' || state.kind === 'mined'
}

const configView = (config: SignedConfigRecord): ConfigView => ({
  version: config.version,
  epoch: config.epoch,
  market: config.market,
  issuerKey: config.issuerKey,
  attestors: {
    threshold: config.threshold,
    keys: config.attestorKeys,
    ...(config.mayOpen === true ? { mayOpen: true } : {}),
  },
})
