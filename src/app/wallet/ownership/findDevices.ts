// After a restore from words: the devices that the registry knows as ours, each with the account that it had.
import type { Address } from '../../../core/bytes.ts'
import type { Model } from '../../../core/registry/model.ts'
import { modelIdOf } from '../../../core/registry/modelId.ts'
import { fail, ok } from '../../../core/result.ts'
import type { DeviceReading, WalletChain } from '../../ports/walletChain.ts'
import type { DeviceOwnership } from '../deviceOwnership.ts'
import { findAccountIndices } from './accountIndex.ts'
import { noted, type OwnershipContext } from './context.ts'
import { registryDomain } from './meet.ts'

type Registered = DeviceReading & { readonly record: NonNullable<DeviceReading['record']> }

export async function findDevices({
  parts,
  records,
}: OwnershipContext): ReturnType<DeviceOwnership['findDevices']> {
  if (!registryDomain(parts)) return fail({ kind: 'notOnThisNetwork' })
  const owner = parts.accounts.owner.get()
  if (!owner) return fail({ kind: 'vaultLocked' })
  const chain = await parts.chain()
  const reading = await chain.devicesOf(owner.address)
  if (!reading.ok) return reading
  const registered = reading.value.devices.filter((device): device is Registered => device.record !== null)
  const former = await accountsInLogs(chain, registered)
  const present = registered.map(({ record }) => record.account)
  const indices = await findAccountIndices(parts, new Set([...present, ...former]))
  if (!indices.ok) return indices
  // What was used once is never given out again, by whatever device: whoever paid it before may do so again.
  const highest = Math.max(-1, ...indices.value.values())
  if (highest >= 0) await parts.accounts.reserveDevices(highest)
  let found = 0
  for (const device of registered) {
    const { deviceId, record } = device
    const accountIndex = indices.value.get(record.account) ?? null
    if (accountIndex !== null) {
      const adopted = await parts.accounts.adoptDevice(accountIndex)
      if (!adopted.ok) return adopted
    }
    const known = records.get(deviceId)
    if (known) {
      await records.change(deviceId, stored => ({
        ...noted(stored, device, parts),
        // Handed over to us by another phone of ours: its account is the registry's.
        ...(stored.taking === null ? { account: record.account, accountIndex } : {}),
      }))
      continue
    }
    const met = [...parts.devices.records.get().values()].find(other => other.deviceId === deviceId)
    const model = met?.model ?? modelOf(parts, record.modelId)
    const blank = records.blank({
      deviceId,
      account: record.account,
      accountIndex,
      addedAt: parts.platform.unixNow(),
    })
    await records.put({
      ...blank,
      name: met?.name ?? model?.name ?? '',
      model,
      deviceKey: met?.key ?? null,
      // As far as we know: it has our key unless a hand-over to us was never finished. Meeting it tells.
      isPaired: true,
      ...noted(blank, device, parts),
    })
    found++
  }
  return ok({ found, isComplete: reading.value.isComplete })
}

/** Accounts that these devices had before, under whichever owner: some may have been ours. */
async function accountsInLogs(
  chain: WalletChain,
  devices: readonly Registered[],
): Promise<readonly Address[]> {
  const accounts: Address[] = []
  for (const { deviceId } of devices) {
    const log = await chain.custodyOf(deviceId)
    // Only an index that is skipped for nothing hangs on it: the search goes on without.
    if (!log.ok) continue
    for (const { event } of log.value) if ('account' in event) accounts.push(event.account)
  }
  return accounts
}

/** Of the models that the network names; null for a device of somebody else. */
function modelOf({ config }: OwnershipContext['parts'], modelId: string): Model | null {
  for (const { address, models } of config().makers) {
    for (const { name, hardware } of models) {
      const model = { maker: address, name, hardware }
      if (modelIdOf(model) === modelId) return model
    }
  }
  return null
}
