// The DeviceRegistry's rules once more, in TypeScript and from its documentation: what the chain is compared with.
import { type Address, type Hex, zeroAddress } from 'viem'
import type { BlockOf, ContractEvent } from './deployed.ts'

/** Whether a statement is signed by whom it should be. */
export type Signed = 'rightly' | 'wrongly' | 'not'

export type Call =
  | {
      readonly name: 'claim'
      readonly deviceId: Hex
      readonly account: Address
      readonly counter: number
      readonly deadline: number
      readonly byDevice: Signed
    }
  | {
      readonly name: 'handOver'
      readonly deviceId: Hex
      readonly newOwner: Address
      readonly newAccount: Address
      readonly counter: number
      readonly deadline: number
      readonly byDevice: Signed
      readonly byOwner: Signed
      readonly byNewOwner: Signed
    }
  | { readonly name: 'report'; readonly deviceId: Hex; readonly value: number }
  | {
      readonly name: 'fileConfig'
      readonly deviceId: Hex
      readonly version: number
      readonly epoch: number
      readonly market: Address
      readonly byDevice: Signed
    }
  | {
      readonly name: 'setUser'
      readonly deviceId: Hex
      readonly user: Address
      readonly expires: number
    }

export type Expected =
  | { readonly ok: true; readonly events: readonly ContractEvent[] }
  | { readonly ok: false; readonly error: string; readonly args: readonly unknown[] }

/** What the contract takes from the transaction itself, and the model can't work out: the key, the model, the issuer. */
export interface Given {
  readonly x: Hex
  readonly y: Hex
  readonly modelId: Hex
  readonly config: { readonly issuerX: Hex; readonly issuerY: Hex } & object
}

const noDevice = {
  owner: zeroAddress as Address,
  counter: 0,
  logBlock: 0,
  account: zeroAddress as Address,
  report: 0,
  modelId: `0x${'00'.repeat(32)}` as Hex,
}
const noConfig = {
  issuerX: `0x${'00'.repeat(32)}` as Hex,
  issuerY: `0x${'00'.repeat(32)}` as Hex,
  market: zeroAddress as Address,
  version: 0,
  epoch: 0,
}

const refused = (error: string, ...args: unknown[]): Expected => ({ ok: false, error, args })

/** Addresses in it are checksummed, as viem gives them. */
export class DeviceRegistryModel {
  readonly #devices = new Map<Hex, typeof noDevice>()
  readonly #configs = new Map<Hex, typeof noConfig>()
  readonly #users = new Map<Hex, { user: Address; expires: number }>()
  readonly #acquired = new Map<Address, number>()

  deviceOf = (id: Hex) => this.#devices.get(id) ?? noDevice
  configOf = (id: Hex) => this.#configs.get(id) ?? noConfig
  holderOf = (owner: Address) => ({
    balance: BigInt([...this.#devices.values()].filter(device => device.owner === owner).length),
    logBlock: this.#acquired.get(owner) ?? 0,
  })
  userOf = (id: Hex, now: number): Address => {
    const user = this.#users.get(id)
    return user && user.expires >= now ? user.user : zeroAddress
  }

  /** Does what the registry must do for a call of `from` in `block`; a refused call changes nothing. */
  apply(from: Address, call: Call, block: BlockOf, given: Given): Expected {
    const { deviceId } = call
    const device = this.deviceOf(deviceId)
    if (call.name === 'claim') return this.#claim(from, call, block, given)
    if (device.owner === zeroAddress) return refused('UnknownDevice', deviceId)
    switch (call.name) {
      case 'handOver':
        return this.#handOver(from, call, block)
      case 'report': {
        if (from !== device.owner) return refused('NotOwner', deviceId, from)
        this.#devices.set(deviceId, { ...device, report: call.value, logBlock: block.number })
        const args = { deviceId, report: call.value, previousBlock: device.logBlock }
        return { ok: true, events: [{ name: 'Reported', args }] }
      }
      case 'fileConfig': {
        if (from !== device.owner && from !== device.account) {
          return refused('NotOwnerOrAccount', deviceId, from)
        }
        const filed = this.configOf(deviceId)
        if (call.version <= filed.version) return refused('VersionNotGreater', filed.version, call.version)
        if (call.byDevice !== 'rightly') return refused('InvalidDeviceSignature', deviceId)
        const { version, epoch, market } = call
        const { issuerX, issuerY } = given.config
        this.#configs.set(deviceId, { issuerX, issuerY, market, version, epoch })
        this.#devices.set(deviceId, { ...device, logBlock: block.number })
        const args = { deviceId, config: given.config, previousBlock: device.logBlock }
        return { ok: true, events: [{ name: 'ConfigFiled', args }] }
      }
      case 'setUser': {
        if (from !== device.owner && from !== this.configOf(deviceId).market) {
          return refused('NotOwnerOrMarket', deviceId, from)
        }
        const { user, expires } = call
        this.#users.set(deviceId, { user, expires })
        const args = { tokenId: BigInt(deviceId), user, expires: BigInt(expires) }
        return { ok: true, events: [{ name: 'UpdateUser', args }] }
      }
    }
  }

  #claim(from: Address, call: Call & { name: 'claim' }, block: BlockOf, { x, y, modelId }: Given): Expected {
    const { deviceId, account, counter, deadline } = call
    if (this.deviceOf(deviceId).owner !== zeroAddress) return refused('AlreadyClaimed', deviceId)
    if (account === zeroAddress) return refused('InvalidAccount', account)
    if (counter === 0) return refused('CounterNotGreater', 0, 0)
    if (deadline < block.timestamp) return refused('Expired', deadline)
    if (call.byDevice !== 'rightly') return refused('InvalidDeviceSignature', deviceId)
    const ownerPreviousBlock = this.holderOf(from).logBlock
    this.#acquired.set(from, block.number)
    this.#devices.set(deviceId, {
      owner: from,
      counter,
      logBlock: block.number,
      account,
      report: 0,
      modelId,
    })
    const tokenId = BigInt(deviceId)
    const args = { deviceId, owner: from, account, modelId, x, y, counter, ownerPreviousBlock }
    const events = [
      { name: 'Claimed', args },
      { name: 'Transfer', args: { from: zeroAddress, to: from, tokenId } },
      { name: 'Locked', args: { tokenId } },
    ]
    return { ok: true, events }
  }

  #handOver(from: Address, call: Call & { name: 'handOver' }, block: BlockOf): Expected {
    const { deviceId, newOwner, newAccount, counter, deadline } = call
    const device = this.deviceOf(deviceId)
    if (device.report !== 0) return refused('DeviceReported', deviceId, device.report)
    if (newOwner === zeroAddress) return refused('InvalidOwner', newOwner)
    if (newAccount === zeroAddress || newAccount === device.account) {
      return refused('InvalidAccount', newAccount)
    }
    if (counter <= device.counter) return refused('CounterNotGreater', device.counter, counter)
    if (deadline < block.timestamp) return refused('Expired', deadline)
    if (call.byDevice !== 'rightly') return refused('InvalidDeviceSignature', deviceId)
    if (from !== device.owner && call.byOwner !== 'rightly') return refused('ConsentMissing', device.owner)
    if (from !== newOwner && call.byNewOwner !== 'rightly') return refused('ConsentMissing', newOwner)
    const ownerPreviousBlock = this.holderOf(newOwner).logBlock
    this.#acquired.set(newOwner, block.number)
    this.#devices.set(deviceId, {
      ...device,
      owner: newOwner,
      account: newAccount,
      counter,
      logBlock: block.number,
    })
    const args = {
      deviceId,
      owner: newOwner,
      account: newAccount,
      previousOwner: device.owner,
      previousAccount: device.account,
      counter,
      previousBlock: device.logBlock,
      ownerPreviousBlock,
    }
    const moved = { from: device.owner, to: newOwner, tokenId: BigInt(deviceId) }
    return {
      ok: true,
      events: [
        { name: 'HandedOver', args },
        { name: 'Transfer', args: moved },
      ],
    }
  }
}
