// A new PIN, typed twice: a slip of the finger would lock the owner out.
import { useState } from 'react'
import { FailureWords } from '../../components/FailureNotice.tsx'
import { useKioskMessages } from '../../i18n/useKioskMessages.ts'
import { useKiosk } from '../kioskContext.tsx'
import { PinPad } from './PinPad.tsx'

export function NewPin({ onSet }: { onSet: () => void }) {
  const { setup: words, failures } = useKioskMessages()
  const kiosk = useKiosk()
  const [first, setFirst] = useState<string | null>(null)
  const [isBusy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<'differs' | 'pinTooSimple' | 'pinNotStored' | null>(null)
  const enter = async (pin: string) => {
    setTrouble(null)
    if (first === null) return setFirst(pin)
    setFirst(null)
    if (pin !== first) return setTrouble('differs')
    setBusy(true)
    const set = await kiosk.pin.set(pin)
    setBusy(false)
    if (set.ok) onSet()
    else setTrouble(set.error.kind)
  }
  return (
    <div className="stack kiosk-new-pin">
      <p role="status" className="kiosk-lead">
        {first === null ? (trouble === 'differs' ? words.pinDiffers : words.pinTitle) : words.pinAgain}
      </p>
      <PinPad key={first === null ? 'first' : 'again'} isShut={isBusy} onEnter={pin => void enter(pin)} />
      {trouble !== null && trouble !== 'differs' && (
        <FailureWords text={failures[trouble]} kind={trouble} detail={null} tone="attention" />
      )}
    </div>
  )
}
