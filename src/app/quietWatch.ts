// Notices early that a fetch gets nothing: sources that are gone are given up much later, and nobody should stare at a bar until then.
import type { Timer } from '../core/smp/transport.ts'

/** Milliseconds without a byte after which it is said: longer than it takes to start the node and reach a first source. */
export const quietAfter = 8000

export interface QuietWatch {
  /** Something came. */
  moved(): void
  end(): void
}

/** Begins at once. `onChange`: nothing has come for a while, or comes again. */
export function watchQuiet(timer: Timer, onChange: (isQuiet: boolean) => void): QuietWatch {
  let isQuiet = false
  let hasEnded = false
  let cancel = () => {}
  const begin = () => {
    cancel = timer.after(quietAfter, () => {
      isQuiet = true
      onChange(true)
    })
  }
  const wake = () => {
    cancel()
    if (!isQuiet) return
    isQuiet = false
    onChange(false)
  }
  begin()
  return {
    moved() {
      if (hasEnded) return
      wake()
      begin()
    },
    end() {
      hasEnded = true
      wake()
    },
  }
}
