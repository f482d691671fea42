// Whoever has no wallet yet makes one, or brings one back, and comes back to where he was.
import { LinkButton } from '../../components/Button.tsx'
import { Notice } from '../../components/Notice.tsx'
import { useBuyingMessages } from '../../i18n/useBuyingMessages.ts'
import { paths } from '../../paths.ts'

/** `then`: where to be afterwards. */
export function NeedsWallet({ then }: { then: string }) {
  const words = useBuyingMessages()
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
