// An account of the wallet by its id, as addresses within the app name it.
import type { AccountView } from '../../../../app/wallet/wallet.ts'
import { useReadable } from '../../../useReadable.ts'
import { useWallet } from '../../../walletContext.tsx'

export function useAccount(id: string): AccountView | undefined {
  return useReadable(useWallet().accounts).find(account => account.id === id)
}
