// A receipt of a lock that somebody else hands over: who signed what, and since when it can't have been made up.
import { FileSearch } from 'lucide-react'
import { useRef, useState } from 'react'
import type { CheckedReceipt } from '../../../../app/market/market.ts'
import type { DeviceId } from '../../../../core/identity.ts'
import type { OrderId } from '../../../../core/registry/marketStatements.ts'
import { Button } from '../../../components/Button.tsx'
import { Disclosure } from '../../../components/Disclosure.tsx'
import { Fact, Facts } from '../../../components/Facts.tsx'
import { TextField } from '../../../components/Field.tsx'
import { Hash } from '../../../components/Hash.tsx'
import { Notice } from '../../../components/Notice.tsx'
import { ProofLink } from '../../../components/ProofLink.tsx'
import { Screen } from '../../../components/Screen.tsx'
import { useMarketMessages } from '../../../i18n/useMarketMessages.ts'
import { useFormats } from '../../../i18n/useMessages.tsx'
import { paths } from '../../../paths.ts'
import { useReadable } from '../../../useReadable.ts'
import { useNames } from '../../wallet/signing/useNames.ts'
import type { ShownFailure } from '../../wallet/WalletFailure.tsx'
import { MarketFailure } from '../MarketFailure.tsx'
import { useMarket } from '../marketContext.tsx'
import { ownOffset, useZoneTimes } from '../marketTimes.ts'
import { useOwnLock } from '../owner/useOwnLock.ts'

export function CheckScreen() {
  const { checkReceipt: words } = useMarketMessages()
  const market = useMarket()
  const file = useRef<HTMLInputElement>(null)
  const [isBusy, setBusy] = useState(false)
  const [checked, setChecked] = useState<CheckedReceipt | null>(null)
  const [failure, setFailure] = useState<ShownFailure | null>(null)
  const [text, setText] = useState('')
  const check = async (read: () => Promise<string>) => {
    setChecked(null)
    setFailure(null)
    setBusy(true)
    const found = await market.checkReceipt(await read().catch(() => ''))
    setBusy(false)
    if (found.ok) setChecked(found.value)
    else setFailure(found.error)
  }
  return (
    <Screen
      title={words.title}
      back={paths.keys}
      notices={false}
      actions={
        <Button look="primary" icon={FileSearch} wide busy={isBusy} onClick={() => file.current?.click()}>
          {words.choose}
        </Button>
      }
    >
      <p className="prose soft">{words.intro}</p>
      <input
        ref={file}
        type="file"
        accept="application/json,.json"
        hidden
        aria-label={words.choose}
        onChange={event => {
          const [chosen] = event.target.files ?? []
          event.target.value = ''
          if (chosen !== undefined) void check(() => chosen.text())
        }}
      />
      <div className="card">
        <Disclosure title={words.paste}>
          <form
            className="stack"
            onSubmit={event => {
              event.preventDefault()
              void check(async () => text)
            }}
          >
            <TextField label={words.text} value={text} onChange={setText} multiline />
            <Button type="submit" disabled={text.trim() === ''} busy={isBusy}>
              {words.read}
            </Button>
          </form>
        </Disclosure>
      </div>
      <p className="hidden-text" role="status">
        {isBusy ? words.checking : ''}
      </p>
      {failure !== null && <MarketFailure failure={failure} />}
      {checked !== null && <Checked receipt={checked} />}
    </Screen>
  )
}

function Checked({ receipt }: { receipt: CheckedReceipt }) {
  const { checkReceipt: words, outcomes } = useMarketMessages()
  const formats = useFormats()
  const names = useNames()
  const own = useOwnLock(receipt.deviceId)
  const { deviceId, author, status, counter, orderId, anchoredAt, evidence } = receipt
  return (
    <>
      <Notice tone="ok" title={words.holds} live>
        {words.holdsBody}
      </Notice>
      <section className="card flush">
        <Facts>
          <Fact name={words.said}>{outcomes[status].state}</Fact>
          {counter > 0 && <Fact name={words.counter}>{formats.number(counter)}</Fact>}
          <Fact name={words.device}>
            {names.ofDevice(deviceId) ?? <Hash value={deviceId} name={words.device} />}
          </Fact>
          <Fact name={words.order}>
            {orderId === null ? (
              words.orderNone
            ) : own === undefined ? (
              <Hash value={orderId} name={words.order} />
            ) : (
              <OwnBooking deviceId={deviceId} orderId={orderId} />
            )}
          </Fact>
          <Fact name={words.author}>
            {names.ofAddress(author) ?? <Hash value={author} name={words.author} />}
          </Fact>
          <Fact name={words.since}>
            {anchoredAt === null ? words.sinceUnknown : formats.dateTime(anchoredAt)}
          </Fact>
        </Facts>
        {evidence !== null && (
          <div className="rows ruled">
            <ProofLink evidence={evidence} manifest={null} />
          </div>
        )}
      </section>
    </>
  )
}

/** Of a lock of ours: when it was, if this phone knows the booking. */
function OwnBooking({ deviceId, orderId }: { deviceId: DeviceId; orderId: OrderId }) {
  const { checkReceipt: words, oneKey } = useMarketMessages()
  const view = useReadable(useMarket().letting(deviceId))
  const stay = view.stays.find(each => each.orderId === orderId)
  const terms = view.offers.find(({ offerId }) => offerId === stay?.offerId)?.terms
  const times = useZoneTimes(terms?.utcOffset ?? ownOffset())
  return (
    <>
      {stay !== undefined && (
        <div>
          {oneKey.from} {times.moment(stay.from)}
          <br />
          {oneKey.until} {times.moment(stay.until)}
        </div>
      )}
      <Hash value={orderId} name={words.order} />
    </>
  )
}
