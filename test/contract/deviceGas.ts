// What each write to the DeviceRegistry costs on a real chain node; the contract tests and the bench print these rows.
import { handOverTypedData } from '../../src/core/registry/deviceStatements.ts'
import type { Outcome } from './deployed.ts'
import {
  account,
  configOf,
  type DeviceRegistry,
  farDeadline,
  handOverArguments,
  handOverOf,
} from './deviceRegistry.ts'
import type { GasRow } from './gas.ts'

const claimBound = 135_000
const handOverBound = 90_000
const refileBound = 65_000
const reportBound = 36_000

/** Measures every write on fresh devices of `registry`, with its first three people. Throws if any of them reverts. */
export async function measureDeviceGas(registry: DeviceRegistry): Promise<GasRow[]> {
  const [owner, newOwner, courier] = registry.people
  if (!owner || !newOwner || !courier) throw new Error('the chain has too few accounts')
  const rows: GasRow[] = []
  const record = async (name: string, write: Promise<Outcome>, bound: number | null = null) => {
    const outcome = await write
    if (!outcome.ok) throw new Error(`${name}: ${outcome.error}`)
    rows.push({ name: `gas: ${name}`, gas: Number(outcome.gas), bound })
  }
  const device = registry.unclaimed()
  const { deviceId } = device
  const file = (version: number) => registry.fileConfig(owner.address, device, configOf(device, version))
  const report = (value: number) => registry.send(owner.address, 'report', [deviceId, value])

  await record('claim, an owner’s first device', registry.claim(owner.address, device), claimBound)
  await record('claim, another', registry.claim(owner.address, registry.unclaimed()), claimBound)
  await record('file a Config, the first', file(1))
  await record('file a Config, after the first', file(2), refileBound)
  await record('report a device lost', report(1), reportBound)
  await record('report a device found', report(0), reportBound)
  await record(
    'set a user',
    registry.send(owner.address, 'setUser', [BigInt(deviceId), newOwner.address, BigInt(farDeadline)]),
  )

  const values = handOverOf(device, owner, newOwner)
  const accepted = await newOwner.sign(handOverTypedData(registry.domain, values, 'newOwner'))
  const args = handOverArguments(device, registry.domain, values, '0x', accepted)
  await record('hand-over, sent by the owner', registry.send(owner.address, 'handOver', args), handOverBound)
  const back = { counter: 3, newAccount: account(3) }
  await record(
    'hand-over, sent by a third',
    registry.handOver(device, newOwner, owner, back, courier.address),
    handOverBound,
  )
  return rows
}
