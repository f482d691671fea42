// The document with the legal terms: chosen from this phone, its hash worked out here, the file itself goes nowhere.
import { FileText, X } from 'lucide-react'
import { useRef, useState } from 'react'
import type { Hex } from '../../../../core/bytes.ts'
import { Button } from '../../../components/Button.tsx'
import { Fact, Facts } from '../../../components/Facts.tsx'
import { Hash } from '../../../components/Hash.tsx'
import { useMarketMessages } from '../../../i18n/useMarketMessages.ts'
import { type ShownFailure, WalletFailure } from '../../wallet/WalletFailure.tsx'
import { FormPart } from '../FormPart.tsx'

export function TermsFile({
  hash,
  hashFile,
  onChange,
}: {
  hash: Hex | null
  hashFile: (file: Blob) => Promise<Hex>
  onChange: (hash: Hex | null) => void
}) {
  const { editor: words } = useMarketMessages()
  const file = useRef<HTMLInputElement>(null)
  const [name, setName] = useState('')
  const [failure, setFailure] = useState<ShownFailure | null>(null)
  const read = async (chosen: File) => {
    try {
      const found = await hashFile(chosen)
      setName(chosen.name)
      setFailure(null)
      onChange(found)
    } catch {
      setFailure({ kind: 'fileUnreadable' })
    }
  }
  return (
    <FormPart title={words.terms}>
      <p className="row-note">{words.termsHint}</p>
      {hash !== null && (
        <div className="card flush">
          <Facts>
            <Fact name={words.terms}>
              <span className="breakable">{name}</span>
            </Fact>
            <Fact name={words.termsHash}>
              <Hash value={hash} name={words.termsHash} />
            </Fact>
          </Facts>
        </div>
      )}
      <div className="button-row">
        <Button icon={FileText} onClick={() => file.current?.click()}>
          {words.termsChoose}
        </Button>
        {hash !== null && (
          <Button icon={X} onClick={() => onChange(null)}>
            {words.termsRemove}
          </Button>
        )}
      </div>
      <input
        ref={file}
        type="file"
        hidden
        aria-label={words.termsChoose}
        onChange={event => {
          const [chosen] = event.target.files ?? []
          event.target.value = ''
          if (chosen !== undefined) void read(chosen)
        }}
      />
      {failure !== null && <WalletFailure failure={failure} />}
    </FormPart>
  )
}
