// The six steps with what is being checked, and against what, in the one under way.
import { Check, X } from 'lucide-react'
import { formatVersion } from '../../../core/mcuboot/version.ts'
import { isReadBack, type UpdatePlan, type UpdateState } from '../../../core/update/state.ts'
import { shortHash } from '../../i18n/formats.ts'
import { useFormats, useMessages } from '../../i18n/useMessages.tsx'
import { groupAt, placeOf, type StepGroup, stepGroups } from './stepGroups.ts'

export function Timeline({ state }: { state: UpdateState }) {
  const { update: words } = useMessages()
  const isStopped = state.status === 'failed'
  return (
    <ol className="timeline">
      {stepGroups.map((group, index) => {
        const place = placeOf(group, groupAt(state), isStopped)
        return (
          <li key={group} className={place} aria-current={place === 'now' ? 'step' : undefined}>
            <span className="mark" aria-hidden="true">
              {place === 'past' ? (
                <Check size={16} strokeWidth={3} />
              ) : place === 'stopped' ? (
                <X size={16} strokeWidth={3} />
              ) : (
                index + 1
              )}
            </span>
            <div>
              <p className="title">{words.groups[group]}</p>
              {(place === 'now' || place === 'stopped') && <Comparisons group={group} plan={state.plan} />}
              {place === 'past' && group === 'fetch' && state.fetchedFrom !== null && (
                <p className="row-note">{words.fetchedFrom[state.fetchedFrom]}</p>
              )}
            </div>
          </li>
        )
      })}
    </ol>
  )
}

function Comparisons({ group, plan }: { group: StepGroup; plan: UpdatePlan | null }) {
  const lines = useComparisons(group, plan)
  return (
    <ul className="compare">
      {lines.map(line => (
        <li key={line}>
          <span className="dash" aria-hidden="true" />
          <span>{line}</span>
        </li>
      ))}
    </ul>
  )
}

/** Whether the device starts it on trial, and goes back unless it is confirmed. */
const isTried = ({ confirm }: UpdatePlan): boolean =>
  !confirm.includes('noWayBack') && !confirm.includes('overwrittenByLoader')

/** What a group compares with what; before the check there is no plan, and nothing to compare the file with. */
function useComparisons(group: StepGroup, plan: UpdatePlan | null): readonly string[] {
  const { update } = useMessages()
  const formats = useFormats()
  const words = update.compare
  const manifest = plan?.manifest
  if (group === 'check' || manifest === undefined) return [words.identity, words.head, words.revocations]
  switch (group) {
    case 'fetch':
      return [words.cid(shortHash(manifest.cid)), words.size(formats.bytes(manifest.size))]
    case 'verify':
      return [
        words.fileHash(shortHash(manifest.fileHash)),
        words.imageHash(shortHash(manifest.imageHash)),
        words.keyHash(shortHash(manifest.keyHash)),
        words.hardware(manifest.hardware),
        words.version(formatVersion(manifest.version)),
      ]
    case 'send':
      if (plan && !isReadBack(plan)) return [words.packets]
      return [words.upload, words.slot(shortHash(manifest.imageHash))]
    case 'restart':
      if (plan && !isReadBack(plan)) return [words.bootloader]
      return [plan && !isTried(plan) ? words.noTrial : words.trial]
    case 'confirm':
      if (plan && !isReadBack(plan)) return [words.application]
      return [words.running(shortHash(manifest.imageHash)), words.confirm]
  }
}
