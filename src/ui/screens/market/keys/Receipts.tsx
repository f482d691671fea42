// What the lock has said to this key, each answer signed by it.
import { CircleCheck, OctagonAlert } from 'lucide-react'
import type { KeyId } from '../../../../app/market/market.ts'
import { Disclosure } from '../../../components/Disclosure.tsx'
import { Section } from '../../../components/Facts.tsx'
import { Hash } from '../../../components/Hash.tsx'
import { useMarketMessages } from '../../../i18n/useMarketMessages.ts'
import { useFormats } from '../../../i18n/useMessages.tsx'
import { useReadable } from '../../../useReadable.ts'
import { useMarket } from '../marketContext.tsx'
import { ProveReceipt } from './ProveReceipt.tsx'
import { WrittenDown } from './WrittenDown.tsx'

const shownAtOnce = 20

export function Receipts({ keyId }: { keyId: KeyId }) {
  const { oneKey: words, outcomes } = useMarketMessages()
  const market = useMarket()
  const formats = useFormats()
  const receipts = useReadable(market.receipts(keyId))
  const [latest] = receipts
  return (
    <Section title={words.receipts}>
      {receipts.length === 0 ? (
        <p className="card soft">{words.receiptsNone}</p>
      ) : (
        <ul className="card flush rows">
          {receipts.slice(0, shownAtOnce).map(receipt => {
            const isGood = receipt.status === 'done'
            const Icon = isGood ? CircleCheck : OctagonAlert
            return (
              <li key={receipt.id} className="card-pad">
                <p className={`state-line tone-${isGood ? 'ok' : 'attention'}`}>
                  <Icon size={18} aria-hidden />
                  <span>
                    <strong>{outcomes[receipt.status].state}</strong>{' '}
                    <span className="note">
                      {formats.dateTime(receipt.at)}
                      {receipt.counter > 0 && ` · ${words.receiptCounter(formats.number(receipt.counter))}`}
                    </span>
                  </span>
                </p>
                <Disclosure title={words.receiptProof}>
                  <div className="stack snug">
                    <Hash value={receipt.digest} name={words.receiptDigest} />
                    <Hash value={receipt.signature} name={words.receiptSignature} />
                    {market.canAnchor && <ProveReceipt receipt={receipt} />}
                  </div>
                </Disclosure>
              </li>
            )
          })}
        </ul>
      )}
      {latest !== undefined && market.canAnchor && <WrittenDown deviceId={latest.deviceId} />}
    </Section>
  )
}
