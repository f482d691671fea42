// The phone that a key is for: its code is scanned or pasted, and said to be read.
import { useState } from 'react'
import type { Hex } from '../../../../core/bytes.ts'
import { Section } from '../../../components/Facts.tsx'
import { Notice } from '../../../components/Notice.tsx'
import { CodeReader } from '../../../components/scan/CodeReader.tsx'
import { useMarketMessages } from '../../../i18n/useMarketMessages.ts'
import type { ShownFailure } from '../../wallet/WalletFailure.tsx'
import { MarketFailure } from '../MarketFailure.tsx'
import { useMarket } from '../marketContext.tsx'

type Scanned = ReturnType<ReturnType<typeof useMarket>['readCode']>

/** keccak256 of the key of a phone that asks for one; null for whatever else was scanned. */
export const askedKeyOf = (scanned: Scanned | null): Hex | null =>
  scanned?.ok === true && scanned.value.kind === 'request' ? scanned.value.userKeyHash : null

export function AskedPhone({
  request,
  onRead,
}: {
  request: Hex | null
  onRead: (request: Hex | null) => void
}) {
  const { lend: words } = useMarketMessages()
  const market = useMarket()
  const [unread, setUnread] = useState<ShownFailure | null>(null)
  const read = (text: string) => {
    const scanned = market.readCode(text)
    const found = askedKeyOf(scanned)
    onRead(found)
    setUnread(found !== null ? null : scanned.ok ? { kind: 'notAKeyRequest' } : scanned.error)
  }
  return (
    <>
      {request === null ? (
        <Section title={words.scan}>
          <p className="row-note">{words.scanHint}</p>
          <CodeReader scanLabel={words.scan} pasteHint={words.pasteHint} isReading={false} onText={read} />
        </Section>
      ) : (
        <Notice tone="ok" title={words.scanned} live />
      )}
      {unread !== null && <MarketFailure failure={unread} />}
    </>
  )
}
