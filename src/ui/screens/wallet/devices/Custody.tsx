// Who had the device and what was written of it on the chain, newest first.
import { useEffect, useState } from 'react'
import type { CustodyEntry } from '../../../../app/ports/walletChain.ts'
import type { DeviceId } from '../../../../core/identity.ts'
import { Section } from '../../../components/Facts.tsx'
import { shortHash } from '../../../i18n/formats.ts'
import { useFormats } from '../../../i18n/useMessages.tsx'
import { useWalletMessages } from '../../../i18n/useWalletMessages.ts'
import type { WalletMessages } from '../../../i18n/walletEn.ts'
import { useWallet } from '../../../walletContext.tsx'
import type { Names } from '../signing/speaker.ts'
import { useNames } from '../signing/useNames.ts'
import { type ShownFailure, WalletFailure } from '../WalletFailure.tsx'

export function Custody({ deviceId }: { deviceId: DeviceId }) {
  const words = useWalletMessages()
  const formats = useFormats()
  const names = useNames()
  const wallet = useWallet()
  const [entries, setEntries] = useState<readonly CustodyEntry[] | null>(null)
  const [failure, setFailure] = useState<ShownFailure | null>(null)
  useEffect(() => {
    let isCurrent = true
    void wallet.custodyOf(deviceId).then(read => {
      if (!isCurrent) return
      if (read.ok) setEntries(read.value)
      else setFailure({ kind: read.error.kind })
    })
    return () => {
      isCurrent = false
    }
  }, [wallet, deviceId])
  return (
    <Section title={words.owned.custody}>
      {failure !== null ? (
        <WalletFailure failure={failure} />
      ) : entries === null ? (
        <div className="skeleton" aria-busy="true" />
      ) : entries.length === 0 ? (
        <p className="card soft">{words.owned.custodyNone}</p>
      ) : (
        <ul className="card flush rows">
          {entries.map((entry, index) => (
            // One transaction may write several entries; their order never changes.
            <li key={`${entry.transaction}${String(index)}`} className="row">
              <span className="grow">
                <span className="row-title breakable">{textOf(entry, words, names)}</span>
                <br />
                <span className="row-note">{formats.dateTime(entry.at)}</span>
              </span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}

function textOf(
  { event }: CustodyEntry,
  { owned: words, sentenceWords }: WalletMessages,
  names: Names,
): string {
  const who = (address: `0x${string}`) => names.ofAddress(address) ?? shortHash(address)
  switch (event.kind) {
    case 'claimed':
      return words.events.claimed(who(event.owner))
    case 'handedOver':
      return words.events.handedOver(who(event.from), who(event.to))
    case 'configFiled':
      return words.events.configFiled(String(event.version))
    case 'reported':
      return words.events.reported(sentenceWords.reports[event.report])
  }
}
