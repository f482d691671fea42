// Secrets live in byte arrays that are overwritten after use; what the engine copied on its own can't be reached.
import type { Bytes } from '../bytes.ts'

/** Overwrites with zeros. */
export function wipe(...secrets: readonly Uint8Array[]): void {
  for (const secret of secrets) secret.fill(0)
}

/** A copy on a plain buffer of its own; the given bytes are overwritten. */
export function owned(secret: Uint8Array): Bytes {
  const copy = Uint8Array.from(secret)
  wipe(secret)
  return copy
}
