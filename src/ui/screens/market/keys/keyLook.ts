// A key’s state in words, by a sign, and where it stands in the list.
import {
  Ban,
  CircleCheck,
  Clock,
  Coins,
  Hourglass,
  KeyRound,
  type LucideIcon,
  MoonStar,
  OctagonAlert,
  PackageOpen,
  PenLine,
  Smartphone,
} from 'lucide-react'
import type { KeyView } from '../../../../app/market/market.ts'
import type { Tone } from '../../../deviceState.ts'
import type { MarketMessages } from '../../../i18n/marketEn.ts'
import type { ZoneTimes } from '../marketTimes.ts'

export type KeyGroup = 'now' | 'waiting' | 'later' | 'own' | 'over'

export interface KeyLook {
  readonly icon: LucideIcon
  readonly tone: Tone
  readonly text: string
}

export function keyGroup({ kind, state }: KeyView): KeyGroup {
  if (kind === 'own') return 'own'
  switch (state.kind) {
    case 'ready':
      return 'now'
    case 'notYet':
    case 'closedHours':
      return 'later'
    case 'paying':
    case 'confirming':
    case 'waitingForSigner':
    case 'refundDue':
    case 'refunding':
    case 'moving':
      return 'waiting'
    case 'notPaid':
    case 'refunded':
    case 'ended':
    case 'spent':
    case 'revoked':
    case 'moved':
      return 'over'
  }
}

export function keyLook(key: KeyView, words: MarketMessages['keys'], times: ZoneTimes): KeyLook {
  const { state } = words
  switch (key.state.kind) {
    case 'ready':
      if (key.vends !== null && key.until !== null) {
        return { icon: PackageOpen, tone: 'ok', text: state.takesUntil(times.moment(key.until)) }
      }
      if (key.kind === 'own') return { icon: KeyRound, tone: 'ok', text: state.own }
      return {
        icon: CircleCheck,
        tone: 'ok',
        text: key.until === null ? state.open : state.openUntil(times.moment(key.until)),
      }
    case 'notYet':
      return { icon: Clock, tone: 'info', text: state.from(times.moment(key.state.from)) }
    case 'closedHours':
      return { icon: MoonStar, tone: 'plain', text: state.closedHours }
    case 'ended':
      return {
        icon: Clock,
        tone: 'plain',
        text: key.until === null ? state.over : state.ended(times.moment(key.until)),
      }
    case 'spent':
      return { icon: Ban, tone: 'plain', text: state.spent }
    case 'paying':
      return { icon: Coins, tone: 'info', text: state.paying }
    case 'notPaid':
      return { icon: OctagonAlert, tone: 'attention', text: state.notPaid }
    case 'confirming':
      return { icon: Hourglass, tone: 'info', text: state.confirming }
    case 'waitingForSigner':
      return { icon: PenLine, tone: 'info', text: state.waitingForSigner }
    case 'refundDue':
      return { icon: Coins, tone: 'attention', text: state.refundDue }
    case 'refunding':
      return { icon: Coins, tone: 'info', text: state.refunding }
    case 'refunded':
      return { icon: Coins, tone: 'plain', text: state.refunded }
    case 'revoked':
      return { icon: Ban, tone: 'attention', text: state.revoked }
    case 'moving':
      return { icon: Smartphone, tone: 'info', text: state.moving }
    case 'moved':
      return { icon: Smartphone, tone: 'plain', text: state.moved }
  }
}
