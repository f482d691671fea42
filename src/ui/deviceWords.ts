// A device's state in the person's words: a short claim, and the sentence that qualifies it.
import type { DeviceView, UpdateView } from '../app/fob.ts'
import { formatVersion } from '../core/mcuboot/version.ts'
import type { Evidence } from '../core/registry/evidence.ts'
import type { DeviceState } from './deviceState.ts'
import type { ScreenMessages } from './i18n/en.ts'
import { knownText } from './i18n/failureText.ts'
import type { Formats } from './i18n/formats.ts'
import { stepWords } from './screens/update/stepGroups.ts'

export function stateTitle(state: DeviceState, messages: ScreenMessages, formats: Formats): string {
  const words = messages.deviceState
  switch (state.kind) {
    case 'alarm':
      return words.alarm
    case 'upToDate':
      return state.fresh ? words.upToDate : words.upToDateThen
    case 'onTrial':
      return words.onTrial(formatVersion(state.manifest.version))
    case 'updateAvailable': {
      const version = formatVersion(state.manifest.version)
      return state.fresh ? words.update(version) : words.updateThen(version)
    }
    case 'unproven':
      return words.unproven
    case 'blocked':
      return knownText(messages, state.kind, state.reason)?.title ?? words.blocked
    case 'checkFailed':
      return knownText(messages, state.failure)?.title ?? words.checkFailed
    case 'neverChecked':
      return words.neverChecked
    case 'busy':
      return words[state.activity]
    case 'update':
      return updateTitle(state, messages, formats)
  }
}

function updateTitle(
  state: Extract<DeviceState, { kind: 'update' }>,
  { deviceState: words }: ScreenMessages,
  formats: Formats,
): string {
  switch (state.phase) {
    case 'running':
      return state.fraction === null ? words.updating : words.updatingPercent(formats.percent(state.fraction))
    case 'paused':
      return words.paused
    case 'awaitingConsent':
      return words.awaitingConsent
    case 'awaitingDevice':
      return words.awaitingDevice
    case 'failed':
      return words.updateFailed
    case 'done':
      return words.updateDone
  }
}

/** `Proven by 2 of 2 endpoints, 12 seconds ago`. */
export function evidenceShort(
  evidence: Evidence,
  now: number,
  messages: ScreenMessages,
  formats: Formats,
): string {
  const age = formats.age(evidence.verifiedAt, now)
  const words = messages.evidence
  const short = evidence.level === 'proven' ? words.provenShort : words.unprovenShort
  return short(agreeing(evidence), evidence.endpoints.length, age)
}

const agreeing = (evidence: Evidence): number =>
  evidence.endpoints.filter(({ verdict }) => verdict === 'agreed').length

/** The second half of a card's state: how it is known and since when. */
export function stateNote(
  state: DeviceState,
  view: DeviceView,
  update: UpdateView | undefined,
  now: number,
  messages: ScreenMessages,
  formats: Formats,
): string | null {
  const { lastCheck } = view.record
  switch (state.kind) {
    case 'update':
      return update === undefined ? null : stepWords(update.state, messages.update)
    case 'alarm':
      return messages.deviceState.alarmNote
    case 'busy':
    case 'neverChecked':
      return null
    case 'checkFailed':
      return view.lastFailure === null
        ? null
        : messages.common.checkedAgo(formats.age(view.lastFailure.at, now))
    case 'unproven': {
      if (lastCheck === null) return null
      const { evidence } = lastCheck
      const age = formats.age(evidence.verifiedAt, now)
      // All of them agreed on a block whose age can't be trusted: how many says nothing.
      if (agreeing(evidence) === evidence.endpoints.length) return messages.common.checkedAgo(age)
      return messages.evidence.provedBy(agreeing(evidence), evidence.endpoints.length, age)
    }
    default:
      return lastCheck === null ? null : evidenceShort(lastCheck.evidence, now, messages, formats)
  }
}
