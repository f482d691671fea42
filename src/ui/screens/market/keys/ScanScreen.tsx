// Any code about a lock: an offer, a key, a phone that asks for one; each leads to where it is used.
import { ChevronRight, KeyRound } from 'lucide-react'
import { useState } from 'react'
import { Link, useLocation } from 'wouter'
import { Section } from '../../../components/Facts.tsx'
import { Notice } from '../../../components/Notice.tsx'
import { Screen } from '../../../components/Screen.tsx'
import { CodeReader } from '../../../components/scan/CodeReader.tsx'
import { useMarketMessages } from '../../../i18n/useMarketMessages.ts'
import { paths } from '../../../paths.ts'
import { saleCodeIn } from '../../../saleLink.ts'
import { useReadable } from '../../../useReadable.ts'
import { useWallet } from '../../../walletContext.tsx'
import type { ShownFailure } from '../../wallet/WalletFailure.tsx'
import { MarketFailure } from '../MarketFailure.tsx'
import { useMarket } from '../marketContext.tsx'

export function ScanScreen() {
  const { keys: words, scan } = useMarketMessages()
  const market = useMarket()
  const [, navigate] = useLocation()
  const owned = useReadable(useWallet().devices).filter(({ stage }) => stage.kind === 'owned')
  const [failure, setFailure] = useState<ShownFailure | null>(null)
  const [request, setRequest] = useState<string | null>(null)
  const [isBusy, setBusy] = useState(false)
  const read = async (text: string) => {
    setFailure(null)
    setRequest(null)
    const sale = saleCodeIn(text)
    if (sale !== null) return navigate(`${paths.bought}#${sale}`)
    const code = market.readCode(text)
    if (!code.ok) {
      setFailure(code.error)
      return
    }
    switch (code.value.kind) {
      case 'offer':
        navigate(market.offerCode(code.value.reference).path)
        return
      case 'request':
        setRequest(text)
        return
      case 'box':
        setFailure({ kind: 'boxCodeHere' })
        return
      case 'key': {
        setBusy(true)
        const taken = await market.takeKey(text)
        setBusy(false)
        if (taken.ok) navigate(paths.key(taken.value), { replace: true })
        else setFailure(taken.error)
      }
    }
  }
  return (
    <Screen title={words.scanTitle} back={paths.keys} notices={false}>
      <p className="prose soft">{words.scanHint}</p>
      <CodeReader
        scanLabel={words.scan}
        pasteHint={words.pasteHint}
        isReading={isBusy}
        onText={text => void read(text)}
      />
      {failure !== null && <MarketFailure failure={failure} />}
      {request !== null &&
        (owned.length === 0 ? (
          <Notice tone="attention" title={scan.request} live>
            {scan.requestNoLock}
          </Notice>
        ) : (
          <Section title={scan.lendOf}>
            <ul className="card flush rows">
              {owned.map(device => (
                <li key={device.deviceId}>
                  <Link
                    href={`${paths.lendKey(device.deviceId)}?to=${encodeURIComponent(request)}`}
                    className="row"
                  >
                    <KeyRound size={20} aria-hidden />
                    <span className="grow row-title breakable">{device.name}</span>
                    <ChevronRight size={18} className="chevron" aria-hidden />
                  </Link>
                </li>
              ))}
            </ul>
          </Section>
        ))}
    </Screen>
  )
}
