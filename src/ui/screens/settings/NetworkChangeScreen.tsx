// The host serves another network file than the pinned one: what differs, and the decision.
import { useState } from 'react'
import { useLocation } from 'wouter'
import type { NetworkView } from '../../../app/fob.ts'
import type { NetworkConfig } from '../../../core/network.ts'
import { Button } from '../../components/Button.tsx'
import { Fact, Facts, Section } from '../../components/Facts.tsx'
import { Check } from '../../components/Field.tsx'
import { Notice } from '../../components/Notice.tsx'
import { Screen } from '../../components/Screen.tsx'
import { useFob } from '../../fobContext.ts'
import type { Messages } from '../../i18n/en.ts'
import { useMemoryMessages } from '../../i18n/useMemoryMessages.ts'
import { useMessages } from '../../i18n/useMessages.tsx'
import { paths } from '../../paths.ts'
import { useReadable } from '../../useReadable.ts'
import { hostOf } from './hostOf.ts'

export function NetworkChangeScreen() {
  const { network: words } = useMessages()
  const network = useReadable(useFob().network)
  if (network.status === 'ready' && network.change !== null) {
    return <Comparison config={network.config} fingerprint={network.fingerprint} change={network.change} />
  }
  if (network.status === 'pinUnreadable' && network.change !== null) {
    return <Offered {...network.change} />
  }
  return (
    <Screen title={words.title} back={paths.network}>
      <p className="soft">{words.noChange}</p>
    </Screen>
  )
}

type Change = NonNullable<Extract<NetworkView, { status: 'ready' }>['change']>

function Comparison({
  config,
  fingerprint,
  change,
}: {
  config: NetworkConfig
  fingerprint: string
  change: Change
}) {
  const fob = useFob()
  const { network: words } = useMessages()
  const [, navigate] = useLocation()
  const [isUnderstood, setUnderstood] = useState(false)
  const rows = differences(
    { config, fingerprint },
    { config: change.config, fingerprint: change.fingerprint },
    words,
  )
  const changed = rows.filter(({ isSame }) => !isSame)
  const same = rows.filter(({ isSame }) => isSame)
  const [isUpdating, setUpdating] = useState(false)
  const accept = async () => {
    if (await fob.acceptNetworkChange()) navigate(paths.network, { replace: true })
    else setUpdating(true)
  }
  const refuse = () => {
    fob.refuseNetworkChange()
    navigate(paths.network, { replace: true })
  }
  return (
    <Screen
      title={words.changeTitle}
      back={paths.network}
      notices={false}
      actions={
        <>
          <Button look="primary" wide onClick={refuse}>
            {words.refuse}
          </Button>
          <Button wide disabled={!isUnderstood} onClick={() => void accept()}>
            {words.accept}
          </Button>
        </>
      }
    >
      <p className="prose">{words.changeBody}</p>
      <ul className="stack snug">
        {changed.map(row => (
          <li key={row.name} className="card stack tight">
            <div className="release-head">
              <h2 className="card-title">{row.name}</h2>
              <span className="badge tone-attention">{words.changed}</span>
            </div>
            <div className="pair">
              <div>
                <p className="row-note">{words.changeNow}</p>
                <p className="hash-full">{row.now}</p>
              </div>
              <div>
                <p className="row-note">{words.changeNew}</p>
                <p className="hash-full">{row.next}</p>
              </div>
            </div>
          </li>
        ))}
      </ul>
      {same.length > 0 && (
        <Section title={words.same}>
          <div className="card flush">
            <Facts>
              {same.map(row => (
                <Fact key={row.name} name={row.name}>
                  {row.now}
                </Fact>
              ))}
            </Facts>
          </div>
        </Section>
      )}
      <div className="card">
        <Check checked={isUnderstood} onChange={setUnderstood}>
          {words.acceptCheck}
        </Check>
      </div>
      {isUpdating && <Notice tone="attention" title={words.acceptLater} live />}
    </Screen>
  )
}

/** There is nothing left to compare with: the whole of it is to be looked at. */
function Offered(side: Side) {
  const fob = useFob()
  const { network: words } = useMessages()
  const { network: own } = useMemoryMessages()
  const [, navigate] = useLocation()
  const [isUnderstood, setUnderstood] = useState(false)
  const accept = async () => {
    await fob.acceptNetworkChange()
    navigate(paths.network, { replace: true })
  }
  return (
    <Screen
      title={words.changeTitle}
      back={paths.network}
      notices={false}
      actions={
        <Button look="primary" wide disabled={!isUnderstood} onClick={() => void accept()}>
          {own.accept}
        </Button>
      }
    >
      <p className="prose">{own.offered}</p>
      <div className="card flush">
        <Facts>
          {differences(side, side, words).map(row => (
            <Fact key={row.name} name={row.name}>
              <span className="hash-full">{row.now}</span>
            </Fact>
          ))}
        </Facts>
      </div>
      <div className="card">
        <Check checked={isUnderstood} onChange={setUnderstood}>
          {own.check}
        </Check>
      </div>
    </Screen>
  )
}

interface Side {
  readonly config: NetworkConfig
  readonly fingerprint: string
}

interface Row {
  readonly name: string
  readonly now: string
  readonly next: string
  readonly isSame: boolean
}

/** What decides comes first: the chain and the registry, then who is asked, then where bytes come from. */
function differences(now: Side, next: Side, words: Messages['network']): readonly Row[] {
  const values: readonly (readonly [string, (side: Side) => string])[] = [
    [words.title, ({ config }) => config.name],
    [words.chain, ({ config }) => `${config.chain.name} (${String(config.chain.id)})`],
    [words.registry, ({ config }) => config.chain.registry],
    [words.endpoints, ({ config }) => config.chain.endpoints.map(hostOf).join(', ')],
    [
      words.agreeing,
      ({ config }) => words.agreeingValue(config.chain.minAgreeing, config.chain.endpoints.length),
    ],
    [words.peers, ({ config }) => config.peers.join(', ') || '–'],
    [words.gateways, ({ config }) => config.gateways.map(hostOf).join(', ') || '–'],
    [words.fingerprint, ({ fingerprint }) => fingerprint],
  ]
  return values.map(([name, read]) => ({
    name,
    now: read(now),
    next: read(next),
    isSame: read(now) === read(next),
  }))
}
