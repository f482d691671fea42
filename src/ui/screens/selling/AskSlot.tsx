// One slot from afar: what can be asked of it, and the wallet's look before it is signed and handed to the box.
import type { AskWish } from '../../../app/kiosk/owner/kioskOwner.ts'
import type { DeviceId } from '../../../core/identity.ts'
import { MachineFailure } from '../../components/MachineFailure.tsx'
import { useSigning } from '../wallet/signing/useSigning.tsx'
import type { ShownFailure } from '../wallet/WalletFailure.tsx'
import { SellFailure } from './SellFailure.tsx'
import { SlotSheet } from './SlotSheet.tsx'
import type { ReportedSlot } from './Slots.tsx'
import { useSeller } from './sellerContext.ts'

export function AskSlot({
  deviceId,
  reported,
  onAsked,
  onClose,
}: {
  deviceId: DeviceId
  reported: ReportedSlot
  onAsked: () => void
  onClose: () => void
}) {
  const seller = useSeller()
  const { sign, isBusy, isLooking, view } = useSigning(AskFailure)
  const wish = (wanted: AskWish) =>
    sign(
      () => seller.proposeAsk(deviceId, wanted),
      proposal => seller.ask(proposal),
      onAsked,
    )
  return isLooking ? (
    view
  ) : (
    <SlotSheet reported={reported} isBusy={isBusy} onWish={wish} onClose={onClose}>
      {view}
    </SlotSheet>
  )
}

function AskFailure({ failure }: { failure: ShownFailure }) {
  return <MachineFailure failure={failure} others={other => <SellFailure failure={other} />} />
}
