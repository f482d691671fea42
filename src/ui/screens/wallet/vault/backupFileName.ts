// What a backup of the wallet is called.

/** `fob-wallet-2026-11-21.fobvault`, by the person's own calendar. */
export function backupFileName(now: Date): string {
  const two = (value: number) => String(value).padStart(2, '0')
  return `fob-wallet-${String(now.getFullYear())}-${two(now.getMonth() + 1)}-${two(now.getDate())}.fobvault`
}
