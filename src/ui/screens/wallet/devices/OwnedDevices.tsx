// The devices of the wallet with what each holds and earned; taking one, and looking for those that the chain knows.
import { ChevronRight, Hand, Search } from 'lucide-react'
import { useState } from 'react'
import { Link } from 'wouter'
import type { OwnedDeviceView } from '../../../../app/wallet/deviceOwnership.ts'
import type { AccountView } from '../../../../app/wallet/wallet.ts'
import { DeviceGlyph } from '../../../components/DeviceGlyph.tsx'
import { Section } from '../../../components/Facts.tsx'
import { Notice } from '../../../components/Notice.tsx'
import { shortAmount } from '../../../i18n/amounts.ts'
import { useFormats } from '../../../i18n/useMessages.tsx'
import { useWalletMessages } from '../../../i18n/useWalletMessages.ts'
import { paths } from '../../../paths.ts'
import { useReadable } from '../../../useReadable.ts'
import { useWallet } from '../../../walletContext.tsx'
import { shownBalances } from '../accounts/Balances.tsx'
import { accountTitle } from '../signing/useNames.ts'
import { useDeviceTask } from '../useDeviceTask.ts'
import { WalletFailure } from '../WalletFailure.tsx'
import { ownedState } from './ownedState.ts'

/** `accounts`: all but the owner's. Those of no device any more are listed as long as something is in them. */
export function OwnedDevices({ accounts }: { accounts: readonly AccountView[] }) {
  const words = useWalletMessages()
  const devices = useReadable(useWallet().devices)
  const rest = accounts.filter(({ id }) => !devices.some(({ account }) => account.id === id))
  return (
    <Section title={words.accounts.listDevices}>
      {devices.length === 0 && rest.length === 0 && <p className="card soft">{words.accounts.devicesNone}</p>}
      <ul className="card flush rows">
        {devices.map(device => (
          <li key={device.deviceId}>
            <DeviceRow
              device={device}
              account={accounts.find(({ id }) => id === device.account.id) ?? null}
            />
          </li>
        ))}
        {rest.map(account => (
          <li key={account.id}>
            <Link href={paths.account(account.id)} className="row">
              <span className="grow row-title breakable">{accountTitle(account, words)}</span>
              <Holdings account={account} />
              <ChevronRight size={18} className="chevron" aria-hidden />
            </Link>
          </li>
        ))}
        <li>
          <Link href={paths.take} className="row">
            <Hand size={20} aria-hidden />
            <span className="grow">
              <span className="row-title">{words.handOver.takeEntry}</span>
              <br />
              <span className="row-note">{words.handOver.takeEntryNote}</span>
            </span>
            <ChevronRight size={18} className="chevron" aria-hidden />
          </Link>
        </li>
        <li>
          <FindDevices />
        </li>
      </ul>
    </Section>
  )
}

function DeviceRow({ device, account }: { device: OwnedDeviceView; account: AccountView | null }) {
  const words = useWalletMessages()
  const { language } = useFormats()
  const { text } = ownedState(device, words.owned)
  const [earned] = account?.earned ?? []
  return (
    <Link href={paths.ownedDevice(device.deviceId)} className="row">
      <DeviceGlyph model={device.model} />
      <span className="grow">
        <span className="row-title breakable">{device.name}</span>
        <br />
        <span className="row-note">
          {text}
          {earned !== undefined && earned.value > 0n && (
            <>
              <br />
              {words.accounts.earned} {shortAmount(earned, language)}
            </>
          )}
        </span>
      </span>
      {account !== null && <Holdings account={account} />}
      <ChevronRight size={18} className="chevron" aria-hidden />
    </Link>
  )
}

function Holdings({ account }: { account: AccountView }) {
  const { language } = useFormats()
  const [coin, ...tokens] = shownBalances(account) ?? []
  return (
    <span className="amount">
      {coin === undefined ? '–' : shortAmount(coin, language)}
      {tokens.map(token => (
        <span key={token.token} className="row-note">
          <br />
          {shortAmount(token, language)}
        </span>
      ))}
    </span>
  )
}

function FindDevices() {
  const { owned: words } = useWalletMessages()
  const wallet = useWallet()
  const task = useDeviceTask()
  const [found, setFound] = useState<{ readonly found: number; readonly isComplete: boolean } | null>(null)
  const find = async () => {
    const result = await task.run(() => wallet.findDevices())
    setFound(result?.value ?? null)
  }
  return (
    <>
      <button type="button" className="row" disabled={task.isBusy} onClick={() => void find()}>
        <Search size={20} aria-hidden />
        <span className="grow row-title">{task.isBusy ? words.finding : words.find}</span>
      </button>
      <div role="status">
        {found !== null && (
          <p className="row-note card-pad">
            {found.found === 0 ? words.foundNone : words.found(found.found)}
          </p>
        )}
        {found?.isComplete === false && <Notice tone="attention" title={words.incomplete} />}
      </div>
      {task.failure !== null && <WalletFailure failure={task.failure} />}
    </>
  )
}
