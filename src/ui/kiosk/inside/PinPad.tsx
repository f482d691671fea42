// Digits of a PIN by large keys or a keyboard; what was typed is shown as dots, and never kept after it was asked.
import '../../styles/kioskInside.css'
import { Delete } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useKioskMessages } from '../../i18n/useKioskMessages.ts'

const shortest = 4
const longest = 12
const digits = ['1', '2', '3', '4', '5', '6', '7', '8', '9'] as const

/** `isShut`: nothing can be typed just now. */
export function PinPad({ isShut, onEnter }: { isShut: boolean; onEnter: (pin: string) => void }) {
  const { pin: words } = useKioskMessages()
  const [typed, setTyped] = useState('')
  const add = (digit: string) => setTyped(before => (before.length < longest ? before + digit : before))
  const erase = () => setTyped(before => before.slice(0, -1))
  const isLong = typed.length >= shortest
  const enter = () => {
    if (!isLong || isShut) return
    setTyped('')
    onEnter(typed)
  }
  const press = useRef((_key: string) => {})
  useEffect(() => {
    press.current = key => {
      if (isShut) return
      if (/^\d$/.test(key)) add(key)
      else if (key === 'Backspace') erase()
    }
  })
  useEffect(() => {
    const listen = ({ key }: KeyboardEvent) => press.current(key)
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [])
  return (
    <>
      <p className="kiosk-dots">
        {[...typed].map((_, index) => (
          // Dots have nothing but their place.
          <span key={String(index)} aria-hidden="true" />
        ))}
        <span className="hidden-text" role="status">
          {words.digits(typed.length)}
        </span>
      </p>
      <div className="kiosk-keys">
        {digits.map(digit => (
          <button key={digit} type="button" disabled={isShut} onClick={() => add(digit)}>
            {digit}
          </button>
        ))}
        <button type="button" aria-label={words.erase} disabled={isShut || typed === ''} onClick={erase}>
          <Delete aria-hidden />
        </button>
        <button type="button" disabled={isShut} onClick={() => add('0')}>
          0
        </button>
        <button type="button" className="enter" disabled={isShut || !isLong} onClick={enter}>
          {words.enter}
        </button>
      </div>
    </>
  )
}
