// One pinned maker: its address in full, how it was pinned, its models; and unpinning it.
import { PinOff } from 'lucide-react'
import { useState } from 'react'
import { useLocation } from 'wouter'
import type { MakerRecord } from '../../../app/ports/store.ts'
import { AddressBlock } from '../../components/AddressBlock.tsx'
import { Button } from '../../components/Button.tsx'
import { ConfirmSheet } from '../../components/ConfirmSheet.tsx'
import { Section } from '../../components/Facts.tsx'
import { ModelRows } from '../../components/ModelRows.tsx'
import { Screen } from '../../components/Screen.tsx'
import { deviceState } from '../../deviceState.ts'
import { useFob } from '../../fobContext.ts'
import { useFormats, useMessages } from '../../i18n/useMessages.tsx'
import { paths } from '../../paths.ts'
import { useNow } from '../../useNow.ts'
import { useReadable } from '../../useReadable.ts'
import { DeviceCard } from '../devices/DeviceCard.tsx'
import { NotFoundScreen } from '../NotFoundScreen.tsx'
import { pinnedFrom } from './MakersScreen.tsx'

export function MakerScreen({ address }: { address: string }) {
  const { makers: words } = useMessages()
  const maker = useReadable(useFob().makers).find(entry => entry.address === address.toLowerCase())
  return maker === undefined ? <NotFoundScreen title={words.notFound} /> : <PinnedMaker maker={maker} />
}

function PinnedMaker({ maker }: { maker: MakerRecord }) {
  const { makers: words } = useMessages()
  const formats = useFormats()
  const [isUnpinning, setUnpinning] = useState(false)
  return (
    <Screen title={maker.name} back={paths.makers}>
      <section className="card stack snug">
        <h2 className="card-title">{words.address}</h2>
        <AddressBlock address={maker.address} />
        <p className="row-note">
          {pinnedFrom(maker, words)} {words.pinnedOn(formats.date(maker.pinnedAt))}
        </p>
      </section>
      <Section title={words.models}>
        {maker.models.length === 0 ? (
          <p className="card soft">{words.noModels}</p>
        ) : (
          <ModelRows models={maker.models} />
        )}
      </Section>
      <TheirDevices maker={maker} />
      <Button look="danger-quiet" icon={PinOff} onClick={() => setUnpinning(true)}>
        {words.unpin}
      </Button>
      {isUnpinning && <UnpinSheet maker={maker} onClose={() => setUnpinning(false)} />}
    </Screen>
  )
}

/** Right after pinning, this is where the devices that waited for it are seen being checked. */
function TheirDevices({ maker }: { maker: MakerRecord }) {
  const fob = useFob()
  const { makers: words } = useMessages()
  const now = useNow()
  const updates = useReadable(fob.updates)
  const devices = useReadable(fob.devices).filter(({ record }) => record.model?.maker === maker.address)
  if (devices.length === 0) return null
  return (
    <Section title={words.devices}>
      <ul className="stack snug">
        {devices.map(view => {
          const update = updates.get(view.record.key)
          return (
            <li key={view.record.key}>
              <DeviceCard view={view} update={update} state={deviceState(view, update, now)} />
            </li>
          )
        })}
      </ul>
    </Section>
  )
}

function UnpinSheet({ maker, onClose }: { maker: MakerRecord; onClose: () => void }) {
  const fob = useFob()
  const { makers: words } = useMessages()
  const [, navigate] = useLocation()
  const unpin = async () => {
    await fob.unpinMaker(maker.address)
    navigate(paths.makers, { replace: true })
  }
  return (
    <ConfirmSheet
      title={words.unpinTitle(maker.name)}
      icon={PinOff}
      action={words.unpin}
      onConfirm={() => void unpin()}
      onClose={onClose}
    >
      <p className="prose">{words.unpinBody}</p>
    </ConfirmSheet>
  )
}
