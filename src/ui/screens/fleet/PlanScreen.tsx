// The plan: what each device gets, from which version to which, and why another gets nothing. Nothing is written from here on alone.
import { Download, FlaskConical, HardDriveDownload, Play } from 'lucide-react'
import { type ReactNode, useEffect, useMemo, useState } from 'react'
import type { Fleet, FleetPlan, PlannedDevice, PlannedRelease } from '../../../app/fleet/fleet.ts'
import type { Hex } from '../../../core/bytes.ts'
import { formatVersion } from '../../../core/mcuboot/version.ts'
import { Button } from '../../components/Button.tsx'
import { Section } from '../../components/Facts.tsx'
import { FailureNotice } from '../../components/FailureNotice.tsx'
import { Check } from '../../components/Field.tsx'
import { ProofLink } from '../../components/ProofLink.tsx'
import { Screen } from '../../components/Screen.tsx'
import { Versions } from '../../components/Versions.tsx'
import { failureText } from '../../i18n/failureText.ts'
import { sentences } from '../../i18n/punctuation.ts'
import { useFleetMessages } from '../../i18n/useFleetMessages.ts'
import { useFormats, useMessages } from '../../i18n/useMessages.tsx'
import { paths } from '../../paths.ts'
import { useNow } from '../../useNow.ts'
import { PagedRows } from './PagedRows.tsx'

export function PlanScreen({
  fleet,
  chosen,
  onBack,
}: {
  fleet: Fleet
  chosen: ReadonlySet<string>
  onBack: () => void
}) {
  const { plan: words } = useFleetMessages()
  const [plan, setPlan] = useState<FleetPlan | null>(null)
  const [fault, setFault] = useState<string | null>(null)
  const [agreed, setAgreed] = useState<ReadonlySet<Hex>>(new Set())
  const [isBusy, setBusy] = useState(false)
  useEffect(() => {
    let isGone = false
    fleet.plan([...chosen]).then(
      made => {
        if (!isGone) setPlan(made)
      },
      // Its code could not be loaded, or a fault of our own: nothing was begun.
      (error: unknown) => {
        if (!isGone) setFault(error instanceof Error ? error.message : String(error))
      },
    )
    return () => {
      isGone = true
    }
  }, [fleet, chosen])
  const groups = useMemo(() => groupPlan(plan?.devices ?? []), [plan])
  const count = groups.update.length + groups.ask.length
  // What is asked once for all of them is asked before the first.
  const isAnswered = plan?.releases.every(
    release => !isAskedOnce(release) || agreed.has(release.manifest.fileHash),
  )
  const begin = async (kind: 'update' | 'dryRun') => {
    if (!plan) return
    setBusy(true)
    await fleet.begin(kind, plan, [...agreed])
    setBusy(false)
  }
  return (
    <Screen
      title={words.title}
      back={paths.devices}
      actions={
        (plan !== null || fault !== null) && (
          <>
            {count > 0 && (
              <>
                <Button
                  look="primary"
                  icon={Play}
                  wide
                  disabled={isAnswered !== true}
                  busy={isBusy}
                  onClick={() => void begin('update')}
                >
                  {words.start(count)}
                </Button>
                <Button icon={FlaskConical} wide busy={isBusy} onClick={() => void begin('dryRun')}>
                  {words.dryRun}
                </Button>
              </>
            )}
            <Button look={count > 0 ? 'quiet' : 'primary'} wide onClick={onBack}>
              {words.back}
            </Button>
          </>
        )
      }
    >
      {fault !== null ? (
        <FailureNotice kind="unexpectedError" detail={fault} />
      ) : plan === null ? (
        <div className="stack" role="status">
          <p>{words.making}</p>
          <div className="skeleton" />
        </div>
      ) : (
        <>
          {count === 0 && <p className="prose">{words.nothing}</p>}
          {plan.releases.length > 0 && (
            <Section title={words.files}>
              <ul className="stack snug">
                {plan.releases.map(release => (
                  <li key={release.manifest.fileHash}>
                    <Release
                      release={release}
                      isAgreed={agreed.has(release.manifest.fileHash)}
                      onAgree={isAgreed => setAgreed(before => withOrWithout(before, release, isAgreed))}
                    />
                  </li>
                ))}
              </ul>
            </Section>
          )}
          <PlanGroups groups={groups} />
        </>
      )}
    </Screen>
  )
}

function Release({
  release,
  isAgreed,
  onAgree,
}: {
  release: PlannedRelease
  isAgreed: boolean
  onAgree: (isAgreed: boolean) => void
}) {
  const { plan: words } = useFleetMessages()
  const { common } = useMessages()
  const formats = useFormats()
  const now = useNow()
  const { model, manifest, evidence, confirm, devices, isHeld } = release
  const version = formatVersion(manifest.version)
  const Icon = isHeld ? HardDriveDownload : Download
  return (
    <div className="card stack snug">
      <div>
        <p className="row-title fleet-name">{`${model.name} ${version}`}</p>
        <p className="row-note">{`${common.hardware(model.hardware)} · ${words.file(devices, formats.bytes(manifest.size))}`}</p>
      </div>
      <p className="row-note with-icon">
        <Icon size={16} aria-hidden />
        {isHeld ? words.isHeld : words.toFetch}
      </p>
      <ProofLink evidence={evidence} manifest={manifest} />
      {isAskedOnce(release) && (
        <div className="verdict tone-attention">
          <p className="verdict-title">{words.remembered(formats.age(evidence.verifiedAt, now))}</p>
          <p className="prose">{words.rememberedBody}</p>
          <div className="demand-check">
            <Check checked={isAgreed} onChange={onAgree}>
              {words.rememberedCheck(version)}
            </Check>
          </div>
        </div>
      )}
      {confirm.some(reason => reason !== 'remembered') && <p className="row-note">{words.askedEach}</p>}
    </div>
  )
}

/** What is unproven, or whose model somebody chose, is asked about at each device; the age of the reading once. */
const isAskedOnce = ({ confirm }: PlannedRelease): boolean => confirm.includes('remembered')

type Planned<K extends PlannedDevice['planned']['kind']> = PlannedDevice & {
  readonly planned: Extract<PlannedDevice['planned'], { kind: K }>
}

interface PlanGroups {
  readonly update: Planned<'update'>[]
  readonly ask: PlannedDevice[]
  readonly newest: Planned<'newest'>[]
  readonly not: Planned<'not'>[]
}

function groupPlan(devices: readonly PlannedDevice[]): PlanGroups {
  const groups: PlanGroups = { update: [], ask: [], newest: [], not: [] }
  for (const device of devices) {
    const { planned } = device
    if (planned.kind === 'update') groups.update.push({ ...device, planned })
    else if (planned.kind === 'newest') groups.newest.push({ ...device, planned })
    else if (planned.kind === 'not') groups.not.push({ ...device, planned })
    else groups.ask.push(device)
  }
  return groups
}

function PlanGroups({ groups: { update, ask, newest, not } }: { groups: PlanGroups }) {
  const { plan: words } = useFleetMessages()
  const { language } = useFormats()
  const messages = useMessages()
  return (
    <>
      {update.length > 0 && (
        <Section title={words.gets(update.length)}>
          <PagedRows
            items={update}
            row={({ name, from, planned }) => (
              <Row name={name}>
                <Versions from={from} to={planned.manifest.version} />
              </Row>
            )}
          />
        </Section>
      )}
      {ask.length > 0 && (
        <Section title={words.ask(ask.length)}>
          <p className="row-note">{words.askNote}</p>
          <PagedRows items={ask} row={({ name }) => <Row name={name} />} />
        </Section>
      )}
      {not.length > 0 && (
        <Section title={words.getsNone(not.length)}>
          <PagedRows
            items={not}
            row={({ name, planned: { failure } }) => {
              const text = failureText(messages, failure.kind, failure.reason)
              return <Row name={name}>{sentences([text.title, text.next], language)}</Row>
            }}
          />
        </Section>
      )}
      {newest.length > 0 && (
        <Section title={words.newest(newest.length)}>
          <PagedRows
            items={newest}
            row={({ name, planned: { version, isProven } }) => (
              <Row name={name}>
                {isProven ? formatVersion(version) : words.newestUnproven(formatVersion(version))}
              </Row>
            )}
          />
        </Section>
      )}
    </>
  )
}

function Row({ name, children }: { name: string; children?: ReactNode }) {
  return (
    <div className="row">
      <div className="grow">
        <p className="row-title fleet-name">{name}</p>
        {children !== undefined && <div className="row-note">{children}</div>}
      </div>
    </div>
  )
}

function withOrWithout(
  before: ReadonlySet<Hex>,
  { manifest: { fileHash } }: PlannedRelease,
  isIn: boolean,
): ReadonlySet<Hex> {
  const after = new Set(before)
  if (isIn) after.add(fileHash)
  else after.delete(fileHash)
  return after
}
