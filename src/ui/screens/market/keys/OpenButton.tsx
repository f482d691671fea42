// The button that opens: as large as a thumb wants it, its state in words, shape, colour, vibration and for screen readers.
import { Ban, Hourglass, LoaderCircle, LockKeyhole, LockKeyholeOpen, type LucideIcon, X } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { signal } from '../../../feedback.ts'
import { useFob } from '../../../fobContext.ts'
import { useReadable } from '../../../useReadable.ts'

export type OpenLook = 'ready' | 'busy' | 'open' | 'stuck' | 'off' | 'over'

const icons: Record<OpenLook, LucideIcon> = {
  ready: LockKeyhole,
  busy: LoaderCircle,
  open: LockKeyholeOpen,
  stuck: X,
  off: Hourglass,
  over: Ban,
}

const tones: Record<OpenLook, string> = {
  ready: '',
  busy: 'tone-info',
  open: 'tone-ok',
  stuck: 'tone-alarm',
  off: 'tone-plain',
  over: 'tone-plain',
}

export function OpenButton({
  look,
  label,
  state,
  next,
  onPress,
}: {
  look: OpenLook
  /** What a press does, or what is being done. */
  label: string
  /** What the lock did last or is doing, in one sentence; read out when it changes. */
  state: string
  /** What to do now; null where nothing is. */
  next: string | null
  onPress: () => void
}) {
  const { hapticsAndSound } = useReadable(useFob().settings)
  const told = useRef(look)
  useEffect(() => {
    const before = told.current
    if (before === look) return
    told.current = look
    if (!hapticsAndSound) return
    if (look === 'open') signal('good')
    else if (look === 'stuck' || (look === 'over' && before === 'busy')) signal('bad')
  }, [look, hapticsAndSound])
  const Icon = icons[look]
  const isOff = look === 'busy' || look === 'off' || look === 'over'
  return (
    <div className="open-lock">
      <button
        type="button"
        className={`open-button ${look} ${tones[look]}`}
        aria-disabled={isOff || undefined}
        aria-busy={look === 'busy' || undefined}
        onClick={() => {
          if (isOff) return
          // At the press itself: the hand knows that it was felt before the lock answers.
          if (hapticsAndSound) navigator.vibrate?.(20)
          onPress()
        }}
      >
        <Icon size={72} strokeWidth={1.5} className={look === 'busy' ? 'spin' : undefined} aria-hidden />
        <span>{label}</span>
      </button>
      <p
        className={`open-state ${tones[look]}`}
        role="status"
        // A time that counts down is not read out each minute.
        aria-live={look === 'off' ? 'off' : 'polite'}
      >
        {state}
      </p>
      <p className="open-next" role="status">
        {next}
      </p>
    </div>
  )
}
