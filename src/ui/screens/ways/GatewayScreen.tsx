// One gateway: what it hears, each device one tap from being added; its name, its addresses, and forgetting it.
import '../../styles/money.css'
import { ChevronRight, LoaderCircle, Trash2 } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useLocation } from 'wouter'
import type { GatewayFailure } from '../../../app/ports/device.ts'
import type { HeardDevice, KnownGateway } from '../../../app/ports/ways.ts'
import type { Ways } from '../../../app/ways/ways.ts'
import { Button, LinkButton } from '../../components/Button.tsx'
import { DeviceGlyph } from '../../components/DeviceGlyph.tsx'
import { Disclosure } from '../../components/Disclosure.tsx'
import { Section } from '../../components/Facts.tsx'
import { FailureNotice } from '../../components/FailureNotice.tsx'
import { TextField } from '../../components/Field.tsx'
import { Screen } from '../../components/Screen.tsx'
import { Sheet } from '../../components/Sheet.tsx'
import { useFormats, useMessages } from '../../i18n/useMessages.tsx'
import { useWaysMessages } from '../../i18n/useWaysMessages.ts'
import { paths } from '../../paths.ts'
import { useReadable } from '../../useReadable.ts'
import { useWays } from './useWays.ts'

/** Milliseconds between two questions to the gateway while the screen is open. */
const ASK_AGAIN = 3_000

export function GatewayScreen({ peerId }: { peerId: string }) {
  const words = useWaysMessages()
  const { ways, fault } = useWays()
  if (ways !== null) return <Known ways={ways} peerId={peerId} />
  return (
    <Screen title={words.title} back={paths.ways}>
      {fault === null ? (
        <div className="skeleton" role="status" />
      ) : (
        <FailureNotice kind="unexpectedError" detail={fault} />
      )}
    </Screen>
  )
}

function Known({ ways, peerId }: { ways: Ways; peerId: string }) {
  const words = useWaysMessages()
  const gateway = useReadable(ways.gateways).find(each => each.peerId === peerId)
  if (gateway === undefined) {
    return (
      <Screen title={words.title} back={paths.ways}>
        <p>{words.gone}</p>
        <LinkButton href={paths.ways}>{words.addGateway}</LinkButton>
      </Screen>
    )
  }
  return (
    <Screen title={gateway.name} back={paths.ways}>
      <Heard ways={ways} gateway={gateway} />
      <Manage ways={ways} gateway={gateway} />
    </Screen>
  )
}

function Heard({ ways, gateway }: { ways: Ways; gateway: KnownGateway }) {
  const words = useWaysMessages()
  const [, navigate] = useLocation()
  const { devices, failure } = useHeard(ways, gateway)
  return (
    <Section title={words.heard}>
      {failure !== null && (
        <FailureNotice kind={failure.kind} detail={'detail' in failure ? (failure.detail ?? null) : null} />
      )}
      {devices !== null && devices.length > 0 && <p className="prose soft">{words.heardHint}</p>}
      {devices !== null && devices.length > 0 && (
        <ul className="card flush rows">
          {devices.map(device => (
            <li key={device.id}>
              <HeardRow
                device={device}
                onAdd={() =>
                  void ways.addFromGateway(gateway, device).then(key => navigate(paths.device(key)))
                }
              />
            </li>
          ))}
        </ul>
      )}
      {devices !== null && devices.length === 0 && failure === null && (
        <p className="prose soft">{words.heardNone}</p>
      )}
      <p className="state-line soft" role="status">
        <LoaderCircle size={17} className="spin" aria-hidden />
        <span>{failure === null ? words.listening : words.tryingAgain}</span>
      </p>
    </Section>
  )
}

function HeardRow({ device, onAdd }: { device: HeardDevice; onAdd: () => void }) {
  const words = useWaysMessages()
  const formats = useFormats()
  const name = device.name === '' ? words.unnamed : device.name
  const about = [
    device.isTaken ? words.taken : words.strength[strengthOf(device.rssi)],
    ...(device.rssi === null ? [] : [`${formats.number(device.rssi)} dBm`]),
    device.id,
  ]
  return (
    <button type="button" className="row" disabled={device.isTaken} onClick={onAdd}>
      <DeviceGlyph model={null} />
      <span className={device.isTaken ? 'grow soft' : 'grow'}>
        <span className="row-title">
          <span className="hidden-text">{words.addDevice(name)}</span>
          <span aria-hidden>{name}</span>
        </span>
        <br />
        <span className="row-note tabular">{about.join(' · ')}</span>
      </span>
      {!device.isTaken && <ChevronRight size={20} className="chevron" aria-hidden />}
    </button>
  )
}

function strengthOf(rssi: number | null): 'strong' | 'fair' | 'weak' | 'unknown' {
  if (rssi === null) return 'unknown'
  if (rssi >= -65) return 'strong'
  return rssi >= -82 ? 'fair' : 'weak'
}

function useHeard(ways: Ways, gateway: KnownGateway) {
  const [devices, setDevices] = useState<readonly HeardDevice[] | null>(null)
  const [failure, setFailure] = useState<GatewayFailure | null>(null)
  useEffect(() => {
    let isCurrent = true
    let again: ReturnType<typeof setTimeout> | undefined
    const ask = async () => {
      const heard = await ways.listen(gateway)
      if (!isCurrent) return
      if (heard.ok) setDevices(heard.value)
      setFailure(heard.ok ? null : heard.error)
      again = setTimeout(() => void ask(), ASK_AGAIN)
    }
    void ask()
    return () => {
      isCurrent = false
      clearTimeout(again)
    }
  }, [ways, gateway])
  return { devices, failure }
}

function Manage({ ways, gateway }: { ways: Ways; gateway: KnownGateway }) {
  const words = useWaysMessages()
  const { common } = useMessages()
  const [, navigate] = useLocation()
  const [name, setName] = useState(gateway.name)
  const [isForgetting, setForgetting] = useState(false)
  const trimmed = name.trim()
  const forget = async () => {
    await ways.forgetGateway(gateway.peerId)
    navigate(paths.ways, { replace: true })
  }
  return (
    <Disclosure title={words.manage}>
      <form
        className="stack"
        onSubmit={event => {
          event.preventDefault()
          void ways.renameGateway(gateway.peerId, trimmed)
        }}
      >
        <TextField label={words.name} value={name} onChange={setName} />
        <Button type="submit" disabled={trimmed === '' || trimmed === gateway.name}>
          {words.save}
        </Button>
      </form>
      <h3>{words.addresses}</h3>
      <ul className="stack tight">
        {gateway.addresses.map(address => (
          <li key={address}>
            <code className="breakable">{address}</code>
          </li>
        ))}
      </ul>
      <p className="prose soft">{words.keyNote}</p>
      <Button look="danger-quiet" icon={Trash2} onClick={() => setForgetting(true)}>
        {words.forget}
      </Button>
      {isForgetting && (
        <Sheet
          title={words.forget}
          onClose={() => setForgetting(false)}
          actions={
            <>
              <Button look="danger" icon={Trash2} wide onClick={() => void forget()}>
                {words.forget}
              </Button>
              <Button look="quiet" wide onClick={() => setForgetting(false)}>
                {common.cancel}
              </Button>
            </>
          }
        >
          <p className="prose">{words.forgetBody(gateway.name)}</p>
        </Sheet>
      )}
    </Disclosure>
  )
}
