// How a passphrase that is being typed is judged: by its length, honestly, and by nothing that could be mistaken for more.
import { passphraseBytes, passphraseFault } from '../../../../core/wallet/passphrase.ts'

export type Strength =
  | { readonly kind: 'empty' }
  /** `missing` more characters of the script that is being typed. */
  | { readonly kind: 'tooShort'; readonly missing: number }
  | { readonly kind: 'tooSimple' }
  | { readonly kind: 'tooLong' }
  | { readonly kind: 'accepted' }
  | { readonly kind: 'long' }

/** About four words: what is typed below it was mostly one word with a number behind it. */
const LONG_BYTES = 20

export function strengthOf(text: string): Strength {
  if (text === '') return { kind: 'empty' }
  const bytes = passphraseBytes(text)
  const fault = passphraseFault(bytes)
  switch (fault?.kind) {
    case 'passphraseTooShort': {
      const perCharacter = Math.max(1, Math.floor(bytes.length / [...text].length))
      return { kind: 'tooShort', missing: Math.ceil((fault.minBytes - bytes.length) / perCharacter) }
    }
    case 'passphraseTooSimple':
      return { kind: 'tooSimple' }
    case 'passphraseTooLong':
      return { kind: 'tooLong' }
    case undefined:
      return { kind: bytes.length >= LONG_BYTES ? 'long' : 'accepted' }
  }
}

export const isAccepted = ({ kind }: Strength): boolean => kind === 'accepted' || kind === 'long'
