// What needs the owner, each with what to do about it.
import type { KioskAlarm } from '../../../app/kiosk/kiosk.ts'
import { Section } from '../../components/Facts.tsx'
import { Notice } from '../../components/Notice.tsx'
import { labelled } from '../../i18n/punctuation.ts'
import { useKioskMessages } from '../../i18n/useKioskMessages.ts'
import { useFormats } from '../../i18n/useMessages.tsx'

/** Nothing is sold, or money is lost: louder than the rest. */
const loud: ReadonlySet<KioskAlarm['kind']> = new Set([
  'machineUnreachable',
  'chainUnreachable',
  'chainUnproven',
  'stuck',
  'gasEmpty',
  'lossSuffered',
])

export function Alarms({ alarms }: { alarms: readonly KioskAlarm[] }) {
  const { inside: words } = useKioskMessages()
  const { language } = useFormats()
  if (alarms.length === 0)
    return (
      <Notice tone="ok" title={words.noAlarms}>
        {words.noAlarmsBody}
      </Notice>
    )
  return (
    <Section title={words.alarms}>
      {alarms.map(alarm => {
        const { next } = words.alarm[alarm.kind]
        const slot = 'slot' in alarm ? words.slot(alarm.slot) : ''
        const title =
          'slot' in alarm
            ? labelled(slot, words.alarmOfSlot[alarm.kind], language)
            : words.alarm[alarm.kind].title
        return (
          <Notice
            key={`${alarm.kind}${'step' in alarm ? alarm.step : slot}`}
            tone={loud.has(alarm.kind) ? 'alarm' : 'attention'}
            title={title}
          >
            {next}
            {'step' in alarm && <code className="block">{`${alarm.step}: ${alarm.why}`}</code>}
          </Notice>
        )
      })}
    </Section>
  )
}
