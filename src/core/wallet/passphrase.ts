// The passphrase of a vault as bytes, so that it can be overwritten, and the least that it must be.
import { type Bytes, utf8 } from '../bytes.ts'

export type PassphraseFault =
  | { readonly kind: 'passphraseTooShort'; readonly minBytes: number }
  /** Hardly any different characters. */
  | { readonly kind: 'passphraseTooSimple' }
  | { readonly kind: 'passphraseTooLong'; readonly maxBytes: number }

const MIN_BYTES = 10
const MAX_BYTES = 1024
const MIN_DIFFERENT = 5

/** UTF-8 of the text in NFKC (as NIST SP 800-63B advises), so that every keyboard makes the same bytes. */
export const passphraseBytes = (text: string): Bytes => utf8(text.normalize('NFKC'))

/** Length, not composition: NIST SP 800-63B, "Password Verifiers". Chinese characters have three bytes each. */
export function passphraseFault(passphrase: Uint8Array): PassphraseFault | undefined {
  if (passphrase.length < MIN_BYTES) return { kind: 'passphraseTooShort', minBytes: MIN_BYTES }
  if (passphrase.length > MAX_BYTES) return { kind: 'passphraseTooLong', maxBytes: MAX_BYTES }
  if (new Set(passphrase).size < MIN_DIFFERENT) return { kind: 'passphraseTooSimple' }
  return undefined
}
