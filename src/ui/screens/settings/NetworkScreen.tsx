// Which chain, endpoints, peers and gateways are used, and how they are doing.
import { CircleCheck, CircleX, RefreshCw } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { EndpointStatus } from '../../../app/ports/chain.ts'
import type { NetworkConfig } from '../../../core/network.ts'
import { Button } from '../../components/Button.tsx'
import { Fact, Facts, Section } from '../../components/Facts.tsx'
import { Hash } from '../../components/Hash.tsx'
import { Notice } from '../../components/Notice.tsx'
import { Screen } from '../../components/Screen.tsx'
import { useFob } from '../../fobContext.ts'
import { useFormats, useMessages } from '../../i18n/useMessages.tsx'
import { paths } from '../../paths.ts'
import { useReadable } from '../../useReadable.ts'
import { hostOf } from './hostOf.ts'
import { PeersSection } from './PeersSection.tsx'

export function NetworkScreen() {
  const { network: words } = useMessages()
  const network = useReadable(useFob().network)
  return (
    <Screen title={words.title} back={paths.settings}>
      {network.status === 'ready' ? (
        <>
          <ChainSection config={network.config} fingerprint={network.fingerprint} />
          <EndpointsSection config={network.config} />
          <PeersSection config={network.config} />
        </>
      ) : (
        <p className="soft">{words.missing}</p>
      )}
    </Screen>
  )
}

function ChainSection({ config, fingerprint }: { config: NetworkConfig; fingerprint: string }) {
  const { network: words } = useMessages()
  const formats = useFormats()
  const { chain } = config
  return (
    <Section title={config.name}>
      <div className="card flush">
        <Facts>
          <Fact name={words.chain}>{chain.name}</Fact>
          <Fact name={words.chainId}>{String(chain.id)}</Fact>
          <Fact name={words.registry}>
            <Hash value={chain.registry} name={words.registry} />
          </Fact>
          <Fact name={words.agreeing}>{words.agreeingValue(chain.minAgreeing, chain.endpoints.length)}</Fact>
          <Fact name={words.maxAge}>{words.maxAgeValue(formats.duration(chain.maxAgeSeconds))}</Fact>
          <Fact name={words.fingerprint} note={words.fingerprintHint}>
            <Hash value={fingerprint} name={words.fingerprint} />
          </Fact>
        </Facts>
      </div>
    </Section>
  )
}

function EndpointsSection({ config }: { config: NetworkConfig }) {
  const fob = useFob()
  const { network: words } = useMessages()
  const [statuses, setStatuses] = useState<readonly EndpointStatus[] | null>(null)
  const [isProbing, setProbing] = useState(true)

  useEffect(() => {
    if (!isProbing) return
    let isCurrent = true
    void fob.probeEndpoints().then(read => {
      if (!isCurrent) return
      setStatuses(read)
      setProbing(false)
    })
    return () => {
      isCurrent = false
    }
  }, [fob, isProbing])

  const answering = statuses?.filter(({ state }) => state === 'ok').length ?? 0
  return (
    <Section
      title={words.endpoints}
      side={
        <Button look="quiet" icon={RefreshCw} busy={isProbing} onClick={() => setProbing(true)}>
          {isProbing ? words.probing : words.probe}
        </Button>
      }
    >
      {statuses !== null && !isProbing && answering < config.chain.minAgreeing && (
        <Notice tone="attention" title={words.tooFew} live />
      )}
      <ul className="card flush rows">
        {statuses === null
          ? config.chain.endpoints.map(url => (
              <li key={url} className="row">
                <span className="grow row-title">{hostOf(url)}</span>
              </li>
            ))
          : statuses.map((status, index) => (
              // Two endpoints may share a host name; their order is that of the network file.
              <li key={`${status.host}#${String(index)}`}>
                <EndpointRow status={status} />
              </li>
            ))}
      </ul>
    </Section>
  )
}

function EndpointRow({ status }: { status: EndpointStatus }) {
  const { network: words } = useMessages()
  const formats = useFormats()
  const isOk = status.state === 'ok'
  const Icon = isOk ? CircleCheck : CircleX
  const note = [
    words.state[status.state],
    ...(status.finalizedBlock === null ? [] : [words.finalized(formats.number(status.finalizedBlock))]),
  ]
  return (
    <div className={`row ${isOk ? 'tone-ok' : 'tone-alarm'}`}>
      <Icon size={20} color="var(--tone)" aria-hidden />
      <span className="grow">
        <span className="row-title">{status.host}</span>
        <br />
        <span className="row-note tabular">{note.join(' · ')}</span>
      </span>
    </div>
  )
}
