// Everything known of one movement, and a name for who is on the other side.
import { ExternalLink } from 'lucide-react'
import { useState } from 'react'
import type { Movement } from '../../../../app/ports/walletChain.ts'
import type { Address } from '../../../../core/bytes.ts'
import { checksumAddress } from '../../../../core/wallet/address.ts'
import { AddressBlock } from '../../../components/AddressBlock.tsx'
import { Button } from '../../../components/Button.tsx'
import { Fact, Facts } from '../../../components/Facts.tsx'
import { TextField } from '../../../components/Field.tsx'
import { Hash } from '../../../components/Hash.tsx'
import { Sheet } from '../../../components/Sheet.tsx'
import { useFob } from '../../../fobContext.ts'
import { exactAmount } from '../../../i18n/amounts.ts'
import { useFormats } from '../../../i18n/useMessages.tsx'
import { useWalletMessages } from '../../../i18n/useWalletMessages.ts'
import { useReadable } from '../../../useReadable.ts'
import { useWallet } from '../../../walletContext.tsx'
import { useMovementAmount, useMovementTitle } from './MovementRow.tsx'
import { useUnits } from './units.ts'

export function MovementSheet({ movement, onClose }: { movement: Movement; onClose: () => void }) {
  const { activity: words, payments } = useWalletMessages()
  const formats = useFormats()
  const units = useUnits()
  const title = useMovementTitle(movement)
  const amount = useMovementAmount(movement)
  return (
    <Sheet title={title} onClose={onClose}>
      <p className="balance">{movement.succeeded ? amount : words.failed}</p>
      <div className="card flush">
        <Facts>
          <Fact name={payments.when}>{formats.dateTime(movement.at)}</Fact>
          <Fact name={payments.block}>{formats.number(movement.block)}</Fact>
          {movement.transaction !== null && (
            <Fact name={payments.transaction}>
              <Hash value={movement.transaction} name={payments.transaction} />
            </Fact>
          )}
          {movement.fee > 0n && (
            <Fact name={payments.fee}>{exactAmount(units.amount(null, movement.fee), formats.language)}</Fact>
          )}
        </Facts>
      </div>
      {movement.transaction !== null && <ExplorerLink transaction={movement.transaction} />}
      {movement.counterparty !== null && <Naming address={movement.counterparty} />}
    </Sheet>
  )
}

export function ExplorerLink({ transaction }: { transaction: string }) {
  const { payments } = useWalletMessages()
  const network = useReadable(useFob().network)
  const explorer = network.status === 'ready' ? network.config.chain.explorer : undefined
  if (explorer === undefined) return null
  return (
    <a
      className="button secondary wide"
      href={`${explorer.replace(/\/$/, '')}/tx/${transaction}`}
      target="_blank"
      rel="noreferrer"
    >
      <ExternalLink size={20} aria-hidden />
      <span>{payments.explorer}</span>
    </a>
  )
}

/** A name for a stranger; own accounts have theirs already. */
function Naming({ address }: { address: Address }) {
  const { activity: words } = useWalletMessages()
  const wallet = useWallet()
  const isOwn = useReadable(wallet.accounts).some(account => account.address === address)
  const known = useReadable(wallet.contacts).find(contact => contact.address === address)
  const [name, setName] = useState(known?.name ?? '')
  const trimmed = name.trim()
  return (
    <section className="card stack">
      <AddressBlock address={checksumAddress(address)} />
      {!isOwn && (
        <form
          className="stack"
          onSubmit={event => {
            event.preventDefault()
            if (trimmed !== '') void wallet.saveContact(trimmed, address)
          }}
        >
          <TextField label={words.nameLabel} hint={words.nameHint} value={name} onChange={setName} />
          <div className="button-row">
            <Button type="submit" disabled={trimmed === '' || trimmed === known?.name}>
              {words.nameSave}
            </Button>
            {known !== undefined && (
              <Button
                look="quiet"
                onClick={() => {
                  setName('')
                  void wallet.removeContact(address)
                }}
              >
                {words.nameRemove}
              </Button>
            )}
          </div>
        </form>
      )}
    </section>
  )
}
