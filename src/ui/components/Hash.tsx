// A hash or address, shortened; a tap copies the whole of it, and paper shows the whole of it.
import { Check, Copy } from 'lucide-react'
import { shortHash } from '../i18n/formats.ts'
import { useMessages } from '../i18n/useMessages.tsx'
import { useCopy } from '../useCopy.ts'

export function Hash({ value, name }: { value: string; name: string }) {
  const { common } = useMessages()
  const { copied, copy } = useCopy()
  const Icon = copied ? Check : Copy
  return (
    <button
      type="button"
      className={copied ? 'hash copied' : 'hash'}
      title={value}
      aria-label={`${common.copyValue(name)} ${shortHash(value)}`}
      onClick={() => void copy(value)}
    >
      <span className="hash-short">{shortHash(value)}</span>
      <span className="hash-whole" aria-hidden="true">
        {value}
      </span>
      <Icon size={14} aria-hidden />
      <span className="hidden-text" aria-live="polite">
        {copied ? common.copied : ''}
      </span>
    </button>
  )
}
