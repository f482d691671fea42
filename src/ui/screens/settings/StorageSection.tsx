// How much this browser holds for Fob, whether it may throw it away, and making room.
import { HardDrive, ShieldCheck } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { StorageView } from '../../../app/fob.ts'
import { Bar } from '../../components/Bar.tsx'
import { Button } from '../../components/Button.tsx'
import { ConfirmSheet } from '../../components/ConfirmSheet.tsx'
import { Section } from '../../components/Facts.tsx'
import { Notice } from '../../components/Notice.tsx'
import { useFob } from '../../fobContext.ts'
import { useFormats, useMessages } from '../../i18n/useMessages.tsx'

export function StorageSection() {
  const fob = useFob()
  const { settings: words } = useMessages()
  const formats = useFormats()
  const [storage, setStorage] = useState<StorageView | null>(null)
  const [isClearing, setClearing] = useState(false)
  const [notice, setNotice] = useState<'refused' | 'cleared' | null>(null)

  useEffect(() => {
    let isCurrent = true
    void fob.storage().then(read => {
      if (isCurrent) setStorage(read)
    })
    return () => {
      isCurrent = false
    }
  }, [fob])

  const persist = async () => {
    const granted = await fob.askForPersistence()
    setNotice(granted ? null : 'refused')
    setStorage(await fob.storage())
  }
  const clear = async () => {
    setClearing(false)
    await fob.clearFirmware()
    setNotice('cleared')
    setStorage(await fob.storage())
  }
  const usage =
    storage === null
      ? words.storageUnknown
      : words.storageUsed(formats.bytes(storage.used), formats.bytes(storage.free))
  return (
    <Section title={words.storage}>
      <div className="card stack">
        <div className="stack tight">
          <p className="row-title">{usage}</p>
          {storage !== null && (
            <Bar
              fraction={storage.used / Math.max(1, storage.used + storage.free)}
              label={words.storage}
              text={usage}
              still
            />
          )}
          {storage !== null && (
            <p className="row-note">{storage.persisted ? words.persisted : words.notPersisted}</p>
          )}
        </div>
        {notice === 'refused' && <Notice tone="attention" title={words.persistRefused} live />}
        {notice === 'cleared' && <Notice tone="ok" title={words.cleared} live />}
        <div className="button-row">
          {storage !== null && !storage.persisted && (
            <Button icon={ShieldCheck} onClick={() => void persist()}>
              {words.persist}
            </Button>
          )}
          <Button icon={HardDrive} onClick={() => setClearing(true)}>
            {words.clear}
          </Button>
        </div>
      </div>
      {isClearing && (
        <ConfirmSheet
          title={words.clearTitle}
          action={words.clearYes}
          onConfirm={() => void clear()}
          onClose={() => setClearing(false)}
        >
          <p className="prose">{words.clearBody}</p>
        </ConfirmSheet>
      )}
    </Section>
  )
}
