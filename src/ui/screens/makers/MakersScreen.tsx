// The makers whose releases this browser believes, and why.
import { ChevronRight, Factory, Plus } from 'lucide-react'
import { Link } from 'wouter'
import type { MakerRecord } from '../../../app/ports/store.ts'
import { LinkButton } from '../../components/Button.tsx'
import { Screen } from '../../components/Screen.tsx'
import { useFob } from '../../fobContext.ts'
import type { Messages } from '../../i18n/en.ts'
import { useMessages } from '../../i18n/useMessages.tsx'
import { paths } from '../../paths.ts'
import { useReadable } from '../../useReadable.ts'

export function MakersScreen() {
  const fob = useFob()
  const { makers: words } = useMessages()
  const makers = useReadable(fob.makers)
  return (
    <Screen
      title={words.title}
      actions={
        <LinkButton look="primary" icon={Plus} wide href={paths.addMaker}>
          {words.add}
        </LinkButton>
      }
    >
      {makers.length === 0 ? (
        <section className="card empty">
          <span className="glyph large">
            <Factory size={30} strokeWidth={1.75} aria-hidden />
          </span>
          <h2>{words.emptyTitle}</h2>
          <p className="soft prose">{words.emptyBody}</p>
        </section>
      ) : (
        <ul className="card flush rows">
          {makers.map(maker => (
            <li key={maker.address}>
              <MakerRow maker={maker} />
            </li>
          ))}
        </ul>
      )}
    </Screen>
  )
}

function MakerRow({ maker }: { maker: MakerRecord }) {
  const { makers: words } = useMessages()
  return (
    <Link className="row" href={paths.maker(maker.address)}>
      <span className="glyph">
        <Factory size={22} strokeWidth={1.75} aria-hidden />
      </span>
      <span className="grow">
        <span className="row-title">{maker.name}</span>
        <br />
        <span className="row-note">
          {pinnedFrom(maker, words)} · {words.modelCount(maker.models.length)}
        </span>
      </span>
      <ChevronRight size={20} className="chevron" aria-hidden />
    </Link>
  )
}

export function pinnedFrom(maker: MakerRecord, words: Messages['makers']): string {
  switch (maker.from) {
    case 'qr':
      return words.pinnedFrom.qr
    case 'domain':
      return words.pinnedFrom.domain(maker.domain ?? '')
    case 'network':
      return words.pinnedFrom.network
  }
}
