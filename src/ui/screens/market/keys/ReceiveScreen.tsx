// Getting a key that somebody lends: this phone’s code out, the key’s code in.
import { useEffect, useState } from 'react'
import { useLocation } from 'wouter'
import { Section } from '../../../components/Facts.tsx'
import { Screen } from '../../../components/Screen.tsx'
import { CodeReader } from '../../../components/scan/CodeReader.tsx'
import { useMarketMessages } from '../../../i18n/useMarketMessages.ts'
import { paths } from '../../../paths.ts'
import { CodeToShow } from '../../wallet/handOver/CodeToShow.tsx'
import type { ShownFailure } from '../../wallet/WalletFailure.tsx'
import { MarketFailure } from '../MarketFailure.tsx'
import { useMarket } from '../marketContext.tsx'

export function ReceiveScreen() {
  const { receiveKey: words } = useMarketMessages()
  const market = useMarket()
  const [, navigate] = useLocation()
  const [own, setOwn] = useState<string | null>(null)
  const [failure, setFailure] = useState<ShownFailure | null>(null)
  const [isBusy, setBusy] = useState(false)
  useEffect(() => {
    let isCurrent = true
    void market.keyRequest().then(made => {
      if (!isCurrent) return
      if (made.ok) setOwn(made.value.text)
      else setFailure(made.error)
    })
    return () => {
      isCurrent = false
    }
  }, [market])
  const take = async (text: string) => {
    setBusy(true)
    setFailure(null)
    const taken = await market.takeKey(text)
    setBusy(false)
    if (taken.ok) navigate(paths.key(taken.value), { replace: true })
    else setFailure(taken.error)
  }
  return (
    <Screen title={words.title} back={paths.keys} notices={false}>
      <p className="prose soft">{words.intro}</p>
      <Section title={words.code}>
        {own === null ? (
          failure === null && <div className="skeleton" aria-busy="true" />
        ) : (
          <CodeToShow text={own} label={words.code} />
        )}
      </Section>
      <Section title={words.next}>
        <CodeReader
          scanLabel={words.scan}
          pasteHint={words.pasteHint}
          isReading={isBusy}
          onText={text => void take(text)}
        />
      </Section>
      {failure !== null && <MarketFailure failure={failure} />}
    </Screen>
  )
}
