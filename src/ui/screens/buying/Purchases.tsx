// What was bought at kiosks, newest first; and the scanner for the next one, or for a receipt.
import { ChevronRight, ShoppingBag } from 'lucide-react'
import { useState } from 'react'
import { Link } from 'wouter'
import type { BoughtView } from '../../../app/kiosk/buyer/saleBuyer.ts'
import { Notice } from '../../components/Notice.tsx'
import { Screen } from '../../components/Screen.tsx'
import { CodeReader } from '../../components/scan/CodeReader.tsx'
import { shortAmount } from '../../i18n/amounts.ts'
import { useBuyingMessages } from '../../i18n/useBuyingMessages.ts'
import { useFormats } from '../../i18n/useMessages.tsx'
import { textIn } from '../../kiosk/productText.ts'
import { paths } from '../../paths.ts'
import { saleCodeIn } from '../../saleLink.ts'
import { useReadable } from '../../useReadable.ts'
import type { ShownFailure } from '../wallet/WalletFailure.tsx'
import { BuyFailure } from './BuyFailure.tsx'
import { boughtLook } from './boughtLook.ts'
import { useBuyer } from './buyerContext.ts'
import { PrepaidLink } from './PrepaidLink.tsx'

export function Purchases() {
  const words = useBuyingMessages()
  const buyer = useBuyer()
  const bought = useReadable(buyer.bought)
  const [isBusy, setBusy] = useState(false)
  const [failure, setFailure] = useState<ShownFailure | null>(null)
  const [receipt, setReceipt] = useState<string | null>(null)
  const read = async (text: string) => {
    setFailure(null)
    setReceipt(null)
    const code = saleCodeIn(text)
    if (code !== null) {
      location.hash = code
      return
    }
    setBusy(true)
    const found = await buyer.readReceipt(text.trim())
    setBusy(false)
    if (!found.ok) return setFailure(found.error)
    const { outcome, quantity, slot } = found.value
    setReceipt(outcome === 'dropped' ? words.receiptDropped(quantity, slot) : words.receiptFailed(slot))
  }
  return (
    <Screen title={words.purchases} back={paths.keys} notices={false}>
      {bought.length === 0 ? (
        <div className="card empty">
          <span className="glyph large">
            <ShoppingBag size={30} strokeWidth={1.75} aria-hidden />
          </span>
          <h2>{words.purchasesNone}</h2>
          <p className="prose soft">{words.purchasesNoneBody}</p>
        </div>
      ) : (
        <ul className="card flush rows">
          {bought.map(each => (
            <li key={each.id}>
              <PurchaseRow bought={each} />
            </li>
          ))}
        </ul>
      )}
      <PrepaidLink note={words.prepaid.linkNote} />
      <CodeReader
        scanLabel={words.scan}
        pasteHint={words.scanHint}
        isReading={isBusy}
        onText={text => void read(text)}
      />
      {failure !== null && <BuyFailure failure={failure} />}
      {receipt !== null && (
        <Notice tone="ok" title={receipt} live>
          {words.machinesWord}
        </Notice>
      )}
    </Screen>
  )
}

function PurchaseRow({ bought }: { bought: BoughtView }) {
  const words = useBuyingMessages()
  const { language, dateTime } = useFormats()
  const { icon: Icon, tone } = boughtLook[bought.state.kind]
  return (
    <Link href={paths.boughtThing(bought.id)} className="row">
      <Icon size={20} className={`tone-${tone}`} aria-hidden />
      <span className="grow">
        <span className="row-title">{words.state[bought.state.kind].title}</span>
        <br />
        <span className="row-note">
          {bought.product !== null && `${textIn(bought.product.name, language)} · `}
          {shortAmount(bought.total, language)}
          <br />
          {dateTime(bought.at)}
        </span>
      </span>
      <ChevronRight size={18} className="chevron" aria-hidden />
    </Link>
  )
}
