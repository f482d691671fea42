// One movement of money: from or to whom, when, how much.
import { ArrowDownLeft, ArrowUpRight, CircleX } from 'lucide-react'
import type { Movement } from '../../../../app/ports/walletChain.ts'
import { signedAmount } from '../../../i18n/amounts.ts'
import { shortHash } from '../../../i18n/formats.ts'
import { useFormats } from '../../../i18n/useMessages.tsx'
import { useWalletMessages } from '../../../i18n/useWalletMessages.ts'
import { useNames } from '../signing/useNames.ts'
import { useUnits } from './units.ts'

export function MovementRow({ movement, onOpen }: { movement: Movement; onOpen?: () => void }) {
  const { activity: words } = useWalletMessages()
  const formats = useFormats()
  const units = useUnits()
  const who = useCounterparty(movement)
  const isIn = movement.direction === 'in'
  const Icon = movement.succeeded ? (isIn ? ArrowDownLeft : ArrowUpRight) : CircleX
  const amount = units.amount(movement.token, isIn ? movement.amount : -movement.amount)
  const content = (
    <>
      <span className={movement.succeeded ? (isIn ? 'glyph tone-ok' : 'glyph') : 'glyph tone-attention'}>
        <Icon size={20} aria-hidden />
      </span>
      <span className="grow">
        <span className="row-title breakable">{who}</span>
        <br />
        <span className="row-note">
          {movement.succeeded
            ? formats.dateTime(movement.at)
            : `${words.failed}, ${formats.dateTime(movement.at)}`}
        </span>
      </span>
      {movement.succeeded && (
        <span className={isIn ? 'amount in' : 'amount'}>{signedAmount(amount, formats.language)}</span>
      )}
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

export function useCounterparty({ counterparty, direction }: Movement): string {
  const { activity: words } = useWalletMessages()
  const names = useNames()
  if (counterparty === null) return words.contractPaid
  const name = names.ofAddress(counterparty) ?? shortHash(counterparty)
  return direction === 'in' ? words.from(name) : words.to(name)
}
