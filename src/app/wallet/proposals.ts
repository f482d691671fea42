// From what a person wants to what they look at before they sign: decoded into a sentence, tried out, priced.
import type { Address, Bytes } from '../../core/bytes.ts'
import { fromHex } from '../../core/bytes.ts'
import type { TypedData } from '../../core/eip712.ts'
import type { DeviceId } from '../../core/identity.ts'
import { fail, ok, type Result } from '../../core/result.ts'
import type { SigningContext } from '../../core/wallet/contracts.ts'
import { readRequest, type Signable, type SigningRefusal } from '../../core/wallet/door.ts'
import { parseTransaction, type Transaction } from '../../core/wallet/transaction.ts'
import type { ChainFailure } from '../ports/chain.ts'
import type { AccountReading, FeeReading, WalletChain } from '../ports/walletChain.ts'
import type { AccountRecord, PaymentRecord } from '../ports/walletStore.ts'
import { type Accounts, accountIdOf } from './accounts.ts'
import { type BareCall, callOf, noData } from './calls.ts'
import { type Draft, type Drafts, type TransactionDraft, VALID_FOR } from './drafts.ts'
import { effectsOf } from './effects.ts'
import { feeChoices, type GasPrice, greater, type PricedChoice } from './fees.ts'
import type { WalletParts } from './parts.ts'
import { areRivals, isUnderWay, type Payments } from './payments.ts'
import { type Holdings, spendable } from './spendable.ts'
import type { AccountView, Proposal, ProposeFailure, WriteRequest } from './wallet.ts'
import { coinUnit, networkOf, tokensOf, unitKey, unitOf } from './walletNetwork.ts'

/** Gas of a plain transfer to an account without code. */
const PLAIN_GAS = 21_000n

export interface ProposalsParts extends Pick<WalletParts, 'platform' | 'config' | 'chain'> {
  readonly accounts: Accounts
  readonly payments: Payments
  readonly drafts: Drafts
  readonly context: () => SigningContext
  readonly viewOf: (account: AccountRecord) => AccountView
  readonly ownsDevice: (deviceId: DeviceId) => boolean
}

/** What is read anew for each proposal. */
interface Present {
  readonly chain: WalletChain
  readonly fees: FeeReading
  readonly held: Holdings
}

interface Replaced extends GasPrice {
  readonly id: string
  readonly nonce: number
}

type Send = Extract<WriteRequest, { kind: 'send' }>

export class Proposals {
  readonly #parts: ProposalsParts

  constructor(parts: ProposalsParts) {
    this.#parts = parts
  }

  async propose(write: WriteRequest): Promise<Result<Proposal, ProposeFailure>> {
    const { accounts, config } = this.#parts
    const account = accounts.get('from' in write ? write.from : accounts.ownerId)
    if (!account) return fail({ kind: accounts.owner.get() ? 'unknownAccount' : 'walletMissing' })
    if (write.kind === 'send' && write.amount === 'all') return this.#proposeAll(account, write)
    const call = callOf(write, write.kind === 'send' && write.amount !== 'all' ? write.amount : 0n, config())
    if (!call.ok) return call
    if ('deviceId' in write && !this.#parts.ownsDevice(write.deviceId))
      return fail({ kind: 'deviceNotOwned' })
    const token = write.kind === 'send' && write.token !== null ? write : null
    return this.#proposeCall(account, call.value, null, token)
  }

  /** A transaction of the owner account to a contract of ours. */
  async proposeTransaction(call: {
    readonly to: Address
    readonly data: Bytes
  }): Promise<Result<Proposal, ProposeFailure>> {
    const account = this.#owner()
    if (!account) return fail({ kind: 'walletMissing' })
    return this.#proposeCall(account, { ...call, value: 0n }, null, null)
  }

  /** A statement of the owner account. */
  async proposeStatement(typedData: TypedData): Promise<Result<Proposal, ProposeFailure>> {
    const account = this.#owner()
    if (!account) return fail({ kind: 'walletMissing' })
    const read = readRequest({ kind: 'typedData', typedData }, this.#parts.context())
    if (!read.ok) return read
    const signable = read.value
    const isOurs = signable.account === null || signable.account === account.address
    if (signable.signer !== 'account' || !isOurs) return fail({ kind: 'unknownAccount' })
    const proposal: Proposal = {
      ...this.#headOf(account),
      kind: 'statement',
      sentence: signable.sentence,
      warnings: signable.warnings,
      effects: [],
      fees: [],
      replaces: null,
    }
    return this.#keep({ kind: 'statement', proposal, account, typedData, signable, network: this.#network })
  }

  proposeSpeedUp(paymentId: string): Promise<Result<Proposal, ProposeFailure>> {
    return this.#proposeReplacement(paymentId, ({ to, value, data }) => ({ to, value, data }))
  }

  /** Nothing, to oneself, with the nonce of the one that waits: whichever is mined first, the other can't be. */
  proposeCancel(paymentId: string): Promise<Result<Proposal, ProposeFailure>> {
    return this.#proposeReplacement(paymentId, (_, from) => ({ to: from, value: 0n, data: noData }))
  }

  async #proposeReplacement(
    paymentId: string,
    callFor: (transaction: Transaction, from: Address) => BareCall,
  ): Promise<Result<Proposal, ProposeFailure>> {
    const payment = this.#parts.payments.get(paymentId)
    const account = payment && this.#parts.accounts.get(payment.accountId)
    const sent = payment && transactionIn(payment)
    if (!payment || !account || !sent) return fail({ kind: 'unknownAccount' })
    if (payment.state.kind !== 'stored' && payment.state.kind !== 'waiting')
      return fail({ kind: 'alreadyMined' })
    const rivals = this.#parts.payments.records.get().filter(other => areRivals(other, payment))
    if (rivals.some(({ state }) => state.kind === 'mined' || state.kind === 'final'))
      return fail({ kind: 'alreadyMined' })
    const { nonce } = sent
    const replaced = { id: payment.id, nonce, ...dearestOf([payment, ...rivals]) }
    return this.#proposeCall(account, callFor(sent, account.address), replaced, null)
  }

  async #proposeCall(
    account: AccountRecord,
    call: BareCall,
    replaced: Replaced | null,
    token: Send | null,
  ): Promise<Result<Proposal, ProposeFailure>> {
    // Before anything is asked of the network: what has no words is not even tried out.
    const looked = this.#read(call, PLAIN_GAS, { maxFeePerGas: 0n, maxPriorityFeePerGas: 0n })
    if (!looked.ok) return looked
    const present = await this.#present(account, replaced?.nonce ?? null)
    if (!present.ok) return present
    const lacking = token && this.#tokenLacking(token, present.value.held)
    if (lacking) return fail(lacking)
    return this.#simulated(account, call, replaced, present.value)
  }

  /** All of the coin but the fee; all of a token. */
  async #proposeAll(account: AccountRecord, write: Send): Promise<Result<Proposal, ProposeFailure>> {
    const { config } = this.#parts
    const example = callOf(write, 1n, config())
    if (!example.ok) return example
    const looked = this.#read(example.value, PLAIN_GAS, { maxFeePerGas: 0n, maxPriorityFeePerGas: 0n })
    if (!looked.ok) return looked
    const present = await this.#present(account, null)
    if (!present.ok) return present
    const { held, chain, fees } = present.value
    if (write.token !== null) {
      const all = callOf(write, held.get(unitKey(write.token)) ?? 0n, config())
      const lacking = this.#tokenLacking({ ...write, amount: 1n }, held)
      if (lacking) return fail(lacking)
      return all.ok ? this.#simulated(account, all.value, null, present.value) : all
    }
    // What the recipient does with it costs gas, too: tried out with the least, which every account that has anything has.
    const tried = await chain.simulate({ ...example.value, from: account.address }, [])
    if (!tried.ok) return tried
    const coin = coinUnit(config())
    const choices = feeChoices(fees, { gasLimit: tried.value.gasLimit, coin, replaced: null })
    const normal = choices.filter(({ shown }) => shown.speed === 'normal')
    const fee = normal[0]?.shown.atMost.value ?? 0n
    const value = (held.get('coin') ?? 0n) - fee
    if (value <= 0n) return fail({ kind: 'notEnough', missing: { ...coin, value: 1n - value } })
    const gasLimit = tried.value.gasLimit
    return this.#simulated(account, { ...example.value, value }, null, present.value, {
      choices: normal,
      gasLimit,
    })
  }

  /** `fixed`: the fee that an amount was worked out for is the one that is paid. */
  async #simulated(
    account: AccountRecord,
    call: BareCall,
    replaced: Replaced | null,
    { chain, fees, held }: Present,
    fixed?: { readonly choices: readonly PricedChoice[]; readonly gasLimit: bigint },
  ): Promise<Result<Proposal, ProposeFailure>> {
    const { config, accounts } = this.#parts
    const coin = coinUnit(config())
    const available = held.get('coin') ?? 0n
    const watched = [...new Set([...accounts.records.get().values()].map(({ address }) => address))]
    const simulation = await chain.simulate({ ...call, from: account.address }, watched)
    const shortOf = (gasLimit: bigint) => {
      const [cheapest] = choicesFor(gasLimit)
      const missing = call.value + (cheapest?.shown.atMost.value ?? 0n) - available
      return missing > 0n ? fail({ kind: 'notEnough', missing: { ...coin, value: missing } } as const) : null
    }
    const choicesFor = (gasLimit: bigint) => fixed?.choices ?? feeChoices(fees, { gasLimit, coin, replaced })
    if (!simulation.ok)
      return (simulation.error.kind === 'insufficientFunds' && shortOf(PLAIN_GAS)) || simulation
    const gasLimit = fixed?.gasLimit ?? simulation.value.gasLimit
    const choices = choicesFor(gasLimit)
    const affordable = choices.filter(({ shown }) => call.value + shown.atMost.value <= available)
    const normal = choices.find(({ shown }) => shown.speed === 'normal')
    if (!normal || !affordable.includes(normal)) {
      const missing = call.value + (normal?.shown.atMost.value ?? 0n) - available
      return fail({ kind: 'notEnough', missing: { ...coin, value: missing } })
    }
    const isExternal = account.name.kind === 'external'
    // Every choice is read as it would be signed.
    const reads = affordable.map(({ price }) => this.#read(call, gasLimit, price))
    const refused = reads.find(read => !read.ok)
    if (refused) return refused
    const [read] = reads
    if (!read?.ok) throw new Error('a proposal without a choice')
    const { changes } = simulation.value
    const proposal: Proposal = {
      ...this.#headOf(account),
      kind: 'transaction',
      sentence: read.value.sentence,
      warnings: read.value.warnings,
      effects: changes && effectsOf(changes, accounts.records.get(), account.address, held, config()),
      fees: isExternal ? [] : affordable.map(({ shown }) => shown),
      replaces: replaced?.id ?? null,
    }
    const draft: TransactionDraft = {
      kind: 'transaction',
      proposal,
      network: this.#network,
      account,
      call,
      gasLimit,
      choices: isExternal ? [] : affordable,
      replaces: replaced && { id: replaced.id, nonce: replaced.nonce },
    }
    return this.#keep(draft)
  }

  async #present(account: AccountRecord, exceptNonce: number | null): Promise<Result<Present, ChainFailure>> {
    const { chain: openChain, config, payments } = this.#parts
    const chain = await openChain()
    const [reading, fees]: [Result<AccountReading, ChainFailure>, Result<FeeReading, ChainFailure>] =
      await Promise.all([chain.readAccount(account.address, tokensOf(config())), chain.readFees()])
    if (!reading.ok) return reading
    if (!fees.ok) return fees
    const held = spendable(reading.value, await payments.ofChain(), exceptNonce)
    return ok({ chain, fees: fees.value, held })
  }

  /** A token's own refusal has no words; that there is too little of it can be said before. */
  #tokenLacking({ token, amount }: Send, held: Holdings) {
    const unit = unitOf(this.#parts.config(), token)
    const has = held.get(unitKey(token))
    // What no endpoint told of is left to the simulation.
    if (!unit || has === undefined || amount === 'all' || has >= amount) return null
    return { kind: 'notEnough', missing: { ...unit, value: amount - has } } as const
  }

  #read(call: BareCall, gasLimit: bigint, price: GasPrice): Result<Signable, SigningRefusal> {
    const { maxFeePerGas, maxPriorityFeePerGas } = price
    const chainId = this.#parts.config().chain.id
    // The nonce is set when it is signed, and is nothing that a sentence tells.
    const transaction = { ...call, chainId, nonce: 0, gasLimit, maxFeePerGas, maxPriorityFeePerGas }
    return readRequest({ kind: 'transaction', transaction }, this.#parts.context())
  }

  #owner(): AccountRecord | undefined {
    return this.#parts.accounts.get(this.#parts.accounts.ownerId)
  }

  get #network(): string {
    return networkOf(this.#parts.config())
  }

  #headOf(account: AccountRecord): Pick<Proposal, 'id' | 'from' | 'validUntil'> {
    const { platform, viewOf } = this.#parts
    const from = viewOf(account)
    if (from.id !== accountIdOf(account.name)) throw new Error(`${from.id} is shown for another account`)
    return { id: platform.randomId(), from, validUntil: platform.unixNow() + VALID_FOR }
  }

  #keep(draft: Draft): { readonly ok: true; readonly value: Proposal } {
    this.#parts.drafts.keep(draft)
    return ok(draft.proposal)
  }
}

function transactionIn({ raw }: PaymentRecord): Transaction | undefined {
  const parsed = raw === null ? undefined : parseTransaction(fromHex(raw) ?? noData)
  return parsed?.ok ? parsed.value.transaction : undefined
}

/** A node compares with whatever it has of this nonce, which may be a replacement already. */
function dearestOf(payments: readonly PaymentRecord[]): GasPrice {
  let dearest: GasPrice = { maxFeePerGas: 0n, maxPriorityFeePerGas: 0n }
  for (const payment of payments) {
    const sent = isUnderWay(payment) ? transactionIn(payment) : undefined
    if (!sent) continue
    const { maxFeePerGas, maxPriorityFeePerGas } = sent
    dearest = {
      maxFeePerGas: greater(maxFeePerGas, dearest.maxFeePerGas),
      maxPriorityFeePerGas: greater(maxPriorityFeePerGas, dearest.maxPriorityFeePerGas),
    }
  }
  return dearest
}
