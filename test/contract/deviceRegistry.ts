// One deployed DeviceRegistry on a chain of its own, its people, and whole steps of a device's life there.
import { getContract, type Hex, type LocalAccount, type TypedDataDefinition } from 'viem'
import {
  deviceRegistryAbi as abi,
  deviceRegistryBytecode as bytecode,
} from '../../contracts/generated/DeviceRegistry.ts'
import type { Address } from '../../src/core/bytes.ts'
import type { TypedData } from '../../src/core/eip712.ts'
import {
  type DeviceClaim,
  type DeviceConfig,
  type HandOver,
  handOverTypedData,
  type StatementDomain,
} from '../../src/core/registry/deviceStatements.ts'
import { type ChainClient, startChain } from '../chain.ts'
import { attemptsFor, deployContract, type Outcome, senderFor } from './deployed.ts'
import { configArgument, lower, type TestDevice, testDevice } from './testDevice.ts'

export interface Person {
  /** Lower case, as core has it. */
  readonly address: Address
  /** What the person's wallet shows and signs, by viem's own encoding of typed data. */
  sign(data: TypedData): Promise<Hex>
}

/** Far enough ahead for every test that is not about deadlines. */
export const farDeadline = 4_000_000_000

export const account = (n: number): Address => `0x${n.toString(16).padStart(40, 'a')}`

export async function startDeviceRegistry(args: readonly string[] = []) {
  const chain = await startChain(args)
  const { client } = chain
  const [deployer, ...people] = chain.accounts.map(account => {
    if (account.type !== 'local') throw new Error('the chain’s accounts have no keys')
    return personOf(account)
  })
  if (!deployer) throw new Error('the chain has no accounts')
  const address = lower(await deployDeviceRegistry(client, deployer.address))
  const domain: StatementDomain = { chainId: await client.getChainId(), registry: address }
  const send = senderFor(client, abi, address)
  let count = 0

  const claim = (owner: Address, device: TestDevice, terms: Partial<DeviceClaim> = {}, at?: number) => {
    const values = { ...claimOf(owner, device), ...terms }
    const signature = device.signClaim(domain, values)
    const { account, modelId, counter, deadline } = values
    return send(owner, 'claim', [account, modelId, counter, deadline, signature], at)
  }

  return {
    chain,
    client,
    address,
    domain,
    deployer,
    people,
    send,
    attempt: attemptsFor(client, abi, address),
    claim,
    /** Runs `action` on the same state under another chain id, as after a split; only `attempt` works meanwhile. */
    async withChainId(chainId: number, action: () => Promise<void>) {
      const set = (id: number) =>
        client.request<{ Method: 'anvil_setChainId'; Parameters: [number]; ReturnType: null }>({
          method: 'anvil_setChainId',
          params: [id],
        })
      await set(chainId)
      try {
        await action()
      } finally {
        await set(domain.chainId)
      }
    },
    /** A device that no other test has, claimed by `owner` with counter 1. */
    async claimed(owner: Person): Promise<TestDevice> {
      const device = testDevice(`of ${address}, ${++count}`)
      done(await claim(owner.address, device))
      return device
    },
    /** A device that nobody has claimed. */
    unclaimed: () => testDevice(`of ${address}, ${++count}`),
    /** All three sign, and the present owner sends, unless `from` says otherwise. */
    async handOver(
      device: TestDevice,
      owner: Person,
      newOwner: Person,
      terms: Partial<HandOver> = {},
      from = owner.address,
    ) {
      const values = { ...handOverOf(device, owner, newOwner), ...terms }
      const given = await owner.sign(handOverTypedData(domain, values, 'owner'))
      const accepted = await newOwner.sign(handOverTypedData(domain, values, 'newOwner'))
      return send(from, 'handOver', handOverArguments(device, domain, values, given, accepted))
    },
    fileConfig: (from: Address, device: TestDevice, config: DeviceConfig) =>
      send(from, 'fileConfig', [configArgument(config), device.signTaken(domain, config)]),
    read: getContract({ abi, address, client }).read,
    now: async () => Number((await client.getBlock()).timestamp),
    stop: chain.stop,
  }
}

export type DeviceRegistry = Awaited<ReturnType<typeof startDeviceRegistry>>

/** Throws, naming the registry's error, if the constructor reverts. */
export const deployDeviceRegistry = (client: ChainClient, from: Address): Promise<Hex> =>
  deployContract(client, from, { abi, bytecode })

export const claimOf = (owner: Address, device: TestDevice): DeviceClaim => ({
  deviceId: device.deviceId,
  owner,
  account: account(1),
  modelId: device.modelId,
  counter: 1,
  deadline: farDeadline,
})

export const handOverOf = (device: TestDevice, owner: Person, newOwner: Person): HandOver => ({
  deviceId: device.deviceId,
  owner: owner.address,
  newOwner: newOwner.address,
  newAccount: account(2),
  counter: 2,
  deadline: farDeadline,
})

/** With the device's signature for `domain`; the persons' as given, in any form. */
export const handOverArguments = (
  device: TestDevice,
  domain: StatementDomain,
  values: HandOver,
  given: Hex,
  accepted: Hex,
) => {
  const { newOwner, newAccount, counter, deadline } = values
  const signature = device.signHandOver(domain, values)
  return [newOwner, newAccount, counter, deadline, signature, given, accepted] as const
}

export const configOf = (device: TestDevice, version: number): DeviceConfig => ({
  deviceId: device.deviceId,
  version,
  issuerKey: testDevice('issuer').publicKey,
  attestors: {
    threshold: 2,
    keys: ['a', 'b', 'c'].map(name => testDevice(`attestor ${name}`).publicKey),
  },
  epoch: 1,
  market: account(0x3a),
})

/** Throws, naming the contract's error, unless the transaction was carried out. */
export function done<Name extends string>(outcome: Outcome<Name>) {
  if (!outcome.ok) throw new Error(`${outcome.error}(${outcome.args})`)
  return outcome
}

function personOf(account: LocalAccount): Person {
  return {
    address: lower(account.address),
    // Viem infers the message from literal types; core's typed data has none.
    sign: data => account.signTypedData(data as unknown as TypedDataDefinition),
  }
}
