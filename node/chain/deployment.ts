// Which contracts were put on the development chain: the file that a later start reads.
import * as v from 'valibot'
import { keccak256 } from 'viem'
import { firmwareRegistryBytecode } from '../../contracts/generated/FirmwareRegistry.ts'
import type { Hex } from '../../src/core/bytes.ts'
import { readJsonIfThere, writeFileWhole } from '../files.ts'
import { type ContractName, type ContractSettings, creationCode, isContractName } from './contracts.ts'

const hex = v.pipe(
  v.string(),
  v.regex(/^0x[0-9a-f]+$/),
  v.transform(text => text as Hex),
)

const deployed = v.object({
  address: hex,
  /** The transaction that created it: a chain that does not know it is another chain. */
  transaction: hex,
  /** keccak256 of the creation code with its arguments: a contract that was rebuilt is deployed anew. */
  code: hex,
})

export type Deployed = v.InferOutput<typeof deployed>

const present = v.object({ version: v.literal(3), contracts: v.record(v.string(), deployed) })
/** The firmware registry alone; `code` is without the constructor's argument. */
const former = v.object({ version: v.literal(2), registry: hex, transaction: hex, code: hex })

/** Empty where nothing usable is remembered. `settings`: those that an older file was written under. */
export function readDeployment(file: string, settings: ContractSettings): Map<ContractName, Deployed> {
  const json = readJsonIfThere(file)
  const contracts = new Map<ContractName, Deployed>()
  const now = v.safeParse(present, json)
  if (now.success) {
    for (const [name, each] of Object.entries(now.output.contracts)) {
      if (isContractName(name)) contracts.set(name, each)
    }
  }
  const before = v.safeParse(former, json)
  if (before.success) {
    const { registry: address, transaction, code } = before.output
    const isOfToday = code === keccak256(firmwareRegistryBytecode)
    contracts.set('registry', {
      address,
      transaction,
      code: isOfToday ? keccak256(creationCode('registry', settings, {})) : code,
    })
  }
  return contracts
}

export function writeDeployment(file: string, contracts: ReadonlyMap<ContractName, Deployed>): void {
  const document = { version: 3, contracts: Object.fromEntries(contracts) }
  writeFileWhole(file, `${JSON.stringify(document, null, 2)}\n`)
}
