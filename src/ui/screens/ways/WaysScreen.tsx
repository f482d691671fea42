// The ways to a device besides Bluetooth: the gateways that are known, adding one by its code, and the cable.
import { Cable, ChevronRight, Router } from 'lucide-react'
import { useState } from 'react'
import { Link, useLocation } from 'wouter'
import type { ChooseFailure } from '../../../app/ports/device.ts'
import type { Ways } from '../../../app/ways/ways.ts'
import { Button } from '../../components/Button.tsx'
import { Section } from '../../components/Facts.tsx'
import { FailureNotice } from '../../components/FailureNotice.tsx'
import { Notice } from '../../components/Notice.tsx'
import { Screen } from '../../components/Screen.tsx'
import { CodeReader } from '../../components/scan/CodeReader.tsx'
import { useMessages } from '../../i18n/useMessages.tsx'
import { useWaysMessages } from '../../i18n/useWaysMessages.ts'
import { paths } from '../../paths.ts'
import { useReadable } from '../../useReadable.ts'
import { placeOf } from './placeOf.ts'
import { useWays } from './useWays.ts'

export function WaysScreen() {
  const words = useWaysMessages()
  const { common } = useMessages()
  const { ways, fault } = useWays()
  return (
    <Screen title={words.title} back={paths.devices}>
      <p className="prose soft">{words.intro}</p>
      {fault !== null && <FailureNotice kind="unexpectedError" detail={fault} />}
      {ways !== null ? (
        <>
          <Gateways ways={ways} />
          <CableSection ways={ways} />
        </>
      ) : (
        fault === null && (
          <div className="skeleton" role="status">
            <span className="hidden-text">{common.loading}</span>
          </div>
        )
      )}
    </Screen>
  )
}

function Gateways({ ways }: { ways: Ways }) {
  const words = useWaysMessages()
  const [, navigate] = useLocation()
  const gateways = useReadable(ways.gateways)
  const [isAdding, setAdding] = useState(false)
  const [isUnreadable, setUnreadable] = useState(false)
  const [isReading, setReading] = useState(false)

  const add = async (code: string) => {
    setReading(true)
    setUnreadable(false)
    const added = await ways.addGateway(code, words.newName(gateways.length + 1))
    setReading(false)
    if (added.ok) navigate(paths.gateway(added.value.peerId))
    else setUnreadable(true)
  }

  return (
    <Section title={words.gateways}>
      {gateways.length === 0 ? (
        <p className="prose soft">{words.gatewaysNone}</p>
      ) : (
        <ul className="card flush rows">
          {gateways.map(gateway => (
            <li key={gateway.peerId}>
              <Link className="row" href={paths.gateway(gateway.peerId)}>
                <span className="glyph">
                  <Router size={22} strokeWidth={1.75} aria-hidden />
                </span>
                <span className="grow">
                  <span className="row-title">{gateway.name}</span>
                  <br />
                  <span className="row-note">{words.gatewayNote(placeOf(gateway))}</span>
                </span>
                <ChevronRight size={20} className="chevron" aria-hidden />
              </Link>
            </li>
          ))}
        </ul>
      )}
      {isUnreadable && (
        <Notice tone="attention" title={words.codeUnreadable} live>
          <p>{words.codeUnreadableBody}</p>
        </Notice>
      )}
      {isAdding || gateways.length === 0 ? (
        <CodeReader
          scanLabel={words.scan}
          pasteHint={words.pasteHint}
          isReading={isReading}
          onText={text => void add(text)}
        />
      ) : (
        <Button icon={Router} onClick={() => setAdding(true)}>
          {words.addGateway}
        </Button>
      )}
    </Section>
  )
}

function CableSection({ ways }: { ways: Ways }) {
  const words = useWaysMessages()
  const [, navigate] = useLocation()
  const [isOpen, setOpen] = useState(false)
  const [failure, setFailure] = useState<ChooseFailure | null>(null)

  const choose = () => {
    // Straight from the click: the browser opens its chooser only then.
    const choosing = ways.addOverCable()
    setOpen(true)
    setFailure(null)
    void choosing
      .then(chosen => {
        if (chosen.ok) navigate(paths.device(chosen.value))
        else setFailure(chosen.error)
      })
      .finally(() => setOpen(false))
  }

  return (
    <Section title={words.cable}>
      <p className="prose soft">{ways.hasCable ? words.cableBody : words.cableMissing}</p>
      {failure !== null && failure.kind !== 'chooserCancelled' && (
        <FailureNotice kind={failure.kind} detail={'detail' in failure ? failure.detail : null} />
      )}
      {ways.hasCable && (
        <Button icon={Cable} wide busy={isOpen} onClick={choose}>
          {isOpen ? words.cableBusy : words.cableChoose}
        </Button>
      )}
    </Section>
  )
}
