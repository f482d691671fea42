// Who a device is, who says so, and whether its maker is one that the person trusts.
import { BadgeCheck, KeyRound, PackageSearch, UserRound } from 'lucide-react'
import type { DeviceView } from '../../../app/fob.ts'
import { Button, LinkButton } from '../../components/Button.tsx'
import { Fact, Facts, Section } from '../../components/Facts.tsx'
import { Hash } from '../../components/Hash.tsx'
import { Notice } from '../../components/Notice.tsx'
import { useFob } from '../../fobContext.ts'
import { useFormats, useMessages } from '../../i18n/useMessages.tsx'
import { paths } from '../../paths.ts'
import { useReadable } from '../../useReadable.ts'

export function Identity({ view, onChooseModel }: { view: DeviceView; onChooseModel: () => void }) {
  const { device: words, evidence } = useMessages()
  const formats = useFormats()
  const { record } = view
  const { title, note, icon: Icon } = useSource(record.modelFrom)
  return (
    <Section title={words.identity}>
      <div className="card flush">
        <div className="row">
          <span className="glyph">
            <Icon size={22} strokeWidth={1.75} aria-hidden />
          </span>
          <div className="grow">
            <p className="row-title">{title}</p>
            <p className="row-note">{note}</p>
          </div>
        </div>
        <div className="ruled">
          <Facts>
            {record.model !== null && (
              <Fact name={words.model} note={`${words.hardware}: ${record.model.hardware}`}>
                {record.model.name}
              </Fact>
            )}
            {record.model !== null && (
              <Fact name={words.maker} note={view.maker === null ? words.makerNotPinned : words.makerPinned}>
                {view.maker?.name ?? <Hash value={record.model.maker} name={words.maker} />}
              </Fact>
            )}
            {record.deviceId !== null && (
              <Fact name={words.deviceId}>
                <Hash value={record.deviceId} name={words.deviceId} />
              </Fact>
            )}
            {record.running !== null && (
              <Fact
                name={words.runningHash}
                note={record.running.confirmed ? words.confirmed : words.notConfirmed}
              >
                <Hash value={record.running.hash} name={evidence.imageHash} />
              </Fact>
            )}
            {record.slotSize !== null && <Fact name={words.freeSlot}>{formats.bytes(record.slotSize)}</Fact>}
          </Facts>
        </div>
      </div>
      <MakerNotPinned view={view} />
      {record.modelFrom !== 'signed' && record.deviceId === null && (
        <Button icon={PackageSearch} onClick={onChooseModel}>
          {record.model === null ? words.chooseModel : words.changeModel}
        </Button>
      )}
    </Section>
  )
}

function useSource(from: DeviceView['record']['modelFrom']) {
  const { device: words } = useMessages()
  switch (from) {
    case 'signed':
      return { title: words.identitySigned, note: words.identitySignedNote, icon: BadgeCheck }
    case 'knownHash':
      return { title: words.identityKnownHash, note: words.identityKnownHashNote, icon: KeyRound }
    case 'chosen':
      return { title: words.identityChosen, note: words.identityChosenNote, icon: UserRound }
    case null:
      return { title: words.identityUnknown, note: words.identityUnknownNote, icon: PackageSearch }
  }
}

function MakerNotPinned({ view }: { view: DeviceView }) {
  const { device: words } = useMessages()
  const network = useReadable(useFob().network)
  const { model } = view.record
  if (model === null || view.maker !== null) return null
  const isSuggested =
    network.status === 'ready' && network.config.makers.some(({ address }) => address === model.maker)
  return (
    <Notice
      tone="attention"
      title={words.makerNotPinned}
      actions={
        <LinkButton look="primary" href={isSuggested ? paths.addSuggested(model.maker) : paths.addMaker}>
          {words.pinMaker}
        </LinkButton>
      }
    >
      {words.makerNotPinnedNote}
    </Notice>
  )
}
