// One slot from afar: what can be asked of it, and the wallet's look before it is signed and handed to the box.
import { useState } from 'react'
import type { AskWish } from '../../../app/kiosk/owner/kioskOwner.ts'
import type { Proposal } from '../../../app/wallet/wallet.ts'
import type { DeviceId } from '../../../core/identity.ts'
import { MachineFailure } from '../../components/MachineFailure.tsx'
import { SigningSheet } from '../wallet/signing/SigningSheet.tsx'
import { useDeviceTask } from '../wallet/useDeviceTask.ts'
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
  const task = useDeviceTask()
  const [asking, setAsking] = useState<{ readonly wish: AskWish; readonly proposal: Proposal } | null>(null)
  const propose = async (wish: AskWish) => {
    const proposed = await task.run(() => seller.proposeAsk(deviceId, wish))
    if (proposed) setAsking({ wish, proposal: proposed.value })
  }
  const failureOf = (failure: ShownFailure) => (
    <MachineFailure failure={failure} others={other => <SellFailure failure={other} />} />
  )
  return asking === null ? (
    <SlotSheet reported={reported} isBusy={task.isBusy} onWish={wish => void propose(wish)} onClose={onClose}>
      {task.failure !== null && failureOf(task.failure)}
    </SlotSheet>
  ) : (
    <SigningSheet
      key={asking.proposal.id}
      proposal={asking.proposal}
      confirm={proposal => seller.ask(proposal)}
      showFailure={failureOf}
      onDone={onAsked}
      onClose={onClose}
      again={() => void propose(asking.wish)}
    />
  )
}
