// An export file and the passphrase that it opens with.
import { FileKey } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { Button } from '../../../components/Button.tsx'
import { Notice } from '../../../components/Notice.tsx'
import { useWalletMessages } from '../../../i18n/useWalletMessages.ts'
import { useWallet } from '../../../walletContext.tsx'
import { PassphraseField } from '../lock/PassphraseField.tsx'
import { PassphraseStatus } from '../lock/PassphraseStatus.tsx'
import { usePassphraseTry } from '../lock/usePassphraseTry.ts'
import type { RestoreProps } from './RestoreScreen.tsx'

/** A vault with eight passkeys is below 10 kB. */
const MAX_BYTES = 1_000_000

export function ByFile({ formId, onReady, onBusy, onRestored }: RestoreProps) {
  const { restore: words, passphrase: fields, lock } = useWalletMessages()
  const { vault } = useWallet()
  const picker = useRef<HTMLInputElement>(null)
  const [file, setFile] = useState<File | null>(null)
  const [text, setText] = useState('')
  const attempt = usePassphraseTry()
  const isTooLarge = file !== null && file.size > MAX_BYTES
  const isReady = file !== null && !isTooLarge && text !== '' && attempt.waitingUntil === null
  useEffect(() => onReady(isReady), [isReady, onReady])
  const restore = async (chosen: File) => {
    onBusy(true)
    await attempt.run(text, async passphrase => {
      const bytes = await readFile(chosen)
      if (bytes === null) return { ok: false, error: { kind: 'fileUnreadable' } }
      const imported = await vault.importFile({ file: bytes, passphrase })
      if (imported.ok) onRestored(text)
      return imported
    })
    onBusy(false)
  }
  return (
    <form
      id={formId}
      className="card stack"
      onSubmit={event => {
        event.preventDefault()
        if (isReady && !attempt.isBusy) void restore(file)
      }}
    >
      <p className="prose soft">{words.fileIntro}</p>
      {file !== null && (
        <p className="with-icon row-title">
          <FileKey size={20} aria-hidden />
          <span>{file.name}</span>
        </p>
      )}
      {isTooLarge && <Notice tone="attention" title={words.fileTooLarge} live />}
      <Button icon={FileKey} onClick={() => picker.current?.click()}>
        {file === null ? words.chooseFile : words.otherFile}
      </Button>
      <input
        ref={picker}
        type="file"
        hidden
        onChange={event => {
          const [picked] = event.target.files ?? []
          event.target.value = ''
          if (picked === undefined) return
          setFile(picked)
          attempt.clear()
        }}
      />
      <PassphraseField
        label={fields.ofFile}
        value={text}
        onChange={typed => {
          setText(typed)
          attempt.clear()
        }}
        error={attempt.isWrong ? lock.wrong : null}
      />
      <PassphraseStatus attempt={attempt} working={words.working} />
    </form>
  )
}

/** null where the file can't be read any more: moved, or on a drive that was taken away. */
async function readFile(file: File): Promise<Uint8Array | null> {
  try {
    return new Uint8Array(await file.arrayBuffer())
  } catch {
    return null
  }
}
