// One line of evidence; a tap shows how it was proven.
import { ChevronRight } from 'lucide-react'
import { useState } from 'react'
import type { Evidence } from '../../core/registry/evidence.ts'
import type { Manifest } from '../../core/registry/release.ts'
import { evidenceShort } from '../deviceWords.ts'
import { clauses } from '../i18n/punctuation.ts'
import { useFormats, useMessages } from '../i18n/useMessages.tsx'
import { useNow } from '../useNow.ts'
import { EvidenceSheet } from './EvidenceSheet.tsx'

export function ProofLink({ evidence, manifest }: { evidence: Evidence; manifest: Manifest | null }) {
  const messages = useMessages()
  const formats = useFormats()
  const now = useNow()
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <button type="button" className="proof-link" aria-haspopup="dialog" onClick={() => setOpen(true)}>
        <ProofDots evidence={evidence} />
        <span className="grow">
          {clauses(
            [
              evidenceShort(evidence, now, messages, formats),
              messages.evidence.block(formats.number(evidence.block.number)),
            ],
            formats.language,
          )}
          <span className="hidden-text">
            . {evidence.level === 'proven' ? messages.evidence.open : messages.evidence.openUnproven}
          </span>
        </span>
        <ChevronRight size={18} className="soft" aria-hidden />
      </button>
      {isOpen && <EvidenceSheet evidence={evidence} manifest={manifest} onClose={() => setOpen(false)} />}
    </>
  )
}

function ProofDots({ evidence }: { evidence: Evidence }) {
  return (
    <span className="proof-dots" aria-hidden="true">
      {evidence.endpoints.map(({ host, verdict }, index) => (
        <i
          // Two endpoints may share a host name; their order never changes within one reading.
          key={`${host}#${String(index)}`}
          className={
            verdict === 'agreed' ? 'agreed' : verdict === 'unreachable' || verdict === 'noProofs' ? '' : 'bad'
          }
        />
      ))}
    </span>
  )
}
