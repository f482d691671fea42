// A firmware file in one of the forms that a device's updater takes, reduced to what a manifest says of it.
import { type Bytes, type Hex, toHex } from '../bytes.ts'
import { ESP_IMAGE_MAGIC, type EspImageError, readEspImage } from '../dfu/espImage.ts'
import { type NordicPackageError, readNordicPackage, signerKeyHashes } from '../dfu/nordicPackage.ts'
import { readZip, type ZipError } from '../dfu/zip.ts'
import { type McubootError, parseImage } from '../mcuboot/image.ts'
import { namedKeyHash } from '../mcuboot/signature.ts'
import type { ImageVersion } from '../mcuboot/version.ts'
import { fail, ok, type Result } from '../result.ts'
import { hashOfSet, hashOfSlots, type ImageOfSet, type ImageSetError, readImageSet } from './imageSet.ts'

/** Which updater takes it: SMP with MCUboot, Nordic's Secure DFU, Espressif's ble_ota. */
export type FirmwareFormat = 'mcuboot' | 'nordicDfu' | 'espOta'

/** What a driver sends: the file as it is, the two that a package of Nordic's is made of, the images of a set, or the build for a slot. */
export type FirmwarePart = 'file' | 'initPacket' | 'application' | `image${number}` | `slot${0 | 1}`

export interface FirmwarePackage {
  readonly format: FirmwareFormat
  /**
   * What the device runs in the end is named by it: MCUboot's TLV hash, `hashOfSet` of several, `hashOfSlots` of builds for
   * slots, else SHA-256 of the application.
   */
  readonly imageHash: Bytes
  readonly version: ImageVersion
  readonly securityCounter: number
  /** SHA-256 of the keys that can have signed it: the one that it names, or those that fit its signature. Empty: unsigned. */
  readonly keyHashes: readonly Uint8Array[]
  readonly isSigned: boolean
  readonly parts: Partial<Record<FirmwarePart, Bytes>>
  /** MCUboot's, one or several; empty in other forms. */
  readonly images: readonly PackedImage<Bytes>[]
}

export interface PackedImage<Hash> {
  /** MCUboot's image number. */
  readonly index: number
  /** The only slot that it runs in; null where the bootloader brings it to where it runs. */
  readonly slot: 0 | 1 | null
  readonly part: FirmwarePart
  /** MCUboot's TLV hash. */
  readonly hash: Hash
}

export type FirmwarePackageError =
  | McubootError
  | NordicPackageError
  | EspImageError
  | ZipError
  | ImageSetError

/** What a manifest says of builds for slots: their hashes, of slot 0 and slot 1; undefined where there are none. */
export function slotImagesOf({ images }: FirmwarePackage): readonly [Hex, Hex] | undefined {
  const [first, second] = images.filter(({ slot }) => slot !== null)
  return first && second ? [toHex(first.hash), toHex(second.hash)] : undefined
}

const ZIP_START = 0x04034b50
/** Bytes of a manifest.json. */
const MAX_MANIFEST = 16_384

/** Told apart by their first bytes. The hash of the image is recomputed in each form. Never throws. */
export function readFirmware(bytes: Bytes): Result<FirmwarePackage, FirmwarePackageError> {
  if (bytes[0] === ESP_IMAGE_MAGIC) return readEsp(bytes)
  const start = bytes.length < 4 ? 0 : new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true)
  return start === ZIP_START ? readArchive(bytes) : readMcuboot(bytes)
}

function readArchive(bytes: Bytes): Result<FirmwarePackage, FirmwarePackageError> {
  const files = readZip(bytes)
  if (!files.ok) return files
  const manifest = jsonOf(files.value.get('manifest.json'))
  const images = readImageSet(manifest, files.value)
  if (!images) return readNordic(bytes, manifest, files.value)
  return images.ok ? setOf(bytes, images.value) : images
}

/** undefined where it is none, or not there. */
function jsonOf(file: Bytes | undefined): unknown {
  if (!file || file.length > MAX_MANIFEST) return undefined
  try {
    // Each byte is a character, as of the archive's names: those it names are found all the same.
    return JSON.parse(String.fromCharCode(...file))
  } catch {
    return undefined
  }
}

/** Version and security counter are those of the application, image 0. */
function setOf(bytes: Bytes, images: readonly ImageOfSet[]): Result<FirmwarePackage, FirmwarePackageError> {
  const [first] = images
  const application = first && readMcuboot(first.file)
  if (!application?.ok) return application ?? fail({ kind: 'malformedPackage', detail: 'no image 0' })
  const named = images.map(({ index, slot, image }) => ({
    index,
    slot,
    part: slot === null ? (`image${index}` as const) : (`slot${slot}` as const),
    hash: image.imageHash,
  }))
  const isOfSlots = images.some(({ slot }) => slot !== null)
  return ok({
    ...application.value,
    imageHash: isOfSlots ? hashOfSlots(named.map(({ hash }) => hash)) : hashOfSet(named),
    isSigned: images.every(({ image }) => image.signature !== null),
    parts: {
      file: bytes,
      ...Object.fromEntries(named.map(({ part }, i) => [part, images[i]?.file])),
    },
    images: named,
  })
}

function readMcuboot(bytes: Bytes): Result<FirmwarePackage, FirmwarePackageError> {
  const parsed = parseImage(bytes)
  if (!parsed.ok) return parsed
  const { imageHash, version, securityCounter, signature } = parsed.value
  const keyHash = namedKeyHash(parsed.value)
  return ok({
    format: 'mcuboot',
    imageHash,
    version,
    securityCounter: securityCounter ?? 0,
    keyHashes: keyHash ? [keyHash] : [],
    isSigned: signature !== null,
    parts: { file: bytes },
    images: [{ index: 0, slot: null, part: 'file', hash: imageHash }],
  })
}

function readNordic(
  bytes: Bytes,
  manifest: unknown,
  files: ReadonlyMap<string, Bytes>,
): Result<FirmwarePackage, FirmwarePackageError> {
  const parsed = readNordicPackage(manifest, files)
  if (!parsed.ok) return parsed
  const { init, initPacket, application, signature } = parsed.value
  if (init.isDebug) {
    return fail({ kind: 'malformedPackage', detail: 'a debug package, which skips the device’s checks' })
  }
  const version = nordicVersion(init.firmwareVersion)
  if (!version)
    return fail({ kind: 'malformedPackage', detail: `application version ${init.firmwareVersion}` })
  return ok({
    format: 'nordicDfu',
    imageHash: init.hash,
    version,
    securityCounter: 0,
    keyHashes: signerKeyHashes(parsed.value),
    isSigned: signature !== null,
    parts: { file: bytes, initPacket, application },
    images: [],
  })
}

/** nrfutil's `--application-version-string`: major * 10000 + minor * 100 + revision. */
function nordicVersion(firmwareVersion: number): ImageVersion | undefined {
  const major = Math.floor(firmwareVersion / 10_000)
  if (major > 0xff) return undefined
  const minor = Math.floor((firmwareVersion % 10_000) / 100)
  return { major, minor, revision: firmwareVersion % 100, build: 0 }
}

function readEsp(bytes: Bytes): Result<FirmwarePackage, FirmwarePackageError> {
  const parsed = readEspImage(bytes)
  if (!parsed.ok) return parsed
  const { imageHash, version, secureVersion, keyHash } = parsed.value
  return ok({
    format: 'espOta',
    imageHash,
    version,
    securityCounter: secureVersion,
    keyHashes: keyHash ? [keyHash] : [],
    isSigned: keyHash !== null,
    parts: { file: bytes },
    images: [],
  })
}
