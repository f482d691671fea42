// The look before every signature: what happens, to whom, what it changes and what it costs; nothing is signed but this.
import { PenLine } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import type { Effect, FeeChoice, Proposal, Speed } from '../../../../app/wallet/wallet.ts'
import { Button } from '../../../components/Button.tsx'
import { Disclosure } from '../../../components/Disclosure.tsx'
import { Notice } from '../../../components/Notice.tsx'
import { Sheet } from '../../../components/Sheet.tsx'
import { exactAmount, shortAmount, signedAmount } from '../../../i18n/amounts.ts'
import { useFormats } from '../../../i18n/useMessages.tsx'
import { useWalletMessages } from '../../../i18n/useWalletMessages.ts'
import { useNow } from '../../../useNow.ts'
import { Details } from './Details.tsx'
import { describeSentence } from './describeSentence.ts'
import { accountTitle, useNames } from './useNames.ts'
import { Warnings } from './Warnings.tsx'

export function ProposalSheet({
  proposal,
  isSigning,
  isAsking,
  isStale,
  failure,
  onSign,
  onAgain,
  onClose,
}: {
  proposal: Proposal
  isSigning: boolean
  /** For a fresh proposal of the same. */
  isAsking: boolean
  /** It can’t be signed any more, and the failure says so. */
  isStale: boolean
  /** Why it was not signed, or not proposed afresh. */
  failure: ReactNode
  /** `speed` is null where the proposal has no fees. */
  onSign: (speed: Speed | null) => void
  /** It was looked at for too long. */
  onAgain: () => void
  onClose: () => void
}) {
  const words = useWalletMessages()
  const formats = useFormats()
  const names = useNames()
  const now = useNow()
  const [speed, setSpeed] = useState<Speed>('normal')
  const [answered, setAnswered] = useState<ReadonlySet<number>>(new Set())
  const { what, confirm: action, note, details } = describeSentence(proposal.sentence, words, formats, names)
  const isExpired = isStale || (proposal.validUntil <= now && !isSigning)
  const isFree = proposal.kind === 'statement'
  const { name } = proposal.from
  const isExternal = name.kind === 'external'
  return (
    <Sheet
      title={isFree ? words.signing.titleStatement : words.signing.titleTransaction}
      onClose={onClose}
      actions={
        <>
          {isExpired ? (
            <Button look="primary" wide busy={isAsking} onClick={onAgain}>
              {words.signing.again}
            </Button>
          ) : (
            <Button
              look="primary"
              icon={PenLine}
              wide
              busy={isSigning}
              disabled={answered.size < proposal.warnings.length}
              onClick={() => onSign(proposal.fees.length === 0 ? null : speed)}
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
      {isExpired && !isStale && <Notice tone="attention" title={words.signing.expired} live />}
      {failure}
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
