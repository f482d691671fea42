// Where firmware comes from: connected peers, those the network names, and gateways.
import { useEffect, useState } from 'react'
import type { NetworkConfig } from '../../../core/network.ts'
import { Disclosure } from '../../components/Disclosure.tsx'
import { Section } from '../../components/Facts.tsx'
import { useFob } from '../../fobContext.ts'
import { useMessages } from '../../i18n/useMessages.tsx'
import { hostOf } from './hostOf.ts'

/** The node tells no changes of its peers: it is asked this often, in milliseconds, while the screen is open. */
const askEvery = 2000

export function PeersSection({ config }: { config: NetworkConfig }) {
  const fob = useFob()
  const { network: words } = useMessages()
  const [peers, setPeers] = useState(() => fob.peers())
  useEffect(() => {
    const timer = setInterval(() => setPeers(fob.peers()), askEvery)
    return () => clearInterval(timer)
  }, [fob])
  return (
    <>
      <Section title={words.peers}>
        <div className="card flush rows">
          {(peers === null || peers.length === 0) && (
            <p className="row soft">{peers === null ? words.peersIdle : words.peersNone}</p>
          )}
          {peers?.map(({ id, address, direction }) => (
            <div key={id} className="row">
              <span className="grow">
                <code className="small">{id}</code>
                <br />
                <span className="row-note">
                  {direction === 'in' ? words.peerIn : words.peerOut} · <code>{address}</code>
                </span>
              </span>
            </div>
          ))}
          {config.peers.length > 0 && (
            <div className="card-pad">
              <Disclosure title={words.configuredPeers}>
                <ul className="stack tight">
                  {config.peers.map(address => (
                    <li key={address}>
                      <code className="small">{address}</code>
                    </li>
                  ))}
                </ul>
              </Disclosure>
            </div>
          )}
        </div>
      </Section>
      <Section title={words.gateways}>
        <div className="card flush rows">
          {config.gateways.length === 0 ? (
            <p className="row soft">{words.gatewaysNone}</p>
          ) : (
            config.gateways.map(url => (
              <p key={url} className="row">
                {hostOf(url)}
              </p>
            ))
          )}
        </div>
      </Section>
    </>
  )
}
