// The way to the prepaid balance, with why one would want it.
import { ChevronRight, PiggyBank } from 'lucide-react'
import { Link } from 'wouter'
import { useBuyingMessages } from '../../i18n/useBuyingMessages.ts'
import { paths } from '../../paths.ts'

export function PrepaidLink({ note }: { note: string }) {
  const words = useBuyingMessages().prepaid
  return (
    <div className="card flush">
      <Link href={paths.prepaid} className="row">
        <PiggyBank size={20} aria-hidden />
        <span className="grow">
          <span className="row-title">{words.title}</span>
          <br />
          <span className="row-note">{note}</span>
        </span>
        <ChevronRight size={18} className="chevron" aria-hidden />
      </Link>
    </div>
  )
}
