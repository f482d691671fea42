// Who uses the device, and until when: shown on the chain, opens nothing.
import { useId, useState } from 'react'
import type { Address } from '../../../../core/bytes.ts'
import { readAddress } from '../../../../core/wallet/address.ts'
import { TextField } from '../../../components/Field.tsx'
import { Sheet } from '../../../components/Sheet.tsx'
import { useWalletMessages } from '../../../i18n/useWalletMessages.ts'
import { useNow } from '../../../useNow.ts'
import { SubmitButton } from '../SubmitButton.tsx'

export function LendSheet({
  onChosen,
  onClose,
}: {
  /** Unix seconds: the end of the chosen day. */
  onChosen: (user: Address, expires: number) => void
  onClose: () => void
}) {
  const { owned: words, send } = useWalletMessages()
  const now = useNow()
  const id = useId()
  const [to, setTo] = useState('')
  const [day, setDay] = useState('')
  const user = readAddress(to)
  const expires = Math.floor(new Date(`${day}T23:59:59`).getTime() / 1000)
  const isLater = expires > now
  return (
    <Sheet title={words.lend} onClose={onClose}>
      <form
        className="stack"
        onSubmit={event => {
          event.preventDefault()
          if (user.ok && isLater) onChosen(user.value.address, expires)
        }}
      >
        <p className="prose soft">{words.lendBody}</p>
        <TextField
          label={words.lendTo}
          value={to}
          onChange={setTo}
          error={to === '' || user.ok ? null : send.faults[user.error.kind]}
        />
        <div className="field">
          <label htmlFor={id}>{words.lendUntil}</label>
          <input
            id={id}
            className="input"
            type="date"
            min={new Date(now * 1000).toISOString().slice(0, 10)}
            value={day}
            onChange={event => setDay(event.target.value)}
          />
        </div>
        <SubmitButton busy={false} disabled={!user.ok || !isLater}>
          {words.lendAction}
        </SubmitButton>
      </form>
    </Sheet>
  )
}
