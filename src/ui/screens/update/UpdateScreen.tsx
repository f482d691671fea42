// The update from the first connection to the result: one screen, told by the state that is stored.
import { useState } from 'react'
import type { UpdateView } from '../../../app/fob.ts'
import { LinkButton } from '../../components/Button.tsx'
import { Screen } from '../../components/Screen.tsx'
import { useFob } from '../../fobContext.ts'
import { useMessages } from '../../i18n/useMessages.tsx'
import { paths } from '../../paths.ts'
import { useReadable } from '../../useReadable.ts'
import { Announcement } from './Announcement.tsx'
import { CancelSheet } from './CancelSheet.tsx'
import { Consent } from './Consent.tsx'
import { Ended } from './Ended.tsx'
import { Failed } from './Failed.tsx'
import { Progress } from './Progress.tsx'
import { UpdateActions } from './UpdateActions.tsx'
import { UpdateResult } from './UpdateResult.tsx'

export function UpdateScreen({ deviceKey }: { deviceKey: string }) {
  const fob = useFob()
  const { update: words } = useMessages()
  const view = useReadable(fob.updates).get(deviceKey)
  const device = useReadable(fob.devices).find(({ record }) => record.key === deviceKey)
  const name = device?.record.name ?? ''
  if (view === undefined) {
    return (
      <Screen title={words.none} back={paths.devices}>
        <p className="prose soft">{words.noneBody}</p>
        <div>
          <LinkButton look="primary" href={paths.device(deviceKey)}>
            {words.toDevice}
          </LinkButton>
        </div>
      </Screen>
    )
  }
  return (
    <>
      <Announcement view={view} name={name} />
      <UpdateByStatus view={view} name={name} />
    </>
  )
}

function UpdateByStatus({ view, name }: { view: UpdateView; name: string }) {
  switch (view.state.status) {
    case 'done':
      return <UpdateResult state={view.state} name={name} />
    case 'upToDate':
    case 'cancelled':
      return <Ended state={view.state} />
    case 'failed':
      return <Failed view={view} name={name} />
    case 'awaitingConsent':
      return <Consent view={view} name={name} />
    default:
      return <UnderWay view={view} name={name} />
  }
}

function UnderWay({ view, name }: { view: UpdateView; name: string }) {
  const { update: words } = useMessages()
  const [isCancelling, setCancelling] = useState(false)
  return (
    <Screen
      title={words.title(name)}
      back={paths.device(view.state.deviceKey)}
      actions={view.mine ? <UpdateActions view={view} onCancel={() => setCancelling(true)} /> : undefined}
    >
      <Progress view={view} />
      {isCancelling && <CancelSheet state={view.state} onClose={() => setCancelling(false)} />}
    </Screen>
  )
}
