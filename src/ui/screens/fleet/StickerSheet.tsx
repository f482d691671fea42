// Stickers, one after the other: each chooses a device that is known here.
import { useState } from 'react'
import { deviceOfSticker } from '../../../core/fleet/sticker.ts'
import { Button } from '../../components/Button.tsx'
import { Notice } from '../../components/Notice.tsx'
import { Sheet } from '../../components/Sheet.tsx'
import { CodeReader } from '../../components/scan/CodeReader.tsx'
import { signal } from '../../feedback.ts'
import { useFob } from '../../fobContext.ts'
import { useFleetMessages } from '../../i18n/useFleetMessages.ts'
import { useMessages } from '../../i18n/useMessages.tsx'
import { useReadable } from '../../useReadable.ts'

type Read = { readonly kind: 'chosen' | 'again'; readonly name: string } | { readonly kind: 'unknown' }

export function StickerSheet({
  chosen,
  onChosen,
  onClose,
}: {
  chosen: ReadonlySet<string>
  onChosen: (key: string) => void
  onClose: () => void
}) {
  const fob = useFob()
  const { choose: words } = useFleetMessages()
  const { common } = useMessages()
  const devices = useReadable(fob.devices)
  const { hapticsAndSound } = useReadable(fob.settings)
  const [read, setRead] = useState<Read | null>(null)
  const onText = (text: string) => {
    const found = deviceOfSticker(
      text,
      devices.map(({ record }) => record),
    )
    if (hapticsAndSound) signal(found ? 'good' : 'bad')
    if (!found) return setRead({ kind: 'unknown' })
    setRead({ kind: chosen.has(found.key) ? 'again' : 'chosen', name: found.name })
    onChosen(found.key)
  }
  return (
    <Sheet
      title={words.scanTitle}
      onClose={onClose}
      actions={
        <Button look="primary" wide onClick={onClose}>
          {`${common.done} · ${words.chosen(chosen.size)}`}
        </Button>
      }
    >
      <p className="soft prose">{words.scanBody}</p>
      {read !== null && <WhatWasRead read={read} />}
      <CodeReader
        scanLabel={words.scanButton}
        pasteHint={words.scanHint}
        isReading={false}
        isContinuous
        onText={onText}
      />
    </Sheet>
  )
}

function WhatWasRead({ read }: { read: Read }) {
  const { choose: words } = useFleetMessages()
  switch (read.kind) {
    case 'chosen':
      return <Notice tone="ok" title={words.scanned(read.name)} live />
    case 'again':
      return <Notice tone="plain" title={words.scannedAgain(read.name)} live />
    case 'unknown':
      return <Notice tone="attention" title={words.scannedUnknown} live />
  }
}
