// The agent's own account: one transaction on its way at a time, written down before it is sent, bounded by the day.
import * as v from 'valibot'
import { type Hex, keccak256, type LocalAccount } from 'viem'
import type { Address } from '../../src/core/bytes.ts'
import { type Failure, fail, ok, type Result } from '../../src/core/result.ts'
import { rpc } from '../chain/rpc.ts'
import { readFileIfThere } from '../files.ts'
import type { WriteFile } from './store.ts'

interface Call {
  /** What it is for, once: `fulfil <orderId>`. */
  readonly tag: string
  readonly to: Address
  readonly data: Hex
  /** Unix seconds: later it would be reverted; null: it is good at any time. */
  readonly until: number | null
  /** Wei that it brings: it is not sent where it costs half of that; null: whatever it costs. */
  readonly worth: bigint | null
}

export interface GasWallet {
  readonly address: Address
  /** The tag of what is on its way. */
  inFlight(): string | null
  /** Wei in the last 24 hours. */
  spent(): bigint
  /**
   * Looks whether what was sent is mined, sends it again, and for more after a while. `mayBeKnown` says of a tag whether it
   * could have left before the process ended; otherwise it is as if it had never been written.
   */
  settle(mayBeKnown: (tag: string) => boolean): Promise<void>
  /**
   * Sends what nothing is in the way of. `onRelease` is called when it is certain to be sent, just before. Fails with
   * gasSpent, gasEmpty, callReverts, notWorthIt, chainUnreachable or busy: nothing was sent then.
   */
  submit(call: Call, onRelease: () => void): Promise<Result<null, Failure>>
}

export interface GasWalletOptions {
  readonly file: string
  readonly write: WriteFile
  readonly account: LocalAccount
  readonly chainId: number
  readonly endpoints: readonly string[]
  /** Wei within any 24 hours. */
  readonly perDay: bigint
  /** Unix seconds, of a clock that never falls. */
  readonly now: () => number
  /** Seconds until more is offered for what is not mined; 20 where left out. */
  readonly bumpSeconds?: number
}

const secondsPerDay = 86_400
const maxGas = 1_000_000n
/** An endpoint that wants more is wrong, or it is no time to send. */
const maxTip = 20_000_000_000n

const hex = v.pipe(
  v.string(),
  v.regex(/^0x[0-9a-f]*$/),
  v.transform(text => text as Hex),
)
const amount = v.pipe(
  v.string(),
  v.regex(/^\d{1,30}$/),
  v.transform(text => BigInt(text)),
)
const uint = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
const attemptSchema = v.object({ hash: hex, raw: hex, maxFee: amount, tip: amount, at: uint })
type Attempt = v.InferOutput<typeof attemptSchema>

const flightSchema = v.object({
  tag: v.string(),
  to: hex,
  data: hex,
  until: v.nullable(uint),
  nonce: uint,
  gas: amount,
  attempts: v.pipe(v.array(attemptSchema), v.minLength(1)),
})
type Flight = v.InferOutput<typeof flightSchema>

const schema = v.object({
  flight: v.nullable(flightSchema),
  /** What was offered last at a nonce: whatever replaces it has to offer more. */
  last: v.nullable(v.object({ nonce: uint, maxFee: amount, tip: amount })),
  /** Wei at most, until it is known what it cost. */
  spent: v.array(v.object({ tag: v.string(), at: uint, wei: amount })),
})
type State = v.InferOutput<typeof schema>

/** Throws where the file is damaged: what was spent today would be forgotten. */
export function openGasWallet(options: GasWalletOptions): GasWallet {
  const { file, write, account, chainId, endpoints, perDay, now, bumpSeconds = 20 } = options
  const address = account.address.toLowerCase() as Address
  const stored = readFileIfThere(file)?.toString('utf8')
  let state: State =
    stored === undefined ? { flight: null, last: null, spent: [] } : v.parse(schema, JSON.parse(stored))
  let isFirstLook = true
  const keep = (next: State) => {
    write(
      file,
      `${JSON.stringify(next, (_key, value) => (typeof value === 'bigint' ? `${value}` : value), 1)}\n`,
      0o600,
    )
    state = next
  }
  const recent = () => state.spent.filter(({ at }) => at > now() - secondsPerDay)
  const spent = () => recent().reduce((sum, { wei }) => sum + wei, 0n)
  const reserve = (tag: string, wei: bigint) => [
    ...recent().filter(each => each.tag !== tag),
    { tag, at: now(), wei },
  ]

  const askAll = async <T>(ask: (url: string) => Promise<T>): Promise<T[]> => {
    const answers = await Promise.allSettled(endpoints.map(ask))
    return answers.flatMap(answer => (answer.status === 'fulfilled' ? [answer.value] : []))
  }
  const number = async (url: string, method: string, params: readonly unknown[]) =>
    BigInt(v.parse(hex, await rpc(url, method, params)))
  const broadcast = (raw: Hex) => askAll(url => rpc(url, 'eth_sendRawTransaction', [raw]))
  const nonces = () => askAll(url => number(url, 'eth_getTransactionCount', [address, 'latest']))

  async function fees(): Promise<{ readonly maxFee: bigint; readonly tip: bigint } | undefined> {
    const tips = await askAll(url => number(url, 'eth_maxPriorityFeePerGas', []))
    const blocks = await askAll(async url => {
      const block = await rpc(url, 'eth_getBlockByNumber', ['latest', false])
      return BigInt(v.parse(v.object({ baseFeePerGas: hex }), block).baseFeePerGas)
    })
    const [tip, base] = [common(tips), common(blocks)]
    if (tip === undefined || base === undefined) return undefined
    const fair = tip > maxTip ? maxTip : tip > 0n ? tip : 1n
    return { tip: fair, maxFee: 2n * base + fair }
  }

  const sign = async (flight: Omit<Flight, 'attempts'>, maxFee: bigint, tip: bigint): Promise<Attempt> => {
    const raw = await account.signTransaction({
      type: 'eip1559',
      chainId,
      nonce: flight.nonce,
      gas: flight.gas,
      to: flight.to,
      data: flight.data,
      value: 0n,
      maxFeePerGas: maxFee,
      maxPriorityFeePerGas: tip,
    })
    return { hash: keccak256(raw), raw, maxFee, tip, at: now() }
  }

  const receiptSchema = v.object({ blockNumber: hex, gasUsed: hex, effectiveGasPrice: hex })
  async function costOf({ attempts }: Flight): Promise<bigint | undefined> {
    const costs = await askAll(async url => {
      for (const { hash } of attempts) {
        const receipt = await rpc(url, 'eth_getTransactionReceipt', [hash])
        if (receipt === null || receipt === undefined) continue
        const { gasUsed, effectiveGasPrice } = v.parse(receiptSchema, receipt)
        return BigInt(gasUsed) * BigInt(effectiveGasPrice)
      }
      return undefined
    })
    return costs.find(cost => cost !== undefined)
  }

  async function offerMore(flight: Flight, last: Attempt): Promise<void> {
    const asked = await fees()
    if (asked === undefined) return
    const maxFee = higher(asked.maxFee, last.maxFee)
    const tip = higher(asked.tip, last.tip)
    const others = recent().filter(({ tag }) => tag !== flight.tag)
    if (others.reduce((sum, { wei }) => sum + wei, 0n) + flight.gas * maxFee > perDay) return
    const attempt = await sign(flight, maxFee, tip)
    keep({
      ...state,
      flight: { ...flight, attempts: [...flight.attempts, attempt].slice(-8) },
      last: { nonce: flight.nonce, maxFee, tip },
      spent: reserve(flight.tag, flight.gas * maxFee),
    })
    await broadcast(attempt.raw)
  }

  return {
    address,
    inFlight: () => state.flight?.tag ?? null,
    spent,
    async settle(mayBeKnown) {
      const { flight } = state
      const isFirst = isFirstLook
      isFirstLook = false
      if (flight === null) return
      const { tag, until, attempts, nonce, gas } = flight
      const [last] = attempts.slice(-1)
      if (last === undefined) return
      if (isFirst && !mayBeKnown(tag)) {
        return keep({ ...state, flight: null, spent: recent().filter(each => each.tag !== tag) })
      }
      const cost = await costOf(flight)
      if (cost !== undefined) {
        const most = gas * last.maxFee
        return keep({ ...state, flight: null, spent: reserve(tag, lowest([cost, most]) ?? most) })
      }
      const isOver = until !== null && now() > until
      const used = (await nonces()).filter(each => each > BigInt(nonce))
      // Another transaction of ours has taken its place, or it comes too late: what becomes of it is seen in the chain's state.
      if (isOver || 2 * used.length > endpoints.length) {
        return keep({ ...state, flight: null })
      }
      if (isFirst || now() - last.at < bumpSeconds) return void (isFirst && (await broadcast(last.raw)))
      await offerMore(flight, last)
    },
    async submit({ tag, to, data, until, worth }, onRelease) {
      if (state.flight !== null) return fail({ kind: 'busy', detail: state.flight.tag })
      const [asked, counts, balances, estimates] = await Promise.all([
        fees(),
        nonces(),
        askAll(url => number(url, 'eth_getBalance', [address, 'latest'])),
        askAll(url => number(url, 'eth_estimateGas', [{ from: address, to, data }])),
      ])
      const count = common(counts)
      if (asked === undefined || count === undefined) return fail({ kind: 'chainUnreachable' })
      const estimate = common(estimates)
      if (estimate === undefined) return fail({ kind: 'callReverts', detail: tag })
      const gas = (estimate * 3n) / 2n
      if (gas > maxGas) return fail({ kind: 'callReverts', detail: `${gas} gas` })
      const nonce = Number(count)
      const before = state.last?.nonce === nonce ? state.last : { maxFee: 0n, tip: 0n }
      const maxFee = higher(asked.maxFee, before.maxFee)
      const tip = higher(asked.tip, before.tip)
      if (worth !== null && 2n * estimate * maxFee > worth) return fail({ kind: 'notWorthIt', detail: tag })
      if (spent() + gas * maxFee > perDay)
        return fail({ kind: 'gasSpent', detail: `${spent()} of ${perDay}` })
      if (!balances.some(balance => balance >= gas * maxFee)) {
        return fail({ kind: 'gasEmpty', detail: `${address} needs ${gas * maxFee}` })
      }
      const planned = { tag, to, data, until, nonce, gas }
      const attempt = await sign(planned, maxFee, tip)
      keep({
        flight: { ...planned, attempts: [attempt] },
        last: { nonce, maxFee, tip },
        spent: reserve(tag, gas * maxFee),
      })
      isFirstLook = false
      onRelease()
      await broadcast(attempt.raw)
      return ok(null)
    },
  }
}

/**
 * The middle of what endpoints say, of two the lower: one alone can neither have us pay for nothing, by saying too much,
 * nor hold everything up, by standing still.
 */
const common = (values: readonly bigint[]): bigint | undefined =>
  values.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0))[Math.floor((values.length - 1) / 2)]

const lowest = (values: readonly bigint[]): bigint | undefined =>
  values.reduce<bigint | undefined>(
    (least, value) => (least === undefined || value < least ? value : least),
    undefined,
  )

/** What is asked, or an eighth and a wei more than before: nodes replace nothing for less. */
const higher = (asked: bigint, before: bigint): bigint => {
  const least = before === 0n ? 0n : before + before / 8n + 1n
  return asked > least ? asked : least
}
