// Where a device of ours is, in words and by a sign.
import {
  CircleCheck,
  Clock,
  Hand,
  HandHelping,
  Hourglass,
  KeyRound,
  type LucideIcon,
  UserRoundX,
} from 'lucide-react'
import type { OwnedDeviceView } from '../../../../app/wallet/deviceOwnership.ts'
import type { Tone } from '../../../deviceState.ts'
import type { WalletMessages } from '../../../i18n/walletEn.ts'

export function ownedState(
  { stage }: OwnedDeviceView,
  { stages }: WalletMessages['owned'],
): { readonly icon: LucideIcon; readonly tone: Tone; readonly text: string } {
  switch (stage.kind) {
    case 'begun':
      return { icon: Clock, tone: 'plain', text: stages.begun }
    case 'paired':
      return { icon: Clock, tone: 'info', text: stages.paired }
    case 'claiming':
      return { icon: Hourglass, tone: 'info', text: stages.claiming }
    case 'taking':
      return { icon: Hand, tone: 'attention', text: stages.taking }
    case 'owned':
      return stage.isPaired
        ? { icon: CircleCheck, tone: 'ok', text: stages.owned }
        : { icon: KeyRound, tone: 'attention', text: stages.notPaired }
    case 'givingAway':
      return { icon: HandHelping, tone: 'info', text: stages.givingAway }
    case 'gone':
      return { icon: UserRoundX, tone: 'plain', text: stages.gone }
  }
}
