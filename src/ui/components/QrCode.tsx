// A code to be scanned from this screen: dark on white in either theme, for many readers see nothing else.
import { lazy, Suspense } from 'react'

const Modules = lazy(async () => {
  const { default: encodeQR } = await import('qr')
  return {
    default: function QrModules({ text }: { text: string }) {
      const rows = encodeQR(text, 'raw', { ecc: text.length > 300 ? 'low' : 'medium', border: 4 })
      const path = rows
        .flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${String(x)} ${String(y)}h1v1h-1z` : '')))
        .join('')
      const size = String(rows.length)
      return (
        <svg viewBox={`0 0 ${size} ${size}`} shapeRendering="crispEdges" aria-hidden="true">
          <path d={path} fill="#000" />
        </svg>
      )
    },
  }
})

/** `label` says what it is for whoever can't see it; the text itself should be on the screen or behind a button too. */
export function QrCode({ text, label }: { text: string; label: string }) {
  return (
    <div className="qr" role="img" aria-label={label}>
      <Suspense fallback={null}>
        <Modules text={text} />
      </Suspense>
    </div>
  )
}
