// Ages, durations, sizes and hashes as people read them, in both languages.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addressGroups, formatsFor, type Language, shortHash } from '../../../src/ui/i18n/formats.ts'

const languages: readonly Language[] = ['en', 'zh']
const en = formatsFor('en')
const zh = formatsFor('zh')

describe('ages', () => {
  test.each([
    [0, 'now', '现在'],
    [12, '12 seconds ago', '12秒钟前'],
    [59, '59 seconds ago', '59秒钟前'],
    [60, '1 minute ago', '1分钟前'],
    [7199, '1 hour ago', '1小时前'],
    [86_400, '1 day ago', '1天前'],
    [40 * 86_400, '1 month ago', '1个月前'],
    [800 * 86_400, '2 years ago', '2年前'],
  ])('after %i s', (seconds, english, chinese) => {
    expect(en.age(1_000_000_000 - seconds, 1_000_000_000)).toBe(english)
    expect(zh.age(1_000_000_000 - seconds, 1_000_000_000)).toBe(chinese)
  })

  test('a time in the future counts as now, because clocks differ', () => {
    expect(en.age(1_000_000_030, 1_000_000_000)).toBe(en.age(1_000_000_000, 1_000_000_000))
  })

  test('never round up: an age is not told older than it is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 ** 9 }), seconds => {
        const told = Number(/\d+/.exec(en.age(0, seconds))?.[0])
        const [, unit = ''] = /(second|minute|hour|day|month|year)/.exec(en.age(0, seconds)) ?? []
        const length = { second: 1, minute: 60, hour: 3600, day: 86_400, month: 2_592_000, year: 31_536_000 }
        const size = Object.entries(length).find(([name]) => name === unit)?.[1] ?? Number.NaN
        return told * size <= seconds && (told + 1) * size > seconds
      }),
    )
  })
})

describe('durations', () => {
  test.each([
    [0.2, '1 sec'],
    [59.6, '1 min'],
    [80, '1 min 20 sec'],
    [120, '2 min'],
    [3600, '1 hr'],
    [3725, '1 hr 2 min'],
    [172_799, '47 hr 59 min'],
    [604_800, '7 days'],
    [604_800 + 3600, '7 days 1 hr'],
  ])('of %d s', (seconds, told) => {
    expect(en.duration(seconds)).toBe(told)
  })
})

describe('sizes', () => {
  test.each([
    [0, '0 bytes'],
    [999, '999 bytes'],
    [312_448, '312.4 kB'],
    [8_240_000, '8.2 MB'],
    [2_190_000_000, '2.19 GB'],
  ])('of %i bytes are told in decimal units', (count, told) => {
    expect(en.bytes(count)).toBe(told)
  })

  test('a speed is a size per second', () => {
    expect(en.speed(18_240)).toBe('18.2 kB/s')
  })
})

describe('percent', () => {
  test('never says 100 % before everything is done', () => {
    for (const language of languages) {
      fc.assert(
        fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), fraction => {
          return formatsFor(language).percent(fraction) !== formatsFor(language).percent(1)
        }),
      )
    }
  })

  test('says 100 % when it is done, and nothing below zero', () => {
    expect(en.percent(1)).toBe('100%')
    expect(en.percent(-3)).toBe('0%')
  })
})

describe('hashes and addresses', () => {
  const hex = fc
    .uint8Array({ minLength: 20, maxLength: 20 })
    .map(bytes => `0x${Buffer.from(bytes).toString('hex')}`)

  test('a shortened hash keeps its beginning and its end', () => {
    fc.assert(
      fc.property(hex, full => {
        const short = shortHash(full)
        return (
          short.startsWith(full.slice(0, 10)) && short.endsWith(full.slice(-8)) && short.length < full.length
        )
      }),
    )
  })

  test('what is short already stays whole', () => {
    expect(shortHash('0x1234')).toBe('0x1234')
  })

  test('the groups of an address are the whole address, four digits each', () => {
    fc.assert(
      fc.property(hex, full => {
        const [prefix, ...groups] = addressGroups(full)
        return prefix === '0x' && `0x${groups.join('')}` === full && groups.every(group => group.length === 4)
      }),
    )
  })
})
