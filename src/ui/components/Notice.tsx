// A message in place: what is the matter, and what can be done about it.
import { CircleCheck, Info, type LucideIcon, OctagonAlert, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Tone } from '../deviceState.ts'

export const toneIcons: Record<Tone, LucideIcon> = {
  ok: CircleCheck,
  attention: TriangleAlert,
  alarm: OctagonAlert,
  info: Info,
  plain: Info,
}

export function Notice({
  tone,
  title,
  icon,
  children,
  actions,
  live = false,
}: {
  tone: Tone
  title: string
  icon?: LucideIcon
  children?: ReactNode
  actions?: ReactNode
  /** Read out when it appears. */
  live?: boolean
}) {
  const Icon = icon ?? toneIcons[tone]
  return (
    <div className={`notice tone-${tone}`} role={live ? (tone === 'alarm' ? 'alert' : 'status') : undefined}>
      <Icon size={20} aria-hidden />
      <div className="notice-body">
        <p className="notice-title">{title}</p>
        {children !== undefined && <div className="small">{children}</div>}
        {actions !== undefined && <div className="notice-actions">{actions}</div>}
      </div>
    </div>
  )
}
