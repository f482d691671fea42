// The document with the legal terms, compared with the hash that the offer names, on this phone.
import { FileSearch } from 'lucide-react'
import { useRef, useState } from 'react'
import type { Hex } from '../../../../core/bytes.ts'
import { Button } from '../../../components/Button.tsx'
import { Section } from '../../../components/Facts.tsx'
import { Hash } from '../../../components/Hash.tsx'
import { Notice } from '../../../components/Notice.tsx'
import { useMarketMessages } from '../../../i18n/useMarketMessages.ts'
import { useMarket } from '../marketContext.tsx'

export function TermsCheck({ hash }: { hash: Hex }) {
  const { offer: words } = useMarketMessages()
  const market = useMarket()
  const input = useRef<HTMLInputElement>(null)
  const [checked, setChecked] = useState<{ readonly name: string; readonly isSame: boolean } | null>(null)
  if (/^0x0*$/.test(hash)) return null
  const check = async (file: File) => {
    const bytes = await file.arrayBuffer().catch(() => null)
    const isSame = bytes !== null && market.hashDocument(new Uint8Array(bytes)) === hash
    setChecked({ name: file.name, isSame })
  }
  return (
    <Section title={words.terms}>
      <div className="card stack">
        <p className="prose soft">{words.termsBody}</p>
        <Hash value={hash} name={words.termsHash} />
        {checked !== null && (
          <Notice
            tone={checked.isSame ? 'ok' : 'alarm'}
            title={checked.isSame ? words.termsSame : words.termsOther}
            live
          >
            <span className="breakable">{checked.name}</span>
          </Notice>
        )}
        <Button icon={FileSearch} wide onClick={() => input.current?.click()}>
          {words.termsCheck}
        </Button>
        <input
          ref={input}
          type="file"
          hidden
          aria-label={words.termsCheck}
          onChange={event => {
            const [file] = event.target.files ?? []
            event.target.value = ''
            if (file !== undefined) void check(file)
          }}
        />
      </div>
    </Section>
  )
}
