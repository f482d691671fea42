// Keys that were lent: for whom, until when; their codes once more, and ending them all.
import { Ban, KeyRound, QrCode, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { LentKeyView, LettingView } from '../../../../app/market/letting.ts'
import { Button, IconButton } from '../../../components/Button.tsx'
import { ConfirmSheet } from '../../../components/ConfirmSheet.tsx'
import { Section } from '../../../components/Facts.tsx'
import { Sheet } from '../../../components/Sheet.tsx'
import { useMarketMessages } from '../../../i18n/useMarketMessages.ts'
import { useFormats } from '../../../i18n/useMessages.tsx'
import { useNow } from '../../../useNow.ts'
import { CodeToShow } from '../../wallet/handOver/CodeToShow.tsx'
import { useDeviceTask } from '../../wallet/useDeviceTask.ts'
import { timesOfBits } from '../hours/weekly.ts'
import { weeklyText } from '../hours/weeklyText.ts'
import { MarketFailure } from '../MarketFailure.tsx'
import { useMarket } from '../marketContext.tsx'
import { ownOffset, useZoneTimes } from '../marketTimes.ts'

export function LentKeys({ view }: { view: LettingView }) {
  const { letting: words } = useMarketMessages()
  const market = useMarket()
  const task = useDeviceTask()
  const [isEnding, setEnding] = useState(false)
  const [shown, setShown] = useState<LentKeyView | null>(null)
  const canEnd = view.lent.some(({ isRevoked }) => !isRevoked) || view.stays.length > 0
  const endAll = () => {
    setEnding(false)
    void task.run(async () => {
      const signed = await market.revokeAll(view.deviceId)
      if (!signed.ok) return signed
      const delivered = await market.bringSettings(view.deviceId)
      await market.readLetting(view.deviceId)
      return delivered
    })
  }
  return (
    <Section title={words.lent}>
      {view.lent.length === 0 ? (
        <p className="card soft">{words.lentNone}</p>
      ) : (
        <ul className="card flush rows">
          {view.lent.map(key => (
            <li key={key.id} className="row">
              <LentKey
                lent={key}
                onShow={() => setShown(key)}
                onForget={() => void market.forgetLent(key.id)}
              />
            </li>
          ))}
        </ul>
      )}
      {canEnd && (
        <Button look="danger-quiet" icon={Ban} busy={task.isBusy} onClick={() => setEnding(true)}>
          {words.revoke}
        </Button>
      )}
      {task.failure !== null && <MarketFailure failure={task.failure} />}
      {shown !== null && (
        <Sheet title={shown.name} onClose={() => setShown(null)}>
          <CodeToShow text={shown.code} label={words.showAgain} />
        </Sheet>
      )}
      {isEnding && (
        <ConfirmSheet
          title={words.revokeTitle}
          icon={Ban}
          action={words.revokeAction}
          onConfirm={endAll}
          onClose={() => setEnding(false)}
        >
          <p className="prose">{words.revokeBody}</p>
          <p className="prose soft">{words.revokeNote}</p>
        </ConfirmSheet>
      )}
    </Section>
  )
}

function LentKey({
  lent,
  onShow,
  onForget,
}: {
  lent: LentKeyView
  onShow: () => void
  onForget: () => void
}) {
  const { letting: words, lend } = useMarketMessages()
  const formats = useFormats()
  const now = useNow()
  const offset = ownOffset()
  const times = useZoneTimes(offset)
  const isOver = lent.until <= now || lent.isRevoked
  const notes = [
    lent.isRevoked
      ? words.lentRevoked
      : lent.until <= now
        ? words.lentEnded
        : words.lentUntil(times.moment(lent.until)),
    ...weeklyText(timesOfBits(lent.weeklyHours, offset), times, formats),
    ...(lent.maxUses > 0 ? [words.lentUses(lent.maxUses)] : []),
    ...(lent.canManage ? [lend.actions.manage] : []),
    ...(lent.takesFree ? [words.lentFree] : []),
  ]
  return (
    <>
      <KeyRound size={20} aria-hidden className={isOver ? 'soft' : undefined} />
      <span className="grow">
        <span className="row-title breakable">{lent.name}</span>
        {notes.map(note => (
          <span key={note} className="row-note">
            <br />
            {note}
          </span>
        ))}
      </span>
      {isOver ? (
        <IconButton icon={Trash2} label={words.lentForget(lent.name)} onClick={onForget} />
      ) : (
        <IconButton icon={QrCode} label={words.lentShow(lent.name)} onClick={onShow} />
      )}
    </>
  )
}
