// Setting a kiosk up, once: a PIN, the machine, its owner’s answer, money for fees; in this order, from wherever it is.
import { Maximize } from 'lucide-react'
import type { KioskSetup } from '../../../app/kiosk/kiosk.ts'
import { Button } from '../../components/Button.tsx'
import { Notice } from '../../components/Notice.tsx'
import { Screen } from '../../components/Screen.tsx'
import { useKioskMessages } from '../../i18n/useKioskMessages.ts'
import { useFormats } from '../../i18n/useMessages.tsx'
import { paths } from '../../paths.ts'
import { useReadable } from '../../useReadable.ts'
import { fillScreen } from '../fillScreen.ts'
import { GasAddress } from '../inside/GasAddress.tsx'
import { NewPin } from '../inside/NewPin.tsx'
import { useKiosk } from '../kioskContext.tsx'
import { AskOwner } from './AskOwner.tsx'
import { ChooseMachine } from './ChooseMachine.tsx'

const steps = 4

export function SetupScreen({ onStart }: { onStart: () => void }) {
  const { setup: words } = useKioskMessages()
  const kiosk = useKiosk()
  const setup = useReadable(kiosk.setup)
  const hasPin = useReadable(kiosk.pin.isSet)
  if (setup.kind === 'noMarket')
    return (
      <Screen title={words.title} back={paths.devices}>
        <Notice tone="attention" title={words.noMarket}>
          {words.noMarketBody}
        </Notice>
      </Screen>
    )
  const isReady = hasPin && setup.kind === 'ready'
  return (
    <Screen
      title={words.title}
      back={paths.devices}
      notices={false}
      actions={
        isReady && (
          <Button
            look="primary"
            wide
            icon={Maximize}
            onClick={() => {
              // Only a touch may fill the screen, and this is one.
              fillScreen()
              onStart()
            }}
          >
            {words.start}
          </Button>
        )
      }
    >
      <Step setup={setup} hasPin={hasPin} />
    </Screen>
  )
}

function Step({ setup, hasPin }: { setup: KioskSetup; hasPin: boolean }) {
  const { setup: words } = useKioskMessages()
  if (!hasPin)
    return (
      <Part step={1} title={words.pinTitle} body={words.pinBody}>
        <div className="card kiosk-parts">
          <NewPin onSet={() => {}} />
        </div>
      </Part>
    )
  switch (setup.kind) {
    case 'loading':
    case 'noMarket':
      return <div className="skeleton" aria-busy="true" />
    case 'noMachine':
      return (
        <Part step={2} title={words.machineTitle} body={words.machineBody}>
          <ChooseMachine />
        </Part>
      )
    case 'awaitingOwner':
      return (
        <Part step={3} title={words.ownerTitle} body={words.ownerBody}>
          <AskOwner code={setup.code} name={setup.name} />
        </Part>
      )
    case 'ready':
      return <Ready setup={setup} />
  }
}

function Ready({ setup }: { setup: Extract<KioskSetup, { readonly kind: 'ready' }> }) {
  const { setup: words } = useKioskMessages()
  const { list, date, number } = useFormats()
  const { slots, perDay, notAfter } = setup.grant
  return (
    <Part step={steps} title={words.gasTitle}>
      <GasAddress />
      <Notice tone="ok" title={words.readyTitle}>
        {words.readyBody(list(slots.map(String)), number(perDay), date(notAfter))}
      </Notice>
    </Part>
  )
}

function Part({
  step,
  title,
  body,
  children,
}: {
  step: number
  title: string
  /** Left out where the part says it itself. */
  body?: string
  children: React.ReactNode
}) {
  const { setup: words } = useKioskMessages()
  return (
    <section className="stack">
      <p className="row-note">{words.step(step, steps)}</p>
      <h2>{title}</h2>
      {body !== undefined && <p className="prose soft">{body}</p>}
      {children}
    </section>
  )
}
