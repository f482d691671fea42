// The wallet for the screens that need it: loaded once, kept open while it is used, and unlocked by a sheet that any of them asks for.
import { createContext, type ReactNode, use, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { Fob } from '../app/fob.ts'
import type { VaultState } from '../app/ports/vault.ts'
import type { Wallet, WalletVault } from '../app/wallet/wallet.ts'
import { useFob } from './fobContext.ts'
import { UnlockSheet } from './screens/wallet/lock/UnlockSheet.tsx'
import { useReadable } from './useReadable.ts'

interface WalletAccess {
  readonly wallet: Wallet
  readonly askUnlock: () => Promise<boolean>
}

const WalletContext = createContext<WalletAccess | null>(null)

const loading = new WeakMap<Fob, Promise<Wallet>>()

/** The same promise each time: React would wait for ever on a new one per render. */
function walletOf(fob: Fob): Promise<Wallet> {
  const known = loading.get(fob)
  if (known !== undefined) return known
  const asked = fob.wallet().then(wallet => {
    keepOpenWhileUsed(wallet.vault)
    return wallet
  })
  loading.set(fob, asked)
  return asked
}

const TOUCH_EVERY_MS = 2000

/** Whatever is touched or typed on the page counts, on any screen, for as long as the page lives. */
function keepOpenWhileUsed(vault: WalletVault): void {
  let last = Number.NEGATIVE_INFINITY
  const touch = () => {
    const now = performance.now()
    if (now - last < TOUCH_EVERY_MS) return
    last = now
    vault.touch()
  }
  for (const type of ['pointerdown', 'keydown', 'wheel'] as const) {
    document.addEventListener(type, touch, { capture: true, passive: true })
  }
}

/** Suspends until the wallet is there; below it `useWallet` and `useUnlocked` work. */
export function WalletProvider({ children }: { children: ReactNode }) {
  const wallet = use(walletOf(useFob()))
  const asking = useRef<((isOpen: boolean) => void)[]>([])
  const [isAsking, setAsking] = useState(false)

  const settle = useCallback((isOpen: boolean) => {
    for (const resolve of asking.current.splice(0)) resolve(isOpen)
    setAsking(false)
  }, [])
  // Left in the midst of it: whoever waits has to know.
  useEffect(() => () => settle(false), [settle])

  const askUnlock = useCallback(async () => {
    const { kind } = wallet.vault.state.get()
    if (kind !== 'locked' && kind !== 'waiting') return kind === 'unlocked'
    return new Promise<boolean>(resolve => {
      asking.current.push(resolve)
      setAsking(true)
    })
  }, [wallet])

  const access = useMemo(() => ({ wallet, askUnlock }), [wallet, askUnlock])
  return (
    <WalletContext value={access}>
      {children}
      {isAsking && <UnlockSheet onClose={() => settle(wallet.vault.state.get().kind === 'unlocked')} />}
    </WalletContext>
  )
}

function useAccess(): WalletAccess {
  const access = use(WalletContext)
  if (access === null) throw new Error('the wallet is used outside of WalletProvider')
  return access
}

export const useWallet = (): Wallet => useAccess().wallet

export const useVaultState = (): VaultState => useReadable(useWallet().vault.state)

/**
 * To be called before an action that needs the open vault. Resolves to true at once where it is open, else asks the
 * person, and to false where they close the sheet, or where there is no vault that could be opened.
 */
export const useUnlocked = (): (() => Promise<boolean>) => useAccess().askUnlock

/** Calls `onLock` when the vault closes while the screen is there: what it shows of secrets has to go. */
export function useOnLock(onLock: () => void): void {
  const { state } = useWallet().vault
  const latest = useRef(onLock)
  useEffect(() => {
    latest.current = onLock
  })
  useEffect(() => {
    let wasOpen = state.get().kind === 'unlocked'
    return state.subscribe(() => {
      const isOpen = state.get().kind === 'unlocked'
      if (wasOpen && !isOpen) latest.current()
      wasOpen = isOpen
    })
  }, [state])
}
