// Behind the PIN: what needs the owner, what is left, what was sold, and the way out.
import '../../styles/kioskInside.css'
import { DoorOpen, RefreshCw } from 'lucide-react'
import { useState } from 'react'
import { useLocation } from 'wouter'
import type { KioskInside } from '../../../app/kiosk/kiosk.ts'
import { Button } from '../../components/Button.tsx'
import { Section } from '../../components/Facts.tsx'
import { Notice } from '../../components/Notice.tsx'
import { shortAmount } from '../../i18n/amounts.ts'
import { clauses, labelled } from '../../i18n/punctuation.ts'
import { useKioskMessages } from '../../i18n/useKioskMessages.ts'
import { useFormats } from '../../i18n/useMessages.tsx'
import { paths } from '../../paths.ts'
import { useReadable } from '../../useReadable.ts'
import { leaveFullScreen } from '../fillScreen.ts'
import { useKiosk } from '../kioskContext.tsx'
import { textIn } from '../productText.ts'
import { Alarms } from './Alarms.tsx'
import { DemoSection } from './DemoSection.tsx'
import { GasAddress } from './GasAddress.tsx'
import { MachineSection } from './MachineSection.tsx'
import { Stock } from './Stock.tsx'

/** As many of the last sales as are shown. */
const lastSales = 20

export function InsideScreen({ onClose }: { onClose: () => void }) {
  const { inside: words } = useKioskMessages()
  const kiosk = useKiosk()
  const inside = useReadable(kiosk.inside)
  const [, navigate] = useLocation()
  const [isBusy, setBusy] = useState(false)
  const refresh = async () => {
    setBusy(true)
    await kiosk.refresh()
    setBusy(false)
  }
  return (
    <div className="kiosk inside">
      <header className="kiosk-head">
        <h1 className="kiosk-title">{words.title}</h1>
        <Button icon={RefreshCw} busy={isBusy} onClick={() => void refresh()}>
          {words.refresh}
        </Button>
      </header>
      {/* A long page: without a button in its first lines, a keyboard has to reach it too. */}
      <main id="content" className="kiosk-main" tabIndex={-1}>
        <Alarms alarms={inside.alarms} />
        <Stock inside={inside} />
        <GasSection inside={inside} />
        <Sales inside={inside} />
        <MachineSection />
        <DemoSection />
      </main>
      <footer className="kiosk-foot">
        <Button look="primary" wide onClick={onClose}>
          {words.back}
        </Button>
        <Button
          icon={DoorOpen}
          onClick={() => {
            leaveFullScreen()
            navigate(paths.devices)
          }}
        >
          {words.leave}
        </Button>
      </footer>
    </div>
  )
}

function GasSection({ inside }: { inside: KioskInside }) {
  const { inside: words } = useKioskMessages()
  const { language } = useFormats()
  const { gas } = inside
  return (
    <Section title={words.gas}>
      <p>
        <strong>{gas === null ? words.gasUnknown : shortAmount(gas.balance, language)}</strong>
        {gas !== null && gas.salesLeft !== null && clauses(['', words.gasSales(gas.salesLeft)], language)}
      </p>
      <GasAddress />
    </Section>
  )
}

function Sales({ inside }: { inside: KioskInside }) {
  const { inside: words, states, ways } = useKioskMessages()
  const { language, dateTime } = useFormats()
  return (
    <Section title={words.sales}>
      {inside.open > 0 && (
        <Notice tone="info" title={labelled(words.openSales, String(inside.open), language)} />
      )}
      {inside.sales.length === 0 ? (
        <p className="soft">{words.noSales}</p>
      ) : (
        <ul className="card flush rows">
          {inside.sales.slice(0, lastSales).map(({ id, at, product, quantity, total, way, state }) => (
            <li key={id} className="row">
              <span className="grow">
                <span className="row-title">{`${String(quantity)} × ${textIn(product, language)}`}</span>
                <br />
                <span className="row-note">{`${dateTime(at)} · ${ways[way]} · ${states[state]}`}</span>
              </span>
              <span className="amount">{shortAmount(total, language)}</span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}
