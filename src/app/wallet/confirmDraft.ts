// Signs exactly what was looked at; writes it down; sends it. In this order, and in one tab at a time.
import { type Hex, toHex } from '../../core/bytes.ts'
import { fail, ok, type Result } from '../../core/result.ts'
import type { SigningContext } from '../../core/wallet/contracts.ts'
import { readRequest, type Signable } from '../../core/wallet/door.ts'
import type { InjectedFailure } from '../ports/injectedWallets.ts'
import type { PaymentRecord } from '../ports/walletStore.ts'
import type { Drafts, TransactionDraft } from './drafts.ts'
import type { FollowPayments } from './followPayments.ts'
import type { WalletParts } from './parts.ts'
import { isUnderWay, type Payments } from './payments.ts'
import type { ConfirmFailure, PaymentView, Proposal, Speed } from './wallet.ts'
import { networkOf } from './walletNetwork.ts'

export interface ConfirmParts
  extends Pick<WalletParts, 'platform' | 'config' | 'chain' | 'vault' | 'injected'> {
  readonly payments: Payments
  readonly following: FollowPayments
  readonly drafts: Drafts
  readonly context: () => SigningContext
}

/** The payment as it was written down: once it is, it is sent until the chain has it, whatever happens to this tab. */
export async function confirmDraft(
  parts: ConfirmParts,
  proposal: Proposal,
  speed: Speed | null,
): Promise<Result<PaymentView, ConfirmFailure>> {
  const draft = findDraft(parts, proposal)
  if (draft?.kind === 'statement') throw new Error('a statement is signed, and not sent')
  if (!draft) return fail({ kind: 'proposalExpired' })
  const { name } = draft.account
  return name.kind === 'external' ? sendInjected(parts, draft, name.walletId) : sendOwn(parts, draft, speed)
}

/** Two tabs would take the same nonce; and one click after the other would pay twice. */
async function onceInAnyTab(
  { platform, config, payments }: ConfirmParts,
  { account, proposal }: TransactionDraft,
  task: () => Promise<Result<PaymentView, ConfirmFailure>>,
): Promise<Result<PaymentView, ConfirmFailure>> {
  const held = await platform.withLock(`fob-send/${config().chain.id}/${account.address}`, async () => {
    const earlier = await payments.view(proposal.id)
    return earlier ? ok(earlier) : task()
  })
  return held?.value ?? fail({ kind: 'sendingElsewhere' })
}

/** The signature of a statement: 65 bytes, or what a contract's wallet gives. */
export async function confirmStatement(
  parts: ConfirmParts,
  proposal: Proposal,
): Promise<Result<Hex, ConfirmFailure>> {
  const draft = findDraft(parts, proposal)
  if (draft?.kind === 'transaction') throw new Error('a transaction is sent, and not only signed')
  if (!draft) return fail({ kind: 'proposalExpired' })
  const { account, typedData, signable } = draft
  if (account.name.kind === 'external')
    return parts.injected.signTypedData(account.name.walletId, account.address, typedData)
  const signed = await parts.vault.sign(signable, account.name)
  if (!signed.ok) return signed
  if (signed.value.kind !== 'signature') throw new Error('a statement was signed as a transaction')
  return ok(toHex(signed.value.signature))
}

function findDraft({ drafts, config }: ConfirmParts, proposal: Proposal) {
  const draft = drafts.find(proposal)
  return draft?.network === networkOf(config()) ? draft : undefined
}

function sendOwn(
  parts: ConfirmParts,
  draft: TransactionDraft,
  speed: Speed | null,
): Promise<Result<PaymentView, ConfirmFailure>> {
  return onceInAnyTab(parts, draft, () => signAndSend(parts, draft, speed))
}

async function signAndSend(
  parts: ConfirmParts,
  draft: TransactionDraft,
  speed: Speed | null,
): Promise<Result<PaymentView, ConfirmFailure>> {
  const { account, proposal } = draft
  if (account.name.kind === 'external') throw new Error('an injected wallet sends by itself')
  const nonce = await nonceFor(parts, draft)
  if (!nonce.ok) return nonce
  const signable = readAgain(parts, draft, speed, nonce.value)
  if (!signable) return fail({ kind: 'proposalExpired' })
  const signed = await parts.vault.sign(signable, account.name)
  if (!signed.ok) return signed
  if (signed.value.kind !== 'transaction') throw new Error('a transaction was signed as a statement')
  const { raw, hash, from } = signed.value.signed
  // The vault holds other words than those whose account was shown.
  if (from !== account.address) return fail({ kind: 'wrongSigner', detail: `${from} has signed` })
  const record = { ...recordOf(parts, draft), nonce: nonce.value, raw: toHex(raw), hash }
  const written = await write(parts, record)
  if (!written.ok) return written
  parts.drafts.delete(proposal.id)
  await parts.following.broadcast(record)
  return ok(await viewOf(parts, record.id))
}

/** It chooses nonce and fee by itself; between its window and its answer this tab may die, and then nobody knows. */
async function sendInjected(
  parts: ConfirmParts,
  draft: TransactionDraft,
  walletId: string,
): Promise<Result<PaymentView, ConfirmFailure>> {
  const { call, gasLimit, account, proposal } = draft
  const record = { ...recordOf(parts, draft), nonce: null, raw: null, hash: null }
  let isAsked = true
  // Only while it is written down: that wallet may never answer, and others of this account must not wait for it.
  const written = await onceInAnyTab(parts, draft, async () => {
    isAsked = false
    const done = await write(parts, record)
    return done.ok ? ok(await viewOf(parts, record.id)) : done
  })
  if (!written.ok || isAsked) return written
  const chainId = parts.config().chain.id
  const sent = await parts.injected.send(walletId, { ...call, from: account.address, chainId, gasLimit })
  if (!sent.ok && isCertainlyUnsent(sent.error)) {
    // What was looked at can be tried again.
    await parts.payments.discard(record.id)
    return sent
  }
  parts.drafts.delete(proposal.id)
  if (!sent.ok) return sent
  const answered = { hash: sent.value, state: { kind: 'waiting', since: parts.platform.unixNow() } } as const
  const changed = await parts.payments.change(record.id, () => answered)
  // Taken off the list as never answered, and now it is sent after all.
  if (!changed) await parts.payments.write({ ...record, ...answered })
  return ok(await viewOf(parts, record.id))
}

/** `injectedFailed` can mean anything: it stays in the list, to be looked up in the wallet. */
const isCertainlyUnsent = ({ kind }: InjectedFailure): boolean => kind !== 'injectedFailed'

/** The chain's count with what waits, and beyond our own that the chain may not have heard of yet. */
async function nonceFor(
  { chain, payments }: ConfirmParts,
  { account, replaces }: TransactionDraft,
): Promise<Result<number, ConfirmFailure>> {
  const counted = await (await chain()).nextNonce(account.address)
  if (!counted.ok) return counted
  const { mined, pending } = counted.value
  if (replaces) return mined > replaces.nonce ? fail({ kind: 'nonceTooLow' }) : ok(replaces.nonce)
  const own = (await payments.ofChain())
    .filter(record => record.from === account.address && isUnderWay(record))
    .flatMap(({ nonce }) => (nonce === null ? [] : [nonce + 1]))
  return ok(Math.max(mined, pending, ...own))
}

/** With the nonce and the price, and by today's settings; undefined where it does not say the very same any more. */
function readAgain(
  { config, context }: ConfirmParts,
  { call, gasLimit, choices, proposal }: TransactionDraft,
  speed: Speed | null,
  nonce: number,
): Signable | undefined {
  const choice = choices.find(({ shown }) => shown.speed === (speed ?? 'normal'))
  if (!choice) throw new Error(`${speed} was not offered`)
  const { maxFeePerGas, maxPriorityFeePerGas } = choice.price
  const chainId = config().chain.id
  const transaction = { ...call, chainId, nonce, gasLimit, maxFeePerGas, maxPriorityFeePerGas }
  const read = readRequest({ kind: 'transaction', transaction }, context())
  return read.ok && written(read.value.sentence) === written(proposal.sentence) ? read.value : undefined
}

const written = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? `${inner}n` : inner))

/** The id is the proposal's: confirmed twice, it is still one payment. */
function recordOf(
  { platform, config }: ConfirmParts,
  { proposal, account, network, replaces }: TransactionDraft,
) {
  return {
    id: proposal.id,
    network,
    chainId: config().chain.id,
    from: account.address,
    accountId: proposal.from.id,
    sentence: proposal.sentence,
    createdAt: platform.unixNow(),
    replaces: replaces?.id ?? null,
    state: { kind: 'stored', lastFailure: null },
  } as const
}

async function write(
  { payments }: ConfirmParts,
  record: PaymentRecord,
): Promise<Result<null, ConfirmFailure>> {
  try {
    await payments.write(record)
    return ok(null)
  } catch (error) {
    // Should it lie there all the same, then it would be sent later, though the person was told otherwise.
    await payments.discard(record.id).catch(() => {})
    return fail({ kind: 'notStored', detail: error instanceof Error ? error.message : String(error) })
  }
}

async function viewOf({ payments }: ConfirmParts, id: string): Promise<PaymentView> {
  const view = await payments.view(id)
  if (!view) throw new Error('a payment that was written down is not there')
  return view
}
