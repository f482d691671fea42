// Taking something from a machine with a key of staff: what is in its slots, one press for one product, and the machine's word.
import { Bluetooth, FlaskConical, PackageOpen, RotateCw } from 'lucide-react'
import { useState } from 'react'
import type { FreeVends, FreeVendView, StaffReading } from '../../../../app/market/freeVending.ts'
import type { KeyView } from '../../../../app/market/market.ts'
import { Button } from '../../../components/Button.tsx'
import { Section } from '../../../components/Facts.tsx'
import { MachineFailure } from '../../../components/MachineFailure.tsx'
import { Notice } from '../../../components/Notice.tsx'
import { useFob } from '../../../fobContext.ts'
import { useMachineMessages } from '../../../i18n/useMachineMessages.ts'
import { useMarketMessages } from '../../../i18n/useMarketMessages.ts'
import { useReadable } from '../../../useReadable.ts'
import { DemoSheet } from '../../devices/DemoSheet.tsx'
import type { ShownFailure } from '../../wallet/WalletFailure.tsx'
import { MarketFailure } from '../MarketFailure.tsx'
import { useMarket } from '../marketContext.tsx'
import { useCannotOpen } from './OpenLock.tsx'
import { useAtHand } from './useAtHand.ts'

/** What is being done: looking, or the slot that is asked for. */
type Doing = 'looking' | number | null

export function TakeFree({ view, vends }: { view: KeyView; vends: FreeVends }) {
  const { staff: words } = useMachineMessages()
  const { outcomes } = useMarketMessages()
  const fob = useFob()
  const market = useMarket()
  const demos = useReadable(fob.demoDevices)
  const cannot = useCannotOpen(view)
  const { known, isChoosing, chooseAgain, reach } = useAtHand(view.deviceKey)
  const [doing, setDoing] = useState<Doing>(null)
  const [reading, setReading] = useState<StaffReading | null>(null)
  const [said, setSaid] = useState<FreeVendView | null>(null)
  const [failure, setFailure] = useState<ShownFailure | null>(null)
  const [isDemoOpen, setDemoOpen] = useState(false)
  const { unanswered } = vends

  const failed = (error: ShownFailure) => {
    if (error.kind === 'mustChooseAgain' || error.kind === 'otherLock') chooseAgain(true)
    setFailure(error)
  }
  const look = async (deviceKey: string) => {
    setDoing('looking')
    const found = await market.lookInto(view.id, deviceKey)
    setDoing(null)
    if (!found.ok) return failed(found.error)
    chooseAgain(false)
    setReading(found.value)
  }
  const take = (slot: number) => async (deviceKey: string) => {
    setDoing(slot)
    const taken = await market.takeFree(view.id, deviceKey, slot)
    if (taken.ok) setSaid(taken.value)
    else failed(taken.error)
    const found = taken.ok ? await market.lookInto(view.id, deviceKey) : null
    setDoing(null)
    if (found?.ok) setReading(found.value)
  }
  const press = (use: (deviceKey: string) => Promise<void>) => {
    setFailure(null)
    setSaid(null)
    reach(use, failed)
  }
  const isBusy = doing !== null || isChoosing
  const refused = failure?.kind === 'lockRefused' ? Object.entries(outcomes) : []
  const reason = refused.find(([status]) => status === failure?.detail)?.[1]
  const state = isChoosing
    ? words.choosing
    : doing === 'looking'
      ? words.connecting
      : doing !== null
        ? words.taking(doing)
        : (cannot?.text ?? (reading === null ? words.idle : ''))
  return (
    <>
      <p className="prose soft">{words.intro}</p>
      {unanswered !== null && doing === null && (
        <Notice
          tone="attention"
          title={words.unanswered(unanswered.slot)}
          actions={
            <Button look="primary" disabled={isBusy} onClick={() => press(take(unanswered.slot))}>
              {words.ask}
            </Button>
          }
        >
          {words.unansweredBody}
        </Notice>
      )}
      {said !== null && <Said said={said} />}
      {failure !== null &&
        (reason === undefined ? (
          failure.kind !== 'vendOutcomeUnknown' && (
            <MachineFailure failure={failure} others={other => <MarketFailure failure={other} />} />
          )
        ) : (
          <Notice tone="attention" title={reason.state} live>
            {reason.next}
          </Notice>
        ))}
      {reading !== null && (
        <Section title={words.slots}>
          {reading.isDoorOpen && <Notice tone="attention" title={words.doorOpen} />}
          <ul className="card flush rows">
            {reading.slots.map(({ slot, stock, fault }) => {
              const isOut = fault !== 'none'
              const canTake = !isOut && stock > 0 && cannot === null && unanswered === null
              return (
                <li key={slot} className="row">
                  <span className="grow">
                    <span className="row-title">{words.slot(slot)}</span>
                    <br />
                    <span className="row-note">
                      {isOut ? words.outOfOrder : stock === 0 ? words.empty : words.left(stock)}
                    </span>
                  </span>
                  <Button
                    icon={PackageOpen}
                    aria-label={words.takeOf(slot)}
                    busy={doing === slot}
                    disabled={isBusy || !canTake}
                    onClick={() => press(take(slot))}
                  >
                    {words.take}
                  </Button>
                </li>
              )
            })}
          </ul>
        </Section>
      )}
      <p className="row-note indent" role="status">
        {state}
      </p>
      <Button
        look={reading === null ? 'primary' : 'secondary'}
        icon={reading === null ? Bluetooth : RotateCw}
        wide
        busy={doing === 'looking' || isChoosing}
        disabled={isBusy || cannot !== null}
        onClick={() => press(look)}
      >
        {reading === null ? words.look : words.again}
      </Button>
      {known === undefined && demos.length > 0 && cannot === null && !isBusy && (
        <Button look="quiet" icon={FlaskConical} wide onClick={() => setDemoOpen(true)}>
          {words.isDemo}
        </Button>
      )}
      {isDemoOpen && (
        <DemoSheet
          onClose={() => setDemoOpen(false)}
          onAdded={deviceKey => {
            setDemoOpen(false)
            void look(deviceKey)
          }}
        />
      )}
    </>
  )
}

function Said({ said: { slot, outcome, cause } }: { said: FreeVendView }) {
  const { staff: words } = useMachineMessages()
  return outcome === 'dropped' ? (
    <Notice tone="ok" title={words.dropped(slot)} live>
      {words.free}
    </Notice>
  ) : (
    <Notice tone="attention" title={words.failed(slot)} live>
      {words.causes[cause]}
    </Notice>
  )
}
