// The wallet that the browser has, as the owner account: connected by a click, found again on the next visit.
import { fail, ok, type Result } from '../../core/result.ts'
import type { InjectedFailure, InjectedWallets } from '../ports/injectedWallets.ts'
import type { Accounts } from './accounts.ts'

/** Asks the wallet whether it still gives us the account, whenever wallets show up. */
export function followExternalOwner(injected: InjectedWallets, accounts: Accounts): () => Promise<void> {
  const look = async () => {
    const { external } = accounts
    if (!external) return
    // Waits a moment for it: wallets announce themselves when they like.
    const isGiven = (await injected.reconnect(external.walletId, external.address)).ok
    const isThere = isGiven && injected.found.get().some(({ id }) => id === external.walletId)
    // Another one may have been chosen meanwhile.
    if (accounts.external?.walletId === external.walletId) accounts.setExternalThere(isThere)
  }
  injected.found.subscribe(() => void look())
  return look
}

/** Nothing is awaited before the wallet is asked: its window needs the click. */
export async function connectExternalOwner(
  injected: InjectedWallets,
  accounts: Accounts,
  id: string,
): Promise<Result<null, InjectedFailure>> {
  const connected = await injected.connect(id)
  if (!connected.ok) return connected
  const info = injected.found.get().find(wallet => wallet.id === id)
  if (!info) return fail({ kind: 'injectedMissing' })
  await accounts.setExternal({ walletId: id, walletName: info.name, address: connected.value })
  return ok(null)
}
