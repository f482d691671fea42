// Hands bytes to the browser as a file to be saved.

/** `fob-wallet-2026-11-21.fobvault`, by the person's own calendar. */
export function backupFileName(now: Date): string {
  const two = (value: number) => String(value).padStart(2, '0')
  return `fob-wallet-${String(now.getFullYear())}-${two(now.getMonth() + 1)}-${two(now.getDate())}.fobvault`
}

export function saveFile(bytes: Uint8Array<ArrayBuffer>, name: string): void {
  const url = URL.createObjectURL(new Blob([bytes], { type: 'application/octet-stream' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // Some browsers read it only after the click has returned.
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}
