// A small number, one more or one less at a time.
import { Minus, Plus } from 'lucide-react'
import { IconButton } from '../../../components/Button.tsx'

export function Stepper({
  label,
  value,
  text,
  most,
  fewer,
  more,
  onChange,
}: {
  label: string
  value: number
  /** The value with its unit. */
  text: string
  most: number
  fewer: string
  more: string
  onChange: (value: number) => void
}) {
  return (
    <fieldset className="field">
      <legend className="hidden-text">{label}</legend>
      <span className="label" aria-hidden="true">
        {label}
      </span>
      <div className="stepper card pad-snug">
        <IconButton icon={Minus} label={fewer} onClick={() => onChange(Math.max(1, value - 1))} />
        <output>{text}</output>
        <IconButton icon={Plus} label={more} onClick={() => onChange(Math.min(most, value + 1))} />
      </div>
    </fieldset>
  )
}
