// Every model whose releases can be read here: those of pinned makers and those of met devices.
import { Package } from 'lucide-react'
import type { Address } from '../../../core/bytes.ts'
import type { Model } from '../../../core/registry/model.ts'
import { LinkButton } from '../../components/Button.tsx'
import { Section } from '../../components/Facts.tsx'
import { ModelRows } from '../../components/ModelRows.tsx'
import { Screen } from '../../components/Screen.tsx'
import { useFob } from '../../fobContext.ts'
import { shortHash } from '../../i18n/formats.ts'
import { useMessages } from '../../i18n/useMessages.tsx'
import { paths } from '../../paths.ts'
import { useReadable } from '../../useReadable.ts'

export function ReleasesScreen() {
  const fob = useFob()
  const { releases: words, makers: makerWords } = useMessages()
  const makers = useReadable(fob.makers)
  const devices = useReadable(fob.devices)
  const met = devices.flatMap(({ record }) => record.model ?? [])
  const groups = groupByMaker([...makers.flatMap(({ models }) => models), ...met])
  return (
    <Screen title={words.title}>
      {groups.size === 0 && (
        <section className="card empty">
          <span className="glyph large">
            <Package size={30} strokeWidth={1.75} aria-hidden />
          </span>
          <h2>{words.emptyTitle}</h2>
          <p className="soft prose">{words.emptyBody}</p>
          <LinkButton look="primary" href={paths.addMaker}>
            {makerWords.add}
          </LinkButton>
        </section>
      )}
      {[...groups].map(([address, models]) => (
        <Section
          key={address}
          title={makers.find(maker => maker.address === address)?.name ?? shortHash(address)}
        >
          <ModelRows models={models} />
        </Section>
      ))}
    </Screen>
  )
}

function groupByMaker(models: readonly Model[]): ReadonlyMap<Address, readonly Model[]> {
  const groups = new Map<Address, Model[]>()
  for (const model of models) {
    const group = groups.get(model.maker) ?? []
    if (!group.some(({ name, hardware }) => name === model.name && hardware === model.hardware))
      group.push(model)
    groups.set(model.maker, group)
  }
  return groups
}
