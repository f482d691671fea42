// How a reading was proven: which endpoints, which block, which entry, and what Fob recomputed.
import { CircleCheck, CircleX, ExternalLink } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { UpdateReceipt } from '../../app/ports/store.ts'
import type { Hex } from '../../core/bytes.ts'
import type { Evidence } from '../../core/registry/evidence.ts'
import type { Manifest } from '../../core/registry/release.ts'
import { useFob } from '../fobContext.ts'
import { useFormats, useMessages } from '../i18n/useMessages.tsx'
import { useReadable } from '../useReadable.ts'
import { Fact, Facts } from './Facts.tsx'
import { Hash } from './Hash.tsx'
import { Notice } from './Notice.tsx'
import { Sheet } from './Sheet.tsx'

export function EvidenceSheet({
  evidence,
  manifest,
  onClose,
}: {
  evidence: Evidence
  manifest: Manifest | null
  onClose: () => void
}) {
  const { evidence: words } = useMessages()
  const isProven = evidence.level === 'proven'
  return (
    <Sheet title={isProven ? words.title : words.titleUnproven} onClose={onClose}>
      {isProven ? (
        <p className="prose soft">{words.explainProven}</p>
      ) : (
        <Notice tone="attention" title={words.titleUnproven}>
          {words.explainUnproven[evidence.reason]}
        </Notice>
      )}
      <EvidenceFacts evidence={evidence} manifest={manifest} />
    </Sheet>
  )
}

/** `of`: the chain that it was read from, where that may be another than the network's present one (an old receipt). */
export function EvidenceFacts({
  evidence,
  manifest,
  of,
}: {
  evidence: Evidence
  manifest: Manifest | null
  of?: UpdateReceipt['chain']
}) {
  const { evidence: words } = useMessages()
  const formats = useFormats()
  const network = useReadable(useFob().network)
  const manifestHash = useManifestHash(manifest)
  const present = network.status === 'ready' ? network.config.chain : null
  const chain = of ?? present
  const isPresent = chain?.id === present?.id && chain?.registry === present?.registry
  const explorer = isPresent ? present?.explorer : undefined
  return (
    <div className="stack">
      <section className="section">
        <div className="section-head">
          <h3>{words.verdicts}</h3>
        </div>
        <ul className="card flush rows">
          {evidence.endpoints.map(({ host, verdict, detail }, index) => {
            const agreed = verdict === 'agreed'
            const Icon = agreed ? CircleCheck : CircleX
            return (
              // Two endpoints may share a host name; their order never changes within one reading.
              <li
                key={`${host}#${String(index)}`}
                className={`row ${agreed ? 'tone-ok' : verdict === 'unreachable' ? 'tone-plain' : 'tone-attention'}`}
              >
                <Icon size={20} color="var(--tone)" aria-hidden />
                <span className="grow">
                  <span className="row-title">{host}</span>
                  <br />
                  <span className="row-note">
                    {words.verdict[verdict]}
                    {detail !== undefined && ` (${detail})`}
                  </span>
                </span>
              </li>
            )
          })}
        </ul>
      </section>
      <div className="card flush">
        <Facts>
          <Fact name={words.blockNumber}>{formats.number(evidence.block.number)}</Fact>
          <Fact name={words.blockHash}>
            <Hash value={evidence.block.hash} name={words.blockHash} />
          </Fact>
          <Fact name={words.blockTime}>{formats.dateTime(evidence.block.timestamp)}</Fact>
          <Fact name={words.verifiedAt}>{formats.dateTime(evidence.verifiedAt)}</Fact>
          {chain !== null && <Fact name={words.chain}>{`${chain.name} (${String(chain.id)})`}</Fact>}
          {chain !== null && (
            <Fact name={words.registry}>
              <Hash value={chain.registry} name={words.registry} />
            </Fact>
          )}
          {manifestHash !== null && (
            <Fact name={words.manifestHash}>
              <Hash value={manifestHash} name={words.manifestHash} />
            </Fact>
          )}
          {manifest !== null && (
            <Fact name={words.imageHash}>
              <Hash value={manifest.imageHash} name={words.imageHash} />
            </Fact>
          )}
        </Facts>
      </div>
      {explorer !== undefined && (
        <a
          className="button secondary wide no-print"
          href={`${explorer.replace(/\/$/, '')}/block/${String(evidence.block.number)}`}
          target="_blank"
          rel="noreferrer"
        >
          <ExternalLink size={20} aria-hidden />
          <span>{words.explorer}</span>
        </a>
      )}
    </div>
  )
}

/** What the registry's storage holds for this manifest; computed from it, as the check did. */
function useManifestHash(manifest: Manifest | null): Hex | null {
  const [hash, setHash] = useState<Hex | null>(null)
  useEffect(() => {
    let isCurrent = true
    if (manifest !== null) {
      import('../../core/registry/manifest.ts').then(
        module => {
          if (isCurrent) setHash(module.manifestHash(module.encodeManifest(manifest)))
        },
        () => setHash(null),
      )
    }
    return () => {
      isCurrent = false
    }
  }, [manifest])
  return hash
}
