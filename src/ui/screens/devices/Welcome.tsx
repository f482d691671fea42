// The empty list: what Fob is for, in three steps, before the first device.
import { Brand } from '../../components/Brand.tsx'
import { useMessages } from '../../i18n/useMessages.tsx'

export function Welcome() {
  const { devices: words } = useMessages()
  return (
    <div className="stack loose">
      <div className="stack snug">
        <Brand size={56} />
        <h2 className="welcome-title">{words.emptyTitle}</h2>
        <p className="lead soft prose">{words.emptyBody}</p>
      </div>
      <ol className="card how">
        {words.how.map(({ title, body }, index) => (
          <li key={title}>
            <span className="number" aria-hidden="true">
              {index + 1}
            </span>
            <div>
              <h3>{title}</h3>
              <p className="soft">{body}</p>
            </div>
          </li>
        ))}
      </ol>
    </div>
  )
}
