// The look at a maker before it counts: its address, where it was read from, the key that releases now.
import { Pin } from 'lucide-react'
import { useState } from 'react'
import type { MakerCandidate } from '../../../app/fob.ts'
import { AddressBlock } from '../../components/AddressBlock.tsx'
import { Button } from '../../components/Button.tsx'
import { Fact, Facts, Section } from '../../components/Facts.tsx'
import { Hash } from '../../components/Hash.tsx'
import { Notice } from '../../components/Notice.tsx'
import { ProofLink } from '../../components/ProofLink.tsx'
import { Screen } from '../../components/Screen.tsx'
import { useFob } from '../../fobContext.ts'
import type { Messages } from '../../i18n/en.ts'
import { useFormats, useMessages } from '../../i18n/useMessages.tsx'
import { paths } from '../../paths.ts'
import { useReadable } from '../../useReadable.ts'

export function ConfirmMaker({
  candidate,
  onReject,
  onPinned,
}: {
  candidate: MakerCandidate
  onReject: () => void
  onPinned: () => void
}) {
  const fob = useFob()
  const { pin: words } = useMessages()
  const formats = useFormats()
  const isPinned = useReadable(fob.makers).some(({ address }) => address === candidate.pin.address)
  const [isBusy, setBusy] = useState(false)
  const { pin } = candidate
  const confirm = async () => {
    setBusy(true)
    await fob.pinMaker(candidate)
    onPinned()
  }
  return (
    <Screen
      title={words.confirmTitle(pin.name)}
      back={paths.makers}
      actions={
        <>
          <Button look="primary" icon={Pin} wide busy={isBusy} onClick={() => void confirm()}>
            {words.confirm}
          </Button>
          <Button look="quiet" wide onClick={onReject}>
            {words.reject}
          </Button>
        </>
      }
    >
      <p className="prose">{words.confirmBody}</p>
      {isPinned && <Notice tone="info" title={words.already} />}
      <section className="card">
        <AddressBlock address={pin.address} />
      </section>
      <section className="card flush">
        <Facts>
          <Fact name={words.source} note={candidate.from === 'network' ? words.suggestedNote : null}>
            {source(candidate, words)}
          </Fact>
          <ReleaseKey candidate={candidate} />
        </Facts>
        {candidate.reading !== null && (
          <div className="card-foot">
            <ProofLink evidence={candidate.reading.evidence} manifest={candidate.reading.manifest} />
          </div>
        )}
      </section>
      {candidate.reading !== null && candidate.reading.record === null && (
        <Notice tone="attention" title={words.notRegistered} />
      )}
      <Models candidate={candidate} list={formats.list} />
    </Screen>
  )
}

function ReleaseKey({ candidate }: { candidate: MakerCandidate }) {
  const { pin: words } = useMessages()
  const key = candidate.reading?.record?.releaseKey
  return (
    <Fact name={words.releaseKey}>
      {key === undefined ? (
        <span className="soft">
          {candidate.reading === null ? words.releaseKeyUnread : words.notRegistered}
        </span>
      ) : (
        <Hash value={key} name={words.releaseKey} />
      )}
    </Fact>
  )
}

function Models({
  candidate,
  list,
}: {
  candidate: MakerCandidate
  list: (items: readonly string[]) => string
}) {
  const { makers: words } = useMessages()
  const names = [...new Set(candidate.pin.models.map(({ name }) => name))]
  return (
    <Section title={words.models}>
      <p className="card">{names.length === 0 ? words.noModels : list(names)}</p>
    </Section>
  )
}

function source({ from, domain }: MakerCandidate, words: Messages['pin']): string {
  switch (from) {
    case 'qr':
      return words.sourceQr
    case 'network':
      return words.sourceNetwork
    case 'domain':
      return words.sourceDomain(domain ?? '')
  }
}
