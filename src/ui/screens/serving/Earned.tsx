// What passing files on has earned, and the reminder to take it in time. Loaded, with the wallet, where there is a price.
import { ChevronRight } from 'lucide-react'
import { Link } from 'wouter'
import { LinkButton } from '../../components/Button.tsx'
import { Fact, Facts, Section } from '../../components/Facts.tsx'
import { Notice } from '../../components/Notice.tsx'
import { exactAmount } from '../../i18n/amounts.ts'
import { useChannelsMessages } from '../../i18n/useChannelsMessages.ts'
import { useFormats } from '../../i18n/useMessages.tsx'
import { paths } from '../../paths.ts'
import { useReadable } from '../../useReadable.ts'
import { useWallet, WalletProvider } from '../../walletContext.tsx'
import { useChannels } from '../channels/useChannels.ts'

export function Earned() {
  return (
    <WalletProvider>
      <EarnedHere />
    </WalletProvider>
  )
}

function EarnedHere() {
  const { sell: words, buy } = useChannelsMessages()
  const { language, number } = useFormats()
  const owner = useReadable(useWallet().owner)
  const { earned, channels } = useReadable(useChannels().view)
  const leaving = channels.filter(
    ({ claim, state }) => claim !== null && (state.kind === 'leaving' || state.kind === 'ready'),
  )
  const closing = channels.filter(
    ({ role, closing, state }) => role === 'payee' && closing === 'asked' && state.kind !== 'closed',
  )
  if (owner === null) {
    return (
      <Notice
        tone="attention"
        title={words.needsWallet}
        actions={<LinkButton href={paths.wallet}>{buy.toWallet}</LinkButton>}
      />
    )
  }
  return (
    <Section title={words.earned}>
      {leaving.length > 0 && <Notice tone="attention" title={words.leaving(number(leaving.length))} live />}
      {closing.length > 0 && <Notice tone="info" title={words.closing(number(closing.length))} live />}
      <div className="card flush rows">
        <Facts>
          <Fact name={words.earned}>{exactAmount(earned, language)}</Fact>
        </Facts>
        <Link href={paths.channels} className="row">
          <span className="grow row-title">{words.open}</span>
          <ChevronRight size={20} className="chevron" aria-hidden />
        </Link>
      </div>
    </Section>
  )
}
