import { readFileSync } from 'node:fs'
import { encode } from 'cborg'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concat, fromHex, type Hex, toHex } from '../../../src/core/bytes.ts'
import {
  decodeManifest,
  encodeManifest,
  imageDigest,
  manifestHash,
  manifestProblem,
} from '../../../src/core/registry/manifest.ts'
import { isOfRelease, type Manifest } from '../../../src/core/registry/release.ts'
import * as any from './arbitraries.ts'

interface Vector {
  readonly name: string
  readonly manifest: Manifest
  readonly encoded: Hex
  readonly hash: Hex
}
const vectors: { readonly vectors: readonly Vector[] } = JSON.parse(
  readFileSync(new URL('../../vectors/registry/manifests.json', import.meta.url), 'utf8'),
)
const sample = vectors.vectors[0]?.manifest
if (!sample) throw new Error('no vectors')

/** The wire array of a manifest, to change an item of it. */
const wireOf = (manifest: Manifest): unknown[] => {
  const { version } = manifest
  return [
    1,
    manifest.model,
    manifest.hardware,
    [version.major, version.minor, version.revision, version.build],
    manifest.securityCounter,
    fromHex(`0x${'11'.repeat(32)}`),
    manifest.size,
    fromHex(manifest.fileHash),
    fromHex(manifest.imageHash),
    fromHex(manifest.keyHash),
    manifest.validUntil,
    manifest.notes,
    [],
  ]
}

describe('the manifest’s byte form', () => {
  it.each(vectors.vectors)('of $name is fixed for ever', ({ manifest, encoded, hash }) => {
    expect(toHex(encodeManifest(manifest))).toBe(encoded)
    expect(decodeManifest(fromHex(encoded) ?? new Uint8Array())).toEqual({ ok: true, value: manifest })
    expect(manifestHash(encodeManifest(manifest))).toBe(hash)
  })

  it('keeps every manifest as it is', () => {
    fc.assert(
      fc.property(any.manifest, manifest => {
        expect(decodeManifest(encodeManifest(manifest))).toEqual({ ok: true, value: manifest })
      }),
    )
  })

  it('is small: every byte is paid for on chain', () => {
    const bare = { ...sample, notes: 'Fixes a rare hang after long idle phase.', peers: [] }
    expect(encodeManifest(bare).length).toBeLessThanOrEqual(216)
    expect(encodeManifest({ ...bare, peers: sample.peers.slice(0, 1) }).length).toBeLessThanOrEqual(270)
  })

  it('is refused where it was cut off, at any byte, or has bytes behind it', () => {
    fc.assert(
      fc.property(any.manifest, manifest => {
        const encoded = encodeManifest(manifest)
        for (let length = 0; length < encoded.length; length++) {
          expect(decodeManifest(encoded.subarray(0, length))).toMatchObject({
            error: { kind: 'malformedManifest' },
          })
        }
        expect(decodeManifest(concat(encoded, Uint8Array.of(0)))).toMatchObject({ ok: false })
      }),
      { numRuns: 10 },
    )
  })

  it('has no second form: whatever decodes encodes to the same bytes', () => {
    fc.assert(
      fc.property(any.manifest, fc.nat(), fc.nat({ max: 255 }), (manifest, at, byte) => {
        const encoded = encodeManifest(manifest)
        const mutant = encoded.with(at % encoded.length, byte)
        const decoded = decodeManifest(mutant)
        if (decoded.ok) expect(encodeManifest(decoded.value)).toEqual(mutant)
        else expect(decoded.error.kind).toBe('malformedManifest')
      }),
      { numRuns: 1000 },
    )
  })

  it('refuses any other bytes without throwing', () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), fc.anything().map(encodeAnything)), bytes => {
        expect(decodeManifest(bytes)).toMatchObject({ ok: false, error: { kind: 'malformedManifest' } })
      }),
      { numRuns: 500 },
    )
  })

  it.each<[string, (wire: unknown[]) => unknown]>([
    ['of another version', wire => wire.with(0, 3)],
    ['of version 2 without builds for slots', wire => wire.with(0, 2)],
    ['of version 1 with builds for slots', wire => [...wire, [new Uint8Array(32), new Uint8Array(32)]]],
    ['with a build for one slot alone', wire => [...wire.with(0, 2), [new Uint8Array(32)]]],
    ['with a short hash of a build', wire => [...wire.with(0, 2), [new Uint8Array(32), new Uint8Array(31)]]],
    ['with an element too many', wire => [...wire, 0]],
    ['with an element too few', wire => wire.slice(0, -1)],
    ['that is a map', wire => new Map(wire.map((item, i) => [i, item]))],
    ['without a model', wire => wire.with(1, '')],
    ['with a version number out of range', wire => wire.with(3, [256, 0, 0, 0])],
    ['with a negative counter', wire => wire.with(4, -1)],
    ['with a fractional counter', wire => wire.with(4, 1.5)],
    [
      'with a whole CID where the digest would do',
      wire => wire.with(5, concat(Uint8Array.of(1, 0x70, 0x12, 32), new Uint8Array(32))),
    ],
    [
      'with a CID of another codec',
      wire => wire.with(5, concat(Uint8Array.of(1, 0x71, 0x12, 32), new Uint8Array(32))),
    ],
    ['with a size of 0', wire => wire.with(6, 0)],
    ['with a short file hash', wire => wire.with(7, new Uint8Array(31))],
    ['with an image hash of no known length', wire => wire.with(8, new Uint8Array(33))],
    ['with notes that are too long', wire => wire.with(11, 'x'.repeat(1025))],
    ['with a peer that is no multiaddr', wire => wire.with(12, [Uint8Array.of(4, 127)])],
    ['with too many peers', wire => wire.with(12, new Array(9).fill(Uint8Array.of(4, 127, 0, 0, 1)))],
  ])('refuses one %s', (_, change) => {
    expect(decodeManifest(encode(wireOf(sample)))).toMatchObject({ ok: true })
    expect(decodeManifest(encode(change(wireOf(sample))))).toMatchObject({
      ok: false,
      error: { kind: 'malformedManifest' },
    })
  })

  it('says of a release with a build for each slot which they are, and costs others nothing', () => {
    const [first, second] = [fromHex(`0x${'a1'.repeat(32)}`), fromHex(`0x${'b2'.repeat(32)}`)]
    const decoded = decodeManifest(encode([...wireOf(sample).with(0, 2), [first, second]]))
    expect(decoded).toMatchObject({
      value: { slotImages: [`0x${'a1'.repeat(32)}`, `0x${'b2'.repeat(32)}`] },
    })
    if (!decoded.ok) return
    const { slotImages, ...plain } = decoded.value
    expect(encodeManifest(decoded.value).length - encodeManifest(plain).length).toBe(1 + 2 * 34)
    const isOf = (hash: Hex) => isOfRelease(hash, decoded.value)
    expect([plain.imageHash, ...(slotImages ?? [])].every(isOf)).toBe(true)
    expect(isOf(`0x${'c3'.repeat(32)}`)).toBe(false)
    expect(isOfRelease(`0x${'a1'.repeat(32)}`, plain)).toBe(false)
  })

  it('refuses items in a longer form than they need', () => {
    const encoded = encodeManifest(sample)
    // The array's head 0x8d as one byte more, and the version 1 as two bytes.
    expect(decodeManifest(concat(Uint8Array.of(0x98, 13), encoded.subarray(1))).ok).toBe(false)
    expect(decodeManifest(concat(Uint8Array.of(0x8d, 0x18, 1), encoded.subarray(2))).ok).toBe(false)
    expect(decodeManifest(concat(Uint8Array.of(0x9f), encoded.subarray(1), Uint8Array.of(0xff))).ok).toBe(
      false,
    )
  })

  it('names the field that keeps a manifest from being encoded', () => {
    expect(manifestProblem(sample)).toBeNull()
    expect(manifestProblem({ ...sample, notes: '\ud800' })).toMatch(/^notes: /)
    expect(manifestProblem({ ...sample, notes: '\ufeffx' })).toMatch(/^notes: /)
    expect(manifestProblem({ ...sample, cid: 'QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG' })).toMatch(
      /^cid: /,
    )
    expect(manifestProblem({ ...sample, peers: ['/memory/1'] })).toMatch(/^peers.0: /)
    expect(() => encodeManifest({ ...sample, size: 2 ** 32 })).toThrow(RangeError)
  })
})

/** Some bytes for any value that cborg can encode. */
function encodeAnything(value: unknown): Uint8Array {
  try {
    return encode(value)
  } catch {
    return new Uint8Array()
  }
}

describe('an image’s digest', () => {
  it('is the TLV hash where that has 32 bytes, else its SHA-256', () => {
    const short: Hex = `0x${'ab'.repeat(32)}`
    expect(imageDigest(short)).toBe(short)
    // SHA-256 of 48 and of 64 zero bytes.
    expect(imageDigest(`0x${'00'.repeat(48)}`)).toBe(
      '0x17b0761f87b081d5cf10757ccc89f12be355c70e2e29df288b65b30710dcbcd1',
    )
    expect(imageDigest(`0x${'00'.repeat(64)}`)).toBe(
      '0xf5a5fd42d16a20302798ef6ed309979b43003d2320d9f0e8ea9831a92759fb4b',
    )
  })
})
