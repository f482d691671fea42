// One device of a run: what became of it, or why it waits, and what can be done about that.
import type { Fleet } from '../../../app/fleet/fleet.ts'
import type { FleetItem } from '../../../core/fleet/run.ts'
import { formatVersion } from '../../../core/mcuboot/version.ts'
import { Button } from '../../components/Button.tsx'
import { failureText } from '../../i18n/failureText.ts'
import { useFleetMessages } from '../../i18n/useFleetMessages.ts'
import { useMessages } from '../../i18n/useMessages.tsx'

/** `fleet` is null where another tab leads. */
export function ItemRow({ item, fleet }: { item: FleetItem; fleet: Fleet | null }) {
  const { run: words } = useFleetMessages()
  const { key, name, state } = item
  return (
    <div className="row fleet-item">
      <div className="grow">
        <p className="row-title fleet-name">{name}</p>
        <p className="row-note">{useNote(item)}</p>
      </div>
      {fleet !== null && state === 'queued' && (
        <div className="fleet-item-actions">
          <Button onClick={() => fleet.first(key)} aria-label={words.firstOf(name)}>
            {words.first}
          </Button>
          <Button look="quiet" onClick={() => fleet.skip(key)} aria-label={words.skipOf(name)}>
            {words.skip}
          </Button>
        </div>
      )}
      {fleet !== null && (state === 'failed' || state === 'skipped') && (
        <Button onClick={() => fleet.retry(key)} aria-label={words.retryOf(name)}>
          {words.retry}
        </Button>
      )}
    </div>
  )
}

function useNote({ state, from, to, tries, needsChoice, failure }: FleetItem): string {
  const { run: words, outcome } = useFleetMessages()
  const messages = useMessages()
  const versions =
    to === null ? [] : [from === null ? formatVersion(to) : `${formatVersion(from)} → ${formatVersion(to)}`]
  switch (state) {
    case 'failed':
      return failure === null ? outcome.failed : failureText(messages, failure.kind, failure.reason).title
    case 'queued':
      return (
        [
          ...versions,
          ...(tries > 0 ? [words.tried(tries)] : []),
          ...(needsChoice ? [words.needsChoice] : []),
        ].join(' · ') || outcome.queued
      )
    default:
      return [outcome[state], ...versions].join(' · ')
  }
}
