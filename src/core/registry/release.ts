// Releases and what the FirmwareRegistry holds for a model, as values.
import type { Address, Hex } from '../bytes.ts'
import type { ImageVersion } from '../mcuboot/version.ts'
import type { Evidence } from './evidence.ts'

/** Everything a flasher needs to know of one firmware file; encoded by `encodeManifest`, its keccak256 is on chain. */
export interface Manifest {
  readonly model: string
  readonly hardware: string
  readonly version: ImageVersion
  /** MCUboot security counter (TLV 0x50); 0 where the image has none. */
  readonly securityCounter: number
  /** CIDv1 in base32: UnixFS, raw leaves of 64 KiB, balanced. */
  readonly cid: string
  /** Exact file size in bytes. */
  readonly size: number
  /** SHA-256 of the whole file: what SMP upload calls `sha`. */
  readonly fileHash: Hex
  /** MCUboot's TLV hash (header + body + protected TLVs), 32, 48 or 64 bytes: what image state calls `hash`. */
  readonly imageHash: Hex
  /** For devices that run images where they lie: TLV hashes of the builds for slot 0 and slot 1; `imageHash` names both. */
  readonly slotImages?: readonly [Hex, Hex]
  /** Hash of the signing public key as in TLV 0x01, in the image's own algorithm: 32, 48 or 64 bytes. Zeros: nobody signed. */
  readonly keyHash: Hex
  /** Unix time in seconds after which this head must not be taken for the newest (freeze protection). */
  readonly validUntil: number
  readonly notes: string
  /** Multiaddrs of peers that hold the file at publication. */
  readonly peers: readonly string[]
}

/** The storage of FirmwareRegistry for one (model, channel). */
export interface Head {
  readonly manifestHash: Hex
  readonly version: ImageVersion
  readonly seq: number
  readonly minSecurityCounter: number
  /** Unix time in seconds of the block that wrote it. */
  readonly updatedAt: number
}

export interface Revocation {
  /** `imageDigest(imageHash)`: the TLV hash itself when it has 32 bytes, else its SHA-256. */
  readonly digest: Hex
  readonly reason: number
}

/** What of a manifest tells whether an image that a device names is of that release. */
export type ReleasedImage = Pick<Manifest, 'imageHash' | 'slotImages'>

/** Whether a device that names this image runs, or holds, the release: one image, or one of its builds for a slot. */
export const isOfRelease = (hash: Hex, { imageHash, slotImages }: ReleasedImage): boolean =>
  hash === imageHash || slotImages?.includes(hash) === true

export interface ModelRecord {
  readonly maker: Address
  readonly releaseKey: Address
  readonly guardian: Address
  /** A rotation under way, with the Unix time in seconds from which it can be completed. */
  readonly pending: { readonly releaseKey: Address; readonly readyAt: number } | null
}

/** One reading of a model's state, all of it at one block. */
export interface HeadReading {
  readonly evidence: Evidence
  /** null: the model is not registered there (absence is proven when the evidence is). */
  readonly record: ModelRecord | null
  /** null: nothing was published yet in this channel. */
  readonly head: Head | null
  /** Decoded from the event; its hash was compared with the head's. null only where head is null. */
  readonly manifest: Manifest | null
  /** The complete list: it folds to the accumulator in storage. */
  readonly revocations: readonly Revocation[]
}

/** A published release as listed in a model's history. */
export interface ReleaseEntry {
  readonly seq: number
  readonly manifestHash: Hex
  readonly manifest: Manifest
  readonly blockNumber: number
  /** null where only the reading of the head is at hand. */
  readonly transaction: Hex | null
  readonly isHead: boolean
  readonly revoked: boolean
  readonly attestations: readonly Attestation[]
}

export interface Attestation {
  readonly auditor: Address
  readonly approves: boolean
  readonly uri: string
}
