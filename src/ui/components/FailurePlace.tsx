// Where a failure stands: brought into view, for the button that failed may be far from it, below a long sheet or above the keyboard.
import { type ReactNode, useEffect, useRef } from 'react'

export function FailurePlace({
  failure,
  isAnswer = true,
  takesFocus = false,
  children,
}: {
  /** Another one is another failure, also of the same kind: it is shown anew. */
  failure: object
  /** To something that the person just did. What was only read in the background moves nothing. */
  isAnswer?: boolean
  /** Where nothing has to be typed again: the button that was pressed may be gone, and the focus with it. */
  takesFocus?: boolean
  children: ReactNode
}) {
  const place = useRef<HTMLDivElement>(null)
  const shown = useRef<object | null>(null)
  useEffect(() => {
    if (!isAnswer || shown.current === failure) return
    shown.current = failure
    place.current?.scrollIntoView({ block: 'nearest' })
    if (takesFocus) place.current?.focus({ preventScroll: true })
  }, [failure, isAnswer, takesFocus])
  return (
    <div ref={place} className="failure-place" tabIndex={takesFocus ? -1 : undefined}>
      {children}
    </div>
  )
}
