// A code for the other phone: large, and as text for those who can't scan it.
import { Copy } from 'lucide-react'
import { Button } from '../../../components/Button.tsx'
import { QrCode } from '../../../components/QrCode.tsx'
import { useWalletMessages } from '../../../i18n/useWalletMessages.ts'
import { useCopy } from '../../../useCopy.ts'

export function CodeToShow({ text, label }: { text: string; label: string }) {
  const { handOver: words } = useWalletMessages()
  const { copied, copy } = useCopy()
  return (
    <section className="card stack">
      <QrCode text={text} label={label} />
      <p className="row-note">{words.brightness}</p>
      <Button icon={Copy} wide onClick={() => void copy(text)}>
        {copied ? words.copied : words.copy}
      </Button>
      <textarea className="input" readOnly rows={3} value={text} aria-label={label} />
    </section>
  )
}
