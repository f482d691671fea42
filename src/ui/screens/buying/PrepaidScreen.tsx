// The prepaid balance: what is put aside for orders on signatures, how it was proven, more of it, and its way back.
import { PiggyBank, Undo2 } from 'lucide-react'
import { useCallback, useEffect, useState } from 'react'
import { Button } from '../../components/Button.tsx'
import { TextField } from '../../components/Field.tsx'
import { Notice } from '../../components/Notice.tsx'
import { ProofLink } from '../../components/ProofLink.tsx'
import { Screen } from '../../components/Screen.tsx'
import { exactAmount, readAmount } from '../../i18n/amounts.ts'
import { useBuyingMessages } from '../../i18n/useBuyingMessages.ts'
import { useFormats, useMessages } from '../../i18n/useMessages.tsx'
import { useWalletMessages } from '../../i18n/useWalletMessages.ts'
import { paths } from '../../paths.ts'
import { useReadable } from '../../useReadable.ts'
import { useVaultState, useWallet } from '../../walletContext.tsx'
import { useRead } from '../market/useRead.ts'
import { useUnits } from '../wallet/activity/units.ts'
import { NeedsWallet } from '../wallet/NeedsWallet.tsx'
import { PaymentNow } from '../wallet/payments/PaymentNow.tsx'
import { amountFaultText } from '../wallet/send/faultText.ts'
import { useSigning } from '../wallet/signing/useSigning.tsx'
import { BuyFailure } from './BuyFailure.tsx'
import { useBuyer } from './buyerContext.ts'

export function PrepaidScreen() {
  const buying = useBuyingMessages()
  const words = buying.prepaid
  const hasVault = useVaultState().kind !== 'none'
  return (
    <Screen title={words.title} back={paths.bought} notices={false}>
      {hasVault ? <Purse /> : <NeedsWallet then={paths.prepaid} words={buying} />}
    </Screen>
  )
}

function Purse() {
  const words = useBuyingMessages().prepaid
  const { common } = useMessages()
  const formats = useFormats()
  const wallet = useWallet()
  const { prepaid } = useBuyer()
  const { send, isBusy, paymentId, view } = useSigning(BuyFailure)
  const { value, failure, again } = useRead(useCallback(() => prepaid.read(), [prepaid]))
  const state = useReadable(wallet.payments).find(({ id }) => id === paymentId)?.state.kind
  // In a block, and final: each changes what can be proven.
  useEffect(() => {
    if (state !== undefined) again()
  }, [state, again])
  if (value === null) {
    return failure === null ? (
      <div className="skeleton" aria-busy="true" />
    ) : (
      <BuyFailure failure={failure} actions={<Button onClick={again}>{common.retry}</Button>} />
    )
  }
  const { balance, leaving, evidence } = value
  return (
    <>
      <section className="card stack">
        <p className="price">{exactAmount(balance, formats.language)}</p>
        {balance.value === 0n && <p>{words.empty}</p>}
        <p className="soft">{words.body}</p>
        <ProofLink evidence={evidence} manifest={null} />
      </section>
      {failure !== null && <BuyFailure failure={failure} />}
      {paymentId !== null && <PaymentNow id={paymentId} />}
      {leaving !== null && balance.value > 0n && (
        <Notice
          tone="info"
          title={words.leaving(formats.dateTime(leaving.at))}
          actions={
            leaving.isDue && (
              <Button
                look="primary"
                icon={Undo2}
                busy={isBusy}
                onClick={() => send(() => prepaid.proposeTakeBack())}
              >
                {words.take}
              </Button>
            )
          }
        >
          {words.leavingNote}
        </Notice>
      )}
      {view}
      <PutAside
        key={paymentId}
        isBusy={isBusy}
        onPut={amount => send(() => prepaid.proposeDeposit(amount))}
      />
      {balance.value > 0n && leaving === null && (
        <>
          <Button icon={Undo2} wide busy={isBusy} onClick={() => send(() => prepaid.proposeReturn())}>
            {words.ask}
          </Button>
          <p className="row-note indent">{words.askNote}</p>
        </>
      )}
    </>
  )
}

function PutAside({ isBusy, onPut }: { isBusy: boolean; onPut: (amount: bigint) => void }) {
  const words = useBuyingMessages().prepaid
  const wallet = useWalletMessages()
  const { symbol, decimals } = useUnits().amount(null, 0n)
  const [typed, setTyped] = useState('')
  const read = readAmount(typed, decimals)
  const amount = read.ok && read.value > 0n ? read.value : null
  return (
    <section className="card stack">
      <TextField
        label={words.amount(symbol)}
        value={typed}
        onChange={setTyped}
        error={read.ok || read.error.kind === 'amountEmpty' ? null : amountFaultText(read.error, wallet)}
      />
      <Button
        look="primary"
        wide
        icon={PiggyBank}
        busy={isBusy}
        disabled={amount === null}
        onClick={() => amount !== null && onPut(amount)}
      >
        {words.add}
      </Button>
    </section>
  )
}
