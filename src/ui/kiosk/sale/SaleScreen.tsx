// One sale on the screen, from the code to be paid to its end; each state is a page.
import { lazy, Suspense, useState } from 'react'
import type { KioskSale } from '../../../app/kiosk/kiosk.ts'
import { Button } from '../../components/Button.tsx'
import { useKioskMessages } from '../../i18n/useKioskMessages.ts'
import { KioskDialog } from '../KioskDialog.tsx'
import type { Ways } from '../KioskFrame.tsx'
import { Dispensing } from './Dispensing.tsx'
import { Dropped } from './Dropped.tsx'
import { PayPage } from './PayPage.tsx'
import { Refund } from './Refund.tsx'
import { Seen } from './Seen.tsx'
import { TimedOut, Trouble } from './Unfinished.tsx'

/** Only before an outlet. */
const Running = lazy(async () => ({ default: (await import('./Running.tsx')).Running }))

export type SaleOf<K extends KioskSale['kind']> = Extract<KioskSale, { readonly kind: K }>

type Props = Ways & {
  readonly sale: Exclude<KioskSale, { readonly kind: 'idle' }>
  /** Seconds until the screen is cleared; null: not yet. */
  readonly clearsIn: number | null
  /** Back to the product, to pay for it anew. */
  readonly onAgain: () => void
}

export function SaleScreen({ sale, clearsIn, onAgain, ...ways }: Props) {
  const { leaveSale: words } = useKioskMessages()
  const [isLeaving, setLeaving] = useState(false)
  const isUnderWay = sale.kind === 'seen' || sale.kind === 'dispensing'
  const guarded: Ways = isUnderWay ? { ...ways, onStartOver: () => setLeaving(true) } : ways
  return (
    <>
      <Page sale={sale} clearsIn={clearsIn} onAgain={onAgain} {...guarded} />
      {isLeaving && isUnderWay && (
        <KioskDialog
          title={words.title}
          onClose={() => setLeaving(false)}
          actions={
            <>
              <Button onClick={ways.onStartOver}>{words.clear}</Button>
              <Button look="primary" onClick={() => setLeaving(false)}>
                {words.stay}
              </Button>
            </>
          }
        >
          <p>{words.body}</p>
        </KioskDialog>
      )}
    </>
  )
}

function Page({ sale, clearsIn, onAgain, ...ways }: Props) {
  switch (sale.kind) {
    case 'paying':
      return <PayPage key={sale.id} sale={sale} {...ways} />
    case 'seen':
      return <Seen sale={sale} {...ways} />
    case 'dispensing':
      return sale.metered === null ? (
        <Dispensing sale={sale} {...ways} />
      ) : (
        <Suspense fallback={<Dispensing sale={sale} {...ways} />}>
          <Running sale={sale} metered={sale.metered} {...ways} />
        </Suspense>
      )
    case 'dropped':
      return <Dropped sale={sale} clearsIn={clearsIn} {...ways} />
    case 'refunding':
    case 'refunded':
      return <Refund sale={sale} clearsIn={clearsIn} {...ways} />
    case 'timedOut':
      return <TimedOut sale={sale} clearsIn={clearsIn} onAgain={onAgain} {...ways} />
    case 'trouble':
      return <Trouble sale={sale} clearsIn={clearsIn} {...ways} />
  }
}
