// BIP-39: the official vectors in both languages, and what people type instead of them.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromHex, toHex } from '../../../src/core/bytes.ts'
import {
  checkWord,
  languageOfWord,
  type PhraseLanguage,
  phraseSeed,
  phraseWords,
  readPhrase,
  splitWords,
  wordsThatBegin,
} from '../../../src/core/wallet/phrase.ts'
import vectors from '../../vectors/wallet/bip39.json' with { type: 'json' }

const languages: readonly PhraseLanguage[] = ['en', 'zh']
const entropyOf = (hex: string) => fromHex(`0x${hex}`) ?? new Uint8Array()

describe.each(languages)('the official BIP-39 vectors (%s)', language => {
  it.each(vectors[language])('$entropy', ({ entropy, phrase, seed }) => {
    const known = { language, entropy: entropyOf(entropy) }
    expect(phraseWords(known).join(' ')).toBe(phrase)
    expect(readPhrase(phrase)).toEqual({ ok: true, value: known })
    expect(toHex(phraseSeed(known, 'TREZOR'))).toBe(`0x${seed}`)
  })

  it('all words and their entropy belong together, for any entropy', () => {
    const entropies = fc.oneof(
      fc.uint8Array({ minLength: 16, maxLength: 16 }),
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
    )
    fc.assert(
      fc.property(entropies, bytes => {
        const phrase = { language, entropy: Uint8Array.from(bytes) }
        const read = readPhrase(phraseWords(phrase).join(' '))
        expect(read).toEqual({ ok: true, value: phrase })
      }),
    )
  })
})

const phrase = 'legal winner thank year wave sausage worth useful legal winner thank yellow'

describe('what people type', () => {
  it.each([
    ['capitals', phrase.toUpperCase()],
    ['line breaks and more spaces', `  ${phrase.replaceAll(' ', '\n\t  ')} \n`],
    ['wide spaces', phrase.replaceAll(' ', '\u3000')],
  ])('is read with %s', (_, text) => {
    expect(readPhrase(text)).toMatchObject({ ok: true, value: { language: 'en' } })
  })

  it('is read as Chinese without spaces, or with some', () => {
    expect(readPhrase('枪疫霉尝俩闹饿贤枪疫霉卿')).toMatchObject({ ok: true, value: { language: 'zh' } })
    expect(readPhrase('枪疫霉尝 俩闹饿贤　枪疫霉卿')).toMatchObject({ ok: true, value: { language: 'zh' } })
  })

  it('of another length is told with its length', () => {
    expect(readPhrase('')).toEqual({ ok: false, error: { kind: 'phraseLength', words: 0 } })
    expect(readPhrase(phrase.replace('legal ', ''))).toEqual({
      ok: false,
      error: { kind: 'phraseLength', words: 11 },
    })
    const of18 = `${'abandon '.repeat(17)}agent`
    expect(readPhrase(of18)).toEqual({ ok: false, error: { kind: 'phraseLength', words: 18 } })
  })

  it.each([
    ['winner', 'winer'],
    ['winner', 'wniner'],
    ['winner', 'winners'],
    ['sausage', 'sausage5'],
    ['useful', 'usefuly'],
  ])('with %s written as %s names the place and the word that was meant', (right, wrong) => {
    const read = readPhrase(phrase.replace(right, wrong))
    const index = phrase.split(' ').indexOf(right)
    expect(read).toMatchObject({ ok: false, error: { kind: 'phraseUnknownWord', index } })
    expect(!read.ok && read.error.kind === 'phraseUnknownWord' && read.error.suggestions).toContain(right)
  })

  it('never comes back in an error', () => {
    const read = readPhrase(phrase.replace('yellow', 'mysecretword'))
    expect(JSON.stringify(read)).not.toContain('mysecretword')
  })

  it('in two languages names the first word of the other', () => {
    const mixed = phrase.split(' ').with(4, '的').join(' ')
    expect(readPhrase(mixed)).toMatchObject({ ok: false, error: { kind: 'phraseUnknownWord', index: 4 } })
  })

  it('with two words exchanged fails the checksum', () => {
    const words = phrase.split(' ')
    const swapped = words
      .with(0, words[1] ?? '')
      .with(1, words[0] ?? '')
      .join(' ')
    expect(readPhrase(swapped)).toEqual({ ok: false, error: { kind: 'phraseChecksum' } })
  })

  it('never throws, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), text => {
        expect(readPhrase(text).ok).toBe(false)
      }),
    )
  })

  it('is completed word by word', () => {
    expect(wordsThatBegin('zo', 'en', 5)).toEqual(['zone', 'zoo'])
    expect(wordsThatBegin('AB', 'en', 3)).toEqual(['abandon', 'ability', 'able'])
    expect(wordsThatBegin(' ', 'en', 3)).toEqual([])
    expect(wordsThatBegin('枪', 'zh', 3)).toEqual(['枪'])
  })

  it('is checked word by word, in the language that the word is written in', () => {
    expect(checkWord(' Zoo ', 'en')).toEqual({ isKnown: true, suggestions: [] })
    expect(checkWord('winer', 'en')).toMatchObject({ isKnown: false })
    expect(checkWord('winer', 'en').suggestions).toContain('winner')
    expect(checkWord('zoo', 'zh').isKnown).toBe(false)
    expect(checkWord('枪', 'zh').isKnown).toBe(true)
    expect([languageOfWord('zoo'), languageOfWord('枪'), languageOfWord('')]).toEqual(['en', 'zh', 'en'])
  })

  it('is split as people write it', () => {
    expect(splitWords(' Legal\twinner\n thank ')).toEqual(['legal', 'winner', 'thank'])
    expect(splitWords('枪疫霉 尝')).toEqual(['枪', '疫', '霉', '尝'])
    expect(splitWords('  ')).toEqual([])
  })
})

it('the same entropy in another language is another wallet', () => {
  const entropy = entropyOf('7f'.repeat(16))
  expect(phraseSeed({ language: 'en', entropy })).not.toEqual(phraseSeed({ language: 'zh', entropy }))
})

it.each([0, 15, 20, 24, 33])('%i bytes of entropy are a mistake of the caller', length => {
  const entropy = new Uint8Array(length)
  expect(() => phraseWords({ language: 'en', entropy })).toThrow(RangeError)
  expect(() => phraseSeed({ language: 'en', entropy })).toThrow(RangeError)
})
