// What is proven about a device's firmware, in words; how it was proven is one tap away.
import type { DeviceView } from '../../../app/fob.ts'
import { formatVersion } from '../../../core/mcuboot/version.ts'
import type { Manifest } from '../../../core/registry/release.ts'
import { FailureNotice, TechnicalDetail } from '../../components/FailureNotice.tsx'
import { ProofLink } from '../../components/ProofLink.tsx'
import { stateIcon } from '../../components/stateIcon.ts'
import { type DeviceState, type Tone, toneOf } from '../../deviceState.ts'
import { stateTitle } from '../../deviceWords.ts'
import { failureText } from '../../i18n/failureText.ts'
import { useFormats, useMessages } from '../../i18n/useMessages.tsx'
import { useNow } from '../../useNow.ts'

export function Verdict({ view, state }: { view: DeviceView; state: DeviceState }) {
  const { lastCheck } = view.record
  const failure = view.lastFailure
  const decision = lastCheck?.decision
  const manifest = decision?.manifest ?? null
  const offered = decision?.kind === 'update' ? decision.manifest : null
  const told = useTold(view, state)
  const Icon = stateIcon(state)
  return (
    <section className="stack snug">
      <div className={`verdict tone-${told.tone}`}>
        {/* The verdict alone is read out: the proof below it tells its age anew each second. */}
        <div className="verdict-head" aria-live="polite">
          <Icon size={24} aria-hidden />
          <div className="stack tight">
            <h2 className="verdict-title">{told.title}</h2>
            {told.lines.map(line => (
              <p key={line} className="prose">
                {line}
              </p>
            ))}
          </div>
        </div>
        {state.kind === 'checkFailed' && failure !== null && (
          <TechnicalDetail kind={failure.kind} detail={failure.detail} />
        )}
        {lastCheck !== null && <ProofLink evidence={lastCheck.evidence} manifest={manifest} />}
      </div>
      {failure !== null && lastCheck !== null && failure.at >= lastCheck.at && (
        <FailureNotice kind={failure.kind} detail={failure.detail} />
      )}
      {offered !== null && <Offer manifest={offered} />}
    </section>
  )
}

interface Told {
  readonly tone: Tone
  readonly title: string
  readonly lines: readonly string[]
}

function useTold(view: DeviceView, state: DeviceState): Told {
  const messages = useMessages()
  const formats = useFormats()
  const now = useNow()
  const words = messages.device.verdict
  const { running, lastCheck } = view.record
  const runningVersion = running === null ? null : formatVersion(running.version)
  const tone = toneOf(state)
  switch (state.kind) {
    case 'alarm':
      return { tone, title: words.alarm, lines: [words.alarmBody(runningVersion ?? messages.common.unknown)] }
    case 'upToDate': {
      if (!state.fresh && lastCheck !== null) {
        const age = formats.age(lastCheck.evidence.verifiedAt, now)
        return { tone, title: words.upToDateThen(age), lines: [words.upToDateThenBody] }
      }
      return { tone, title: words.upToDate, lines: [words.upToDateBody(runningVersion ?? '')] }
    }
    case 'onTrial':
      return { tone, title: words.onTrial(formatVersion(state.manifest.version)), lines: [words.onTrialBody] }
    case 'updateAvailable':
      return {
        tone,
        title: words.update(formatVersion(state.manifest.version)),
        lines: [runningVersion === null ? words.updateBodyUnknown : words.updateBody(runningVersion)],
      }
    case 'unproven':
      // The registry's word is proven; it is the device that has none.
      if (lastCheck?.evidence.level === 'proven' && lastCheck.decision.kind === 'unproven') {
        return { tone, title: words.given(runningVersion ?? ''), lines: [words.givenBody] }
      }
      return {
        tone,
        title: words.unproven,
        lines: [words.unprovenBody(formatVersion(state.manifest.version))],
      }
    case 'blocked': {
      const text = failureText(messages, state.kind, state.reason)
      return { tone, title: text.title, lines: [text.meaning, text.next] }
    }
    case 'checkFailed': {
      const text = failureText(messages, state.failure)
      return { tone, title: text.title, lines: [text.meaning, text.next] }
    }
    case 'neverChecked':
      return { tone, title: words.never, lines: [words.neverBody] }
    default:
      return { tone, title: stateTitle(state, messages, formats), lines: [] }
  }
}

function Offer({ manifest }: { manifest: Manifest }) {
  const { device: words, releases } = useMessages()
  const formats = useFormats()
  return (
    <div className="card stack snug">
      <div className="release-head">
        <h3>{words.notes}</h3>
        <span className="row-note tabular">
          {formatVersion(manifest.version)} · {formats.bytes(manifest.size)}
        </span>
      </div>
      <p className="prose lines">{manifest.notes === '' ? releases.noNotes : manifest.notes}</p>
    </div>
  )
}
