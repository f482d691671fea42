// The result of an earlier update, from the device's history.
import { Screen } from '../../components/Screen.tsx'
import { useMessages } from '../../i18n/useMessages.tsx'
import { paths } from '../../paths.ts'
import { useHistory } from '../deviceDetail/History.tsx'
import { NotFoundScreen } from '../NotFoundScreen.tsx'
import { Receipt } from './Receipt.tsx'

export function ReceiptScreen({ deviceKey, entryId }: { deviceKey: string; entryId: string }) {
  const { result: words } = useMessages()
  const entries = useHistory(deviceKey, 0)
  const event = entries?.find(({ id }) => id === entryId)?.event
  if (entries !== null && event?.kind !== 'updated') return <NotFoundScreen title={words.gone} />
  return (
    <Screen title={words.pageTitle} back={paths.device(deviceKey)}>
      {event?.kind === 'updated' ? <Receipt receipt={event.receipt} /> : <div className="skeleton" />}
    </Screen>
  )
}
