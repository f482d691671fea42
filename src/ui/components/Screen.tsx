// The frame of one screen: title, way back, notices, content, and the primary action at the thumb.
import { ArrowLeft } from 'lucide-react'
import { type ReactNode, useEffect, useRef } from 'react'
import { Link } from 'wouter'
import { useMessages } from '../i18n/useMessages.tsx'
import { Notices } from './Notices.tsx'

/** False until the first screen was shown: that one leaves the focus where the browser put it. */
let hasNavigated = false

export function Screen({
  title,
  back,
  side,
  actions,
  actionsBeside = false,
  notices = true,
  children,
}: {
  title: string
  /** Where the arrow leads; screens of the main navigation have none. */
  back?: string
  /** Beside the title: one small action. */
  side?: ReactNode
  actions?: ReactNode
  /** Two short ones next to each other, where the content needs the height. */
  actionsBeside?: boolean
  notices?: boolean
  children: ReactNode
}) {
  const { common } = useMessages()
  const heading = useRef<HTMLHeadingElement>(null)

  // A change of screen is announced by moving the focus to its heading, as a page load would.
  useEffect(() => {
    if (hasNavigated) heading.current?.focus({ preventScroll: true })
    hasNavigated = true
    window.scrollTo(0, 0)
  }, [])

  useEffect(() => {
    document.title = title === common.appName ? title : `${title} · ${common.appName}`
  }, [title, common.appName])

  return (
    <div className={back === undefined ? 'screen top-level' : 'screen'}>
      <header className="screen-head">
        {back !== undefined && (
          <Link href={back} className="icon-button" aria-label={common.back}>
            <ArrowLeft size={22} aria-hidden />
          </Link>
        )}
        <div className="titles">
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
        </div>
        {side}
      </header>
      <main id="content" className="screen-body" tabIndex={-1}>
        {notices && <Notices />}
        {children}
      </main>
      {actions !== undefined && actions !== null && (
        <section className={actionsBeside ? 'action-bar beside' : 'action-bar'} aria-label={common.actions}>
          {actions}
        </section>
      )}
    </div>
  )
}
