// Hand over to the phone next to this one: a file out or in by two codes, without the internet.
import { useEffect, useRef, useState } from 'react'
import type { HandOver, HandOverFailure, HandOverState } from '../../../app/ports/handOver.ts'
import type { HeldFile } from '../../../app/serving/serving.ts'
import { formatVersion } from '../../../core/mcuboot/version.ts'
import type { Result } from '../../../core/result.ts'
import { Bar } from '../../components/Bar.tsx'
import { Button } from '../../components/Button.tsx'
import { Section } from '../../components/Facts.tsx'
import { FailureWords } from '../../components/FailureNotice.tsx'
import { Notice } from '../../components/Notice.tsx'
import { Screen } from '../../components/Screen.tsx'
import { CodeReader } from '../../components/scan/CodeReader.tsx'
import { useFob } from '../../fobContext.ts'
import { useHandOverMessages } from '../../i18n/useHandOverMessages.ts'
import { useFormats } from '../../i18n/useMessages.tsx'
import { paths } from '../../paths.ts'
import { CodeToShow } from '../wallet/handOver/CodeToShow.tsx'
import { useServing } from './useServing.ts'

/** One hand-over under way; `meet` is what the giving side has left to do. */
interface UnderWay {
  readonly role: 'giving' | 'taking'
  readonly code: string
  readonly meet: ((code: string) => Promise<Result<null, HandOverFailure>>) | null
}

export function HandOverScreen() {
  const words = useHandOverMessages()
  const fob = useFob()
  const [underWay, setUnderWay] = useState<UnderWay | null>(null)
  const [state, setState] = useState<HandOverState | null>(null)
  const [failure, setFailure] = useState<HandOverFailure | null>(null)
  const [isBusy, setBusy] = useState(false)
  const end = useRef(() => {})
  // A link that nobody looks at any more is let go of.
  useEffect(() => () => end.current(), [])

  const begin = async (
    start: (handOver: HandOver) => Promise<Result<UnderWay & { end(): void }, HandOverFailure>>,
  ) => {
    setBusy(true)
    setFailure(null)
    const begun = await start(await fob.handOver())
    setBusy(false)
    if (!begun.ok) return setFailure(begun.error)
    end.current = () => begun.value.end()
    setUnderWay(begun.value)
  }
  const give = ({ cid, size }: HeldFile) =>
    begin(async handOver => {
      const given = await handOver.give({ cid, size }, setState)
      return given.ok ? { ok: true, value: { role: 'giving', ...given.value } } : given
    })
  const take = (text: string) =>
    begin(async handOver => {
      const taken = await handOver.take(text, setState)
      return taken.ok ? { ok: true, value: { role: 'taking', meet: null, ...taken.value } } : taken
    })
  const again = () => {
    end.current()
    setUnderWay(null)
    setState(null)
    setFailure(null)
  }

  return (
    <Screen title={words.title} back={paths.serving}>
      <p className="prose soft">{words.lead}</p>
      {failure !== null && <HandOverFailed failure={failure} />}
      {underWay === null ? (
        <>
          <Files isBusy={isBusy} onGive={file => void give(file)} />
          <Section title={words.take}>
            <p className="row-note indent">{words.takeHint}</p>
            <CodeReader
              scanLabel={words.scanOffer}
              pasteHint={words.pasteHint}
              isReading={isBusy}
              onText={text => void take(text)}
            />
          </Section>
        </>
      ) : (
        <>
          {state === null ? (
            <Codes underWay={underWay} onFailure={setFailure} />
          ) : (
            <Moving role={underWay.role} state={state} />
          )}
          <Button look="quiet" wide onClick={again}>
            {words.again}
          </Button>
        </>
      )}
    </Screen>
  )
}

function Files({ isBusy, onGive }: { isBusy: boolean; onGive: (file: HeldFile) => void }) {
  const words = useHandOverMessages()
  const held = useServing()?.view.held?.filter(({ isRevoked }) => !isRevoked) ?? null
  return (
    <Section title={words.give}>
      {held?.length === 0 && <p className="row-note indent">{words.giveNone}</p>}
      {held?.map(file => (
        <Button key={file.cid} wide busy={isBusy} onClick={() => onGive(file)}>
          {words.giveThis(file.model.name, formatVersion(file.version))}
        </Button>
      ))}
    </Section>
  )
}

function Codes({
  underWay: { role, code, meet },
  onFailure,
}: {
  underWay: UnderWay
  onFailure: (failure: HandOverFailure | null) => void
}) {
  const words = useHandOverMessages()
  const [isMeeting, setMeeting] = useState(false)
  const read = async (text: string) => {
    const met = await meet?.(text)
    onFailure(met?.ok === false ? met.error : null)
    setMeeting(met?.ok === true)
  }
  const isGiving = role === 'giving'
  return (
    <>
      <p className="prose">{isGiving ? words.stepGive : words.stepTake}</p>
      <CodeToShow text={code} label={isGiving ? words.offerLabel : words.answerLabel} />
      {isGiving && !isMeeting && (
        <>
          <p className="prose">{words.stepAnswer}</p>
          <CodeReader
            scanLabel={words.scanAnswer}
            pasteHint={words.pasteHint}
            isReading={false}
            onText={text => void read(text)}
          />
        </>
      )}
      {isMeeting && <p role="status">{words.meeting}</p>}
    </>
  )
}

function Moving({ role, state }: { role: UnderWay['role']; state: HandOverState }) {
  const words = useHandOverMessages()
  const formats = useFormats()
  if (state.kind === 'failed') return <HandOverFailed failure={state.failure} />
  if (state.kind === 'done') {
    return role === 'giving' ? (
      <Notice tone="ok" title={words.given} live />
    ) : (
      <Notice tone="ok" title={words.taken} live>
        <p>{words.takenHint}</p>
      </Notice>
    )
  }
  const { done, total } = state
  const text = words.moving(formats.bytes(done), formats.bytes(total))
  return (
    <section className="card stack" aria-busy>
      <Bar fraction={total === 0 ? null : done / total} label={words.title} text={text} />
      <p className="row-note tabular" role="status">
        {text}
      </p>
    </section>
  )
}

function HandOverFailed({ failure }: { failure: HandOverFailure }) {
  const { failures } = useHandOverMessages()
  return (
    <FailureWords
      text={failures[failure.kind]}
      kind={failure.kind}
      detail={'detail' in failure ? (failure.detail ?? null) : null}
      tone="attention"
    />
  )
}
