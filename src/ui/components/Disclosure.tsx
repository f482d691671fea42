// More, for those who want it.
import { ChevronRight } from 'lucide-react'
import type { ReactNode } from 'react'

export function Disclosure({ title, children }: { title: string; children: ReactNode }) {
  return (
    <details className="disclosure">
      <summary>
        <ChevronRight size={18} className="chevron" aria-hidden />
        {title}
      </summary>
      {children}
    </details>
  )
}
