// Products sold on each day as bars; the numbers themselves are one tap away, for whoever can’t see them.
import type { SalesDay } from '../../../app/kiosk/owner/kioskOwner.ts'
import { Disclosure } from '../../components/Disclosure.tsx'
import { sentences } from '../../i18n/punctuation.ts'
import { useFormats } from '../../i18n/useMessages.tsx'
import { useSellingMessages } from '../../i18n/useSellingMessages.ts'

const height = 100

/** `days` in the order of time. */
export function DayPlot({ days }: { days: readonly SalesDay[] }) {
  const words = useSellingMessages()
  const formats = useFormats()
  const [first] = days
  const last = days.at(-1)
  if (first === undefined || last === undefined) return null
  const most = Math.max(1, ...days.map(({ sold, refunded }) => sold + refunded))
  const sum = (of: (day: SalesDay) => number) => formats.number(days.reduce((all, day) => all + of(day), 0))
  const [from, to] = [formats.date(first.day), formats.date(last.day)]
  return (
    <figure className="card stack snug">
      <figcaption className="row-note">
        {sentences([words.perDay, words.most(most)], formats.language)}
      </figcaption>
      <svg
        className="day-plot"
        viewBox={`0 0 ${String(days.length * 10)} ${String(height)}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={words.plot(
          sum(({ sold }) => sold),
          sum(({ refunded }) => refunded),
          from,
          to,
        )}
      >
        {days.map(({ day, sold, refunded }, index) => {
          const up = (sold / most) * height
          const over = (refunded / most) * height
          return (
            <g key={day} transform={`translate(${String(index * 10)} 0)`}>
              <rect className="sold" x="1" width="8" y={height - up} height={up} />
              <rect className="refunded" x="1" width="8" y={height - up - over} height={over} />
            </g>
          )
        })}
      </svg>
      <p className="day-ends row-note">
        <span>{from}</span>
        <span>{to}</span>
      </p>
      <Disclosure title={words.byDay}>
        <ul>
          {days
            .filter(({ sold, refunded }) => sold + refunded > 0)
            .map(({ day, sold, refunded }) => (
              <li key={day}>{words.dayOf(formats.date(day), sold, refunded)}</li>
            ))}
        </ul>
      </Disclosure>
    </figure>
  )
}
