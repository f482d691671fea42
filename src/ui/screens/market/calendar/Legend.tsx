// What the looks of days mean; shape tells them apart as well as colour.
import { useMarketMessages } from '../../../i18n/useMarketMessages.ts'

export function Legend({ looks }: { looks: readonly ('free' | 'booked' | 'closed' | 'sold')[] }) {
  const { calendar: words } = useMarketMessages()
  return (
    <ul className="legend" aria-hidden="true">
      {looks.map(look => (
        <li key={look} className="legend-entry">
          <span className={`day ${look}`}>1</span>
          {words[look]}
        </li>
      ))}
    </ul>
  )
}
