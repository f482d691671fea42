// Models as links to their releases.
import { ChevronRight } from 'lucide-react'
import { Link } from 'wouter'
import type { Model } from '../../core/registry/model.ts'
import { useMessages } from '../i18n/useMessages.tsx'
import { paths } from '../paths.ts'
import { DeviceGlyph } from './DeviceGlyph.tsx'

export function ModelRows({ models }: { models: readonly Model[] }) {
  const { common } = useMessages()
  return (
    <ul className="card flush rows">
      {models.map(model => (
        <li key={`${model.maker}/${model.name}/${model.hardware}`}>
          <Link className="row" href={paths.model(model)}>
            <DeviceGlyph model={model} />
            <span className="grow">
              <span className="row-title">{model.name}</span>
              <br />
              <span className="row-note">{common.hardware(model.hardware)}</span>
            </span>
            <ChevronRight size={20} className="chevron" aria-hidden />
          </Link>
        </li>
      ))}
    </ul>
  )
}
