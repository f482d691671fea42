// What has to be known before paying: each a sign and a sentence, the bad news first.
import type { ReactNode } from 'react'
import { toneIcons } from '../../../components/Notice.tsx'
import type { Tone } from '../../../deviceState.ts'

export interface Truth {
  readonly id: string
  readonly tone: Tone
  readonly text: string
  readonly more?: ReactNode
}

const order: readonly Tone[] = ['alarm', 'attention', 'ok', 'info', 'plain']

export function Truths({ truths }: { truths: readonly Truth[] }) {
  const sorted = truths.toSorted((a, b) => order.indexOf(a.tone) - order.indexOf(b.tone))
  return (
    <ul className="card flush truths">
      {sorted.map(({ id, tone, text, more }) => {
        const Icon = toneIcons[tone]
        return (
          <li key={id} className={`tone-${tone}`}>
            <Icon size={20} aria-hidden />
            <div className="stack tight">
              <p>{text}</p>
              {more}
            </div>
          </li>
        )
      })}
    </ul>
  )
}
