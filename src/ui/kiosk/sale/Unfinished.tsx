// Not paid in time, or something is the matter: nobody is left with a question about his money.
import { Clock, TriangleAlert } from 'lucide-react'
import type { SaleTrouble } from '../../../app/kiosk/kiosk.ts'
import { Button } from '../../components/Button.tsx'
import { Notice } from '../../components/Notice.tsx'
import { useKioskMessages } from '../../i18n/useKioskMessages.ts'
import { KioskFrame, type Ways } from '../KioskFrame.tsx'
import { BoughtLine } from './BoughtLine.tsx'
import { Clears } from './Clears.tsx'
import type { SaleOf } from './SaleScreen.tsx'

export function TimedOut({
  sale,
  clearsIn,
  onAgain,
  ...ways
}: Ways & { sale: SaleOf<'timedOut'>; clearsIn: number | null; onAgain: () => void }) {
  const { timedOut: words } = useKioskMessages()
  return (
    <KioskFrame
      title={words.title}
      spoken={words.spoken}
      look="moment"
      actions={
        <Button look="primary" wide onClick={onAgain}>
          {words.again}
        </Button>
      }
      {...ways}
    >
      <span className="kiosk-sign">
        <Clock strokeWidth={1.5} aria-hidden />
      </span>
      <p className="kiosk-lead" role="status">
        {words.body}
      </p>
      <BoughtLine sale={sale} />
      <Clears seconds={clearsIn} />
    </KioskFrame>
  )
}

export function Trouble({
  sale,
  clearsIn,
  ...ways
}: Ways & { sale: SaleOf<'trouble'>; clearsIn: number | null }) {
  const { title, body } = useKioskMessages().trouble[sale.why]
  return (
    <KioskFrame title={title} spoken={`${title}. ${body}`} look="moment" {...ways}>
      <span className="kiosk-sign tone-attention">
        <TriangleAlert strokeWidth={1.5} aria-hidden />
      </span>
      <p className="kiosk-lead" role="status">
        {body}
      </p>
      <BoughtLine sale={sale} />
      <Clears seconds={clearsIn} />
    </KioskFrame>
  )
}

export function TroubleNotice({ trouble }: { trouble: SaleTrouble | null }) {
  const { trouble: words } = useKioskMessages()
  if (trouble === null) return null
  return (
    <Notice tone="attention" title={words[trouble].title} live>
      {words[trouble].body}
    </Notice>
  )
}
