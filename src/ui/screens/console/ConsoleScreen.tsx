// A technician's console to one device: what can be asked, what was answered, and the log as a file.
import '../../styles/console.css'
import { Download } from 'lucide-react'
import { useEffect, useState } from 'react'
import {
  type ConsoleCommand,
  type ConsoleEntry,
  type ConsoleFailure,
  consoleText,
  type DeviceConsole,
} from '../../../app/consoleLog.ts'
import { Button } from '../../components/Button.tsx'
import { ConfirmSheet } from '../../components/ConfirmSheet.tsx'
import { Section } from '../../components/Facts.tsx'
import { FailureNotice } from '../../components/FailureNotice.tsx'
import { TextField } from '../../components/Field.tsx'
import { Notice } from '../../components/Notice.tsx'
import { Screen } from '../../components/Screen.tsx'
import { useFob } from '../../fobContext.ts'
import { useConsoleMessages } from '../../i18n/useConsoleMessages.ts'
import { useFormats, useMessages } from '../../i18n/useMessages.tsx'
import { paths } from '../../paths.ts'
import { saveFile } from '../../saveFile.ts'
import { useReadable } from '../../useReadable.ts'

const QUESTIONS = ['info', 'bootloader', 'images', 'slots', 'params', 'tasks', 'pools'] as const

export function ConsoleScreen({ deviceKey }: { deviceKey: string }) {
  const words = useConsoleMessages()
  /** What earlier links of this screen brought. */
  const [earlier, setEarlier] = useState<readonly ConsoleEntry[]>([])
  const [attempt, setAttempt] = useState(0)
  const connectAgain = (log: readonly ConsoleEntry[]) => {
    setEarlier(log)
    setAttempt(attempt + 1)
  }
  return (
    <Screen title={words.title} back={paths.device(deviceKey)}>
      <p className="prose soft">{words.intro}</p>
      <Connection key={attempt} deviceKey={deviceKey} earlier={earlier} onConnectAgain={connectAgain} />
    </Screen>
  )
}

/** Connected while it is shown. */
function Connection({
  deviceKey,
  earlier,
  onConnectAgain,
}: {
  deviceKey: string
  earlier: readonly ConsoleEntry[]
  onConnectAgain: (log: readonly ConsoleEntry[]) => void
}) {
  const fob = useFob()
  const words = useConsoleMessages()
  const name = useReadable(fob.devices).find(({ record }) => record.key === deviceKey)?.record.name
  const [opened, setOpened] = useState<DeviceConsole | null>(null)
  const [failure, setFailure] = useState<ConsoleFailure | null>(null)
  useEffect(() => {
    let isOver = false
    let own: DeviceConsole | null = null
    void fob.openConsole(deviceKey).then(result => {
      if (!result.ok) {
        if (!isOver) setFailure(result.error)
        return
      }
      own = result.value
      if (isOver) void own.close()
      else setOpened(own)
    })
    return () => {
      isOver = true
      void own?.close()
    }
  }, [fob, deviceKey])
  if (failure !== null) {
    return (
      <>
        <FailureNotice kind={failure.kind} detail={failure.detail ?? null} />
        <Button onClick={() => onConnectAgain(earlier)}>{words.connectAgain}</Button>
      </>
    )
  }
  if (opened === null) {
    return (
      <div className="skeleton" role="status">
        <span className="hidden-text">{words.connecting}</span>
      </div>
    )
  }
  return <Talk console={opened} name={name ?? deviceKey} earlier={earlier} onConnectAgain={onConnectAgain} />
}

function Talk({
  console,
  name,
  earlier,
  onConnectAgain,
}: {
  console: DeviceConsole
  name: string
  earlier: readonly ConsoleEntry[]
  onConnectAgain: (log: readonly ConsoleEntry[]) => void
}) {
  const words = useConsoleMessages()
  const state = useReadable(console.state)
  const log = [...earlier, ...useReadable(console.log)]
  const [text, setText] = useState('')
  const [sure, setSure] = useState<'erase' | 'restart' | null>(null)
  const isOff = state !== 'ready'
  const ask = (command: ConsoleCommand, argument?: string) => void console.run(command, argument)
  return (
    <>
      {state === 'gone' && (
        <>
          <Notice tone="attention" title={words.gone}>
            {words.goneBody}
          </Notice>
          <Button onClick={() => onConnectAgain(log)}>{words.connectAgain}</Button>
        </>
      )}
      <Section title={words.ask}>
        <div className="console-questions">
          {QUESTIONS.map(command => (
            <Button key={command} disabled={isOff} onClick={() => ask(command)}>
              {words.commands[command]}
            </Button>
          ))}
        </div>
        <form
          className="console-echo"
          onSubmit={event => {
            event.preventDefault()
            ask('echo', text)
          }}
        >
          <TextField label={words.echoText} value={text} onChange={setText} />
          <Button type="submit" disabled={isOff || text === ''}>
            {words.commands.echo}
          </Button>
        </form>
      </Section>
      <Section title={words.log}>
        <Log log={log} />
        {log.length > 0 && (
          <Button
            icon={Download}
            onClick={() => saveFile('fob-console.txt', 'text/plain', consoleText(name, log))}
          >
            {words.save}
          </Button>
        )}
      </Section>
      <Section title={words.change}>
        <div className="console-questions">
          {(['erase', 'restart'] as const).map(command => (
            <Button key={command} look="danger-quiet" disabled={isOff} onClick={() => setSure(command)}>
              {words.commands[command]}
            </Button>
          ))}
        </div>
      </Section>
      {sure !== null && (
        <ConfirmSheet
          title={sure === 'erase' ? words.eraseTitle : words.restartTitle}
          action={words.commands[sure]}
          onConfirm={() => {
            setSure(null)
            ask(sure)
          }}
          onClose={() => setSure(null)}
        >
          <p className="prose">{sure === 'erase' ? words.eraseBody : words.restartBody}</p>
        </ConfirmSheet>
      )}
    </>
  )
}

function Log({ log }: { log: readonly ConsoleEntry[] }) {
  const words = useConsoleMessages()
  const { failures } = useMessages()
  const formats = useFormats()
  if (log.length === 0) return <p className="soft">{words.logEmpty}</p>
  const titles: Readonly<Record<string, { readonly title: string } | undefined>> = failures
  return (
    <ol className="console-log" aria-live="polite">
      {log.map(entry => (
        <li key={entry.id}>
          <p className="row-note">
            {formats.dateTime(entry.at)} · {words.commands[entry.command]}
            {entry.argument !== null && ` “${entry.argument}”`}
          </p>
          {entry.answer?.map(line => (
            <code key={line}>{line}</code>
          ))}
          {entry.answer?.length === 0 && <code>{words.nothing}</code>}
          {entry.failure !== null && (
            <code className="refused">
              {titles[entry.failure.kind]?.title ?? entry.failure.kind}
              {entry.failure.detail !== null && ` (${entry.failure.detail})`}
            </code>
          )}
        </li>
      ))}
    </ol>
  )
}
