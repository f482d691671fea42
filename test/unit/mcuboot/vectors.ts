// Byte-exact images from test/vectors/mcuboot/images.json, whose `origin` says how they were made.
import { readFileSync } from 'node:fs'
import type { ImageSigner } from '../../../src/core/mcuboot/build.ts'
import type { ImageDependency, SignatureKind } from '../../../src/core/mcuboot/image.ts'
import type { ImageVersion } from '../../../src/core/mcuboot/version.ts'

interface RawVector {
  readonly name: string
  readonly image: string
  readonly version: readonly [number, number, number, number]
  readonly header_size: number
  readonly sec?: number
  readonly deps?: readonly (readonly [number, readonly [number, number, number, number]])[]
  readonly full?: boolean
  readonly pure?: boolean
}

interface RawFile {
  readonly keys: { readonly ecdsaP256: string; readonly ed25519: string }
  readonly body: string
  readonly images: readonly RawVector[]
}

export interface ImageVector {
  readonly name: string
  readonly image: Uint8Array
  readonly version: ImageVersion
  readonly headerSize: number
  readonly securityCounter: number | null
  readonly dependencies: readonly ImageDependency[]
  readonly hasFullKey: boolean
  readonly isPure: boolean
  readonly signature: SignatureKind | null
}

const fileUrl = new URL('../../vectors/mcuboot/images.json', import.meta.url)
const raw: RawFile = JSON.parse(readFileSync(fileUrl, 'utf8'))
const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'))
const version = ([major, minor, revision, build]: RawVector['version']): ImageVersion => ({
  major,
  minor,
  revision,
  build,
})

export const ECDSA: ImageSigner & { kind: 'ecdsaP256' } = {
  kind: 'ecdsaP256',
  secretKey: bytes(raw.keys.ecdsaP256),
}
export const ED25519: ImageSigner & { kind: 'ed25519' } = {
  kind: 'ed25519',
  secretKey: bytes(raw.keys.ed25519),
}
export const BODY = bytes(raw.body)

export const vectors: readonly ImageVector[] = raw.images.map(vector => ({
  name: vector.name,
  image: bytes(vector.image),
  version: version(vector.version),
  headerSize: vector.header_size,
  securityCounter: vector.sec ?? null,
  dependencies: (vector.deps ?? []).map(([image, min]) => ({ image, minVersion: version(min) })),
  hasFullKey: vector.full ?? false,
  isPure: vector.pure ?? false,
  signature: vector.name.startsWith('ECDSA') ? 'ecdsa' : vector.name.startsWith('Ed25519') ? 'ed25519' : null,
}))
