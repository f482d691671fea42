// The rules of PaymentChannels once more, in TypeScript and from its documentation: what the chain is compared with.
import type { Address } from '../../src/core/bytes.ts'
import { maxDeposit } from '../../src/core/voucher/channel.ts'

/** By its place in the list of the run's channels. */
export type Call =
  | { readonly name: 'open'; readonly channel: number; readonly amount: bigint }
  | { readonly name: 'topUp'; readonly channel: number; readonly amount: bigint }
  | { readonly name: 'claim'; readonly channel: number; readonly amount: bigint; readonly isSigned: boolean }
  | {
      readonly name: 'close'
      readonly channel: number
      readonly amount: bigint
      readonly isSigned: boolean
      readonly isConsented: boolean
    }
  | { readonly name: 'startExit'; readonly channel: number }
  | { readonly name: 'finishExit'; readonly channel: number }
  | { readonly name: 'withdraw'; readonly token: number }

export interface ChannelParties {
  readonly payer: Address
  readonly payee: Address
  /** Place in the list of the run's assets. */
  readonly token: number
  readonly exitDelay: number
}

export interface ChannelState {
  readonly deposit: bigint
  readonly claimed: bigint
  readonly exitAt: number
}

const unopened: ChannelState = { deposit: 0n, claimed: 0n, exitAt: 0 }

/** Amounts of assets that people hold outside count from zero, and fall below it. */
export class ChannelsModel {
  readonly #channels: readonly ChannelParties[]
  readonly #states = new Map<number, ChannelState>()
  readonly #kept = new Map<string, bigint>()
  readonly #gained = new Map<string, bigint>()

  constructor(channels: readonly ChannelParties[]) {
    this.#channels = channels
  }

  stateOf = (channel: number): ChannelState => this.#states.get(channel) ?? unopened
  keptFor = (account: Address, token: number): bigint => this.#kept.get(`${account} ${token}`) ?? 0n
  /** What an account has received from the contract, less what it has paid in. */
  gainOf = (account: Address, token: number): bigint => this.#gained.get(`${account} ${token}`) ?? 0n

  /** Name of the error, or null where the call is carried out. A refused call changes nothing. */
  apply(from: Address, call: Call, now: number): string | null {
    if (call.name === 'withdraw') return this.#withdraw(from, call.token)
    const parties = this.#channels[call.channel]
    if (!parties) throw new Error(`no channel ${call.channel}`)
    const { payer, payee, token, exitDelay } = parties
    const state = this.stateOf(call.channel)
    const set = (changes: Partial<ChannelState>) => this.#states.set(call.channel, { ...state, ...changes })
    if (call.name === 'open') {
      if (call.amount <= 0n || call.amount > maxDeposit) return 'InvalidAmount'
      if (state.deposit > 0n) return 'AlreadyOpened'
      set({ deposit: call.amount })
      this.#gain(from, token, -call.amount)
      return null
    }
    if (state.deposit === 0n || state.exitAt === 1) return 'NotOpen'
    const end = (claimed: bigint) => {
      set({ claimed, exitAt: 1 })
      return state.deposit - claimed
    }
    switch (call.name) {
      case 'topUp':
        if (state.exitAt !== 0) return 'Exiting'
        if (call.amount <= 0n || state.deposit + call.amount > maxDeposit) return 'InvalidAmount'
        set({ deposit: state.deposit + call.amount })
        this.#gain(from, token, -call.amount)
        return null
      case 'claim':
        if (call.amount <= state.claimed) return 'AmountNotGreater'
        if (call.amount > state.deposit) return 'AmountExceedsDeposit'
        if (!call.isSigned) return 'InvalidVoucher'
        set({ claimed: call.amount })
        this.#give(from, payee, token, call.amount - state.claimed)
        return null
      case 'close':
        if (call.amount < state.claimed) return 'AmountNotGreater'
        if (call.amount > state.claimed) {
          if (call.amount > state.deposit) return 'AmountExceedsDeposit'
          if (!call.isSigned) return 'InvalidVoucher'
        }
        if (from !== payee && !call.isConsented) return 'ConsentMissing'
        this.#give(from, payee, token, call.amount - state.claimed)
        this.#give(from, payer, token, end(call.amount))
        return null
      case 'startExit':
        if (from !== payer) return 'NotPayer'
        if (state.exitAt !== 0) return 'Exiting'
        set({ exitAt: now + exitDelay })
        return null
      case 'finishExit':
        if (state.exitAt === 0 || now < state.exitAt) return 'ExitNotReady'
        this.#give(from, payer, token, end(state.claimed))
        return null
    }
  }

  #withdraw(from: Address, token: number): string | null {
    const amount = this.keptFor(from, token)
    if (amount === 0n) return 'NothingToWithdraw'
    this.#kept.set(`${from} ${token}`, 0n)
    this.#gain(from, token, amount)
    return null
  }

  #give(from: Address, to: Address, token: number, amount: bigint): void {
    if (from === to) this.#gain(to, token, amount)
    else this.#kept.set(`${to} ${token}`, this.keptFor(to, token) + amount)
  }

  #gain(account: Address, token: number, amount: bigint): void {
    this.#gained.set(`${account} ${token}`, this.gainOf(account, token) + amount)
  }
}
