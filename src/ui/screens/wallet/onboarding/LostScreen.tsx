// The keys of a wallet that was here are gone, and nobody erased it: no first visit, and nothing of it is forgotten yet.
import { KeyRound, TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import type { Address } from '../../../../core/bytes.ts'
import { AddressBlock } from '../../../components/AddressBlock.tsx'
import { Button, LinkButton } from '../../../components/Button.tsx'
import { ConfirmSheet } from '../../../components/ConfirmSheet.tsx'
import { Notice } from '../../../components/Notice.tsx'
import { Screen } from '../../../components/Screen.tsx'
import { useMemoryMessages } from '../../../i18n/useMemoryMessages.ts'
import { useWalletMessages } from '../../../i18n/useWalletMessages.ts'
import { paths } from '../../../paths.ts'
import { useWallet } from '../../../walletContext.tsx'

export function LostScreen({ address }: { address: Address }) {
  const { wallet: words } = useWalletMessages()
  const { lost } = useMemoryMessages()
  const wallet = useWallet()
  const [isGivingUp, setGivingUp] = useState(false)
  return (
    <Screen
      title={words.title}
      actions={
        <>
          <LinkButton look="primary" icon={KeyRound} wide href={paths.walletRestore}>
            {lost.restore}
          </LinkButton>
          <Button look="quiet" wide onClick={() => setGivingUp(true)}>
            {lost.giveUp}
          </Button>
        </>
      }
    >
      <Notice tone="alarm" icon={TriangleAlert} title={lost.title} live>
        {lost.body}
      </Notice>
      <section className="card stack snug">
        <p className="soft">{lost.address}</p>
        <AddressBlock address={address} />
      </section>
      {lost.after.map(sentence => (
        <p key={sentence} className="prose">
          {sentence}
        </p>
      ))}
      {isGivingUp && (
        <ConfirmSheet
          title={lost.giveUpTitle}
          action={lost.giveUpYes}
          onConfirm={() => void wallet.forgetLostVault()}
          onClose={() => setGivingUp(false)}
        >
          <p className="prose">{lost.giveUpBody}</p>
        </ConfirmSheet>
      )}
    </Screen>
  )
}
