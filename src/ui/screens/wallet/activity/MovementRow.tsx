// One movement of money: from or to whom, when, how much.
import { ArrowDownLeft, ArrowUpRight, CircleX } from 'lucide-react'
import type { Movement } from '../../../../app/ports/walletChain.ts'
import { shortAmount, signedAmount } from '../../../i18n/amounts.ts'
import { shortHash } from '../../../i18n/formats.ts'
import { useFormats } from '../../../i18n/useMessages.tsx'
import { useWalletMessages } from '../../../i18n/useWalletMessages.ts'
import { useReadable } from '../../../useReadable.ts'
import { useWallet } from '../../../walletContext.tsx'
import { describeSentence } from '../signing/describeSentence.ts'
import { useNames } from '../signing/useNames.ts'
import { useUnits } from './units.ts'

export function MovementRow({ movement, onOpen }: { movement: Movement; onOpen?: () => void }) {
  const { activity: words } = useWalletMessages()
  const formats = useFormats()
  const what = useMovementTitle(movement)
  const amount = useMovementAmount(movement)
  const isIn = movement.direction === 'in'
  // It has a sentence for its title, and no room beside it.
  const isCall = movement.succeeded && movement.amount === 0n
  const Icon = movement.succeeded ? (isIn ? ArrowDownLeft : ArrowUpRight) : CircleX
  const content = (
    <>
      <span className={movement.succeeded ? (isIn ? 'glyph tone-ok' : 'glyph') : 'glyph tone-attention'}>
        <Icon size={20} aria-hidden />
      </span>
      <span className="grow">
        <span className="row-title breakable">{what}</span>
        <br />
        <span className="row-note">
          {movement.succeeded
            ? formats.dateTime(movement.at)
            : `${words.failed}, ${formats.dateTime(movement.at)}`}
          {isCall && (
            <>
              <br />
              {amount}
            </>
          )}
        </span>
      </span>
      {movement.succeeded && !isCall && <span className={isIn ? 'amount in' : 'amount'}>{amount}</span>}
    </>
  )
  return onOpen === undefined ? (
    <div className="row">{content}</div>
  ) : (
    <button type="button" className="row" aria-haspopup="dialog" onClick={onOpen}>
      {content}
    </button>
  )
}

/** From or to whom; where only a contract was called, what that did, if this wallet asked for it. */
export function useMovementTitle({ counterparty, direction, amount, transaction }: Movement): string {
  const words = useWalletMessages()
  const formats = useFormats()
  const names = useNames()
  const payments = useReadable(useWallet().payments)
  const asked = amount === 0n ? payments.find(({ hash }) => hash !== null && hash === transaction) : undefined
  if (asked !== undefined) return describeSentence(asked.sentence, words, formats, names).what
  if (counterparty === null) return words.activity.contractPaid
  const name = names.ofAddress(counterparty) ?? shortHash(counterparty)
  return direction === 'in' ? words.activity.from(name) : words.activity.to(name)
}

/** What came or went; only the fee where nothing else did. */
export function useMovementAmount({ token, direction, amount, fee }: Movement): string {
  const { activity: words } = useWalletMessages()
  const { language } = useFormats()
  const units = useUnits()
  if (amount > 0n) return signedAmount(units.amount(token, direction === 'in' ? amount : -amount), language)
  return fee > 0n
    ? words.feeOnly(shortAmount(units.amount(null, fee), language))
    : shortAmount(units.amount(token, amount), language)
}
