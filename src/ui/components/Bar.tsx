// A progress bar that is also read out; without a fraction it only says that something is under way.

export function Bar({
  fraction,
  label,
  text,
  still = false,
}: {
  /** 0 to 1; null where nothing is counted. */
  fraction: number | null
  label: string
  text: string
  /** Paused or stopped: keeps its place and does not move. */
  still?: boolean
}) {
  return (
    <div
      className={`bar${fraction === null && !still ? ' unknown' : ''}${still ? ' still' : ''}`}
      role="progressbar"
      aria-label={label}
      aria-valuetext={text}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={fraction === null ? undefined : Math.floor(fraction * 100)}
    >
      <div
        className="bar-fill"
        style={fraction === null ? undefined : { transform: `scaleX(${fraction})` }}
      />
    </div>
  )
}
