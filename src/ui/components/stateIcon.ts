// The icon of a device's state: shape as well as colour, so that neither is needed alone.
import {
  CircleArrowUp,
  CircleCheck,
  CircleDashed,
  CircleHelp,
  History,
  LoaderCircle,
  type LucideIcon,
  OctagonAlert,
  TriangleAlert,
} from 'lucide-react'
import { type DeviceState, toneOf } from '../deviceState.ts'

export function stateIcon(state: DeviceState): LucideIcon {
  switch (state.kind) {
    case 'alarm':
      return OctagonAlert
    case 'upToDate':
      return state.fresh ? CircleCheck : History
    case 'updateAvailable':
      return CircleArrowUp
    case 'unproven':
      return CircleHelp
    case 'neverChecked':
      return CircleDashed
    case 'busy':
      return LoaderCircle
    case 'update':
      return state.phase === 'failed' ? OctagonAlert : CircleArrowUp
    case 'onTrial':
    case 'blocked':
    case 'checkFailed':
      return toneOf(state) === 'attention' ? TriangleAlert : CircleCheck
  }
}
