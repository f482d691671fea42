// Being paid: the address as a code and in groups, never before the words were written down.
import { Copy, LockOpen, Share2 } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { AccountView } from '../../../../app/wallet/wallet.ts'
import { checksumAddress } from '../../../../core/wallet/address.ts'
import { AddressBlock } from '../../../components/AddressBlock.tsx'
import { Button, LinkButton } from '../../../components/Button.tsx'
import { Segments, TextField } from '../../../components/Field.tsx'
import { Notice } from '../../../components/Notice.tsx'
import { QrCode } from '../../../components/QrCode.tsx'
import { Screen } from '../../../components/Screen.tsx'
import { useFob } from '../../../fobContext.ts'
import { readAmount } from '../../../i18n/amounts.ts'
import { useWalletMessages } from '../../../i18n/useWalletMessages.ts'
import { paths } from '../../../paths.ts'
import { useCopy } from '../../../useCopy.ts'
import { useReadable } from '../../../useReadable.ts'
import { useUnlocked, useWallet } from '../../../walletContext.tsx'
import { NotFoundScreen } from '../../NotFoundScreen.tsx'
import { useAccount } from '../accounts/useAccount.ts'
import { useUnits } from '../activity/units.ts'
import { amountFaultText } from '../send/faultText.ts'
import { accountTitle } from '../signing/useNames.ts'

export function ReceiveScreen({ id }: { id: string }) {
  const { accounts: words } = useWalletMessages()
  const account = useAccount(id)
  return account === undefined ? <NotFoundScreen title={words.notFound} /> : <Receive account={account} />
}

function Receive({ account }: { account: AccountView }) {
  const words = useWalletMessages()
  return (
    <Screen title={words.receive.title} back={paths.account(account.id)}>
      <p className="row-note">
        {words.receive.into}: {accountTitle(account, words)}
      </p>
      <Allowed account={account} />
    </Screen>
  )
}

/** The vault itself says whether the address may be shown; an injected wallet keeps its own words. */
function Allowed({ account }: { account: AccountView }) {
  const { receive: words } = useWalletMessages()
  const wallet = useWallet()
  const askUnlock = useUnlocked()
  const { name } = account
  const [answer, setAnswer] = useState<'asking' | 'shown' | 'backupNeeded' | 'vaultLocked'>('asking')
  useEffect(() => {
    if (name.kind === 'external') return setAnswer('shown')
    let isCurrent = true
    const ask = () =>
      void wallet.vault.receiveAddress(name).then(result => {
        if (!isCurrent) return
        setAnswer(result.ok ? (result.value === account.address ? 'shown' : 'asking') : result.error.kind)
      })
    ask()
    // Whenever the vault opens or closes, or the backup is confirmed, the answer is another one.
    const unsubscribe = wallet.vault.state.subscribe(ask)
    return () => {
      isCurrent = false
      unsubscribe()
    }
  }, [wallet, name, account.address])

  if (answer === 'shown') return <PaymentCode account={account} />
  if (answer === 'backupNeeded')
    return (
      <Notice
        tone="attention"
        title={words.backupTitle}
        actions={
          <LinkButton look="primary" href={paths.walletBackup}>
            {words.backupAction}
          </LinkButton>
        }
      >
        {words.backupBody}
      </Notice>
    )
  if (answer === 'vaultLocked')
    return (
      <Notice
        tone="info"
        title={words.lockedTitle}
        actions={
          <Button look="primary" icon={LockOpen} onClick={() => void askUnlock()}>
            {words.unlock}
          </Button>
        }
      >
        {words.lockedBody}
      </Notice>
    )
  return <div className="skeleton" aria-busy="true" />
}

function PaymentCode({ account }: { account: AccountView }) {
  const words = useWalletMessages()
  const wallet = useWallet()
  const units = useUnits()
  const network = useReadable(useFob().network)
  const { copied, copy } = useCopy()
  const [unit, setUnit] = useState('coin')
  const [typed, setTyped] = useState('')
  const chosen = units.all.find(({ token }) => (token ?? 'coin') === unit) ?? units.all[0]
  if (chosen === undefined || network.status !== 'ready') return null
  const amount = readAmount(typed, chosen.decimals)
  const text = wallet.paymentRequestText({
    to: account.address,
    chainId: network.config.chain.id,
    token: chosen.token,
    amount: amount.ok && amount.value > 0n ? amount.value : null,
  })
  return (
    <>
      <section className="card stack">
        <QrCode text={text} label={words.receive.code} />
        <AddressBlock address={checksumAddress(account.address)} />
        <p className="row-note">{words.receive.onlyHere(network.config.chain.name)}</p>
        <div className="button-row">
          <Button icon={Copy} onClick={() => void copy(text)}>
            {words.receive.copyLink}
          </Button>
          {typeof navigator.share === 'function' && (
            // Closing the system's sheet rejects: nothing was shared, and nothing has to be said.
            <Button icon={Share2} onClick={() => void navigator.share({ text }).catch(() => {})}>
              {words.receive.share}
            </Button>
          )}
        </div>
        <span className="hidden-text" aria-live="polite">
          {copied ? words.receive.copyLink : ''}
        </span>
      </section>
      {units.all.length > 1 && (
        <Segments
          legend={words.receive.what}
          options={units.all.map(({ token, symbol }) => ({ value: token ?? 'coin', label: symbol }))}
          value={unit}
          onChange={setUnit}
        />
      )}
      <TextField
        label={words.receive.amount}
        hint={words.receive.amountHint}
        value={typed}
        onChange={setTyped}
        error={amount.ok || amount.error.kind === 'amountEmpty' ? null : amountFaultText(amount.error, words)}
      />
    </>
  )
}
