// What an update did and how it was proven: shown, shared, copied, printed.
import { CircleCheck, Copy, Printer, Share2 } from 'lucide-react'
import type { UpdateReceipt } from '../../../app/ports/store.ts'
import { formatVersion } from '../../../core/mcuboot/version.ts'
import { Button } from '../../components/Button.tsx'
import { EvidenceFacts } from '../../components/EvidenceSheet.tsx'
import { Fact, Facts, Section } from '../../components/Facts.tsx'
import { Hash } from '../../components/Hash.tsx'
import { Notice } from '../../components/Notice.tsx'
import { Versions } from '../../components/Versions.tsx'
import { useFob } from '../../fobContext.ts'
import { useFormats, useMessages } from '../../i18n/useMessages.tsx'
import { useCopy } from '../../useCopy.ts'
import { useReadable } from '../../useReadable.ts'
import { receiptText } from './receiptText.ts'

export function Receipt({ receipt }: { receipt: UpdateReceipt }) {
  const messages = useMessages()
  const formats = useFormats()
  const { result: words, device, common, evidence } = messages
  const makers = useReadable(useFob().makers)
  const isRead = receipt.readBack !== false
  const maker = makers.find(({ address }) => address === receipt.model.maker)
  return (
    <>
      <section className="result-head">
        <span className="glyph large tone-ok">
          <CircleCheck size={34} aria-hidden />
        </span>
        <h2 className="result-title">
          {(isRead ? words.title : words.titleTaken)(receipt.deviceName, formatVersion(receipt.to))}
        </h2>
        <p>
          <Versions from={receipt.from} to={receipt.to} />
        </p>
        <p className="soft">{isRead ? words.readBack : words.taken}</p>
      </section>
      {receipt.evidence.level === 'unproven' && <Notice tone="attention" title={words.unprovenNote} />}
      <ShareRow receipt={receipt} />
      <section className="card flush">
        <Facts>
          <Fact
            name={device.model}
            note={[maker?.name, common.hardware(receipt.model.hardware)]
              .filter(part => part !== undefined)
              .join(' · ')}
          >
            {receipt.model.name}
          </Fact>
          {receipt.deviceId !== null && (
            <Fact name={device.deviceId}>
              <Hash value={receipt.deviceId} name={device.deviceId} />
            </Fact>
          )}
          <Fact name={evidence.imageHash}>
            <Hash value={receipt.imageHash} name={evidence.imageHash} />
          </Fact>
          <Fact name={evidence.fileHash}>
            <Hash value={receipt.manifest.fileHash} name={evidence.fileHash} />
          </Fact>
          <Fact name={words.finished}>{formats.dateTime(receipt.finishedAt)}</Fact>
          <Fact name={words.took}>{formats.duration(receipt.finishedAt - receipt.startedAt)}</Fact>
          <Fact name={words.sent}>{formats.bytes(receipt.bytesSent)}</Fact>
        </Facts>
      </section>
      <Section title={words.evidence}>
        <EvidenceFacts evidence={receipt.evidence} manifest={receipt.manifest} of={receipt.chain} />
      </Section>
    </>
  )
}

function ShareRow({ receipt }: { receipt: UpdateReceipt }) {
  const messages = useMessages()
  const formats = useFormats()
  const { copied, copy } = useCopy()
  const words = messages.result
  const text = receiptText(receipt, messages, formats)
  const share = async () => {
    try {
      await navigator.share({ title: text.title, text: text.body })
    } catch {
      // The person closed the share sheet: nothing to say.
    }
  }
  return (
    <div className="button-row no-print">
      {'share' in navigator && (
        <Button icon={Share2} onClick={() => void share()}>
          {words.share}
        </Button>
      )}
      <Button icon={Copy} onClick={() => void copy(text.body)}>
        <span aria-live="polite">{copied ? messages.common.copied : words.copy}</span>
      </Button>
      <Button icon={Printer} onClick={() => window.print()}>
        {words.print}
      </Button>
    </div>
  )
}
