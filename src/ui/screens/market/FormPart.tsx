// A part of a form under a heading that looks as the labels of its fields do.
import type { ReactNode } from 'react'

export function FormPart({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="stack snug">
      <h2 className="form-title">{title}</h2>
      {children}
    </section>
  )
}
