// The small decisions about a device: its name, its model, and forgetting it.
import { Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useLocation } from 'wouter'
import type { DeviceRecord } from '../../../app/ports/store.ts'
import { Button, LinkButton } from '../../components/Button.tsx'
import { ConfirmSheet } from '../../components/ConfirmSheet.tsx'
import { FailureNotice } from '../../components/FailureNotice.tsx'
import { TextField } from '../../components/Field.tsx'
import { Sheet } from '../../components/Sheet.tsx'
import { useFob } from '../../fobContext.ts'
import { useMessages } from '../../i18n/useMessages.tsx'
import { paths } from '../../paths.ts'
import { useReadable } from '../../useReadable.ts'

interface SheetProps {
  readonly record: DeviceRecord
  readonly onClose: () => void
}

export function RenameSheet({ record, onClose }: SheetProps) {
  const fob = useFob()
  const { device: words, common } = useMessages()
  const [name, setName] = useState(record.name)
  const trimmed = name.trim()
  const save = () => {
    void fob.renameDevice(record.key, trimmed)
    onClose()
  }
  return (
    <Sheet title={words.renameTitle} onClose={onClose}>
      <form
        id="rename"
        className="stack"
        onSubmit={event => {
          event.preventDefault()
          if (trimmed !== '') save()
        }}
      >
        <TextField label={words.renameLabel} hint={words.renameHint} value={name} onChange={setName} />
        <Button look="primary" type="submit" wide disabled={trimmed === ''}>
          {common.save}
        </Button>
      </form>
    </Sheet>
  )
}

export function ForgetSheet({ record, onClose }: SheetProps) {
  const fob = useFob()
  const { device: words } = useMessages()
  const [, navigate] = useLocation()
  const [isBusy, setBusy] = useState(false)
  const forget = async () => {
    if (await fob.forgetDevice(record.key)) navigate(paths.devices, { replace: true })
    else setBusy(true)
  }
  return (
    <ConfirmSheet
      title={words.forgetTitle(record.name)}
      icon={Trash2}
      action={words.forget}
      onConfirm={() => void forget()}
      onClose={onClose}
    >
      <p className="prose">{words.forgetBody}</p>
      {isBusy && <FailureNotice kind="busyElsewhere" />}
    </ConfirmSheet>
  )
}

export function ModelSheet({ record, onClose }: SheetProps) {
  const fob = useFob()
  const { device: words, common } = useMessages()
  const makers = useReadable(fob.makers)
  const models = makers.flatMap(maker => maker.models.map(model => ({ maker, model })))
  return (
    <Sheet title={words.chooseModelTitle} onClose={onClose}>
      <p className="prose soft">{words.chooseModelBody}</p>
      {models.length === 0 ? (
        <>
          <p>{words.chooseModelNone}</p>
          <LinkButton look="primary" wide href={paths.addMaker}>
            {words.pinMaker}
          </LinkButton>
        </>
      ) : (
        <ul className="card flush rows">
          {models.map(({ maker, model }) => (
            <li key={`${model.maker}/${model.name}/${model.hardware}`}>
              <button
                type="button"
                className="row"
                onClick={() => {
                  void fob.chooseModel(record.key, model)
                  onClose()
                }}
              >
                <span className="grow">
                  <span className="row-title">{model.name}</span>
                  <br />
                  <span className="row-note">{`${maker.name} · ${common.hardware(model.hardware)}`}</span>
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </Sheet>
  )
}
