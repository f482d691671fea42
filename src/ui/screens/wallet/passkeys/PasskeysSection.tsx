// The passkeys that open the vault: list, add, remove. Each change takes the passphrase.
import { Fingerprint, KeyRound, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { VaultState } from '../../../../app/ports/vault.ts'
import { toHex } from '../../../../core/bytes.ts'
import { Button, IconButton } from '../../../components/Button.tsx'
import { Section } from '../../../components/Facts.tsx'
import { TextField } from '../../../components/Field.tsx'
import { Notice } from '../../../components/Notice.tsx'
import { useFormats } from '../../../i18n/useMessages.tsx'
import { useWalletMessages } from '../../../i18n/useWalletMessages.ts'
import { useWallet } from '../../../walletContext.tsx'
import { PassphraseSheet } from '../lock/PassphraseSheet.tsx'
import { useCanUsePasskeys } from './useCanUsePasskeys.ts'

type Passkey = Extract<VaultState, { kind: 'unlocked' }>['passkeys'][number]

/** Bytes of a name in the vault's file. */
const MAX_LABEL_BYTES = 64

export function PasskeysSection({ passkeys }: { passkeys: readonly Passkey[] }) {
  const { passkeys: words } = useWalletMessages()
  const formats = useFormats()
  const canUse = useCanUsePasskeys()
  const [isAdding, setAdding] = useState(false)
  const [removing, setRemoving] = useState<Passkey | null>(null)
  const [done, setDone] = useState<string | null>(null)
  return (
    <Section title={words.title}>
      <div className="card flush rows">
        <p className="card-pad soft">{words.body}</p>
        {passkeys.length === 0 && <p className="card-pad">{words.none}</p>}
        {passkeys.map(passkey => (
          <div key={toHex(passkey.credentialId)} className="row">
            <KeyRound size={22} strokeWidth={1.75} className="soft" aria-hidden />
            <span className="grow">
              <span className="row-title">{passkey.label}</span>
              <br />
              <span className="row-note">{words.addedOn(formats.date(passkey.addedAt))}</span>
            </span>
            <IconButton
              icon={Trash2}
              label={words.removeNamed(passkey.label)}
              onClick={() => {
                setDone(null)
                setRemoving(passkey)
              }}
            />
          </div>
        ))}
        <div className="card-pad">
          {canUse === false ? (
            <p className="soft">{words.unavailable}</p>
          ) : (
            <Button
              icon={Fingerprint}
              wide
              onClick={() => {
                setDone(null)
                setAdding(true)
              }}
            >
              {words.add}
            </Button>
          )}
        </div>
      </div>
      {done !== null && <Notice tone="ok" title={done} live />}
      {isAdding && (
        <AddSheet
          onClose={() => setAdding(false)}
          onAdded={() => {
            setAdding(false)
            setDone(words.added)
          }}
        />
      )}
      {removing !== null && (
        <RemoveSheet
          passkey={removing}
          onClose={() => setRemoving(null)}
          onRemoved={() => {
            setRemoving(null)
            setDone(words.gone)
          }}
        />
      )}
    </Section>
  )
}

function AddSheet({ onClose, onAdded }: { onClose: () => void; onAdded: () => void }) {
  const { passkeys: words } = useWalletMessages()
  const { vault } = useWallet()
  const [label, setLabel] = useState(words.defaultName)
  const isTooLong = new TextEncoder().encode(label.trim()).length > MAX_LABEL_BYTES
  return (
    <PassphraseSheet
      title={words.addTitle}
      submit={words.add}
      icon={Fingerprint}
      isReady={label.trim() !== '' && !isTooLong}
      onClose={onClose}
      onDone={onAdded}
      task={passphrase => vault.addPasskey({ passphrase, label: label.trim() })}
    >
      <p className="prose soft">{words.addBody}</p>
      <TextField
        label={words.name}
        hint={words.nameHint}
        error={isTooLong ? words.nameTooLong : null}
        value={label}
        onChange={setLabel}
      />
    </PassphraseSheet>
  )
}

function RemoveSheet({
  passkey,
  onClose,
  onRemoved,
}: {
  passkey: Passkey
  onClose: () => void
  onRemoved: () => void
}) {
  const { passkeys: words } = useWalletMessages()
  const { vault } = useWallet()
  return (
    <PassphraseSheet
      title={words.removeTitle(passkey.label)}
      submit={words.remove}
      look="danger"
      icon={Trash2}
      onClose={onClose}
      onDone={onRemoved}
      task={passphrase => vault.removePasskey({ passphrase, credentialId: passkey.credentialId })}
    >
      <p className="prose">{words.removeBody}</p>
    </PassphraseSheet>
  )
}
