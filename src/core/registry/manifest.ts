// The manifest's one byte form: what is hashed on chain and published in the `Released` event.
//
// Deterministic CBOR (RFC 8949 section 4.2.1), an array whose first element is the format's version. Every byte is paid
// for in gas, so positions stand for keys, hashes and addresses are binary, and the usual CID is its digest alone:
//
//   [1, model, hardware, [major, minor, revision, build], securityCounter, cid, size,
//    fileHash, imageHash, keyHash, validUntil, notes, [peer, ...]]
//
// Version 2 is the same with one more element, the image hashes of the builds for each slot: [slot 0, slot 1]. Only releases that
// have them are of version 2.
//
// A reader takes exactly this: another version, element count, type or a longer form of any item is refused, so two
// different byte strings never mean the same manifest and nothing can be hidden in one.
import { sha256 } from '@noble/hashes/sha2.js'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { decode, encode, rfc8949EncodeOptions } from 'cborg'
import { CID } from 'multiformats/cid'
import * as Digest from 'multiformats/hashes/digest'
import * as v from 'valibot'
import { type Bytes, bytesEqual, fromHex, type Hex, toHex } from '../bytes.ts'
import { fail, ok, type Result } from '../result.ts'
import { multiaddrToBytes, multiaddrToText } from './multiaddr.ts'
import type { Manifest } from './release.ts'

export interface MalformedManifest {
  readonly kind: 'malformedManifest'
  readonly detail: string
}

const formatVersion = 1
const formatVersionWithSlots = 2
const dagPb = 0x70
const raw = 0x55
const sha2With256Bits = 0x12

const uint = (max: number) => v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(max))
const uint32 = uint(0xffffffff)
const isWellFormed = (text: string) => !/\p{Surrogate}/u.test(text)
/** Text of `min` to `max` bytes of UTF-8. */
const text = (min: number, max: number) =>
  v.pipe(
    v.string(),
    v.check(isWellFormed, 'not well-formed Unicode'),
    // Decoders of UTF-8 drop it: it would not come back.
    v.check(t => !t.startsWith('\ufeff'), 'begins with a byte order mark'),
    v.check(t => utf8ToBytes(t).length >= min && utf8ToBytes(t).length <= max, `not ${min} to ${max} bytes`),
  )
const hex = (...lengths: number[]) =>
  v.custom<Hex>(
    value =>
      typeof value === 'string' &&
      value === value.toLowerCase() &&
      lengths.includes(fromHex(value)?.length ?? -1),
    `not ${lengths.join(' or ')} bytes of lower-case hexadecimal`,
  )

/** The limits that every manifest keeps, in the words of `Manifest`. Sizes of text are in bytes of UTF-8. */
const manifestSchema = v.strictObject({
  model: text(1, 64),
  hardware: text(1, 64),
  version: v.strictObject({ major: uint(0xff), minor: uint(0xff), revision: uint(0xffff), build: uint32 }),
  securityCounter: uint32,
  cid: v.pipe(
    v.string(),
    v.check(cid => cidToBytes(cid) !== undefined, 'not a CIDv1 of UnixFS with SHA-256'),
  ),
  size: v.pipe(uint32, v.minValue(1)),
  fileHash: hex(32),
  imageHash: hex(32, 48, 64),
  slotImages: v.optional(v.strictTuple([hex(32, 48, 64), hex(32, 48, 64)])),
  keyHash: hex(32, 48, 64),
  validUntil: uint(0xffffffffff),
  notes: text(0, 1024),
  peers: v.pipe(
    v.array(
      v.pipe(
        v.string(),
        v.check(p => multiaddrToBytes(p) !== undefined, 'not a multiaddr known here'),
      ),
    ),
    v.maxLength(8),
  ),
})

const bytes = v.instance(Uint8Array)
const fields = [
  v.string(),
  v.string(),
  v.strictTuple([v.number(), v.number(), v.number(), v.number()]),
  v.number(),
  bytes,
  v.number(),
  bytes,
  bytes,
  bytes,
  v.number(),
  v.string(),
  v.array(bytes),
] as const
const wireSchema = v.union([
  v.strictTuple([v.literal(formatVersion), ...fields]),
  v.strictTuple([v.literal(formatVersionWithSlots), ...fields, v.strictTuple([bytes, bytes])]),
])

/** What keeps `manifest` from being encoded, naming the field; null where nothing does. */
export function manifestProblem(manifest: Manifest): string | null {
  const parsed = v.safeParse(manifestSchema, manifest)
  return parsed.success ? null : describe(parsed.issues[0])
}

function describe(issue: v.BaseIssue<unknown>): string {
  return `${v.getDotPath(issue) ?? 'manifest'}: ${issue.message}`
}

/** Throws RangeError, naming the field, where `manifestProblem` says so. */
export function encodeManifest(manifest: Manifest): Bytes {
  const problem = manifestProblem(manifest)
  if (problem !== null) throw new RangeError(problem)
  const { version, slotImages } = manifest
  const wire = [
    slotImages ? formatVersionWithSlots : formatVersion,
    manifest.model,
    manifest.hardware,
    [version.major, version.minor, version.revision, version.build],
    manifest.securityCounter,
    cidToBytes(manifest.cid),
    manifest.size,
    fromHex(manifest.fileHash),
    fromHex(manifest.imageHash),
    fromHex(manifest.keyHash),
    manifest.validUntil,
    manifest.notes,
    manifest.peers.map(multiaddrToBytes),
    ...(slotImages ? [slotImages.map(hash => fromHex(hash))] : []),
  ]
  return Uint8Array.from(encode(wire, rfc8949EncodeOptions))
}

/** Takes only what `encodeManifest` makes. Peers come back in their canonical text. */
export function decodeManifest(encoded: Uint8Array): Result<Manifest, MalformedManifest> {
  let item: unknown
  try {
    item = decode(encoded, {
      strict: true,
      allowIndefinite: false,
      allowUndefined: false,
      allowBigInt: false,
    })
  } catch (error) {
    // cborg throws for malformed CBOR; it is the only thing that can throw here.
    return malformed(error instanceof Error ? error.message : 'not CBOR')
  }
  const known: readonly unknown[] = [formatVersion, formatVersionWithSlots]
  if (Array.isArray(item) && typeof item[0] === 'number' && !known.includes(item[0])) {
    return malformed(`format version ${item[0]} is not known`)
  }
  const wire = v.safeParse(wireSchema, item)
  if (!wire.success) return malformed(describe(wire.issues[0]))
  const [, model, hardware, [major, minor, revision, build], securityCounter, cid, size, ...rest] =
    wire.output
  const [fileHash, imageHash, keyHash, validUntil, notes, peers, slotImages] = rest
  const manifest: Manifest = {
    model,
    hardware,
    version: { major, minor, revision, build },
    securityCounter,
    cid: cidToText(cid) ?? '',
    size,
    fileHash: toHex(fileHash),
    imageHash: toHex(imageHash),
    ...(slotImages ? { slotImages: [toHex(slotImages[0]), toHex(slotImages[1])] } : {}),
    keyHash: toHex(keyHash),
    validUntil,
    notes,
    peers: peers.map(peer => multiaddrToText(peer) ?? ''),
  }
  const problem = manifestProblem(manifest)
  if (problem !== null) return malformed(problem)
  if (!bytesEqual(encodeManifest(manifest), encoded)) return malformed('not in canonical form')
  return ok(manifest)
}

const malformed = (detail: string) => fail<MalformedManifest>({ kind: 'malformedManifest', detail })

/** keccak256 of the encoded manifest, as FirmwareRegistry stores it. */
export const manifestHash = (encoded: Uint8Array): Hex => toHex(keccak_256(encoded))

/**
 * How an image is named in revocations and attestations: MCUboot's TLV hash itself where it has 32 bytes, the SHA-256 of
 * it where it is longer. Throws TypeError where `imageHash` is not hexadecimal.
 */
export function imageDigest(imageHash: Hex): Hex {
  const hash = fromHex(imageHash)
  if (!hash) throw new TypeError(`not hexadecimal: ${imageHash}`)
  return toHex(hash.length === 32 ? hash : sha256(hash))
}

/** The SHA-256 digest alone for codec dag-pb (a file of several leaves); the whole CID for raw (of one leaf). */
function cidToBytes(text: string): Bytes | undefined {
  try {
    const cid = CID.parse(text)
    const { code, digest } = cid.multihash
    if (cid.version !== 1 || cid.toString() !== text || code !== sha2With256Bits || digest.length !== 32) {
      return undefined
    }
    if (cid.code === dagPb) return Uint8Array.from(digest)
    return cid.code === raw ? Uint8Array.from(cid.bytes) : undefined
  } catch {
    // CID.parse throws for malformed text.
    return undefined
  }
}

function cidToText(encoded: Uint8Array): string | undefined {
  if (encoded.length === 32) return CID.createV1(dagPb, Digest.create(sha2With256Bits, encoded)).toString()
  try {
    return CID.decode(encoded).toString()
  } catch {
    // CID.decode throws for malformed bytes.
    return undefined
  }
}
