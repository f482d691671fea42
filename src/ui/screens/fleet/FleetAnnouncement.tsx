// Tells screen readers, and where wished the hand and the ear, when a device is through and when a tap is needed.
import { useEffect, useRef, useState } from 'react'
import type { FleetView } from '../../../app/fleet/fleet.ts'
import { isSettled } from '../../../core/fleet/report.ts'
import { signal } from '../../feedback.ts'
import { useFob } from '../../fobContext.ts'
import { useFleetMessages } from '../../i18n/useFleetMessages.ts'
import { useFormats } from '../../i18n/useMessages.tsx'
import { useReadable } from '../../useReadable.ts'

export function FleetAnnouncement({ view }: { view: FleetView }) {
  const { hapticsAndSound } = useReadable(useFob().settings)
  const { run: words, outcome } = useFleetMessages()
  const formats = useFormats()
  const [text, setText] = useState('')
  const { run, next, mine } = view
  const known = useRef(new Set(run.items.filter(isSettled).map(({ key }) => key)))
  const toChoose = next?.kind === 'choose' ? run.items.find(({ key }) => key === next.key)?.name : undefined

  useEffect(() => {
    const through = run.items.filter(isSettled)
    const latest = through.filter(({ key }) => !known.current.has(key)).at(-1)
    known.current = new Set(through.map(({ key }) => key))
    if (latest === undefined) return
    const place = words.progress(formats.number(through.length), formats.number(run.items.length))
    setText(words.announce(latest.name, outcome[latest.state], place))
    if (hapticsAndSound && mine && latest.state !== 'skipped')
      signal(latest.state === 'failed' ? 'bad' : 'good')
  }, [run, mine, hapticsAndSound, words, outcome, formats])

  return (
    <div className="hidden-text" role="status">
      <p>{text}</p>
      {toChoose !== undefined && <p>{words.announceChoose(toChoose)}</p>}
    </div>
  )
}
