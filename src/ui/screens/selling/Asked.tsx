// What was asked of the kiosk from afar: on its way, done by the machine's word, or not, and why; looked at again while one is on its way.
import { CircleCheck, Hourglass, OctagonAlert } from 'lucide-react'
import { useEffect } from 'react'
import type { AskedView } from '../../../app/kiosk/owner/kioskOwner.ts'
import type { FailureText } from '../../i18n/failureKinds.ts'
import { labelled } from '../../i18n/punctuation.ts'
import { useMachineMessages } from '../../i18n/useMachineMessages.ts'
import { useFormats } from '../../i18n/useMessages.tsx'
import { useNow } from '../../useNow.ts'

/** Milliseconds. */
const lookAgain = 5_000
const shown = 6

const looks = {
  waiting: { icon: Hourglass, tone: 'info' },
  done: { icon: CircleCheck, tone: 'ok' },
  refused: { icon: OctagonAlert, tone: 'attention' },
  over: { icon: OctagonAlert, tone: 'attention' },
} as const

export function Asked({ asked, again }: { asked: readonly AskedView[]; again: () => void }) {
  const { ask: words, failures } = useMachineMessages()
  const formats = useFormats()
  const now = useNow()
  const isWaiting = asked.some(({ state }) => state === 'waiting')
  useEffect(() => {
    if (!isWaiting) return
    const timer = setInterval(again, lookAgain)
    return () => clearInterval(timer)
  }, [isWaiting, again])
  const reasons: Readonly<Record<string, string>> = words.reasons
  const known: Readonly<Record<string, FailureText>> = failures
  const whyOf = (why: string) => reasons[why] ?? known[why]?.title ?? words.reasons.other
  return (
    <>
      <h3>{words.list}</h3>
      <ul className="card flush rows">
        {asked.slice(0, shown).map(({ number, act, slot, stock, at, state, why }) => {
          const { icon: Icon, tone } = looks[state]
          const told =
            why === null ? words.states[state] : labelled(words.states[state], whyOf(why), formats.language)
          return (
            <li key={number} className="row">
              <Icon size={20} className={`tone-${tone}`} aria-hidden />
              <span className="grow">
                <span className="row-title">{words.acts[act](slot, stock)}</span>
                <br />
                <span className="row-note" role="status">
                  {`${told} · ${words.asked(formats.age(at, now))}`}
                </span>
              </span>
            </li>
          )
        })}
      </ul>
    </>
  )
}
