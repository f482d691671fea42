// The kiosk's transactions: one on its way at a time, written down before it leaves, dearer ones after a while, bounded by its balance.
import type { Address, Bytes, Hex } from '../../core/bytes.ts'
import { type Failure, fail, ok, type Result } from '../../core/result.ts'
import { Observable } from '../observable.ts'
import type { GasKey, KioskStores } from '../ports/kiosk.ts'
import type { Platform } from '../ports/platform.ts'
import type { WalletChain } from '../ports/walletChain.ts'

export interface GasCall {
  /** What it is for, once at a time: `handIn/<order>`. */
  readonly tag: string
  readonly to: Address
  readonly data: Bytes
}

interface Flight {
  readonly tag: string
  readonly nonce: number
  readonly to: Address
  readonly data: Bytes
  /** Wei; absent in what was kept before anything but calls was sent. */
  readonly value?: bigint
  readonly gasLimit: bigint
  readonly attempts: readonly Attempt[]
}

interface Attempt {
  readonly hash: Hex
  readonly raw: Bytes
  readonly maxFeePerGas: bigint
  readonly maxPriorityFeePerGas: bigint
  /** Unix seconds. */
  readonly at: number
}

interface GasSenderParts {
  readonly platform: Platform
  readonly values: KioskStores['values']
  readonly chainId: () => number
  readonly chain: () => Promise<WalletChain>
  readonly key: GasKey
}

const STORED = 'gasFlight'
/** Tag of what sends everything back. */
const RETURN = 'return'
const NO_DATA = new Uint8Array()
/** Seconds until more is offered for what is not mined. */
const BUMP_AFTER = 30
const MAX_GAS = 1_000_000n
const MAX_ATTEMPTS = 10

export class GasSender {
  /** What is on its way. */
  readonly tag = new Observable<string | null>(null)
  readonly #parts: GasSenderParts
  #flight: Flight | null = null

  constructor(parts: GasSenderParts) {
    this.#parts = parts
  }

  /** After a restart it may or may not have left: it is looked for, and sent again. */
  async load(): Promise<void> {
    this.#show((await this.#parts.values.get<Flight>(STORED)) ?? null)
  }

  /** Looks at what is on its way; true once nothing is, and the next may be sent. */
  async isFree(): Promise<boolean> {
    const flight = this.#flight
    if (!flight) return true
    const chain = await this.#parts.chain()
    for (const { hash } of flight.attempts) {
      const status = await chain.transactionStatus(hash)
      // Whether it did what it should is seen in the state of the Market, which is read anyway.
      if (status.ok && (status.value.kind === 'mined' || status.value.kind === 'final')) {
        await this.#keep(null)
        return true
      }
    }
    const nonce = await chain.nextNonce(this.#parts.key.address)
    if (nonce.ok && nonce.value.mined > flight.nonce) {
      await this.#keep(null)
      return true
    }
    await this.#again(chain, flight)
    return false
  }

  /** Fails with gasEmpty, callReverts or a chain's kind: nothing was sent then. Only where nothing is on its way. */
  async send({ tag, to, data }: GasCall): Promise<Result<null, Failure>> {
    if (this.#flight) return fail({ kind: 'gasBusy', detail: this.#flight.tag })
    const { key } = this.#parts
    const chain = await this.#parts.chain()
    const call = { from: key.address, to, value: 0n, data }
    const [fees, simulated, nonce] = await Promise.all([
      chain.readFees(),
      chain.simulate(call, []),
      chain.nextNonce(key.address),
    ])
    if (!simulated.ok) {
      const { error } = simulated
      if (error.kind === 'insufficientFunds') return fail({ kind: 'gasEmpty' })
      if (error.kind === 'wouldRevert') return fail({ kind: 'callReverts', detail: error.reason ?? tag })
      return fail({ kind: error.kind })
    }
    if (!fees.ok) return fail({ kind: fees.error.kind })
    if (!nonce.ok) return fail({ kind: nonce.error.kind })
    const { gasLimit } = simulated.value
    if (gasLimit > MAX_GAS) return fail({ kind: 'callReverts', detail: `${gasLimit} gas` })
    const { baseFee, tips } = fees.value
    const planned = { tag, to, data, gasLimit, nonce: nonce.value.mined, attempts: [] }
    return this.#attempt(chain, planned, 2n * baseFee + tips.normal, tips.normal)
  }

  /**
   * All that is left, for whoever gave it, but for what sending it may cost. False where less is left than that. Fails as `send`
   * does, and with the kinds of a reading.
   */
  async sendAll(to: Address): Promise<Result<boolean, Failure>> {
    if (this.#flight) return fail({ kind: 'gasBusy', detail: this.#flight.tag })
    const { key } = this.#parts
    const chain = await this.#parts.chain()
    const [account, fees, nonce] = await Promise.all([
      chain.readAccount(key.address, []),
      chain.readFees(),
      chain.nextNonce(key.address),
    ])
    if (!account.ok) return fail({ kind: account.error.kind })
    if (!fees.ok) return fail({ kind: fees.error.kind })
    if (!nonce.ok) return fail({ kind: nonce.error.kind })
    const { balance } = account.value
    // Half of it, so that what sending costs does not stand in the way of finding out what sending costs.
    const simulated = await chain.simulate({ from: key.address, to, value: balance / 2n, data: NO_DATA }, [])
    if (!simulated.ok) {
      if (simulated.error.kind === 'insufficientFunds') return ok(false)
      const isRefused = simulated.error.kind === 'wouldRevert'
      return fail({ kind: isRefused ? 'callReverts' : simulated.error.kind, detail: RETURN })
    }
    const { gasLimit } = simulated.value
    const { baseFee, tips } = fees.value
    const maxFeePerGas = 2n * baseFee + tips.normal
    const value = balance - gasLimit * maxFeePerGas
    if (value <= 0n) return ok(false)
    const planned = {
      ...{ tag: RETURN, to, data: NO_DATA, value, gasLimit },
      ...{ nonce: nonce.value.mined, attempts: [] },
    }
    const sent = await this.#attempt(chain, planned, maxFeePerGas, tips.normal)
    return sent.ok ? ok(true) : sent
  }

  async #again(chain: WalletChain, flight: Flight): Promise<void> {
    const last = flight.attempts.at(-1)
    if (!last) return
    const { platform } = this.#parts
    // What sends all that there is has nothing left to offer more with.
    const isLast = flight.tag === RETURN || flight.attempts.length >= MAX_ATTEMPTS
    if (platform.unixNow() - last.at < BUMP_AFTER || isLast) {
      await chain.broadcast(last.raw)
      return
    }
    const fees = await chain.readFees()
    if (!fees.ok) return
    const { baseFee, tips } = fees.value
    const tip = more(tips.fast, last.maxPriorityFeePerGas)
    await this.#attempt(chain, flight, more(2n * baseFee + tips.fast, last.maxFeePerGas), tip)
  }

  async #attempt(
    chain: WalletChain,
    flight: Flight,
    maxFeePerGas: bigint,
    maxPriorityFeePerGas: bigint,
  ): Promise<Result<null, Failure>> {
    const { platform, key, chainId } = this.#parts
    const { nonce, to, data, gasLimit, value = 0n } = flight
    const fee = { maxFeePerGas: max(maxFeePerGas, maxPriorityFeePerGas), maxPriorityFeePerGas }
    const signed = await key.sign({ chainId: chainId(), nonce, to, data, gasLimit, value, ...fee })
    const attempt = { hash: signed.hash, raw: signed.raw, ...fee, at: platform.unixNow() }
    // On the disk before it leaves: a second one with another nonce would pay twice.
    await this.#keep({ ...flight, attempts: [...flight.attempts, attempt] })
    const sent = await chain.broadcast(signed.raw)
    if (sent.ok) return ok(null)
    if (sent.error.kind === 'insufficientFunds' && flight.attempts.length === 0) {
      await this.#keep(null)
      return fail({ kind: 'gasEmpty' })
    }
    // Nobody knows who has it: it is looked for, and sent again.
    return ok(null)
  }

  async #keep(flight: Flight | null): Promise<void> {
    if (flight) await this.#parts.values.put(STORED, flight)
    else await this.#parts.values.delete(STORED)
    this.#show(flight)
  }

  #show(flight: Flight | null): void {
    this.#flight = flight
    this.tag.set(flight?.tag ?? null)
  }
}

const max = (a: bigint, b: bigint): bigint => (a > b ? a : b)
/** An eighth and a wei more than before: nodes replace nothing for less. */
const more = (asked: bigint, before: bigint): bigint => max(asked, before + before / 8n + 1n)
