// What was given: today, in all, to how many, and how fast just now.
import type { Given, ServingView, SpeedSample } from '../../../app/serving/serving.ts'
import { Fact, Facts, Section } from '../../components/Facts.tsx'
import { StepPlot } from '../../components/StepPlot.tsx'
import { labelled } from '../../i18n/punctuation.ts'
import { useFormats } from '../../i18n/useMessages.tsx'
import { useServingMessages } from '../../i18n/useServingMessages.ts'

export function GivenSection({ view }: { view: ServingView }) {
  const words = useServingMessages()
  const formats = useFormats()
  const amount = ({ bytes, blocks }: Given) => words.amount(formats.bytes(bytes), formats.number(blocks))
  return (
    <Section title={words.given}>
      <div className="card flush">
        <Facts>
          <Fact name={words.today}>{amount(view.today)}</Fact>
          <Fact name={words.total}>{amount(view.total)}</Fact>
          <Fact name={words.served} note={words.servedHint}>
            {words.servedCount(view.peersServed)}
          </Fact>
        </Facts>
      </div>
      <Speed samples={view.speed} />
    </Section>
  )
}

function Speed({ samples }: { samples: readonly SpeedSample[] }) {
  const words = useServingMessages()
  const formats = useFormats()
  const last = samples.at(-1)
  const most = Math.max(...samples.map(({ bytesPerSecond }) => bytesPerSecond))
  // A line along the bottom says less than nothing at all.
  if (last === undefined || samples.length < 3 || most === 0) return null
  const points = samples.map(({ at, bytesPerSecond }) => ({ at, value: BigInt(bytesPerSecond) }))
  const text = words.speedText(formats.speed(last.bytesPerSecond), formats.speed(most))
  return (
    <div className="card">
      <StepPlot points={points} now={last.at} caption={labelled(words.speedPlot, text, formats.language)} />
    </div>
  )
}
