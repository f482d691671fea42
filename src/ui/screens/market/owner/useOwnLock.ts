// A device of ours by the id that stands in the address.
import type { OwnedDeviceView } from '../../../../app/wallet/deviceOwnership.ts'
import { useReadable } from '../../../useReadable.ts'
import { useWallet } from '../../../walletContext.tsx'

export function useOwnLock(id: string): OwnedDeviceView | undefined {
  return useReadable(useWallet().devices).find(
    ({ deviceId, stage }) => deviceId === id && (stage.kind === 'owned' || stage.kind === 'givingAway'),
  )
}
