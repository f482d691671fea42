// How long an ended sale still stands on the screen.
import { useKioskMessages } from '../../i18n/useKioskMessages.ts'

export function Clears({ seconds }: { seconds: number | null }) {
  const words = useKioskMessages()
  return seconds === null ? null : <p className="kiosk-clears">{words.clears(seconds)}</p>
}
