// What auditors say of an image, for or against.
import { ThumbsDown, ThumbsUp } from 'lucide-react'
import type { Attestation } from '../../../core/registry/release.ts'
import { shortHash } from '../../i18n/formats.ts'
import { useMessages } from '../../i18n/useMessages.tsx'

export function Attestations({
  attestations,
  isHead,
}: {
  attestations: readonly Attestation[]
  isHead: boolean
}) {
  const { releases: words } = useMessages()
  if (attestations.length === 0) {
    return isHead ? <p className="row-note">{words.attestationsNone}</p> : null
  }
  return (
    <section className="stack tight">
      <h4 className="card-title">{words.attestations}</h4>
      <ul className="stack tight">
        {attestations.map(({ auditor, approves, uri }) => {
          const Icon = approves ? ThumbsUp : ThumbsDown
          return (
            <li key={auditor} className={`state-line ${approves ? 'tone-ok' : 'tone-alarm'}`}>
              <Icon size={17} aria-hidden />
              <span>
                <strong>{approves ? words.approves : words.rejects}</strong>{' '}
                {isWebAddress(uri) ? (
                  <a href={uri} target="_blank" rel="noreferrer">
                    {shortHash(auditor)}
                  </a>
                ) : (
                  shortHash(auditor)
                )}
              </span>
            </li>
          )
        })}
      </ul>
    </section>
  )
}

/** The chain takes any text: only web addresses become links, never `javascript:` or another scheme. */
export const isWebAddress = (uri: string): boolean => /^https?:\/\//i.test(uri)
