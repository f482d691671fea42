// Pinning a maker: from its code, its website, or the network's suggestion; then a look at what it is before it counts.
import { useEffect, useState } from 'react'
import { useLocation, useSearch } from 'wouter'
import type { MakerCandidate, PinFailure } from '../../../app/fob.ts'
import type { Result } from '../../../core/result.ts'
import { FailureNotice } from '../../components/FailureNotice.tsx'
import { Screen } from '../../components/Screen.tsx'
import { useFob } from '../../fobContext.ts'
import { useMessages } from '../../i18n/useMessages.tsx'
import { paths } from '../../paths.ts'
import { useReadable } from '../../useReadable.ts'
import { ByCode } from './ByCode.tsx'
import { ByDomain } from './ByDomain.tsx'
import { ConfirmMaker } from './ConfirmMaker.tsx'
import { Suggestions } from './Suggestions.tsx'

export function AddMakerScreen() {
  const fob = useFob()
  const { pin: words } = useMessages()
  const [, navigate] = useLocation()
  const search = new URLSearchParams(useSearch())
  const suggested = search.get('suggested')
  const deviceKey = search.get('device')
  const network = useReadable(fob.network)
  const [candidate, setCandidate] = useState<MakerCandidate | null>(null)
  const [failure, setFailure] = useState<PinFailure | null>(null)
  const [isReading, setReading] = useState(false)

  const read = async (reading: Promise<Result<MakerCandidate, PinFailure>>) => {
    setReading(true)
    setFailure(null)
    const result = await reading
    setReading(false)
    if (result.ok) setCandidate(result.value)
    else setFailure(result.error)
  }

  // Opened from a device whose maker is one that the network suggests: go straight to the look at it.
  const isReady = network.status === 'ready'
  useEffect(() => {
    if (suggested === null || !isReady || !/^0x[0-9a-f]{40}$/.test(suggested)) return
    let isCurrent = true
    void fob.readSuggestedMaker(`0x${suggested.slice(2)}`).then(result => {
      if (!isCurrent) return
      if (result.ok) setCandidate(result.value)
      else setFailure(result.error)
    })
    return () => {
      isCurrent = false
    }
  }, [fob, suggested, isReady])

  if (candidate !== null) {
    return (
      <ConfirmMaker
        candidate={candidate}
        onReject={() => setCandidate(null)}
        onPinned={() =>
          navigate(deviceKey ? paths.device(deviceKey) : paths.maker(candidate.pin.address), {
            replace: true,
          })
        }
      />
    )
  }
  return (
    <Screen title={words.title} back={paths.makers}>
      <p className="prose soft">{words.intro}</p>
      {failure !== null && (
        <FailureNotice kind={failure.kind} detail={'detail' in failure ? failure.detail : null} />
      )}
      <ByCode isReading={isReading} onText={text => void read(fob.readMakerPin(text))} />
      <ByDomain isReading={isReading} onDomain={domain => void read(fob.readMakerPinFromDomain(domain))} />
      <Suggestions isReading={isReading} onPick={address => void read(fob.readSuggestedMaker(address))} />
    </Screen>
  )
}
