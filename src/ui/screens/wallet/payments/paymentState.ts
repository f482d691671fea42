// Where a payment is, in words and by a sign: "paid" is never said before it is final and proven.
import { CircleCheck, CircleX, Clock, Hourglass, type LucideIcon, Replace } from 'lucide-react'
import type { PaymentView } from '../../../../app/wallet/wallet.ts'
import type { Tone } from '../../../deviceState.ts'
import type { WalletMessages } from '../../../i18n/walletEn.ts'

export function paymentState(
  payment: PaymentView,
  words: WalletMessages['payments'],
): { readonly icon: LucideIcon; readonly tone: Tone; readonly text: string } {
  const { state } = payment
  if (isUnanswered(payment)) return { icon: Hourglass, tone: 'attention', text: words.unanswered }
  const text = words.states[state.kind]
  switch (state.kind) {
    case 'stored':
    case 'waiting':
      return { icon: Hourglass, tone: 'info', text }
    case 'mined':
      return { icon: Clock, tone: 'info', text }
    case 'final':
      return { icon: CircleCheck, tone: 'ok', text }
    case 'reverted':
      return {
        icon: CircleX,
        tone: 'alarm',
        text: state.isFinal ? text : `${text} (${words.revertedNotFinal})`,
      }
    case 'replaced':
    case 'overtaken':
      return { icon: Replace, tone: 'attention', text }
  }
}

/** An injected wallet was asked for it and has not answered: whether it was sent is not known here. */
export const isUnanswered = ({ state, hash }: PaymentView): boolean =>
  state.kind === 'stored' && hash === null
