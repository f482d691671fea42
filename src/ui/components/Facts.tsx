// Pairs of a name and a value, in a card.
import type { ReactNode } from 'react'

export function Facts({ children }: { children: ReactNode }) {
  return <dl className="facts">{children}</dl>
}

export function Fact({ name, children, note }: { name: string; children: ReactNode; note?: string | null }) {
  return (
    <div className="fact">
      <dt>{name}</dt>
      <dd>
        {children}
        {note !== undefined && note !== null && <div className="note">{note}</div>}
      </dd>
    </div>
  )
}

export function Section({ title, side, children }: { title: string; side?: ReactNode; children: ReactNode }) {
  return (
    <section className="section">
      <div className="section-head">
        <h2>{title}</h2>
        {side}
      </div>
      {children}
    </section>
  )
}
