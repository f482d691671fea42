// The person's own words for addresses and devices: accounts, contacts, names that were given.
import { useMemo } from 'react'
import type { AccountView } from '../../../../app/wallet/wallet.ts'
import { useFob } from '../../../fobContext.ts'
import { shortHash } from '../../../i18n/formats.ts'
import { useWalletMessages } from '../../../i18n/useWalletMessages.ts'
import type { WalletMessages } from '../../../i18n/walletEn.ts'
import { useReadable } from '../../../useReadable.ts'
import { useWallet } from '../../../walletContext.tsx'
import type { Names } from './speaker.ts'

/** What an account of ours is called on every screen. */
export function accountTitle({ name, deviceName }: AccountView, words: WalletMessages): string {
  switch (name.kind) {
    case 'owner':
      return words.accounts.owner
    case 'external':
      return words.accounts.ownerIn(name.walletName)
    case 'device':
      return deviceName ?? words.accounts.deviceNumber(String(name.index + 1))
  }
}

export function useNames(): Names {
  const wallet = useWallet()
  const words = useWalletMessages()
  const accounts = useReadable(wallet.accounts)
  const contacts = useReadable(wallet.contacts)
  const devices = useReadable(wallet.devices)
  const met = useReadable(useFob().devices)
  return useMemo(() => {
    const byAddress = new Map<string, string>()
    for (const { address, name } of contacts) byAddress.set(address, name)
    for (const account of accounts) byAddress.set(account.address, accountTitle(account, words))
    const byDevice = new Map<string, string>()
    // Met, and not ours: it may have chosen its name itself, so its id stands beside it.
    for (const { record } of met)
      if (record.deviceId !== null)
        byDevice.set(record.deviceId, `${record.name} (${shortHash(record.deviceId)})`)
    for (const { deviceId, name } of devices) byDevice.set(deviceId, name)
    return {
      ofAddress: address => byAddress.get(address) ?? null,
      ofDevice: deviceId => byDevice.get(deviceId) ?? null,
    }
  }, [accounts, contacts, devices, met, words])
}
