// Makers that the network file names; a suggestion, not a pin.
import { ChevronRight, Factory } from 'lucide-react'
import type { Address } from '../../../core/bytes.ts'
import { Section } from '../../components/Facts.tsx'
import { useFob } from '../../fobContext.ts'
import { shortHash } from '../../i18n/formats.ts'
import { useMessages } from '../../i18n/useMessages.tsx'
import { useReadable } from '../../useReadable.ts'

export function Suggestions({
  isReading,
  onPick,
}: {
  isReading: boolean
  onPick: (address: Address) => void
}) {
  const fob = useFob()
  const { pin: words } = useMessages()
  const network = useReadable(fob.network)
  const pinned = useReadable(fob.makers)
  if (network.status !== 'ready' || network.config.makers.length === 0) return null
  const open = network.config.makers.filter(maker => !pinned.some(({ address }) => address === maker.address))
  return (
    <Section title={words.suggested}>
      {open.length === 0 ? (
        <p className="card soft">{words.suggestedNone}</p>
      ) : (
        <>
          <ul className="card flush rows">
            {open.map(({ name, address }) => (
              <li key={address}>
                <button type="button" className="row" disabled={isReading} onClick={() => onPick(address)}>
                  <span className="glyph">
                    <Factory size={22} strokeWidth={1.75} aria-hidden />
                  </span>
                  <span className="grow">
                    <span className="row-title">{name}</span>
                    <br />
                    <code className="row-note">{shortHash(address)}</code>
                  </span>
                  <ChevronRight size={20} className="chevron" aria-hidden />
                </button>
              </li>
            ))}
          </ul>
          <p className="row-note indent">{words.suggestedNote}</p>
        </>
      )}
    </Section>
  )
}
