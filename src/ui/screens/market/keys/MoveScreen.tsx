// A key that was bought goes to another phone: its code in, the look at it, the code for it out.
import { useState } from 'react'
import type { KeyView } from '../../../../app/market/market.ts'
import { Section } from '../../../components/Facts.tsx'
import { Notice } from '../../../components/Notice.tsx'
import { Screen } from '../../../components/Screen.tsx'
import { CodeReader } from '../../../components/scan/CodeReader.tsx'
import { useMarketMessages } from '../../../i18n/useMarketMessages.ts'
import { paths } from '../../../paths.ts'
import { useReadable } from '../../../useReadable.ts'
import { NotFoundScreen } from '../../NotFoundScreen.tsx'
import { CodeToShow } from '../../wallet/handOver/CodeToShow.tsx'
import { PaymentNow } from '../../wallet/payments/PaymentNow.tsx'
import { useSigning } from '../../wallet/signing/useSigning.tsx'
import type { ShownFailure } from '../../wallet/WalletFailure.tsx'
import { MarketFailure } from '../MarketFailure.tsx'
import { useMarket } from '../marketContext.tsx'
import { keyName } from './keyName.ts'

export function MoveScreen({ id }: { id: string }) {
  const { keys: words } = useMarketMessages()
  const key = useReadable(useMarket().keys).find(each => each.id === id)
  return key === undefined ? <NotFoundScreen title={words.notFound} /> : <Move view={key} />
}

function Move({ view }: { view: KeyView }) {
  const { oneKey: words, keys } = useMarketMessages()
  const market = useMarket()
  const { send, isBusy, view: signing } = useSigning(MarketFailure)
  const [unread, setUnread] = useState<ShownFailure | null>(null)
  const { state } = view

  const read = (text: string) => {
    const code = market.readCode(text)
    setUnread(!code.ok ? code.error : code.value.kind === 'request' ? null : { kind: 'notAKeyRequest' })
    if (!code.ok || code.value.kind !== 'request') return
    const { userKeyHash } = code.value
    send(() => market.proposeMove(view.id, userKeyHash))
  }
  return (
    <Screen title={words.moveTitle} back={paths.key(view.id)} notices={false}>
      <p className="row-title breakable">{keyName(view, keys)}</p>
      {state.kind === 'moved' ? (
        <>
          <Notice tone="ok" title={words.movedTitle} live>
            {words.movedBody}
          </Notice>
          <CodeToShow text={state.code} label={words.movedTitle} />
        </>
      ) : state.kind === 'moving' ? (
        <PaymentNow id={state.paymentId} />
      ) : (
        <>
          <p className="prose soft">{words.moveBody}</p>
          <Section title={words.moveScan}>
            <CodeReader
              scanLabel={words.moveScan}
              pasteHint={words.movePasteHint}
              isReading={isBusy}
              onText={read}
            />
          </Section>
        </>
      )}
      {unread !== null && <MarketFailure failure={unread} />}
      {signing}
    </Screen>
  )
}
