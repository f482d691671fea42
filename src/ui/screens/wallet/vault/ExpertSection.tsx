// The switch that lets unknown calls be signed: off, and not without a look at what it means.
import { useState } from 'react'
import { Button } from '../../../components/Button.tsx'
import { Section } from '../../../components/Facts.tsx'
import { Check, SwitchRow } from '../../../components/Field.tsx'
import { Sheet } from '../../../components/Sheet.tsx'
import { useMessages } from '../../../i18n/useMessages.tsx'
import { useWalletMessages } from '../../../i18n/useWalletMessages.ts'
import { useReadable } from '../../../useReadable.ts'
import { useWallet } from '../../../walletContext.tsx'

export function ExpertSection() {
  const { vault: words } = useWalletMessages()
  const wallet = useWallet()
  const isExpert = useReadable(wallet.isExpert)
  const [isAsking, setAsking] = useState(false)
  return (
    <Section title={words.danger}>
      <div className="card flush">
        <SwitchRow
          label={words.expert}
          hint={words.expertHint}
          checked={isExpert}
          onChange={wanted => {
            if (wanted) setAsking(true)
            else void wallet.setExpert(false)
          }}
        />
      </div>
      {isAsking && (
        <ExpertSheet
          onClose={() => setAsking(false)}
          onAgreed={() => {
            setAsking(false)
            void wallet.setExpert(true)
          }}
        />
      )}
    </Section>
  )
}

function ExpertSheet({ onClose, onAgreed }: { onClose: () => void; onAgreed: () => void }) {
  const { vault: words } = useWalletMessages()
  const { common } = useMessages()
  const [hasAgreed, setAgreed] = useState(false)
  return (
    <Sheet
      title={words.expertTitle}
      onClose={onClose}
      actions={
        <>
          <Button look="danger" wide disabled={!hasAgreed} onClick={onAgreed}>
            {words.expertOn}
          </Button>
          <Button look="quiet" wide onClick={onClose}>
            {common.cancel}
          </Button>
        </>
      }
    >
      <p className="prose">{words.expertBody}</p>
      <Check checked={hasAgreed} onChange={setAgreed}>
        {words.expertCheck}
      </Check>
    </Sheet>
  )
}
