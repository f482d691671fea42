// The MCUboot image parser: vectors, exact lengths, and every way in which a file can be no image.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concat } from '../../../src/core/bytes.ts'
import { buildImage, type ImageParts } from '../../../src/core/mcuboot/build.ts'
import { type McubootError, parseImage, parseImageHeader } from '../../../src/core/mcuboot/image.ts'
import { TlvType, writeTlvArea } from '../../../src/core/mcuboot/tlv.ts'
import { BODY, ECDSA, ED25519, vectors } from './vectors.ts'

const PARTS: ImageParts = {
  version: { major: 1, minor: 2, revision: 3, build: 4 },
  body: BODY,
  signer: ECDSA,
  securityCounter: 7,
  dependencies: [{ image: 1, minVersion: { major: 9, minor: 8, revision: 7, build: 6 } }],
}

const kindOf = (bytes: Uint8Array): McubootError['kind'] | 'parsed' => {
  const parsed = parseImage(bytes)
  return parsed.ok ? 'parsed' : parsed.error.kind
}

/** A copy with bytes overwritten at an offset. */
function patched(bytes: Uint8Array, offset: number, ...values: number[]): Uint8Array {
  const copy = Uint8Array.from(bytes)
  copy.set(values, offset)
  return copy
}

describe('parsing what imgtool makes', () => {
  it.each(vectors)('reads: $name', vector => {
    const parsed = parseImage(vector.image)
    expect(parsed).toMatchObject({
      ok: true,
      value: {
        version: vector.version,
        headerSize: vector.headerSize,
        bodySize: BODY.length,
        securityCounter: vector.securityCounter,
        dependencies: vector.dependencies,
      },
    })
    if (!parsed.ok) return
    expect(parsed.value.signature?.kind ?? null).toBe(vector.signature)
    expect(parsed.value.keyHash === null).toBe(vector.signature === null || vector.hasFullKey)
    expect(parsed.value.publicKey !== null).toBe(vector.hasFullKey)
  })

  it('reads the header alone from the first 32 bytes', () => {
    const header = parseImageHeader(buildImage(PARTS).subarray(0, 32))
    expect(header).toMatchObject({ ok: true, value: { headerSize: 32, bodySize: BODY.length, flags: 0 } })
  })

  it('accepts SHA-384 and SHA-512 image hashes', () => {
    const image = buildImage({ ...PARTS, signer: { ...ED25519, pure: true } })
    const parsed = parseImage(image)
    expect(parsed.ok && parsed.value.hashAlgorithm).toBe('sha512')
    expect(parsed.ok && parsed.value.imageHash.length).toBe(64)
    expect(parsed.ok && parsed.value.signature?.pure).toBe(true)
  })
})

describe('lengths', () => {
  const image = buildImage(PARTS)

  it('refuses a file cut at any byte', () => {
    for (let size = 0; size < image.length; size++) {
      expect(kindOf(image.subarray(0, size)), `cut at ${size}`).toBe('truncated')
    }
  })

  it('refuses trailing bytes, also the padding of a slot dump', () => {
    expect(kindOf(concat(image, Uint8Array.of(0)))).toBe('trailingBytes')
    expect(kindOf(concat(image, new Uint8Array(4096).fill(0xff)))).toBe('trailingBytes')
  })

  it('reads an image that lies in the middle of a larger buffer', () => {
    const around = concat(new Uint8Array(5), image, new Uint8Array(9))
    expect(kindOf(around.subarray(5, 5 + image.length))).toBe('parsed')
  })
})

describe('malformed images', () => {
  const image = buildImage(PARTS)
  const unprotectedAt = image.length - unprotectedSize(image)

  it.each<[string, Uint8Array, McubootError['kind']]>([
    ['another magic', patched(image, 0, 0x3c), 'badMagic'],
    ['a header size below 32', patched(image, 8, 31, 0), 'badHeader'],
    ['the AES-128 flag', patched(image, 16, 0x04), 'encrypted'],
    ['the AES-256 flag', patched(image, 16, 0x08), 'encrypted'],
    ['a protected size that disagrees with the area', patched(image, 10, 27), 'badHeader'],
    ['protected TLVs that the header does not announce', patched(image, 10, 0, 0), 'malformedTlv'],
    ['another TLV magic', patched(image, unprotectedAt, 0x08), 'malformedTlv'],
    ['a TLV area smaller than its header', patched(image, unprotectedAt + 2, 3, 0), 'malformedTlv'],
    [
      'an entry that crosses the end of its area',
      patched(image, unprotectedAt + 6, 0xff, 0x0f),
      'malformedTlv',
    ],
    ['a hash entry of another type', patched(image, unprotectedAt + 4, 0x7f), 'noHash'],
    ['a SHA-384 entry of 32 bytes', patched(image, unprotectedAt + 4, TlvType.sha384), 'malformedTlv'],
    ['a changed version', patched(image, 20, 9), 'hashMismatch'],
    ['a changed body', patched(image, 40, 0), 'hashMismatch'],
    ['a changed security counter', patched(image, 32 + BODY.length + 8, 1), 'hashMismatch'],
    [
      'a changed hash',
      patched(image, unprotectedAt + 8, image[unprotectedAt + 8] === 0 ? 1 : 0),
      'hashMismatch',
    ],
  ])('refuses %s', (_, bytes, kind) => {
    expect(kindOf(bytes)).toBe(kind)
  })

  it('refuses two hashes', () => {
    const hash = image.subarray(unprotectedAt + 8, unprotectedAt + 40)
    const entries = [
      [TlvType.sha256, hash],
      [TlvType.sha256, hash],
    ] as const
    expect(kindOf(concat(image.subarray(0, unprotectedAt), writeTlvArea(entries, 0x6907)))).toBe(
      'severalHashes',
    )
  })

  it('refuses two security counters and ones of another length', () => {
    const counter = [TlvType.securityCounter, Uint8Array.of(1, 0, 0, 0)] as const
    expect(kindOf(buildImage({ ...PARTS, protectedTlvs: [counter] }))).toBe('malformedTlv')
    const short = [TlvType.securityCounter, Uint8Array.of(1, 0)] as const
    const { securityCounter: _, ...without } = PARTS
    expect(kindOf(buildImage({ ...without, protectedTlvs: [short] }))).toBe('malformedTlv')
  })

  it('takes no security counter from outside the signed area', () => {
    const { securityCounter: _, dependencies: __, ...plain } = PARTS
    const bare = buildImage({ ...plain, signer: null })
    const hash = bare.subarray(bare.length - 32)
    const forged = writeTlvArea(
      [
        [TlvType.sha256, hash],
        [TlvType.securityCounter, Uint8Array.of(9, 0, 0, 0)],
      ],
      0x6907,
    )
    const parsed = parseImage(concat(bare.subarray(0, bare.length - 40), forged))
    expect(parsed).toMatchObject({ ok: true, value: { securityCounter: null } })
  })
})

describe('properties', () => {
  const version = fc.record({
    major: fc.nat(0xff),
    minor: fc.nat(0xff),
    revision: fc.nat(0xffff),
    build: fc.nat(0xffffffff),
  })

  it('reads back what was built', () => {
    fc.assert(
      fc.property(
        fc.record({
          version,
          body: fc.uint8Array({ maxLength: 200 }),
          securityCounter: fc.nat(0xffffffff),
          headerSize: fc.integer({ min: 32, max: 600 }),
          dependencies: fc.array(fc.record({ image: fc.nat(0xff), minVersion: version }), { maxLength: 3 }),
        }),
        parts => {
          const parsed = parseImage(buildImage({ ...parts, signer: null }))
          expect(parsed).toMatchObject({
            ok: true,
            value: {
              version: parts.version,
              bodySize: parts.body.length,
              headerSize: parts.headerSize,
              securityCounter: parts.securityCounter,
              dependencies: parts.dependencies,
              signature: null,
            },
          })
        },
      ),
      { numRuns: 50 },
    )
  })

  it('never throws for bytes from outside, and never accepts a changed signed byte', () => {
    const image = buildImage({ ...PARTS, signer: null })
    const covered = image.length - unprotectedSize(image)
    fc.assert(
      fc.property(fc.nat(covered - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        expect(kindOf(patched(image, at, (image[at] ?? 0) ^ change))).not.toBe('parsed')
      }),
    )
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (noise, withMagic) => {
        const bytes = withMagic ? concat(Uint8Array.of(0x3d, 0xb8, 0xf3, 0x96), noise) : noise
        expect(kindOf(bytes)).not.toBe('parsed')
      }),
    )
  })

  it('refuses parts that no header can hold rather than wrapping them', () => {
    expect(() => buildImage({ ...PARTS, version: { ...PARTS.version, major: 256 } })).toThrow(RangeError)
    expect(() => buildImage({ ...PARTS, securityCounter: -1 })).toThrow(RangeError)
    expect(() => buildImage({ ...PARTS, headerSize: 16 })).toThrow(RangeError)
    expect(() => buildImage({ ...PARTS, protectedTlvs: [[0xa0, new Uint8Array(70_000)]] })).toThrow(
      RangeError,
    )
  })
})

/** The unprotected area of an image built here: found by its magic behind the protected TLVs. */
function unprotectedSize(image: Uint8Array): number {
  const view = new DataView(image.buffer, image.byteOffset, image.byteLength)
  const start = view.getUint16(8, true) + view.getUint32(12, true) + view.getUint16(10, true)
  return image.length - start
}
