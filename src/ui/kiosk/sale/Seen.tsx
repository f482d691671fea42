// Paid: what the machine waits for, in words and as a bar where it can be counted.
import { BadgeCheck } from 'lucide-react'
import { Bar } from '../../components/Bar.tsx'
import { useKioskMessages } from '../../i18n/useKioskMessages.ts'
import { KioskFrame, type Ways } from '../KioskFrame.tsx'
import { BoughtLine } from './BoughtLine.tsx'
import type { SaleOf } from './SaleScreen.tsx'
import { SaleSteps } from './SaleSteps.tsx'
import { TroubleNotice } from './Unfinished.tsx'

export function Seen({ sale, ...ways }: Ways & { sale: SaleOf<'seen'> }) {
  const { seen: words } = useKioskMessages()
  const { has, needs } = sale
  const text = textOf(sale, words)
  return (
    <KioskFrame title={words.title} spoken={words.spoken} look="moment" {...ways}>
      <SaleSteps present="confirm" />
      <span className="kiosk-sign tone-ok">
        <BadgeCheck strokeWidth={1.5} aria-hidden />
      </span>
      <p className="kiosk-lead" role="status">
        {text}
      </p>
      <div className="kiosk-bar">
        <Bar
          fraction={needs === 'final' || needs === 0 ? null : Math.min(1, has / needs)}
          label={words.title}
          text={text}
        />
      </div>
      <p className="kiosk-soft">{words.note}</p>
      <TroubleNotice trouble={sale.trouble} />
      <BoughtLine sale={sale} />
    </KioskFrame>
  )
}

function textOf({ has, needs }: SaleOf<'seen'>, words: ReturnType<typeof useKioskMessages>['seen']): string {
  if (needs === 'final') return words.final
  return needs === 0 ? words.first : words.blocks(Math.min(has, needs), needs)
}
