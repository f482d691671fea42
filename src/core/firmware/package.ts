// A firmware file in one of the forms that a device's updater takes, reduced to what a manifest says of it.
import type { Bytes } from '../bytes.ts'
import { ESP_IMAGE_MAGIC, type EspImageError, readEspImage } from '../dfu/espImage.ts'
import { type NordicPackageError, readNordicPackage, signerKeyHashes } from '../dfu/nordicPackage.ts'
import { type McubootError, parseImage } from '../mcuboot/image.ts'
import { namedKeyHash } from '../mcuboot/signature.ts'
import type { ImageVersion } from '../mcuboot/version.ts'
import { fail, ok, type Result } from '../result.ts'

/** Which updater takes it: SMP with MCUboot, Nordic's Secure DFU, Espressif's ble_ota. */
export type FirmwareFormat = 'mcuboot' | 'nordicDfu' | 'espOta'

/** What a driver sends: the file as it is, or the two that a package of Nordic's is made of. */
export type FirmwarePart = 'file' | 'initPacket' | 'application'

export interface FirmwarePackage {
  readonly format: FirmwareFormat
  /** What the device runs in the end is named by it: MCUboot's TLV hash, else SHA-256 of the application. */
  readonly imageHash: Bytes
  readonly version: ImageVersion
  readonly securityCounter: number
  /** SHA-256 of the keys that can have signed it: the one that it names, or those that fit its signature. Empty: unsigned. */
  readonly keyHashes: readonly Uint8Array[]
  readonly isSigned: boolean
  readonly parts: Partial<Record<FirmwarePart, Bytes>>
}

export type FirmwarePackageError = McubootError | NordicPackageError | EspImageError

const ZIP_START = 0x04034b50

/** Told apart by their first bytes. The hash of the image is recomputed in each form. Never throws. */
export function readFirmware(bytes: Bytes): Result<FirmwarePackage, FirmwarePackageError> {
  if (bytes[0] === ESP_IMAGE_MAGIC) return readEsp(bytes)
  const start = bytes.length < 4 ? 0 : new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true)
  return start === ZIP_START ? readNordic(bytes) : readMcuboot(bytes)
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
  })
}

function readNordic(bytes: Bytes): Result<FirmwarePackage, FirmwarePackageError> {
  const parsed = readNordicPackage(bytes)
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
  })
}

/** nrfutil's `--application-version-string`: major * 10000 + minor * 100 + revision. */
export function nordicVersion(firmwareVersion: number): ImageVersion | undefined {
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
  })
}
