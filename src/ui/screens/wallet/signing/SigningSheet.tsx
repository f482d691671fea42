// The look before every signature: what happens, to whom, what it changes and what it costs; nothing is signed but this.
import { PenLine } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import type { Effect, FeeChoice, Proposal, Speed } from '../../../../app/wallet/wallet.ts'
import type { Result } from '../../../../core/result.ts'
import { Button } from '../../../components/Button.tsx'
import { Disclosure } from '../../../components/Disclosure.tsx'
import { Notice } from '../../../components/Notice.tsx'
import { Sheet } from '../../../components/Sheet.tsx'
import { exactAmount, shortAmount, signedAmount } from '../../../i18n/amounts.ts'
import { useFormats } from '../../../i18n/useMessages.tsx'
import { useWalletMessages } from '../../../i18n/useWalletMessages.ts'
import { useNow } from '../../../useNow.ts'
import { useUnlocked } from '../../../walletContext.tsx'
import { type ShownFailure, WalletFailure } from '../WalletFailure.tsx'
import { Details } from './Details.tsx'
import { describeSentence } from './describeSentence.ts'
import { accountTitle, useNames } from './useNames.ts'
import { Warnings } from './Warnings.tsx'

/**
 * `confirm` signs, and sends where there is something to send; `speed` is null where the proposal has no fees. `again`
 * makes a fresh proposal of the same, for one that was looked at for too long. `showFailure`: for failures that are not
 * the wallet's alone.
 */
export function SigningSheet<T>({
  proposal,
  confirm,
  onDone,
  onClose,
  again,
  showFailure = failure => <WalletFailure failure={failure} />,
}: {
  proposal: Proposal
  confirm: (proposal: Proposal, speed: Speed | null) => Promise<Result<T, ShownFailure>>
  onDone: (value: T) => void
  onClose: () => void
  again: () => void
  showFailure?: (failure: ShownFailure) => ReactNode
}) {
  const words = useWalletMessages()
  const formats = useFormats()
  const names = useNames()
  const now = useNow()
  const askUnlock = useUnlocked()
  const [speed, setSpeed] = useState<Speed>('normal')
  const [answered, setAnswered] = useState<ReadonlySet<number>>(new Set())
  const [isSigning, setSigning] = useState(false)
  const [failure, setFailure] = useState<ShownFailure | null>(null)
  const { what, confirm: action, note, details } = describeSentence(proposal.sentence, words, formats, names)
  const isExpired = proposal.validUntil <= now && !isSigning
  const isFree = proposal.kind === 'statement'
  const { name } = proposal.from
  const isExternal = name.kind === 'external'

  const sign = async () => {
    setSigning(true)
    setFailure(null)
    // The account of an injected wallet needs nothing of the vault.
    const isOpen = isExternal || (await askUnlock())
    const result = isOpen ? await confirm(proposal, proposal.fees.length === 0 ? null : speed) : null
    setSigning(false)
    if (result?.ok) onDone(result.value)
    else if (result) setFailure(result.error)
  }

  return (
    <Sheet
      title={isFree ? words.signing.titleStatement : words.signing.titleTransaction}
      onClose={onClose}
      actions={
        <>
          {isExpired ? (
            <Button look="primary" wide onClick={again}>
              {words.signing.again}
            </Button>
          ) : (
            <Button
              look="primary"
              icon={PenLine}
              wide
              busy={isSigning}
              disabled={answered.size < proposal.warnings.length}
              onClick={() => void sign()}
            >
              {isSigning
                ? isExternal
                  ? words.signing.waitingFor(name.walletName)
                  : words.signing.signing
                : action}
            </Button>
          )}
          {/* Another wallet may never answer: the person can go on without it. */}
          <Button look="quiet" wide onClick={onClose} disabled={isSigning && !isExternal}>
            {words.signing.cancel}
          </Button>
        </>
      }
    >
      <p className="lead breakable">{what}</p>
      {note !== null && <p className="prose soft">{note}</p>}
      {proposal.replaces !== null && <p className="prose soft">{words.signing.replaces}</p>}
      <Warnings
        warnings={proposal.warnings}
        answered={answered}
        onAnswer={(index, isAnswered) =>
          setAnswered(before => {
            const after = new Set(before)
            if (isAnswered) after.add(index)
            else after.delete(index)
            return after
          })
        }
      />
      <p className="row-note">
        {words.signing.from}: {accountTitle(proposal.from, words)}
      </p>
      {isFree ? (
        <p className="row-note">{words.signing.free}</p>
      ) : (
        <>
          <Effects effects={proposal.effects} />
          <Fees fees={proposal.fees} speed={speed} onSpeed={setSpeed} />
        </>
      )}
      {isExternal && <p className="row-note">{words.signing.inWallet(name.walletName)}</p>}
      <Disclosure title={words.signing.details}>
        <div className="card flush">
          <Details details={details} />
        </div>
      </Disclosure>
      {isExpired && <Notice tone="attention" title={words.signing.expired} live />}
      {failure !== null && showFailure(failure)}
    </Sheet>
  )
}

function Effects({ effects }: { effects: readonly Effect[] | null }) {
  const words = useWalletMessages()
  const { language } = useFormats()
  const names = useNames()
  const own = effects?.filter(({ id }) => id !== null) ?? null
  return (
    <section className="section">
      <div className="section-head">
        <h3>{words.signing.effects}</h3>
      </div>
      {own === null ? (
        <p className="row-note">{words.signing.effectsUnknown}</p>
      ) : own.length === 0 ? (
        <p className="row-note">{words.signing.effectsNone}</p>
      ) : (
        <ul className="card flush rows">
          {own.map(({ account, before, after }) => (
            <li key={`${account}${before.token ?? ''}`} className="row">
              <span className="grow">
                <span className="row-title">{names.ofAddress(account)}</span>
                <br />
                <span className="row-note">
                  {shortAmount(before, language)} → {shortAmount(after, language)}
                </span>
              </span>
              <span className="amount">
                {signedAmount({ ...after, value: after.value - before.value }, language)}
              </span>
            </li>
          ))}
        </ul>
      )}
      <p className="row-note">{words.signing.simulated}</p>
    </section>
  )
}

function Fees({
  fees,
  speed,
  onSpeed,
}: {
  fees: readonly FeeChoice[]
  speed: Speed
  onSpeed: (speed: Speed) => void
}) {
  const words = useWalletMessages()
  const formats = useFormats()
  if (fees.length === 0) return <p className="row-note">{words.signing.feeByWallet}</p>
  return (
    <fieldset className="field">
      <legend className="hidden-text">{words.signing.fee}</legend>
      <span className="label" aria-hidden="true">
        {words.signing.fee}
      </span>
      <div className="card flush rows">
        {fees.map(fee => (
          <label key={fee.speed} className="row fee">
            <input
              type="radio"
              name="fee"
              value={fee.speed}
              checked={fee.speed === speed}
              onChange={() => onSpeed(fee.speed)}
            />
            <span className="grow">
              <span className="row-title">{words.signing.speeds[fee.speed]}</span>
              <br />
              <span className="row-note">{words.signing.seconds(formats.duration(fee.seconds))}</span>
            </span>
            <span className="amount">
              {words.signing.feeExpected(shortAmount(fee.expected, formats.language))}
              <br />
              <span className="row-note">
                {words.signing.feeAtMost(exactAmount(fee.atMost, formats.language))}
              </span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}
