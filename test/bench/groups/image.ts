// Verifying 1 MiB of firmware against its manifest, against hashing the same bytes once.
import { sha256 } from '@noble/hashes/sha2.js'
import { toHex } from '../../../src/core/bytes.ts'
import { verifyFirmware } from '../../../src/core/firmware/verified.ts'
import { buildImage } from '../../../src/core/mcuboot/build.ts'
import { parseImage } from '../../../src/core/mcuboot/image.ts'
import type { Manifest } from '../../../src/core/registry/release.ts'
import { medianTimes } from '../medians.ts'
import type { Group, Row } from '../row.ts'

const runs = 15
const size = 2 ** 20

export const group: Group = {
  name: 'Image verification, 1 MiB: size, both hashes, structure, version, key',
  async run() {
    const { bytes, manifest } = release()
    const times = await medianTimes(runs, {
      verify() {
        const verified = verifyFirmware(bytes, manifest, { hardware: manifest.hardware, slotSize: size })
        if (!verified.ok) throw new Error(`not verified: ${verified.error.kind}`)
      },
      hash: () => sha256(bytes),
      webCrypto: () => crypto.subtle.digest('SHA-256', bytes),
    })
    const row = (name: string, reference: Row['reference']): Row => ({
      name,
      value: times.verify,
      unit: 'ms',
      reference,
      better: 'lower',
      runs,
    })
    return [
      row('verify, against one SHA-256', { name: 'SHA-256 once, same library', value: times.hash }),
      row('verify, against native code', { name: 'SHA-256 once, WebCrypto', value: times.webCrypto }),
    ]
  },
}

/** A file of exactly `size` bytes. */
function release(): { readonly bytes: Uint8Array<ArrayBuffer>; readonly manifest: Manifest } {
  const build = (bodySize: number) =>
    buildImage({
      version: { major: 1, minor: 1, revision: 0, build: 0 },
      body: Uint8Array.from({ length: bodySize }, (_, i) => (i * 31 + (i >> 8)) & 0xff),
      signer: { kind: 'ed25519', secretKey: new Uint8Array(32).fill(7) },
      securityCounter: 1,
      headerSize: 0x200,
    })
  const bytes = build(size - (build(1024).length - 1024))
  const parsed = parseImage(bytes)
  if (bytes.length !== size || !parsed.ok || !parsed.value.keyHash) throw new Error('not the image meant')
  const manifest = {
    model: 'Fob Lock One',
    hardware: 'rev B',
    version: parsed.value.version,
    securityCounter: parsed.value.securityCounter ?? 0,
    cid: 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy',
    size: bytes.length,
    fileHash: toHex(sha256(bytes)),
    imageHash: toHex(parsed.value.imageHash),
    keyHash: toHex(parsed.value.keyHash),
    validUntil: 2_000_000_000,
    notes: '',
    peers: [],
  }
  return { bytes, manifest }
}
