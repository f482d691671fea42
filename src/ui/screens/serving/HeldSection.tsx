// The files that can be served: which are kept, what they gave, and taking one away.
import { Trash2 } from 'lucide-react'
import { isSameModel } from '../../../app/serving/rules.ts'
import type { HeldFile, Serving, ServingView } from '../../../app/serving/serving.ts'
import { formatVersion } from '../../../core/mcuboot/version.ts'
import type { Model } from '../../../core/registry/model.ts'
import { IconButton } from '../../components/Button.tsx'
import { DeviceGlyph } from '../../components/DeviceGlyph.tsx'
import { Section } from '../../components/Facts.tsx'
import { SwitchRow } from '../../components/Field.tsx'
import { useFob } from '../../fobContext.ts'
import { useFormats, useMessages } from '../../i18n/useMessages.tsx'
import { useServingMessages } from '../../i18n/useServingMessages.ts'
import { useReadable } from '../../useReadable.ts'

export function HeldSection({ view, serving }: { view: ServingView; serving: Serving }) {
  const words = useServingMessages()
  const models = useModels(view)
  const { held, fetching, rules } = view
  return (
    <Section title={words.held}>
      {held === null && <p className="row-note indent">{words.looking}</p>}
      {held?.length === 0 && <p className="row-note indent">{words.heldNone}</p>}
      {fetching !== null && (
        <p className="row-note indent" role="status">
          {words.fetching(fetching.name)}
        </p>
      )}
      {models.map(model => (
        <div key={`${model.maker}/${model.name}/${model.hardware}`} className="card flush rows">
          <ModelHead model={model} />
          {held
            ?.filter(file => isSameModel(file.model, model))
            .map(file => (
              <FileRow key={file.cid} file={file} onRemove={() => void serving.remove(file.cid)} />
            ))}
          <SwitchRow
            label={words.keep}
            hint={words.keepHint}
            checked={rules.keptModels.some(kept => isSameModel(kept, model))}
            onChange={isKept => void serving.keep(model, isKept)}
          />
        </div>
      ))}
    </Section>
  )
}

/** Of which something is held, those that are kept, and those of devices whose maker is trusted: each once. */
function useModels({ held, rules }: ServingView): readonly Model[] {
  const devices = useReadable(useFob().devices)
  const known = devices.flatMap(({ record, maker }) => (record.model && maker ? [record.model] : []))
  const all = [...(held ?? []).map(({ model }) => model), ...rules.keptModels, ...known]
  return all.filter((model, index) => all.findIndex(other => isSameModel(other, model)) === index)
}

function ModelHead({ model }: { model: Model }) {
  const { common } = useMessages()
  return (
    <div className="row">
      <DeviceGlyph model={model} />
      <span className="grow">
        <span className="row-title">{model.name}</span>
        <br />
        <span className="row-note">{common.hardware(model.hardware)}</span>
      </span>
    </div>
  )
}

function FileRow({ file, onRemove }: { file: HeldFile; onRemove: () => void }) {
  const words = useServingMessages()
  const formats = useFormats()
  const version = formatVersion(file.version)
  const state = file.isRevoked ? words.revoked : file.isNewest ? words.newest : words.older
  const note = [
    formats.bytes(file.size),
    state,
    ...(file.given > 0 ? [words.givenOf(formats.bytes(file.given))] : []),
  ]
  return (
    <div className={`row ${file.isRevoked ? 'tone-alarm' : ''}`}>
      <span className="grow">
        <span className="row-title tabular">{version}</span>
        <br />
        <span className="row-note tabular">{note.join(' · ')}</span>
      </span>
      {!file.isKept && (
        <IconButton icon={Trash2} label={words.removeName(file.model.name, version)} onClick={onRemove} />
      )}
    </div>
  )
}
