// Sending money: to whom, how much, then the look at it before it is signed.
import { ArrowUpRight, UserRound } from 'lucide-react'
import { useState } from 'react'
import { useLocation } from 'wouter'
import type { AccountView } from '../../../../app/wallet/wallet.ts'
import type { Address } from '../../../../core/bytes.ts'
import { checksumAddress } from '../../../../core/wallet/address.ts'
import { AddressBlock } from '../../../components/AddressBlock.tsx'
import { Button } from '../../../components/Button.tsx'
import { Disclosure } from '../../../components/Disclosure.tsx'
import { Check, Segments, TextField } from '../../../components/Field.tsx'
import { Screen } from '../../../components/Screen.tsx'
import { CodeReader } from '../../../components/scan/CodeReader.tsx'
import { plainNumber, readAmount, shortAmount } from '../../../i18n/amounts.ts'
import { shortHash } from '../../../i18n/formats.ts'
import { withUnit } from '../../../i18n/punctuation.ts'
import { useFormats } from '../../../i18n/useMessages.tsx'
import { useWalletMessages } from '../../../i18n/useWalletMessages.ts'
import { paths } from '../../../paths.ts'
import { useReadable } from '../../../useReadable.ts'
import { useWallet } from '../../../walletContext.tsx'
import { NotFoundScreen } from '../../NotFoundScreen.tsx'
import { useAccount } from '../accounts/useAccount.ts'
import { useUnits } from '../activity/units.ts'
import { accountTitle, useNames } from '../signing/useNames.ts'
import { useSigning } from '../signing/useSigning.tsx'
import { WalletFailure } from '../WalletFailure.tsx'
import { amountFaultText, requestFaultText } from './faultText.ts'

export function SendScreen({ id }: { id: string }) {
  const { accounts: words } = useWalletMessages()
  const account = useAccount(id)
  return account === undefined ? <NotFoundScreen title={words.notFound} /> : <Send account={account} />
}

function Send({ account }: { account: AccountView }) {
  const words = useWalletMessages()
  const { language } = useFormats()
  const wallet = useWallet()
  const units = useUnits()
  const [, navigate] = useLocation()
  const [to, setTo] = useState('')
  const [unit, setUnit] = useState('coin')
  const [typed, setTyped] = useState('')
  const [isAll, setAll] = useState(false)
  const [isAsked, setAsked] = useState(false)
  const { send, task, isBusy, view } = useSigning(WalletFailure, {
    // Fees and nonces are of the account; the look itself needs no key, but a locked wallet can't go on after it.
    needsVault: account.name.kind !== 'external',
  })

  const chosen = units.all.find(({ token }) => (token ?? 'coin') === unit) ?? units.all[0]
  if (chosen === undefined) return null
  const request = wallet.readPaymentRequest(to)
  const amount = readAmount(typed, chosen.decimals)
  const available = account.balances?.find(({ token }) => token === chosen.token)
  const toFault = request.ok ? null : requestFaultText(request.error, words)
  const amountFault = isAll
    ? null
    : !amount.ok
      ? amountFaultText(amount.error, words)
      : amount.value === 0n
        ? words.send.faults.amountZero
        : null

  /** A code may name what and how much as well: both are filled in, and can be changed. */
  const take = (text: string) => {
    setTo(text)
    task.clear()
    const read = wallet.readPaymentRequest(text)
    if (!read.ok) return
    const named = units.all.find(({ token }) => token === read.value.token)
    if (read.value.token !== null && named !== undefined) setUnit(named.token ?? 'coin')
    if (read.value.amount !== null && named !== undefined) {
      setAll(false)
      setTyped(plainNumber(read.value.amount, named.decimals))
    }
  }

  const propose = () => {
    setAsked(true)
    task.clear()
    if (!request.ok || amountFault !== null) return
    const { to } = request.value
    send(
      () =>
        wallet.propose({
          kind: 'send',
          from: account.id,
          to,
          token: chosen.token,
          amount: isAll || !amount.ok ? 'all' : amount.value,
        }),
      payment => navigate(paths.payment(payment.id), { replace: true }),
    )
  }

  return (
    <Screen
      title={words.send.title}
      back={paths.account(account.id)}
      actions={
        <Button look="primary" icon={ArrowUpRight} wide busy={isBusy} onClick={propose}>
          {isBusy ? words.send.checking : words.send.next}
        </Button>
      }
    >
      <p className="row-note">
        {words.send.from}: {accountTitle(account, words)}
      </p>
      <TextField
        label={words.send.to}
        hint={words.send.toHint}
        value={to}
        onChange={take}
        multiline
        error={isAsked || (to !== '' && !request.ok && to.length >= 42) ? toFault : null}
      />
      {request.ok && <Recipient address={request.value.to} own={account.address} />}
      <Disclosure title={words.send.scan}>
        <CodeReader
          scanLabel={words.send.scan}
          pasteHint={words.send.toHint}
          isReading={false}
          onText={take}
        />
      </Disclosure>
      <Contacts onPick={address => take(checksumAddress(address))} />
      {units.all.length > 1 && (
        <Segments
          legend={words.send.what}
          options={units.all.map(({ token, symbol }) => ({ value: token ?? 'coin', label: symbol }))}
          value={unit}
          onChange={setUnit}
        />
      )}
      <TextField
        label={withUnit(words.send.amount, chosen.symbol, language)}
        {...(available === undefined ? {} : { hint: words.send.available(shortAmount(available, language)) })}
        value={isAll ? words.send.allChosen : typed}
        onChange={text => {
          setAll(false)
          setTyped(isAll ? '' : text)
        }}
        error={isAsked || typed !== '' ? (typed === '' && !isAsked ? null : amountFault) : null}
      />
      <Check checked={isAll} onChange={setAll}>
        {words.send.all}
      </Check>
      {view}
    </Screen>
  )
}

/** The address in full, to be compared, with the name that the person gave it. */
function Recipient({ address, own }: { address: Address; own: Address }) {
  const { send: words } = useWalletMessages()
  const name = useNames().ofAddress(address)
  return (
    <section className="card stack tight">
      {name !== null && <p className="row-title">{name}</p>}
      <AddressBlock address={checksumAddress(address)} />
      {address === own && <p className="row-note">{words.ownAddress}</p>}
    </section>
  )
}

function Contacts({ onPick }: { onPick: (address: Address) => void }) {
  const words = useWalletMessages()
  const wallet = useWallet()
  const contacts = useReadable(wallet.contacts)
  const accounts = useReadable(wallet.accounts)
  const known = [
    ...contacts.map(({ address, name }) => ({ address, name })),
    ...accounts.map(account => ({ address: account.address, name: accountTitle(account, words) })),
  ]
  if (known.length < 2) return null
  return (
    <Disclosure title={words.send.contacts}>
      <ul className="card flush rows">
        {known.map(({ address, name }) => (
          <li key={address}>
            <button type="button" className="row" onClick={() => onPick(address)}>
              <UserRound size={20} aria-hidden />
              <span className="grow">
                <span className="row-title breakable">{name}</span>
                <br />
                <span className="row-note">{shortHash(address)}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </Disclosure>
  )
}
