// The way to one's own device in four steps, with the present one marked.
import { Check } from 'lucide-react'
import { useWalletMessages } from '../../../i18n/useWalletMessages.ts'

export type ClaimStep = 'pair' | 'claim' | 'wait' | 'tell' | 'done'

const order: readonly ClaimStep[] = ['pair', 'claim', 'wait', 'tell', 'done']

export function Steps({ present }: { present: ClaimStep }) {
  const { claim: words } = useWalletMessages()
  const names = {
    pair: words.stepPair,
    claim: words.stepClaim,
    wait: words.stepWait,
    tell: words.stepSettings,
  } as const
  return (
    <ol className="card how">
      {(['pair', 'claim', 'wait', 'tell'] as const).map((step, index) => {
        const isDone = order.indexOf(step) < order.indexOf(present)
        return (
          <li
            key={step}
            aria-current={step === present ? 'step' : undefined}
            className={isDone ? 'is-done' : ''}
          >
            <span className="number" aria-hidden="true">
              {isDone ? <Check size={18} /> : index + 1}
            </span>
            <div>
              <h3 className={step === present ? '' : 'soft'}>{names[step]}</h3>
            </div>
          </li>
        )
      })}
    </ol>
  )
}
