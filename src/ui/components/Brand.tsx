// The mark: a fob, a ring and a key's bow.

export function Brand({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 28 28" fill="none" aria-hidden="true">
      <rect x="7" y="9.5" width="14" height="17" rx="5" fill="currentColor" />
      <circle cx="14" cy="6" r="4.6" stroke="currentColor" strokeWidth="2.4" />
      <path
        d="m10.8 18.2 2.3 2.3 4.3-4.8"
        stroke="var(--paper)"
        strokeWidth="2.2"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  )
}
