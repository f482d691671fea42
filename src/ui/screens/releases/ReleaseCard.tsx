// One release: version, notes, what auditors say, and every hash for those who compare.
import { OctagonAlert } from 'lucide-react'
import { formatVersion } from '../../../core/mcuboot/version.ts'
import type { Head, ReleaseEntry } from '../../../core/registry/release.ts'
import { Disclosure } from '../../components/Disclosure.tsx'
import { Fact, Facts } from '../../components/Facts.tsx'
import { Hash } from '../../components/Hash.tsx'
import { useFormats, useMessages } from '../../i18n/useMessages.tsx'
import { useNow } from '../../useNow.ts'
import { Attestations } from './Attestations.tsx'

export function ReleaseCard({ entry, head }: { entry: ReleaseEntry; head: Head | null }) {
  const { releases: words, evidence } = useMessages()
  const formats = useFormats()
  const { manifest } = entry
  return (
    <article className="card stack snug">
      <div className="release-head">
        <h3 className={entry.revoked ? 'release-version struck' : 'release-version'}>
          {formatVersion(manifest.version)}
        </h3>
        {entry.revoked ? (
          <span className="badge tone-alarm">
            <OctagonAlert size={15} aria-hidden />
            {words.revoked}
          </span>
        ) : (
          <span className="row-note tabular">
            {head === null
              ? `${evidence.blockNumber} ${formats.number(entry.blockNumber)}`
              : formats.date(head.updatedAt)}
          </span>
        )}
      </div>
      {entry.revoked && <p className="small">{words.revokedNote}</p>}
      <p className="prose lines">{manifest.notes === '' ? words.noNotes : manifest.notes}</p>
      <Attestations attestations={entry.attestations} isHead={entry.isHead} />
      <Disclosure title={words.details}>
        <Details entry={entry} head={head} />
      </Disclosure>
    </article>
  )
}

function Details({ entry, head }: { entry: ReleaseEntry; head: Head | null }) {
  const { releases: words, evidence } = useMessages()
  const formats = useFormats()
  const now = useNow()
  const { manifest } = entry
  const hashes = [
    [evidence.manifestHash, entry.manifestHash],
    [evidence.imageHash, manifest.imageHash],
    [evidence.fileHash, manifest.fileHash],
    [evidence.keyHash, manifest.keyHash],
    [words.cid, manifest.cid],
    ...(entry.transaction === null ? [] : [[words.transaction, entry.transaction] as const]),
  ] as const
  return (
    <div className="bleed">
      <Facts>
        {head !== null && <Fact name={words.published}>{formats.dateTime(head.updatedAt)}</Fact>}
        <Fact name={words.validUntil} note={manifest.validUntil < now ? words.expired : null}>
          {formats.date(manifest.validUntil)}
        </Fact>
        <Fact name={words.size}>{formats.bytes(manifest.size)}</Fact>
        <Fact name={words.sequence}>{formats.number(entry.seq)}</Fact>
        <Fact name={words.securityCounter}>{formats.number(manifest.securityCounter)}</Fact>
        <Fact name={evidence.blockNumber}>{formats.number(entry.blockNumber)}</Fact>
        {hashes.map(([name, value]) => (
          <Fact key={name} name={name}>
            <Hash value={value} name={name} />
          </Fact>
        ))}
      </Facts>
    </div>
  )
}
