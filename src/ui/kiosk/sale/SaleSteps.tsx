// Where in a sale we are: pay, confirm, collect.
import { Check } from 'lucide-react'
import { useKioskMessages } from '../../i18n/useKioskMessages.ts'

const order = ['pay', 'confirm', 'collect'] as const

export function SaleSteps({ present }: { present: (typeof order)[number] }) {
  const { steps: words } = useKioskMessages()
  const now = order.indexOf(present)
  return (
    <ol className="kiosk-steps">
      {order.map((step, index) => (
        <li
          key={step}
          className={index < now ? 'is-done' : ''}
          aria-current={step === present ? 'step' : undefined}
        >
          <span aria-hidden="true">{index < now ? <Check /> : index + 1}</span>
          {words[step]}
        </li>
      ))}
    </ol>
  )
}
