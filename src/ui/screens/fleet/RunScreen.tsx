// A run under way: whose turn it is, the one thing that the person has to do, and how far all of it is.
import { Pause, Play } from 'lucide-react'
import { useState } from 'react'
import type { Fleet, FleetView } from '../../../app/fleet/fleet.ts'
import { countStates, isSettled } from '../../../core/fleet/report.ts'
import { Bar } from '../../components/Bar.tsx'
import { Button } from '../../components/Button.tsx'
import { Section } from '../../components/Facts.tsx'
import { FailureNotice } from '../../components/FailureNotice.tsx'
import { Notice } from '../../components/Notice.tsx'
import { Screen } from '../../components/Screen.tsx'
import { Sheet } from '../../components/Sheet.tsx'
import { useFleetMessages } from '../../i18n/useFleetMessages.ts'
import { useFormats, useMessages } from '../../i18n/useMessages.tsx'
import { paths } from '../../paths.ts'
import { ChooseNext } from './ChooseNext.tsx'
import { FleetAnnouncement } from './FleetAnnouncement.tsx'
import { ItemRow } from './ItemRow.tsx'
import { MissingFiles } from './MissingFiles.tsx'
import { NowCard } from './NowCard.tsx'
import { PagedRows } from './PagedRows.tsx'
import { UnlockAndGoOn } from './UnlockAndGoOn.tsx'

export function RunScreen({ fleet, view }: { fleet: Fleet; view: FleetView }) {
  const { run: words } = useFleetMessages()
  const { run } = view
  return (
    <Screen
      title={run.kind === 'dryRun' ? words.titleDry : words.title}
      back={paths.devices}
      actions={view.mine && <RunActions fleet={fleet} view={view} />}
    >
      <FleetAnnouncement view={view} />
      {!view.mine && (
        <Notice tone="info" title={words.elsewhere}>
          {words.elsewhereBody}
        </Notice>
      )}
      <Standstill view={view} />
      <section className="card gauge">
        <Overall view={view} />
      </section>
      <NowCard fleet={fleet} view={view} />
      {view.mine && <MissingFiles fleet={fleet} run={run} />}
      <ItemLists fleet={fleet} view={view} />
    </Screen>
  )
}

function RunActions({ fleet, view: { run, next, isWorking } }: { fleet: Fleet; view: FleetView }) {
  const { run: words } = useFleetMessages()
  const [isEnding, setEnding] = useState(false)
  const { queued } = countStates(run)
  return (
    <>
      {run.status === 'paused' ? (
        run.held === 'walletLocked' ? (
          <UnlockAndGoOn onUnlocked={() => fleet.goOn()} />
        ) : (
          <Button look="primary" icon={Play} wide onClick={() => fleet.goOn()}>
            {words.goOn}
          </Button>
        )
      ) : next?.kind === 'choose' ? (
        <ChooseNext fleet={fleet} item={run.items.find(({ key }) => key === next.key)} />
      ) : (
        <Button icon={Pause} wide onClick={() => fleet.pause()}>
          {words.pause}
        </Button>
      )}
      {queued > 0 && run.active === null && !isWorking && (
        <Button look="quiet" wide onClick={() => setEnding(true)}>
          {words.finish}
        </Button>
      )}
      {isEnding && (
        <FinishSheet count={queued} onFinish={() => fleet.finish()} onClose={() => setEnding(false)} />
      )}
    </>
  )
}

function FinishSheet({
  count,
  onFinish,
  onClose,
}: {
  count: number
  onFinish: () => void
  onClose: () => void
}) {
  const { run: words } = useFleetMessages()
  const { common } = useMessages()
  return (
    <Sheet
      title={words.finishTitle}
      onClose={onClose}
      actions={
        <>
          <Button look="primary" wide onClick={onFinish}>
            {words.finishYes}
          </Button>
          <Button look="quiet" wide onClick={onClose}>
            {common.cancel}
          </Button>
        </>
      }
    >
      <p className="prose">{words.finishBody(count)}</p>
    </Sheet>
  )
}

/** Why nothing moves, where nothing does. */
function Standstill({ view: { run } }: { view: FleetView }) {
  const { run: words } = useFleetMessages()
  if (run.status !== 'paused') return null
  if (run.held !== null) return <FailureNotice kind={run.held} />
  return (
    <Notice tone="plain" title={words.paused}>
      {run.active === null ? words.pausedBody : words.pausing}
    </Notice>
  )
}

function Overall({ view: { run } }: { view: FleetView }) {
  const { run: words } = useFleetMessages()
  const formats = useFormats()
  const counts = countStates(run)
  const through = run.items.filter(isSettled).length
  const text = words.progress(formats.number(through), formats.number(run.items.length))
  const told = (['updated', 'upToDate', 'wouldUpdate', 'failed', 'skipped'] as const)
    .filter(state => counts[state] > 0)
    .map(state => words.counts[state](counts[state]))
  return (
    <>
      <p className="gauge-label large">{text}</p>
      <Bar
        fraction={through / run.items.length}
        label={words.progressLabel}
        text={text}
        still={run.status !== 'running'}
      />
      <div className="gauge-figures">
        <span>{told.length === 0 ? words.keepOpen : told.join(' · ')}</span>
      </div>
    </>
  )
}

function ItemLists({ fleet, view }: { fleet: Fleet; view: FleetView }) {
  const { run: words } = useFleetMessages()
  const { items } = view.run
  const failed = items.filter(({ state }) => state === 'failed')
  const queued = items.filter(({ state }) => state === 'queued')
  const through = items.filter(item => isSettled(item) && item.state !== 'failed')
  const lists = [
    { key: 'failed', title: words.needsYou(failed.length), list: failed },
    { key: 'queued', title: words.waiting(queued.length), list: queued },
    { key: 'through', title: words.over(through.length), list: through },
  ]
  return lists.map(
    ({ key, title, list }) =>
      list.length > 0 && (
        <Section key={key} title={title}>
          <PagedRows items={list} row={item => <ItemRow item={item} fleet={view.mine ? fleet : null} />} />
        </Section>
      ),
  )
}
