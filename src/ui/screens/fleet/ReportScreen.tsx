// What a run came to, device by device and how it is proven: to look at, to print, to hand on.
import { Anchor, Download, Play, Printer, RotateCw } from 'lucide-react'
import { lazy, Suspense, useMemo, useState } from 'react'
import type { Fleet, FleetView } from '../../../app/fleet/fleet.ts'
import { agreeing, countStates, reportCsv, reportedTo, reportRoot } from '../../../core/fleet/report.ts'
import type { FleetItem, FleetRun } from '../../../core/fleet/run.ts'
import { formatVersion } from '../../../core/mcuboot/version.ts'
import type { Evidence } from '../../../core/registry/evidence.ts'
import { Button } from '../../components/Button.tsx'
import { Section } from '../../components/Facts.tsx'
import { Hash } from '../../components/Hash.tsx'
import { Screen } from '../../components/Screen.tsx'
import { useFob } from '../../fobContext.ts'
import type { ScreenMessages } from '../../i18n/en.ts'
import { failureText } from '../../i18n/failureText.ts'
import type { Formats } from '../../i18n/formats.ts'
import { useFleetMessages } from '../../i18n/useFleetMessages.ts'
import { useFormats, useMessages } from '../../i18n/useMessages.tsx'
import { paths } from '../../paths.ts'
import { saveFile } from '../../saveFile.ts'
import { useReadable } from '../../useReadable.ts'
import { MissingFiles } from './MissingFiles.tsx'

// The wallet's code comes with the wish to anchor: most reports are only kept.
const AnchorReport = lazy(async () => ({ default: (await import('./AnchorReport.tsx')).AnchorReport }))

export function ReportScreen({
  fleet,
  view: { run, mine },
  onUpdate,
}: {
  fleet: Fleet
  view: FleetView
  /** Devices that a dry run found something for: they are to be updated now. */
  onUpdate: (keys: readonly string[]) => void
}) {
  const { report: words, run: runWords } = useFleetMessages()
  const formats = useFormats()
  const counts = countStates(run)
  const found = run.items.filter(({ state }) => state === 'wouldUpdate').map(({ key }) => key)
  const told = (['updated', 'upToDate', 'wouldUpdate', 'failed', 'skipped'] as const)
    .filter(state => counts[state] > 0)
    .map(state => runWords.counts[state](counts[state]))
  return (
    <Screen
      title={run.kind === 'dryRun' ? words.titleDry : words.title}
      back={paths.devices}
      actions={
        mine && (
          <>
            {found.length > 0 && (
              <Button
                look="primary"
                icon={Play}
                wide
                onClick={() => {
                  onUpdate(found)
                  void fleet.putAway()
                }}
              >
                {words.updateNow(found.length)}
              </Button>
            )}
            {counts.failed > 0 && (
              <Button icon={RotateCw} wide onClick={() => fleet.retryFailed()}>
                {words.again(counts.failed)}
              </Button>
            )}
            <Button look="quiet" wide onClick={() => void fleet.putAway()}>
              {words.putAway}
            </Button>
          </>
        )
      }
    >
      <section className="card stack tight">
        <h2 className="card-title">{told.join(' · ')}</h2>
        <p className="row-note">
          {words.dates(formats.dateTime(run.startedAt), formats.dateTime(run.endedAt ?? run.startedAt))}
        </p>
        {run.kind === 'dryRun' && <p className="prose">{words.dryNote}</p>}
      </section>
      <div className="button-row no-print">
        <Button
          icon={Download}
          onClick={() => {
            const date = new Date((run.endedAt ?? run.startedAt) * 1000).toISOString().slice(0, 10)
            saveFile(words.csvName(date), 'text/csv', reportCsv(run, words.csvHeads))
          }}
        >
          {words.csv}
        </Button>
        <Button icon={Printer} onClick={() => window.print()}>
          {words.print}
        </Button>
      </div>
      {mine && <MissingFiles fleet={fleet} run={run} />}
      <ReportTable items={run.items} />
      <Root run={run} />
    </Screen>
  )
}

function Root({ run }: { run: FleetRun }) {
  const { report: words } = useFleetMessages()
  const network = useReadable(useFob().network)
  const [isAnchoring, setAnchoring] = useState(false)
  const root = useMemo(() => reportRoot(run), [run])
  const anchors = network.status === 'ready' ? network.config.chain.contracts?.anchors : undefined
  return (
    <Section title={words.root}>
      <div className="card stack tight">
        <Hash value={root} name={words.root} />
        <p className="prose small">{words.rootBody}</p>
        {run.kind === 'update' && anchors !== undefined && (
          <div className="stack snug no-print">
            {isAnchoring ? (
              <Suspense fallback={<div className="skeleton" />}>
                <AnchorReport run={run} anchors={anchors} />
              </Suspense>
            ) : (
              <Button icon={Anchor} onClick={() => setAnchoring(true)}>
                {words.anchor}
              </Button>
            )}
          </div>
        )}
      </div>
    </Section>
  )
}

/** A table where there is room and on paper; on a phone each row is a card. */
function ReportTable({ items }: { items: readonly FleetItem[] }) {
  const { report: words } = useFleetMessages()
  return (
    <table className="fleet-table">
      <thead>
        <tr>
          <th scope="col">{words.device}</th>
          <th scope="col" className="fleet-version">
            {words.from}
          </th>
          <th scope="col" className="fleet-version">
            {words.to}
          </th>
          <th scope="col">{words.outcome}</th>
          <th scope="col">{words.proof}</th>
          <th scope="col">{words.when}</th>
        </tr>
      </thead>
      <tbody>
        {items.map(item => (
          <ReportRow key={item.key} item={item} />
        ))}
      </tbody>
    </table>
  )
}

function ReportRow({ item }: { item: FleetItem }) {
  const { report: words, outcome } = useFleetMessages()
  const messages = useMessages()
  const formats = useFormats()
  const { name, deviceId, model, from, state, failure, evidence, confirm, attempt, endedAt } = item
  const { common } = messages
  const to = reportedTo(item)
  return (
    <tr>
      <th scope="row">
        <span className="fleet-name">{name}</span>
        {model !== null && (
          <span className="note fleet-name">{`${model.name} · ${common.hardware(model.hardware)}`}</span>
        )}
        {deviceId !== null && <span className="note mono fleet-name">{deviceId}</span>}
      </th>
      <td className="fleet-version" data-head={words.from}>
        {from === null ? common.unknown : formatVersion(from)}
      </td>
      <td className="fleet-version" data-head={words.to}>
        {to === null ? common.none : formatVersion(to)}
      </td>
      <td data-head={words.outcome}>
        <strong>{outcome[state]}</strong>
        {state === 'failed' && failure !== null && (
          <span className="note">{failureText(messages, failure.kind, failure.reason).title}</span>
        )}
        {confirm.includes('remembered') && <span className="note">{words.agreed}</span>}
        {confirm.includes('unproven') && <span className="note">{words.agreedUnproven}</span>}
        {confirm.includes('modelChosen') && <span className="note">{words.agreedModel}</span>}
      </td>
      <td data-head={words.proof}>
        {evidence === null ? (
          common.none
        ) : (
          <>
            {proofText(evidence, messages, formats)}
            <span className="note">{messages.evidence.block(formats.number(evidence.block.number))}</span>
          </>
        )}
      </td>
      <td data-head={words.when}>
        {endedAt === null ? common.none : formats.dateTime(endedAt)}
        {attempt !== null && <span className="note mono fleet-name">{words.attempt(attempt)}</span>}
      </td>
    </tr>
  )
}

/** With the moment rather than an age: a report is read later. */
function proofText(evidence: Evidence, { evidence: words }: ScreenMessages, formats: Formats): string {
  const [agreed, asked] = agreeing(evidence)
  const short = evidence.level === 'proven' ? words.provenShort : words.unprovenShort
  return short(agreed, asked, formats.dateTime(evidence.verifiedAt))
}
