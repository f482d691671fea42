// Small verified firmware for upload tests.
import { sha256 } from '@noble/hashes/sha2.js'
import { toHex } from '../../../src/core/bytes.ts'
import { type VerifiedFirmware, verifyFirmware } from '../../../src/core/firmware/verified.ts'
import { buildImage } from '../../../src/core/mcuboot/build.ts'
import { parseImage } from '../../../src/core/mcuboot/image.ts'

export interface TestFirmware {
  readonly bytes: Uint8Array
  readonly firmware: VerifiedFirmware
}

/** An image whose body has `length` bytes that differ from place to place. */
export function testFirmware(length: number): TestFirmware {
  const bytes = buildImage({
    version: { major: 1, minor: 1, revision: 0, build: 0 },
    body: Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 8)) & 0xff),
    signer: { kind: 'ecdsaP256', secretKey: new Uint8Array(32).fill(7) },
    headerSize: 32,
  })
  const image = parseImage(bytes)
  if (!image.ok || !image.value.keyHash) throw new Error('the built image must parse')
  const manifest = {
    model: 'Fob Lock One',
    hardware: 'rev B',
    version: image.value.version,
    securityCounter: 0,
    cid: '',
    size: bytes.length,
    fileHash: toHex(sha256(bytes)),
    imageHash: toHex(image.value.imageHash),
    keyHash: toHex(image.value.keyHash),
    validUntil: 2_000_000_000,
    notes: '',
    peers: [],
  }
  const verified = verifyFirmware(bytes, manifest, { hardware: null, slotSize: null })
  if (!verified.ok) throw new Error(verified.error.kind)
  return { bytes, firmware: verified.value }
}
