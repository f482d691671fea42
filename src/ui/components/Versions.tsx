// Old version, arrow, new version.
import { ArrowRight } from 'lucide-react'
import { formatVersion, type ImageVersion } from '../../core/mcuboot/version.ts'
import { useMessages } from '../i18n/useMessages.tsx'

export function Versions({ from, to }: { from: ImageVersion | null; to: ImageVersion }) {
  const { common } = useMessages()
  if (from === null) return <span className="versions">{formatVersion(to)}</span>
  return (
    <span className="versions">
      <span className="hidden-text">{common.versionChange(formatVersion(from), formatVersion(to))}</span>
      <span className="from" aria-hidden="true">
        {formatVersion(from)}
      </span>
      <ArrowRight size="0.9em" aria-hidden />
      <span aria-hidden="true">{formatVersion(to)}</span>
    </span>
  )
}
