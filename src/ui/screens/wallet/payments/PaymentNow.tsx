// Where one payment is just now, for a screen that waits for it.
import { ChevronRight } from 'lucide-react'
import { Link } from 'wouter'
import { Notice } from '../../../components/Notice.tsx'
import { useWalletMessages } from '../../../i18n/useWalletMessages.ts'
import { paths } from '../../../paths.ts'
import { useReadable } from '../../../useReadable.ts'
import { useWallet } from '../../../walletContext.tsx'
import { paymentState } from './paymentState.ts'

export function PaymentNow({ id }: { id: string }) {
  const { payments: words } = useWalletMessages()
  const payment = useReadable(useWallet().payments).find(each => each.id === id)
  if (payment === undefined) return null
  const { icon, tone, text } = paymentState(payment, words)
  return (
    <Notice
      tone={tone}
      icon={icon}
      title={text}
      live
      actions={
        <Link href={paths.payment(id)} className="button secondary">
          <span>{words.transaction}</span>
          <ChevronRight size={18} aria-hidden />
        </Link>
      }
    />
  )
}
