// The course of an amount as a line of steps: it stays until something moves; in words for whoever can't see it.

export interface PlotPoint {
  /** Unix seconds. */
  readonly at: number
  readonly value: bigint
}

const width = 320
const height = 64

/** `points` in the order of time; the last one holds until `now`. */
export function StepPlot({
  points,
  now,
  caption,
}: {
  points: readonly PlotPoint[]
  now: number
  caption: string
}) {
  const [first] = points
  if (first === undefined) return null
  const sorted = points.map(({ value }) => value).toSorted((a, b) => (a < b ? -1 : 1))
  const least = sorted[0] ?? 0n
  const most = sorted.at(-1) ?? 0n
  const span = Math.max(1, now - first.at)
  // As a fraction of the range, in thousandths: a plot needs no more, and amounts are too large for floating point.
  const heightOf = (value: bigint) =>
    height - (most === least ? 0.5 : Number(((value - least) * 1000n) / (most - least)) / 1000) * height
  const x = (at: number) => (((at - first.at) / span) * width).toFixed(1)
  const line = points
    .map(({ at, value }, index) =>
      index === 0 ? `M${x(at)} ${heightOf(value).toFixed(1)}` : `H${x(at)}V${heightOf(value).toFixed(1)}`,
    )
    .join('')
  return (
    <figure className="stack tight">
      <svg
        className="plot"
        viewBox={`0 -2 ${String(width)} ${String(height + 4)}`}
        preserveAspectRatio="none"
        aria-hidden="true"
      >
        <path d={`${line}H${String(width)}`} />
      </svg>
      <figcaption className="row-note">{caption}</figcaption>
    </figure>
  )
}
