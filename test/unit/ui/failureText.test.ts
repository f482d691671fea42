// Every failure has words in both languages, and an unknown one is never silent.
import { describe, expect, test } from 'vitest'
import { en } from '../../../src/ui/i18n/en.ts'
import { failureText } from '../../../src/ui/i18n/failureText.ts'
import { walletEn } from '../../../src/ui/i18n/walletEn.ts'
import { walletZh } from '../../../src/ui/i18n/walletZh.ts'
import { zh } from '../../../src/ui/i18n/zh.ts'

const kinds = Object.keys(en.failures)
const reasons = Object.keys(en.blocked)

describe.each([
  ['English', en],
  ['Chinese', zh],
])('%s', (_, messages) => {
  test.each(kinds)('%s says what happened, what it means and what to do next', kind => {
    const { title, meaning, next } = failureText(messages, kind)
    expect(title.length).toBeGreaterThan(2)
    expect(meaning.length).toBeGreaterThan(4)
    expect(next.length).toBeGreaterThan(4)
    expect(new Set([title, meaning, next]).size).toBe(3)
    expect(title).not.toBe(messages.failureUi.fallback.title)
  })

  test('titles tell failures apart, except where one thing is refused at two places', () => {
    const titles = kinds.map(kind => failureText(messages, kind).title)
    const twice = titles.filter((title, index) => titles.indexOf(title) !== index)
    expect(twice.length).toBeLessThanOrEqual(3)
  })

  test('a kind that nobody knows gets the general text', () => {
    for (const kind of ['', 'neverHeardOf', 'toString', '__proto__', 'constructor', 'hasOwnProperty']) {
      expect(failureText(messages, kind)).toEqual(messages.failureUi.fallback)
    }
  })
})

test('a refusal is told by its reason', () => {
  expect(failureText(en, 'refused', 'rolledBackHead')).toEqual(en.blocked.rolledBackHead)
})

test.each(reasons)('a stored history may name the reason %s alone', reason => {
  expect(failureText(en, reason)).not.toEqual(en.failureUi.fallback)
})

describe.each([
  ['English', walletEn],
  ['Chinese', walletZh],
])('the wallet in %s', (_, { failures }) => {
  test.each(Object.entries(failures))(
    '%s says what happened, what it means and what to do next',
    (_kind, { title, meaning, next }) => {
      expect(title.length).toBeGreaterThan(2)
      expect(meaning.length).toBeGreaterThan(4)
      expect(next.length).toBeGreaterThan(4)
      expect(new Set([title, meaning, next]).size).toBe(3)
    },
  )
})
