// What happened to a device, newest first; an update opens its result.
import { ChevronRight, CircleArrowUp, CircleX, type LucideIcon, SearchCheck, Undo2 } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Link } from 'wouter'
import type { HistoryEntry } from '../../../app/ports/store.ts'
import { formatVersion } from '../../../core/mcuboot/version.ts'
import { Section } from '../../components/Facts.tsx'
import { useFob } from '../../fobContext.ts'
import type { ScreenMessages } from '../../i18n/en.ts'
import { failureText } from '../../i18n/failureText.ts'
import { useFormats, useMessages } from '../../i18n/useMessages.tsx'
import { paths } from '../../paths.ts'

/** Older entries are still stored; a longer list is no longer read. */
const shown = 20

export function History({ deviceKey, lastChange }: { deviceKey: string; lastChange: number }) {
  const { device: words } = useMessages()
  const entries = useHistory(deviceKey, lastChange)
  if (entries === null) return null
  return (
    <Section title={words.history}>
      {entries.length === 0 ? (
        <p className="card soft">{words.historyEmpty}</p>
      ) : (
        <ol className="card flush rows">
          {entries.slice(0, shown).map(entry => (
            <li key={entry.id}>
              <Entry entry={entry} />
            </li>
          ))}
        </ol>
      )}
    </Section>
  )
}

/** null while it is read; read again when `lastChange` moves, for then the stored list has grown. */
export function useHistory(deviceKey: string, lastChange: number): readonly HistoryEntry[] | null {
  const fob = useFob()
  const [read, setRead] = useState<{ upTo: number; entries: readonly HistoryEntry[] } | null>(null)
  useEffect(() => {
    let isCurrent = true
    void fob.history(deviceKey).then(entries => {
      if (isCurrent) setRead({ upTo: lastChange, entries: [...entries].sort((a, b) => b.at - a.at) })
    })
    return () => {
      isCurrent = false
    }
  }, [fob, deviceKey, lastChange])
  return read?.entries ?? null
}

function Entry({ entry }: { entry: HistoryEntry }) {
  const messages = useMessages()
  const formats = useFormats()
  const Icon = icons[entry.event.kind]
  const content = (
    <>
      <Icon size={20} className="soft" aria-hidden />
      <span className="grow">
        {sentence(entry.event, messages)}
        <br />
        <span className="row-note">{formats.dateTime(entry.at)}</span>
      </span>
    </>
  )
  if (entry.event.kind !== 'updated') return <div className="row">{content}</div>
  return (
    <Link className="row" href={paths.receipt(entry.deviceKey, entry.id)}>
      {content}
      <ChevronRight size={20} className="chevron" aria-hidden />
    </Link>
  )
}

const icons: Record<HistoryEntry['event']['kind'], LucideIcon> = {
  updated: CircleArrowUp,
  reverted: Undo2,
  failed: CircleX,
  checked: SearchCheck,
}

function sentence(event: HistoryEntry['event'], messages: ScreenMessages): string {
  const words = messages.device.event
  switch (event.kind) {
    case 'updated': {
      const to = formatVersion(event.receipt.to)
      return event.receipt.from === null
        ? words.installed(to)
        : words.updated(formatVersion(event.receipt.from), to)
    }
    case 'reverted':
      return words.reverted(formatVersion(event.from), formatVersion(event.to))
    case 'failed':
      return words.failed(failureText(messages, event.failure).title)
    case 'checked':
      return checkedSentence(event.decision, words)
  }
}

function checkedSentence(
  decision: Extract<HistoryEntry['event'], { kind: 'checked' }>['decision'],
  words: ScreenMessages['device']['event'],
): string {
  switch (decision) {
    case 'upToDate':
      return words.checkedUpToDate
    case 'update':
      return words.checkedUpdate
    case 'unproven':
      return words.checkedUnproven
    case 'blocked':
      return words.checkedBlocked
  }
}
