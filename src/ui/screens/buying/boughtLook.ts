// How the state of a purchase looks: a tone and a sign, so that neither is needed alone.
import {
  CircleCheck,
  HandCoins,
  LoaderCircle,
  type LucideIcon,
  PackageOpen,
  QrCode,
  Undo2,
  XCircle,
} from 'lucide-react'
import type { BoughtView } from '../../../app/kiosk/buyer/saleBuyer.ts'
import type { Tone } from '../../deviceState.ts'

export const boughtLook: Record<
  BoughtView['state']['kind'],
  { readonly tone: Tone; readonly icon: LucideIcon }
> = {
  paying: { tone: 'info', icon: LoaderCircle },
  paid: { tone: 'info', icon: PackageOpen },
  signed: { tone: 'info', icon: PackageOpen },
  toShow: { tone: 'attention', icon: QrCode },
  refused: { tone: 'attention', icon: XCircle },
  dropped: { tone: 'ok', icon: CircleCheck },
  refunded: { tone: 'ok', icon: HandCoins },
  refundable: { tone: 'attention', icon: Undo2 },
  notCharged: { tone: 'plain', icon: XCircle },
}
