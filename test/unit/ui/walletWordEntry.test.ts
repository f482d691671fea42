// Typing a recovery phrase back in: taken word by word, checked at once, whatever way it comes.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { phraseWords } from '../../../src/core/wallet/phrase.ts'
import {
  correct,
  emptyEntry,
  entryState,
  isRight,
  removeLast,
  suggestionsFor,
  takeDraft,
  takeWord,
  typeText,
} from '../../../src/ui/screens/wallet/restore/wordEntry.ts'

const english = 'legal winner thank year wave sausage worth useful legal winner thank yellow'
const chinese = phraseWords({ language: 'zh', entropy: new Uint8Array(16).fill(0x5a) })

/** Key by key, as a keyboard gives it: the field holds what was typed since the last word was taken. */
function typed(text: string) {
  let entry = emptyEntry
  for (const key of text) entry = typeText(entry, entry.draft + key)
  return entry
}

describe('a phrase is the same whether it is', () => {
  test.each([
    ['typed with a space behind each word', typed(`${english} `)],
    ['typed and ended by Enter', takeDraft(typed(english))],
    ['pasted at once', takeDraft(typeText(emptyEntry, english))],
    [
      'pasted as a numbered column of capitals would be',
      typeText(emptyEntry, `${english.toUpperCase().replaceAll(' ', '\n')}\n`),
    ],
    [
      'typed by the first four letters',
      typed(
        `${english
          .split(' ')
          .map(word => word.slice(0, 4))
          .join(' ')} `,
      ),
    ],
  ])('%s', (_, entry) => {
    expect(entry.words.join(' ')).toBe(english)
    expect(entry.draft).toBe('')
    expect(entryState(entry)).toEqual({ kind: 'complete' })
  })

  test.each([
    ['in one go', typeText(emptyEntry, chinese.join(''))],
    ['with spaces', typeText(emptyEntry, chinese.join(' '))],
    ['character by character', typed(chinese.join(''))],
  ])('Chinese, entered %s', (_, entry) => {
    expect(entry.words).toEqual(chinese)
    expect(entryState(entry)).toEqual({ kind: 'complete' })
  })
})

test('what is being typed is completed, and a suggestion that is tapped is taken', () => {
  const entry = typed('legal wi')
  expect(entry.words).toEqual(['legal'])
  expect(suggestionsFor(entry)).toContain('wide')
  expect(suggestionsFor(entry).length).toBeLessThanOrEqual(4)
  expect(takeWord(entry, 'winner').words).toEqual(['legal', 'winner'])
  expect(takeWord(entry, 'winner').draft).toBe('')
})

test('a slip is answered with the words that may have been meant', () => {
  expect(suggestionsFor(typed('winer'))).toContain('winner')
})

test('a word that is in no list is kept as it was typed, named, and can be corrected in its place', () => {
  const wrong = typeText(emptyEntry, `${english.replace('winner', 'winmer')} `)
  expect(entryState(wrong)).toEqual({ kind: 'wrongWord', index: 1, isOtherLanguage: false })
  expect(isRight(wrong.words, 'winmer')).toBe(false)
  const correcting = correct(wrong, 1)
  expect(correcting.draft).toBe('winmer')
  const corrected = typeText(correcting, 'winner ')
  expect(corrected.words.join(' ')).toBe(english)
  expect(corrected.correcting).toBeNull()
})

test('a beginning that several words have is not guessed', () => {
  expect(typeText(emptyEntry, 'win ').words).toEqual(['win'])
  expect(typeText(emptyEntry, 'act ').words).toEqual(['act'])
})

test('a word of the other language is told apart from a misspelt one', () => {
  const mixed = typeText(emptyEntry, 'legal 的 ')
  expect(entryState(mixed)).toEqual({ kind: 'wrongWord', index: 1, isOtherLanguage: true })
})

test('words that don’t belong together are said so only where their number could be all', () => {
  const swapped = english.split(' ').with(0, 'zoo')
  expect(entryState(typeText(emptyEntry, `${swapped.slice(0, 11).join(' ')} `))).toEqual({ kind: 'typing' })
  expect(entryState(typeText(emptyEntry, `${swapped.join(' ')} `))).toEqual({ kind: 'checksum' })
  expect(entryState(typeText(emptyEntry, `${swapped.join(' ')} zoo `))).toEqual({ kind: 'typing' })
  expect(entryState(typeText(emptyEntry, 'zoo '.repeat(25)))).toEqual({ kind: 'tooMany' })
})

test('the last word can be taken away', () => {
  expect(removeLast(typed('legal winner ')).words).toEqual(['legal'])
  expect(removeLast(emptyEntry).words).toEqual([])
})

test('whatever is typed, nothing throws and nothing is lost', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), text => {
      const entry = typeText(emptyEntry, text)
      entryState(entry)
      suggestionsFor(entry)
      expect(entry.words.every(word => word !== '' && !/\s/u.test(word))).toBe(true)
      expect(/\S/u.test(text)).toBe(entry.words.length > 0 || entry.draft !== '')
    }),
  )
})
