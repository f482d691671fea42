// The gate to the flasher: every refusal, and that no one else can make a VerifiedFirmware.
import { sha256 } from '@noble/hashes/sha2.js'
import { describe, expect, it } from 'vitest'
import { concat, toHex } from '../../../src/core/bytes.ts'
import { isVerifiedFirmware, verifyFirmware } from '../../../src/core/firmware/verified.ts'
import { buildImage, type ImageParts } from '../../../src/core/mcuboot/build.ts'
import { parseImage } from '../../../src/core/mcuboot/image.ts'
import type { Manifest } from '../../../src/core/registry/release.ts'
import { ECDSA, ED25519 } from '../mcuboot/vectors.ts'

const PARTS: ImageParts = {
  version: { major: 1, minor: 2, revision: 0, build: 0 },
  body: new Uint8Array(5000).map((_, i) => i),
  signer: ECDSA,
  securityCounter: 3,
}
const FITTING = { hardware: 'rev B', slotSize: 8192 }

/** A manifest that describes these bytes truly, whatever they are. */
function manifestFor(bytes: Uint8Array): Manifest {
  const parsed = parseImage(bytes)
  const image = parsed.ok ? parsed.value : undefined
  return {
    model: 'Fob Lock One',
    hardware: 'rev B',
    version: image?.version ?? PARTS.version,
    securityCounter: image?.securityCounter ?? 0,
    cid: 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy',
    size: bytes.length,
    fileHash: toHex(sha256(bytes)),
    imageHash: toHex(image?.imageHash ?? new Uint8Array(32)),
    keyHash: toHex(image?.keyHash ?? new Uint8Array(32)),
    validUntil: 2_000_000_000,
    notes: '',
    peers: [],
  }
}

function verified(bytes = buildImage(PARTS), manifest = manifestFor(bytes)) {
  const result = verifyFirmware(bytes, manifest, FITTING)
  if (!result.ok) throw new Error(result.error.kind)
  return result.value
}

describe('refusals', () => {
  const image = buildImage(PARTS)
  const manifest = manifestFor(image)
  const zero = toHex(new Uint8Array(32))

  it.each<[string, Partial<Manifest>, string]>([
    ['a size that differs', { size: image.length + 1 }, 'wrongSize'],
    ['another file hash', { fileHash: zero }, 'wrongFileHash'],
    ['another image hash', { imageHash: zero }, 'wrongImageHash'],
    ['another version', { version: { ...PARTS.version, build: 1 } }, 'wrongVersion'],
    ['another security counter', { securityCounter: 2 }, 'wrongSecurityCounter'],
    ['another key', { keyHash: zero }, 'wrongKey'],
    ['another hardware revision', { hardware: 'rev C' }, 'wrongHardware'],
  ])('refuses %s', (_, change, kind) => {
    expect(verifyFirmware(image, { ...manifest, ...change }, FITTING)).toMatchObject({
      ok: false,
      error: { kind },
    })
  })

  it('refuses what does not fit the slot, to the byte', () => {
    const exact = { hardware: 'rev B', slotSize: image.length }
    expect(verifyFirmware(image, manifest, exact).ok).toBe(true)
    expect(verifyFirmware(image, manifest, { ...exact, slotSize: image.length - 1 })).toMatchObject({
      error: { kind: 'tooLargeForSlot' },
    })
  })

  it('refuses truncation and trailing bytes even where the manifest was made for them', () => {
    for (const [bytes, why] of [
      [image.subarray(0, image.length - 1), 'truncated'],
      [concat(image, Uint8Array.of(0)), 'trailingBytes'],
      [new TextEncoder().encode('<html>404 not found</html>      '), 'badMagic'],
    ] as const) {
      expect(verifyFirmware(bytes, manifestFor(bytes), FITTING)).toMatchObject({
        error: { kind: 'malformedImage', why: { kind: why } },
      })
    }
  })

  it('refuses every changed byte', () => {
    for (let at = 0; at < image.length; at += 61) {
      const changed = Uint8Array.from(image)
      changed[at] = (changed[at] ?? 0) ^ 0x80
      expect(verifyFirmware(changed, manifest, FITTING), `byte ${at}`).toMatchObject({
        error: { kind: 'wrongFileHash' },
      })
    }
  })

  it('refuses an unsigned image', () => {
    const unsigned = buildImage({ ...PARTS, signer: null })
    expect(verifyFirmware(unsigned, manifestFor(unsigned), FITTING)).toMatchObject({
      error: { kind: 'unsigned' },
    })
  })

  it('checks neither hardware nor slot where the device told neither', () => {
    expect(verifyFirmware(image, manifest, { hardware: null, slotSize: null }).ok).toBe(true)
  })

  it('takes an image without security counter for counter 0', () => {
    const { securityCounter: _, ...without } = PARTS
    const plain = buildImage(without)
    expect(verifyFirmware(plain, { ...manifestFor(plain), securityCounter: 0 }, FITTING).ok).toBe(true)
    expect(verifyFirmware(plain, { ...manifestFor(plain), securityCounter: 1 }, FITTING).ok).toBe(false)
  })

  it('knows the key of an image that carries it in full', () => {
    const full = buildImage({ ...PARTS, signer: ED25519, keyFormat: 'full' })
    const named = buildImage({ ...PARTS, signer: ED25519 })
    const keyHash = manifestFor(named).keyHash
    expect(verifyFirmware(full, { ...manifestFor(full), keyHash }, FITTING).ok).toBe(true)
    expect(verifyFirmware(full, { ...manifestFor(full), keyHash: zero }, FITTING)).toMatchObject({
      error: { kind: 'wrongKey' },
    })
  })
})

describe('VerifiedFirmware', () => {
  it('hands out exactly the bytes that were verified, in chunks', () => {
    const image = buildImage(PARTS)
    const firmware = verified(image)
    const chunks: Uint8Array[] = []
    for (let at = 0; at < firmware.size; at += 997) chunks.push(firmware.chunk(at, 997))
    expect(concat(...chunks)).toEqual(image)
    expect(firmware.chunk(firmware.size, 10).length).toBe(0)
    expect(() => firmware.chunk(firmware.size + 1, 1)).toThrow(RangeError)
    expect(() => firmware.chunk(-1, 1)).toThrow(RangeError)
    expect(() => firmware.chunk(0, -1)).toThrow(RangeError)
    expect(() => firmware.chunk(0.5, 1)).toThrow(RangeError)
  })

  it('keeps its own copy: neither the source nor what it handed out reaches it', () => {
    const image = buildImage(PARTS)
    const original = Uint8Array.from(image)
    const firmware = verified(image)
    const { fileHash, imageHash } = firmware
    image.fill(0)
    firmware.chunk(0, firmware.size).fill(0)
    firmware.fileHash.fill(0)
    firmware.imageHash.fill(0)
    expect(firmware.chunk(0, firmware.size)).toEqual(original)
    expect(firmware.fileHash).toEqual(fileHash)
    expect(firmware.imageHash).toEqual(imageHash)
    expect(toHex(firmware.fileHash)).toBe(firmware.manifest.fileHash)
  })

  it('keeps its manifest', () => {
    const image = buildImage(PARTS)
    const manifest = { ...manifestFor(image), peers: ['/ip4/127.0.0.1/tcp/1'] }
    const firmware = verified(image, manifest)
    manifest.peers.push('/ip4/127.0.0.1/tcp/2')
    expect(firmware.manifest.peers).toEqual(['/ip4/127.0.0.1/tcp/1'])
    expect(() => Object.assign(firmware.manifest, { size: 1 })).toThrow(TypeError)
    expect(() => Object.assign(firmware.manifest.version, { major: 9 })).toThrow(TypeError)
  })

  it('can be made by nobody else', () => {
    const firmware = verified()
    expect(isVerifiedFirmware(firmware)).toBe(true)

    const prototype: object = Object.getPrototypeOf(firmware)
    expect(isVerifiedFirmware(Object.create(prototype))).toBe(false)
    expect(isVerifiedFirmware(Object.setPrototypeOf({ size: 1 }, prototype))).toBe(false)
    expect(isVerifiedFirmware({ ...firmware })).toBe(false)
    expect(isVerifiedFirmware(structuredClone({ manifest: firmware.manifest }))).toBe(false)
    expect(isVerifiedFirmware(new Proxy(firmware, {}))).toBe(false)
    expect(isVerifiedFirmware(null)).toBe(false)

    const Constructor: unknown = Reflect.get(prototype, 'constructor')
    if (typeof Constructor !== 'function') throw new Error('no constructor')
    const args = [
      Symbol('verifyFirmware'),
      new Uint8Array(1),
      new Uint8Array(32),
      new Uint8Array(32),
      firmware.manifest,
    ]
    expect(() => Reflect.construct(Constructor, args)).toThrow(TypeError)
    expect(() => Reflect.construct(Constructor, args, class {})).toThrow(TypeError)
  })

  it('can be changed by nobody', () => {
    const firmware = verified()
    const prototype: object = Object.getPrototypeOf(firmware)
    const evil = () => new Uint8Array(1)
    expect(Reflect.set(firmware, 'chunk', evil)).toBe(false)
    expect(Reflect.defineProperty(firmware, 'size', { value: 1 })).toBe(false)
    expect(Reflect.defineProperty(prototype, 'chunk', { value: evil })).toBe(false)
    expect(Reflect.setPrototypeOf(firmware, {})).toBe(false)
  })
})
