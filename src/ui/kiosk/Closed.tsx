// Nothing is for sale: said calmly, and without a button that does not work.
import { Moon } from 'lucide-react'
import { useKioskMessages } from '../i18n/useKioskMessages.ts'
import { KioskHead } from './KioskFrame.tsx'

export function Closed({ onOwner }: { onOwner: () => void }) {
  const { closed: words } = useKioskMessages()
  return (
    <div className="kiosk">
      <KioskHead onOwner={onOwner} />
      <main id="content" className="kiosk-main centred">
        <span className="kiosk-sign">
          <Moon strokeWidth={1.5} aria-hidden />
        </span>
        <h1 className="kiosk-title">{words.title}</h1>
        <p className="kiosk-lead">{words.body}</p>
      </main>
    </div>
  )
}
