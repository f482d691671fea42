// The words of a phrase while they are typed or pasted: what is taken, what is being typed, what is wrong.
import {
  checkWord,
  languageOfWord,
  readPhrase,
  splitWords,
  wordsThatBegin,
} from '../../../../core/wallet/phrase.ts'

export interface WordEntry {
  readonly words: readonly string[]
  /** What is being typed. */
  readonly draft: string
  /** Index of the word that is being corrected; null: a further one is typed. */
  readonly correcting: number | null
}

export const emptyEntry: WordEntry = { words: [], draft: '', correcting: null }

const SUGGESTIONS = 4
/** BIP-39: the first four letters tell English words apart; three-letter words are whole. */
const MIN_START = 3

/** White space takes what stands before it, and a Chinese character is a word by itself. */
export function typeText(entry: WordEntry, text: string): WordEntry {
  const tokens = splitWords(text)
  const last = tokens.at(-1)
  if (last === undefined) return { ...entry, draft: '' }
  const isTyping = !/\s$/u.test(text) && languageOfWord(last) === 'en'
  return insert(entry, isTyping ? tokens.slice(0, -1) : tokens, isTyping ? last : '')
}

/** Enter: what was typed is a word. */
export const takeDraft = (entry: WordEntry): WordEntry => typeText(entry, `${entry.draft} `)

export const takeWord = (entry: WordEntry, word: string): WordEntry => insert(entry, [word], '')

export const correct = (entry: WordEntry, index: number): WordEntry => ({
  ...entry,
  draft: entry.words[index] ?? '',
  correcting: index,
})

export const removeLast = (entry: WordEntry): WordEntry => ({
  words: entry.words.slice(0, -1),
  draft: '',
  correcting: null,
})

function insert({ words, correcting }: WordEntry, taken: readonly string[], draft: string): WordEntry {
  if (taken.length === 0) return { words, draft, correcting }
  const at = correcting ?? words.length
  const after = words.slice(at + 1)
  return { words: [...words.slice(0, at), ...taken.map(completed), ...after], draft, correcting: null }
}

/** A beginning that only one word has is that word. */
function completed(typed: string): string {
  const language = languageOfWord(typed)
  if (typed.length < MIN_START || checkWord(typed, language).isKnown) return typed
  const [only, ...more] = wordsThatBegin(typed, language, 2)
  return only !== undefined && more.length === 0 ? only : typed
}

/** Words that what is being typed may become. */
export function suggestionsFor({ draft, words }: WordEntry): readonly string[] {
  const language = languageOfWord(words[0] ?? draft)
  const begun = wordsThatBegin(draft, language, SUGGESTIONS)
  return begun.length > 0 || draft.length < MIN_START ? begun : checkWord(draft, language).suggestions
}

export type EntryState =
  | { readonly kind: 'typing' }
  | { readonly kind: 'tooMany' }
  /** Not in the list of the first word's language. */
  | { readonly kind: 'wrongWord'; readonly index: number; readonly isOtherLanguage: boolean }
  | { readonly kind: 'checksum' }
  | { readonly kind: 'complete' }

export function entryState({ words }: WordEntry): EntryState {
  if (words.length > 24) return { kind: 'tooMany' }
  const index = words.findIndex(word => !isRight(words, word))
  if (index >= 0) {
    const isOtherLanguage = languageOfWord(words[index] ?? '') !== languageOfWord(words[0] ?? '')
    return { kind: 'wrongWord', index, isOtherLanguage }
  }
  const read = readPhrase(words.join(' '))
  if (read.ok) {
    read.value.entropy.fill(0)
    return { kind: 'complete' }
  }
  return { kind: read.error.kind === 'phraseChecksum' ? 'checksum' : 'typing' }
}

export const isRight = (words: readonly string[], word: string): boolean =>
  checkWord(word, languageOfWord(words[0] ?? word)).isKnown
