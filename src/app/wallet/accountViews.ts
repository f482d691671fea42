// The accounts as the ui sees them: whose, with what they hold, earned and spent.
import type { NetworkConfig } from '../../core/network.ts'
import type { AccountRecord } from '../ports/walletStore.ts'
import { accountIdOf } from './accounts.ts'
import { balancesOf, sumsOf } from './activity.ts'
import type { OwnedDeviceView } from './deviceOwnership.ts'
import type { AccountId, AccountView, ActivityView } from './wallet.ts'
import { unitsOf } from './walletNetwork.ts'

export interface AccountFacts {
  readonly config: NetworkConfig
  readonly devices: readonly OwnedDeviceView[]
  readonly activityOf: (id: AccountId) => ActivityView
}

export function accountView(record: AccountRecord, facts: AccountFacts): AccountView {
  const id = accountIdOf(record.name)
  const { name } = record
  const device = facts.devices.find(({ account }) => account.id === id)
  const units = unitsOf(facts.config)
  const balances = balancesOf(record, units)
  const { movements, readAt } = facts.activityOf(id)
  const known = units.filter(({ token }) => balances?.some(balance => balance.token === token))
  const sums = readAt === null || balances === null ? null : sumsOf(movements, known)
  return {
    id,
    name: name.kind === 'external' ? { kind: 'external', walletName: name.walletName } : name,
    address: record.address,
    deviceId: device?.deviceId ?? null,
    deviceName: device?.name ?? null,
    balances,
    evidence: record.evidence,
    earned: sums?.earned ?? null,
    spent: sums?.spent ?? null,
  }
}

/**
 * The owner account first, then the devices' in the order in which they were made. Those of no device, and the vault's own
 * owner account behind that of an injected wallet, as long as something is in them.
 */
export function accountViews(
  records: Iterable<AccountRecord>,
  ownerId: AccountId,
  facts: AccountFacts,
): readonly AccountView[] {
  return [...records]
    .map(record => accountView(record, facts))
    .filter(view => view.id === ownerId || view.deviceId !== null || hasMoney(view))
    .sort((a, b) => rankOf(a, ownerId) - rankOf(b, ownerId))
}

const hasMoney = ({ balances }: AccountView): boolean => balances?.some(({ value }) => value > 0n) ?? false

function rankOf({ id, name }: AccountView, ownerId: AccountId): number {
  if (id === ownerId) return -2
  return name.kind === 'device' ? name.index : -1
}
