// A machine that is not ours: what it has sold and who has earned what, from the chain alone, for whoever has a share.
import type { DeviceId } from '../../../core/identity.ts'
import { Hash } from '../../components/Hash.tsx'
import { Screen } from '../../components/Screen.tsx'
import { useSellingMessages } from '../../i18n/useSellingMessages.ts'
import { paths } from '../../paths.ts'
import { SalesSection } from './SalesSection.tsx'

export function PartyScreen({ deviceId }: { deviceId: DeviceId }) {
  const words = useSellingMessages()
  return (
    <Screen title={words.title} back={paths.wallet} notices={false}>
      <p className="row-title">{words.notYours}</p>
      <Hash value={deviceId} name={words.machine} />
      <p className="prose soft">{words.partyBody}</p>
      <SalesSection deviceId={deviceId} draft={null} />
    </Screen>
  )
}
