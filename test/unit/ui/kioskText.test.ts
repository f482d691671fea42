// What the kiosk’s screens read and write as text: slots, whole numbers, catalogues as they are typed, codes in links, pictures.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CatalogueDraft } from '../../../src/app/kiosk/owner/kioskOwner.ts'
import { mediaTypeOf } from '../../../src/ui/mediaType.ts'
import { saleCodeIn } from '../../../src/ui/saleLink.ts'
import { readSlots, wholeNumber } from '../../../src/ui/screens/selling/numbers.ts'
import {
  draftOf,
  formOf,
  freeNumber,
  newProduct,
} from '../../../src/ui/screens/selling/products/productDraft.ts'
import { brokenRule, unreadablePlace } from '../../../src/ui/screens/selling/products/publishFault.ts'

const rest = `0x${'11'.repeat(20)}` as const
const other = `0x${'22'.repeat(20)}` as const

describe('slots as they are typed', () => {
  test('ranges and lists are read in order, each slot once', () => {
    expect(readSlots('0-3, 9, 2')).toEqual([0, 1, 2, 3, 9])
    expect(readSlots('12–13，1')).toEqual([1, 12, 13])
  })

  test('what is no list of slots is refused, whatever it is', () => {
    for (const text of ['', 'all', '3-1', '256', '1,,2', '-1', '1.5']) expect(readSlots(text)).toBeNull()
    fc.assert(
      fc.property(fc.string(), text => {
        const slots = readSlots(text)
        if (slots !== null) for (const slot of slots) expect(slot).toBeLessThan(256)
      }),
      { numRuns: 200 },
    )
  })

  test('any set of slots comes back from its text', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 255 }), { minLength: 1 }), slots => {
        expect(readSlots(slots.join(', '))).toEqual(slots.toSorted((a, b) => a - b))
      }),
      { numRuns: 50 },
    )
  })

  test('whole numbers end at their limits', () => {
    expect(wholeNumber('7', 7)).toBe(7)
    expect(wholeNumber('0', 7)).toBeNull()
    expect(wholeNumber('0', 7, 0)).toBe(0)
    expect(wholeNumber('8', 7)).toBeNull()
    expect(wholeNumber('1e3', 5000)).toBeNull()
  })
})

const dollar = `0x${'d0'.repeat(20)}` as const
const decimalsOf = (token: string | null) => (token === null ? 18 : 6)
const price = fc.bigInt({ min: 1n, max: 10n ** 6n }).map(units => units * 10n ** 12n)
const draft: fc.Arbitrary<CatalogueDraft> = fc
  .record({
    price,
    token: fc.constantFrom(null, dollar),
    points: fc.bigInt({ min: 1n, max: 9999n }),
    blocks: fc.integer({ min: 0, max: 64 }),
  })
  .map(({ price: of, token, points, blocks }) => {
    const amount = (of * points) / 10_000n
    return {
      title: { en: 'Drinks', zh: '' },
      products: [
        {
          number: 3,
          slot: 12,
          name: { en: 'Water', zh: '水' },
          note: { en: '', zh: '' },
          picture: null,
          price: of,
          token,
          shares: [
            { payee: rest, amount: of - amount },
            { payee: other, amount },
          ],
          maxQuantity: 2,
        },
      ],
      depths: [{ upTo: of, depth: blocks, ...(token === null ? {} : { token }) }],
      ways: ['till', 'instant'],
      instant: { perSale: of, perBuyer: of * 2n, open: 0n },
    }
  })

describe('a catalogue as it is typed', () => {
  test('what was published comes back unchanged from its fields, shares to the last unit', () => {
    fc.assert(
      fc.property(draft, published => {
        const again = draftOf(formOf(published, rest, decimalsOf), rest, decimalsOf)
        expect(again?.products[0]?.shares.toSorted((a, b) => (a.payee < b.payee ? -1 : 1))).toEqual(
          published.products[0]?.shares,
        )
        expect({ ...again, products: [] }).toEqual({ ...published, products: [] })
      }),
      { numRuns: 100 },
    )
  })

  test('shares always add up to the price, and more than all is refused', () => {
    const form = formOf(null, rest, decimalsOf)
    const product = { ...newProduct(0), name: { en: 'Cola', zh: '' }, price: '0.0007' }
    const shared = (percent: string) =>
      draftOf(
        { ...form, products: [{ ...product, shares: [{ id: 0, payee: other, percent }] }] },
        rest,
        decimalsOf,
      )
    for (const percent of ['0.01', '33.33', '99.99']) {
      const sum = shared(percent)?.products[0]?.shares.reduce((all, { amount }) => all + amount, 0n)
      expect(sum).toBe(7n * 10n ** 14n)
    }
    expect(shared('100.01')).toBeNull()
    expect(draftOf({ ...form, products: [{ ...product, price: 'a lot' }] }, rest, decimalsOf)).toBeNull()
    expect(draftOf(form, rest, decimalsOf)).toBeNull()
  })

  test('what can’t be read, or breaks a rule of the catalogue, is said by its place', () => {
    const form = formOf(null, rest, decimalsOf)
    const good = { ...newProduct(4), name: { en: 'Cola', zh: '' }, price: '0.0007' }
    const nameless = { ...good, number: 7, name: { en: ' ', zh: '可乐' } }
    const whole = { ...form, products: [good, nameless] }
    const place = (wrong: Partial<typeof form>) =>
      unreadablePlace({ ...form, products: [good], ...wrong }, rest, decimalsOf)
    expect(place({ products: [] })).toEqual({ at: 'products' })
    expect(place(whole)).toEqual({ at: 'product', number: 7, what: 'fields' })
    expect(place({ depths: [{ token: null, upTo: 'much', blocks: '1' }] })).toEqual({ at: 'depth' })
    expect(place({ instant: { ...form.instant, open: '1,000' } })).toEqual({ at: 'instant' })
    expect(brokenRule(whole, 'products.1.price')).toEqual({ at: 'product', number: 7, what: 'price' })
    expect(brokenRule(whole, 'products.0.fulfilWithin')).toEqual({ at: 'product', number: 4, what: 'other' })
    expect(brokenRule(whole, 'ways')).toEqual({ at: 'ways' })
    expect(brokenRule(whole, 'till')).toEqual({ at: 'rule', name: 'till' })
  })

  test('a new product takes the first free place in the Till, and there are a hundred', () => {
    expect(freeNumber([newProduct(0), newProduct(2)])).toBe(1)
    expect(freeNumber(Array.from({ length: 100 }, (_, number) => newProduct(number)))).toBeNull()
  })
})

test('a kiosk’s code is found in a link, in a scanned text and alone, and in nothing else', () => {
  for (const text of ['https://fob.example/buy#FOB:SALE:AB_c-1', ' FOB:SALE:AB_c-1\n', 'FOB:SALE:AB_c-1'])
    expect(saleCodeIn(text)).toBe('FOB:SALE:AB_c-1')
  expect(saleCodeIn('FOB:SOLD:AB')).toBeNull()
  expect(saleCodeIn('')).toBeNull()
})

test('pictures are told apart by their first bytes; a page with a script is none', () => {
  const text = (of: string) => new TextEncoder().encode(of)
  expect(mediaTypeOf(Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13))).toBe('image/png')
  expect(mediaTypeOf(Uint8Array.of(0xff, 0xd8, 0xff, 0xe0))).toBe('image/jpeg')
  expect(mediaTypeOf(text('RIFF....WEBPVP8 '))).toBe('image/webp')
  expect(mediaTypeOf(text('....ftypavif'))).toBe('image/avif')
  expect(mediaTypeOf(text('<?xml version="1.0"?>\n<!-- drawn -->\n<svg xmlns="…">'))).toBe('image/svg+xml')
  for (const none of ['', '<html><svg>', '<script>', 'GIF']) expect(mediaTypeOf(text(none))).toBeNull()
})
