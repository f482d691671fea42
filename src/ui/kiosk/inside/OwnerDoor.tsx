// The owner’s hidden door: the PIN first, with longer waits after wrong ones, then what is behind it.
import { useCallback, useEffect, useState } from 'react'
import { Button } from '../../components/Button.tsx'
import { useKioskMessages } from '../../i18n/useKioskMessages.ts'
import { useFormats } from '../../i18n/useMessages.tsx'
import { useNow } from '../../useNow.ts'
import { useKiosk } from '../kioskContext.tsx'
import { useIdle } from '../useIdle.ts'
import { InsideScreen } from './InsideScreen.tsx'
import { PinPad } from './PinPad.tsx'

/** Seconds: nobody leaves the door open by walking away. */
const patience = { pin: 30, inside: 300 } as const

export function OwnerDoor({ onClose }: { onClose: () => void }) {
  const [isOpen, setOpen] = useState(false)
  useIdle(isOpen ? patience.inside : patience.pin, isOpen ? 'inside' : 'pin', onClose)
  return isOpen ? (
    <InsideScreen onClose={onClose} />
  ) : (
    <PinQuestion onClose={onClose} onRight={() => setOpen(true)} />
  )
}

function PinQuestion({ onClose, onRight }: { onClose: () => void; onRight: () => void }) {
  const { pin: words, back } = useKioskMessages()
  const formats = useFormats()
  const kiosk = useKiosk()
  const now = useNow()
  const [answer, setAnswer] = useState<'none' | 'asking' | 'wrong'>('none')
  const [until, setUntil] = useState(0)
  const isWaiting = until > now
  const enter = useCallback(
    async (pin: string) => {
      setAnswer('asking')
      const result = await kiosk.pin.check(pin)
      if (result.ok) return onRight()
      setAnswer(result.error.kind === 'pinWrong' ? 'wrong' : 'none')
      if (result.error.kind === 'pinWaiting') setUntil(result.error.until)
    },
    [kiosk, onRight],
  )
  useEffect(() => {
    if (isWaiting) setAnswer('none')
  }, [isWaiting])
  return (
    <div className="kiosk">
      <span />
      <main id="content" className="kiosk-main centred">
        <h1 className="kiosk-title">{words.title}</h1>
        <PinPad isShut={answer === 'asking' || isWaiting} onEnter={pin => void enter(pin)} />
        <p className="kiosk-lead" role="alert">
          {isWaiting ? words.wait(formats.duration(until - now)) : answer === 'wrong' ? words.wrong : ''}
        </p>
      </main>
      <footer className="kiosk-foot">
        <Button onClick={onClose}>{back}</Button>
      </footer>
    </div>
  )
}
