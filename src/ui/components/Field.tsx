// Inputs with their label, hint and error tied together.
import { type ReactNode, useId } from 'react'

export function TextField({
  label,
  hint,
  error,
  value,
  onChange,
  multiline = false,
  type = 'text',
  placeholder,
}: {
  label: string
  hint?: string
  error?: string | null
  value: string
  onChange: (value: string) => void
  multiline?: boolean
  type?: 'text' | 'url' | 'search'
  placeholder?: string
}) {
  const id = useId()
  const described = [
    hint !== undefined ? `${id}-hint` : '',
    error !== undefined && error !== null ? `${id}-error` : '',
  ]
    .filter(part => part !== '')
    .join(' ')
  const shared = {
    id,
    className: 'input',
    value,
    placeholder,
    'aria-describedby': described === '' ? undefined : described,
    'aria-invalid': error !== undefined && error !== null ? true : undefined,
    autoComplete: 'off',
    autoCapitalize: 'off',
    spellCheck: false,
  }
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {multiline ? (
        <textarea {...shared} rows={5} onChange={event => onChange(event.target.value)} />
      ) : (
        <input {...shared} type={type} onChange={event => onChange(event.target.value)} />
      )}
      {hint !== undefined && (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error !== undefined && error !== null && (
        <p className="error" id={`${id}-error`} role="alert">
          {error}
        </p>
      )}
    </div>
  )
}

export function Segments<T extends string>({
  legend,
  options,
  value,
  onChange,
}: {
  legend: string
  options: readonly { readonly value: T; readonly label: string; readonly lang?: string }[]
  value: T
  onChange: (value: T) => void
}) {
  const name = useId()
  return (
    <fieldset className="field">
      <legend className="hidden-text">{legend}</legend>
      <span className="label" aria-hidden="true">
        {legend}
      </span>
      <div className="segments">
        {options.map(option => (
          <label key={option.value} className="segment" lang={option.lang}>
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={option.value === value}
              onChange={() => onChange(option.value)}
            />
            {option.label}
          </label>
        ))}
      </div>
    </fieldset>
  )
}

export function Check({
  checked,
  onChange,
  children,
}: {
  checked: boolean
  onChange: (checked: boolean) => void
  children: ReactNode
}) {
  return (
    <label className="check">
      <input type="checkbox" checked={checked} onChange={event => onChange(event.target.checked)} />
      <span>{children}</span>
    </label>
  )
}

export function SwitchRow({
  label,
  hint,
  checked,
  onChange,
}: {
  label: string
  hint: string
  checked: boolean
  onChange: (checked: boolean) => void
}) {
  const id = useId()
  return (
    <div className="row">
      <label className="grow" htmlFor={id}>
        <span className="row-title">{label}</span>
        <br />
        <span className="row-note">{hint}</span>
      </label>
      <input
        id={id}
        type="checkbox"
        role="switch"
        aria-checked={checked}
        className="switch"
        checked={checked}
        onChange={event => onChange(event.target.checked)}
      />
    </div>
  )
}
