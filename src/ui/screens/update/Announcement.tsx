// Tells screen readers, and where wished the hand and the ear, how an update goes: by step and by quarter, not by packet.
import { useEffect, useRef } from 'react'
import type { UpdateView } from '../../../app/fob.ts'
import type { UpdateStatus } from '../../../core/update/state.ts'
import { fractionOf } from '../../deviceState.ts'
import { signal } from '../../feedback.ts'
import { useFob } from '../../fobContext.ts'
import { failureText } from '../../i18n/failureText.ts'
import { useFormats, useMessages } from '../../i18n/useMessages.tsx'
import { useReadable } from '../../useReadable.ts'
import { stepWords } from './stepGroups.ts'

const signals: Partial<Record<UpdateStatus, 'good' | 'bad'>> = {
  done: 'good',
  upToDate: 'good',
  failed: 'bad',
  awaitingDevice: 'bad',
  awaitingConsent: 'bad',
}

export function Announcement({ view, name }: { view: UpdateView; name: string }) {
  const { hapticsAndSound } = useReadable(useFob().settings)
  const text = useAnnounced(view, name)
  const { status } = view.state
  const told = useRef(status)
  useEffect(() => {
    if (told.current === status) return
    told.current = status
    const kind = signals[status]
    if (kind !== undefined && hapticsAndSound && view.mine) signal(kind)
  }, [status, hapticsAndSound, view.mine])
  return (
    <p className="hidden-text" role="status">
      {text}
    </p>
  )
}

function useAnnounced(view: UpdateView, name: string): string {
  const messages = useMessages()
  const formats = useFormats()
  const { state } = view
  const words = messages.update
  switch (state.status) {
    case 'done':
      return `${messages.deviceState.updateDone}. ${messages.result.readBack}`
    case 'failed':
      return `${words.failedTitle}. ${failureText(messages, state.failure?.kind ?? '', state.failure?.reason ?? null).title}`
    case 'paused':
      return words.paused
    case 'awaitingDevice':
      return words.awaitingDevice
    case 'awaitingConsent':
      return words.consent.title
    case 'upToDate':
      return words.upToDateTitle
    case 'cancelled':
      return words.cancelledTitle
    case 'running': {
      const quarter = Math.floor((fractionOf(view) ?? 0) * 4) / 4
      const step = stepWords(state, words)
      return quarter > 0 ? `${step}, ${formats.percent(quarter)}` : `${words.title(name)}. ${step}`
    }
  }
}
