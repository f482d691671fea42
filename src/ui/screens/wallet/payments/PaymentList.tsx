// What was signed and is not final yet, and what ended within the hour: true words for each step.
import { ChevronRight } from 'lucide-react'
import { Link } from 'wouter'
import type { PaymentView } from '../../../../app/wallet/wallet.ts'
import { Section } from '../../../components/Facts.tsx'
import { useFormats } from '../../../i18n/useMessages.tsx'
import { useWalletMessages } from '../../../i18n/useWalletMessages.ts'
import { paths } from '../../../paths.ts'
import { useNow } from '../../../useNow.ts'
import { useReadable } from '../../../useReadable.ts'
import { useWallet } from '../../../walletContext.tsx'
import { describeSentence } from '../signing/describeSentence.ts'
import { useNames } from '../signing/useNames.ts'
import { paymentState } from './paymentState.ts'

const recentSeconds = 3600

export function PaymentList() {
  const { payments: words } = useWalletMessages()
  const now = useNow()
  const shown = useReadable(useWallet().payments).filter(
    payment => !isSettled(payment) || payment.createdAt > now - recentSeconds,
  )
  if (shown.length === 0) return null
  return (
    <Section title={words.title}>
      <ul className="card flush rows">
        {shown.map(payment => (
          <li key={payment.id}>
            <PaymentRow payment={payment} />
          </li>
        ))}
      </ul>
    </Section>
  )
}

const isSettled = ({ state }: PaymentView): boolean =>
  state.kind === 'final' ||
  state.kind === 'replaced' ||
  state.kind === 'overtaken' ||
  (state.kind === 'reverted' && state.isFinal)

function PaymentRow({ payment }: { payment: PaymentView }) {
  const words = useWalletMessages()
  const formats = useFormats()
  const names = useNames()
  const { icon: Icon, tone, text } = paymentState(payment, words.payments)
  return (
    <Link href={paths.payment(payment.id)} className="row">
      <span className={`glyph tone-${tone}`}>
        <Icon size={20} aria-hidden />
      </span>
      <span className="grow">
        <span className="row-title breakable">
          {describeSentence(payment.sentence, words, formats, names).what}
        </span>
        <br />
        <span className="row-note">{payment.isStuck ? words.payments.stuck : text}</span>
      </span>
      <ChevronRight size={18} className="chevron" aria-hidden />
    </Link>
  )
}
