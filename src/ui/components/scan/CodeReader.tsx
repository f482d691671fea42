// A code from somebody's screen, box or leaflet: by camera, from a picture, or pasted as text. The scanner is loaded on first use.
import { Camera, ClipboardPaste, Image } from 'lucide-react'
import { lazy, Suspense, useRef, useState } from 'react'
import { useMessages } from '../../i18n/useMessages.tsx'
import { Button } from '../Button.tsx'
import { TextField } from '../Field.tsx'
import { Notice } from '../Notice.tsx'

const Scanner = lazy(async () => ({ default: (await import('./Scanner.tsx')).Scanner }))

export function CodeReader({
  scanLabel,
  pasteHint,
  isReading,
  isContinuous = false,
  onText,
}: {
  scanLabel: string
  /** How the text of such a code begins. */
  pasteHint: string
  isReading: boolean
  /** The camera stays on for the next code; the one that it still sees is told once. */
  isContinuous?: boolean
  onText: (text: string) => void
}) {
  const { pin: words } = useMessages()
  const [mode, setMode] = useState<'idle' | 'scan' | 'paste'>('idle')
  const [text, setText] = useState('')
  const [isImageEmpty, setImageEmpty] = useState(false)
  const file = useRef<HTMLInputElement>(null)
  const latest = useRef<string | null>(null)

  const readImage = async (chosen: File) => {
    const { readCodeFromImage } = await import('./readCode.ts')
    const found = await readCodeFromImage(chosen)
    setImageEmpty(found === null)
    if (found !== null) onText(found)
  }

  return (
    <div className="card stack">
      {mode === 'scan' ? (
        <Suspense fallback={<div className="viewfinder" />}>
          <Scanner
            onText={found => {
              if (!isContinuous) setMode('idle')
              else if (found === latest.current) return
              latest.current = found
              onText(found)
            }}
            onStop={() => setMode('idle')}
          />
        </Suspense>
      ) : (
        <Button look="primary" icon={Camera} wide busy={isReading} onClick={() => setMode('scan')}>
          {scanLabel}
        </Button>
      )}
      {isImageEmpty && <Notice tone="attention" title={words.imageNone} live />}
      <div className="button-row">
        <Button icon={Image} onClick={() => file.current?.click()}>
          {words.image}
        </Button>
        <Button
          icon={ClipboardPaste}
          aria-expanded={mode === 'paste'}
          onClick={() => setMode(mode === 'paste' ? 'idle' : 'paste')}
        >
          {words.paste}
        </Button>
      </div>
      <input
        ref={file}
        type="file"
        accept="image/*"
        hidden
        onChange={event => {
          const [chosen] = event.target.files ?? []
          event.target.value = ''
          if (chosen !== undefined) void readImage(chosen)
        }}
      />
      {mode === 'paste' && (
        <form
          className="stack"
          onSubmit={event => {
            event.preventDefault()
            onText(text)
          }}
        >
          <TextField label={words.pasteLabel} hint={pasteHint} value={text} onChange={setText} multiline />
          <Button type="submit" look="primary" disabled={text.trim() === ''} busy={isReading}>
            {words.read}
          </Button>
        </form>
      )}
    </div>
  )
}
