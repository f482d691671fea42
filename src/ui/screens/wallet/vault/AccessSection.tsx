// Locking and unlocking, and a new passphrase.
import { ChevronRight, Lock, LockOpen, RectangleEllipsis } from 'lucide-react'
import { useState } from 'react'
import { passphraseBytes } from '../../../../core/wallet/passphrase.ts'
import { Section } from '../../../components/Facts.tsx'
import { Notice } from '../../../components/Notice.tsx'
import { useWalletMessages } from '../../../i18n/useWalletMessages.ts'
import { useUnlocked, useVaultState, useWallet } from '../../../walletContext.tsx'
import { PassphraseSheet } from '../lock/PassphraseSheet.tsx'
import { emptyPassphrase, isChosen, NewPassphrase } from '../onboarding/NewPassphrase.tsx'

export function AccessSection() {
  const { vault: words, lock } = useWalletMessages()
  const { vault } = useWallet()
  const isOpen = useVaultState().kind === 'unlocked'
  const askUnlock = useUnlocked()
  const [isChanging, setChanging] = useState(false)
  const [done, setDone] = useState<string | null>(null)
  const Icon = isOpen ? Lock : LockOpen
  return (
    <Section title={words.access}>
      <div className="card flush rows">
        {/* One button for both, so that the focus stays where it is. */}
        <button
          type="button"
          className="row"
          onClick={() => {
            setDone(null)
            if (!isOpen) {
              void askUnlock()
              return
            }
            vault.lock()
            setDone(words.locked)
          }}
        >
          <Icon size={22} strokeWidth={1.75} className="soft" aria-hidden />
          <span className="grow row-title">{isOpen ? words.lockNow : lock.unlock}</span>
        </button>
        <button
          type="button"
          className="row"
          aria-haspopup="dialog"
          onClick={() => {
            setDone(null)
            setChanging(true)
          }}
        >
          <RectangleEllipsis size={22} strokeWidth={1.75} className="soft" aria-hidden />
          <span className="grow row-title">{words.changePassphrase}</span>
          <ChevronRight size={20} className="chevron" aria-hidden />
        </button>
      </div>
      <div role="status">{done !== null && <Notice tone="ok" title={done} />}</div>
      {isChanging && (
        <ChangeSheet
          onClose={() => setChanging(false)}
          onChanged={() => {
            setChanging(false)
            setDone(words.changed)
          }}
        />
      )}
    </Section>
  )
}

function ChangeSheet({ onClose, onChanged }: { onClose: () => void; onChanged: () => void }) {
  const { vault: words, passphrase: fields } = useWalletMessages()
  const { vault } = useWallet()
  const [chosen, setChosen] = useState(emptyPassphrase)
  return (
    <PassphraseSheet
      title={words.changePassphrase}
      submit={words.changePassphrase}
      label={fields.present}
      isReady={isChosen(chosen)}
      onClose={onClose}
      onDone={onChanged}
      task={present => vault.changePassphrase({ present, next: passphraseBytes(chosen.text) })}
      after={<NewPassphrase label={fields.next} value={chosen} onChange={setChosen} />}
    >
      <p className="prose soft">{words.changePassphraseBody}</p>
    </PassphraseSheet>
  )
}
