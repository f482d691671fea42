// What the wallet's screens decide by themselves: the words that are asked for, how a passphrase is judged, a file's name.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { passphraseBytes, passphraseFault } from '../../../src/core/wallet/passphrase.ts'
import { makeQuiz, quizRandoms } from '../../../src/ui/screens/wallet/backup/quiz.ts'
import { isAccepted, strengthOf } from '../../../src/ui/screens/wallet/onboarding/strength.ts'
import { backupFileName } from '../../../src/ui/screens/wallet/vault/backupFileName.ts'

/** Few different words, so that phrases with repeated ones are met often. */
const phrases = fc
  .constantFrom(12, 24)
  .chain(length =>
    fc.array(fc.constantFrom(...'abcdefghijklmnopqrst'), { minLength: length, maxLength: length }),
  )

const randoms = (length: number) =>
  fc.array(fc.nat(0xffff_ffff), { minLength: quizRandoms(length), maxLength: quizRandoms(length) })

describe('the words that are asked for', () => {
  test('stand at three places in order, and can all be picked, for any phrase', () => {
    fc.assert(
      fc.property(
        phrases.chain(phrase => fc.tuple(fc.constant(phrase), randoms(phrase.length))),
        ([phrase, random]) => {
          const { places, options } = makeQuiz(phrase, Uint32Array.from(random))
          expect(new Set(places).size).toBe(3)
          expect([...places].sort((a, b) => a - b)).toEqual(places)
          for (const place of places) expect(options).toContain(phrase[place])
          expect(new Set(options).size).toBe(options.length)
          expect(options.length).toBeLessThanOrEqual(9)
          for (const option of options) expect(phrase).toContain(option)
        },
      ),
    )
  })

  test('are other ones each time, and each place has its turn', () => {
    const phrase = Array.from({ length: 12 }, (_, index) => `word${String(index)}`)
    const asked = new Set<number>()
    for (let round = 0; round < 60; round += 1) {
      const random = crypto.getRandomValues(new Uint32Array(quizRandoms(12)))
      for (const place of makeQuiz(phrase, random).places) asked.add(place)
    }
    expect(asked.size).toBe(12)
  })
})

describe('a passphrase', () => {
  test('is accepted here exactly where the vault takes it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), text => {
        expect(isAccepted(strengthOf(text))).toBe(passphraseFault(passphraseBytes(text)) === undefined)
      }),
    )
  })

  test('that is too short is long enough with the characters that are said to be missing', () => {
    for (const [text, more] of [
      ['abc', 'z'],
      ['山', '川'],
    ] as const) {
      const strength = strengthOf(text)
      if (strength.kind !== 'tooShort') throw new Error(`${text} is ${strength.kind}`)
      expect(strengthOf(text + more.repeat(strength.missing)).kind).not.toBe('tooShort')
      expect(strengthOf(text + more.repeat(strength.missing - 1)).kind).toBe('tooShort')
    }
  })

  test('is called good for its length alone, and never for a digit behind a word', () => {
    expect(strengthOf('Password1!').kind).toBe('accepted')
    expect(strengthOf('lamp orbit velvet seven').kind).toBe('long')
    expect(strengthOf('aaaaaaaaaaaaaaaaaaaaaaaa').kind).toBe('tooSimple')
    expect(strengthOf('abcdefg'.repeat(200)).kind).toBe('tooLong')
    expect(strengthOf('').kind).toBe('empty')
  })
})

test('a backup file is named by the day on which it was saved', () => {
  expect(backupFileName(new Date(2026, 2, 7, 23, 59))).toBe('fob-wallet-2026-03-07.fobvault')
})
