// Whoever has no wallet yet makes one, or brings one back, and comes back to where he was.
import { LinkButton } from '../../components/Button.tsx'
import { Notice } from '../../components/Notice.tsx'
import { paths } from '../../paths.ts'

interface NeedsWalletProps {
  /** Where to be afterwards. */
  readonly then: string
  readonly words: {
    readonly needsWallet: string
    readonly needsWalletBody: string
    readonly createWallet: string
    readonly haveOne: string
  }
}

export function NeedsWallet({ then, words }: NeedsWalletProps) {
  const query = `?then=${encodeURIComponent(then)}`
  return (
    <Notice
      tone="info"
      title={words.needsWallet}
      actions={
        <>
          <LinkButton look="primary" href={`${paths.walletCreate}${query}`}>
            {words.createWallet}
          </LinkButton>
          <LinkButton href={`${paths.walletRestore}${query}`}>{words.haveOne}</LinkButton>
        </>
      }
    >
      {words.needsWalletBody}
    </Notice>
  )
}
