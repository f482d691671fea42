// Who a device is, who says so, and whether its maker is one that the person trusts.
import { BadgeCheck, ChevronRight, KeyRound, PackageSearch, UserRound } from 'lucide-react'
import { Link } from 'wouter'
import type { DeviceView } from '../../../app/fob.ts'
import { Button } from '../../components/Button.tsx'
import { Fact, Facts, Section } from '../../components/Facts.tsx'
import { Hash } from '../../components/Hash.tsx'
import { labelled } from '../../i18n/punctuation.ts'
import { useFormats, useMessages } from '../../i18n/useMessages.tsx'
import { paths } from '../../paths.ts'

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
              <Fact
                name={words.model}
                note={labelled(words.hardware, record.model.hardware, formats.language)}
              >
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
            {record.bootMode && (
              <Fact name={words.bootloader} note={record.noDowngrade ? words.noDowngrade : null}>
                {words.bootModes[record.bootMode]}
              </Fact>
            )}
            {record.slotSize !== null && <Fact name={words.freeSlot}>{formats.bytes(record.slotSize)}</Fact>}
          </Facts>
        </div>
      </div>
      {record.modelFrom === 'signed' && (
        <Link href={paths.claim(record.key)} className="card row">
          <KeyRound size={20} aria-hidden />
          <span className="grow">
            <span className="row-title">{words.ownership}</span>
            <br />
            <span className="row-note">{words.ownershipNote}</span>
          </span>
          <ChevronRight size={18} className="chevron" aria-hidden />
        </Link>
      )}
      {record.modelFrom !== 'signed' && record.deviceId === null && record.model !== null && (
        <Button icon={PackageSearch} onClick={onChooseModel}>
          {words.changeModel}
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
