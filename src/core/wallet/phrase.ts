// The recovery phrase: BIP-39 with 12 or 24 words of the English or the Simplified Chinese list.
import { entropyToMnemonic, mnemonicToEntropy, mnemonicToSeedSync } from '@scure/bip39'
import { wordlist as english } from '@scure/bip39/wordlists/english.js'
import { wordlist as chinese } from '@scure/bip39/wordlists/simplified-chinese.js'
import type { Bytes } from '../bytes.ts'
import { fail, ok, type Result } from '../result.ts'
import { owned } from './secretBytes.ts'

/** The word list: English, or Simplified Chinese. It is part of the wallet: the same entropy in another language is another wallet. */
export type PhraseLanguage = 'en' | 'zh'

export interface Phrase {
  readonly language: PhraseLanguage
  /** 16 bytes for 12 words, 32 for 24. */
  readonly entropy: Bytes
}

/** None of them carries a word: errors are logged, words never. */
export type PhraseError =
  | { readonly kind: 'phraseLength'; readonly words: number }
  /** The word at `index` (from 0) is not in the list; `suggestions` are the few words of the list that are near it. */
  | { readonly kind: 'phraseUnknownWord'; readonly index: number; readonly suggestions: readonly string[] }
  | { readonly kind: 'phraseChecksum' }

const LISTS: Readonly<Record<PhraseLanguage, string[]>> = { en: english, zh: chinese }
const HAN = /\p{Script=Han}/u

/** The words of 16 or 32 bytes of entropy. Throws RangeError for another length. */
export function phraseWords({ language, entropy }: Phrase): readonly string[] {
  checkEntropy(entropy)
  return entropyToMnemonic(entropy, LISTS[language]).split(' ')
}

/**
 * Reads what a person typed or pasted: any white space, any case, and Chinese without spaces. The language is the one of
 * the first word.
 */
export function readPhrase(text: string): Result<Phrase, PhraseError> {
  const words = splitWords(text)
  if (words.length !== 12 && words.length !== 24) return fail({ kind: 'phraseLength', words: words.length })
  const language = languageOfWord(words[0] ?? '')
  const known = new Set(LISTS[language])
  const index = words.findIndex(word => !known.has(word))
  if (index >= 0) {
    return fail({ kind: 'phraseUnknownWord', index, suggestions: nearWords(words[index] ?? '', language) })
  }
  try {
    return ok({ language, entropy: owned(mnemonicToEntropy(words.join(' '), LISTS[language])) })
  } catch {
    // Length and words are right, so the checksum is all that is left to be wrong.
    return fail({ kind: 'phraseChecksum' })
  }
}

/** BIP-39, "From mnemonic to seed": 64 bytes. `salt` is the optional 25th word, which Fob itself leaves empty. */
export function phraseSeed({ language, entropy }: Phrase, salt = ''): Bytes {
  checkEntropy(entropy)
  return owned(mnemonicToSeedSync(entropyToMnemonic(entropy, LISTS[language]), salt))
}

/** The first `limit` words that begin with what was typed so far; for the input that completes words. */
export function wordsThatBegin(start: string, language: PhraseLanguage, limit: number): readonly string[] {
  const normal = start.normalize('NFKD').toLowerCase().trim()
  if (normal === '') return []
  return LISTS[language].filter(word => word.startsWith(normal)).slice(0, limit)
}

/** What was typed so far, and whether it is a word already: for the input that checks word by word. */
export function checkWord(
  typed: string,
  language: PhraseLanguage,
): { readonly isKnown: boolean; readonly suggestions: readonly string[] } {
  const word = typed.normalize('NFKD').toLowerCase().trim()
  const isKnown = LISTS[language].includes(word)
  return { isKnown, suggestions: isKnown ? [] : nearWords(word, language) }
}

/** The language that a word is written in: Chinese by its script, English otherwise. */
export const languageOfWord = (word: string): PhraseLanguage => (HAN.test(word) ? 'zh' : 'en')

/** The words of a text as `readPhrase` sees them: any white space, any case, Chinese with or without spaces. */
export function splitWords(text: string): string[] {
  const tokens = text.normalize('NFKD').toLowerCase().split(/\s+/u).filter(Boolean)
  // A Chinese word is one character, and people write them without spaces.
  return tokens.flatMap(token => ([...token].every(character => HAN.test(character)) ? [...token] : [token]))
}

/** English words are told apart by their first four letters; a slip is mostly behind them, or one letter. */
function nearWords(word: string, language: PhraseLanguage): readonly string[] {
  if (language === 'zh') return []
  const letters = word.slice(0, 4)
  const sameStart = letters.length === 4 ? english.filter(known => known.startsWith(letters)) : []
  const oneOff = english.filter(known => isOneEditApart(known, word))
  return [...new Set([...oneOff, ...sameStart])].slice(0, 4)
}

/** One letter replaced, inserted or left out, or two neighbours swapped. */
function isOneEditApart(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) start++
  let end = 0
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) end++
  const left = a.slice(start, a.length - end)
  const right = b.slice(start, b.length - end)
  if (left.length <= 1 && right.length <= 1) return true
  return left.length === 2 && right.length === 2 && left[0] === right[1] && left[1] === right[0]
}

function checkEntropy(entropy: Uint8Array): void {
  if (entropy.length !== 16 && entropy.length !== 32) {
    throw new RangeError(`12 words have 16 and 24 words 32 bytes of entropy, not ${entropy.length}`)
  }
}
