// Devices of one's own need the owner key once. The wallet's code comes with the button.
import { lazy, Suspense } from 'react'

const UnlockButton = lazy(async () => ({
  default: (await import('../wallet/lock/UnlockButton.tsx')).UnlockButton,
}))

export function UnlockAndGoOn({ onUnlocked }: { onUnlocked: () => void }) {
  return (
    <Suspense fallback={null}>
      <UnlockButton onUnlocked={onUnlocked} />
    </Suspense>
  )
}
