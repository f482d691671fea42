// Both languages are complete: every key is there, translated, and uses every parameter that it is given.
import { describe, expect, test } from 'vitest'
import { buyingEn } from '../../../src/ui/i18n/buyingEn.ts'
import { buyingZh } from '../../../src/ui/i18n/buyingZh.ts'
import { channelsEn } from '../../../src/ui/i18n/channelsEn.ts'
import { channelsZh } from '../../../src/ui/i18n/channelsZh.ts'
import { fleet as fleetEn } from '../../../src/ui/i18n/en/fleet.ts'
import { en } from '../../../src/ui/i18n/en.ts'
import { handOverEn } from '../../../src/ui/i18n/handOverEn.ts'
import { handOverZh } from '../../../src/ui/i18n/handOverZh.ts'
import { kioskEn } from '../../../src/ui/i18n/kioskEn.ts'
import { kioskZh } from '../../../src/ui/i18n/kioskZh.ts'
import { machineEn } from '../../../src/ui/i18n/machineEn.ts'
import { machineZh } from '../../../src/ui/i18n/machineZh.ts'
import { marketEn } from '../../../src/ui/i18n/marketEn.ts'
import { marketZh } from '../../../src/ui/i18n/marketZh.ts'
import { memoryEn } from '../../../src/ui/i18n/memoryEn.ts'
import { memoryZh } from '../../../src/ui/i18n/memoryZh.ts'
import { sellingEn } from '../../../src/ui/i18n/sellingEn.ts'
import { sellingZh } from '../../../src/ui/i18n/sellingZh.ts'
import { servingEn } from '../../../src/ui/i18n/servingEn.ts'
import { servingZh } from '../../../src/ui/i18n/servingZh.ts'
import { languageOf } from '../../../src/ui/i18n/useMessages.tsx'
import { walletEn } from '../../../src/ui/i18n/walletEn.ts'
import { walletZh } from '../../../src/ui/i18n/walletZh.ts'
import { waysEn } from '../../../src/ui/i18n/waysEn.ts'
import { waysZh } from '../../../src/ui/i18n/waysZh.ts'
import { fleet as fleetZh } from '../../../src/ui/i18n/zh/fleet.ts'
import { zh } from '../../../src/ui/i18n/zh.ts'

type Leaf = string | ((...args: string[]) => string)

function leaves(tree: object, path = ''): Map<string, Leaf> {
  const found = new Map<string, Leaf>()
  for (const [key, value] of Object.entries(tree)) {
    const at = path === '' ? key : `${path}.${key}`
    if (typeof value === 'string' || typeof value === 'function') found.set(at, value)
    else for (const [inner, leaf] of leaves(value, at)) found.set(inner, leaf)
  }
  return found
}

/** The wallet's and the market's are loaded with their screens, and held to the same rules; its sentences take values, and have a test of their own. */
const wordsOf = <T extends { readonly sentences: unknown }>({ sentences: _, ...words }: T) => words
const english = leaves({
  ...en,
  ofWallet: wordsOf(walletEn),
  ofMarket: marketEn,
  ofFleet: fleetEn,
  ofServing: servingEn,
  ofChannels: channelsEn,
  ofHandOver: handOverEn,
  ofKiosk: kioskEn,
  ofMachine: machineEn,
  ofBuying: buyingEn,
  ofSelling: sellingEn,
  ofWays: waysEn,
  ofMemory: memoryEn,
})
const chinese = leaves({
  ...zh,
  ofWallet: wordsOf(walletZh),
  ofMarket: marketZh,
  ofFleet: fleetZh,
  ofServing: servingZh,
  ofChannels: channelsZh,
  ofHandOver: handOverZh,
  ofKiosk: kioskZh,
  ofMachine: machineZh,
  ofBuying: buyingZh,
  ofSelling: sellingZh,
  ofWays: waysZh,
  ofMemory: memoryZh,
})

/** A value that no message contains by itself. */
const marker = (index: number) => `⟦${String(index)}⟧`

const told = (leaf: Leaf): string =>
  typeof leaf === 'string' ? leaf : leaf(...Array.from({ length: leaf.length }, (_, index) => marker(index)))

/** Names and signs that are the same in every language. */
const universal = new Set([
  'common.appName',
  'settings.licenceName',
  'pin.sourceDomain',
  'update.amount',
  'browser.use.0.title',
  'browser.use.1.title',
  'browser.use.2.title',
  'ofWallet.payments.paidTitle',
  'ofWallet.activity.csvName',
  'ofWallet.sentenceWords.addressOf',
  'ofFleet.run.announce',
])

test('the languages have the same keys', () => {
  expect([...chinese.keys()]).toEqual([...english.keys()])
})

describe.each([
  ['English', english],
  ['Chinese', chinese],
])('%s', (_, messages) => {
  test('leaves no message empty', () => {
    for (const [key, leaf] of messages) expect(told(leaf).trim(), key).not.toBe('')
  })

  test('uses every parameter', () => {
    for (const [key, leaf] of messages) {
      if (typeof leaf === 'string') continue
      for (let index = 0; index < leaf.length; index += 1) expect(told(leaf), key).toContain(marker(index))
    }
  })
})

test('a message has as many parameters in Chinese as in English', () => {
  for (const [key, leaf] of english) {
    const other = chinese.get(key)
    const count = typeof leaf === 'function' ? leaf.length : 0
    expect(typeof other === 'function' ? other.length : 0, key).toBe(count)
  }
})

test('every Chinese message is written in Chinese, and no English one is', () => {
  for (const [key, leaf] of chinese) {
    if (!universal.has(key)) expect(told(leaf), key).toMatch(/\p{Script=Han}/u)
  }
  for (const [key, leaf] of english) expect(told(leaf), key).not.toMatch(/\p{Script=Han}/u)
})

test('one is told as one where the language has a singular', () => {
  expect(en.makers.modelCount(1)).not.toContain('models')
  expect(en.makers.modelCount(2)).toContain('2 models')
  expect(zh.makers.modelCount(1)).toContain('1')
})

describe('the language', () => {
  test('is the one that was chosen', () => {
    expect(languageOf('zh', ['en-GB'])).toBe('zh')
    expect(languageOf('en', ['zh-CN'])).toBe('en')
  })

  test('follows the first of the browser’s languages that Fob speaks', () => {
    expect(languageOf('auto', ['de-DE', 'zh-CN', 'en'])).toBe('zh')
    expect(languageOf('auto', ['de-DE', 'en-US', 'zh'])).toBe('en')
    expect(languageOf('auto', ['zha', 'eng'])).toBe('en')
    expect(languageOf('auto', [])).toBe('en')
  })
})
