// Reads a firmware package of Nordic's Secure DFU: a ZIP with manifest.json, an init packet and the image.
//
// Sources: Nordic, nRF5 SDK 17, "Device Firmware Update process" and "Creating a DFU bootloader"; the init packet's schema is
// dfu-cc.proto of the same SDK. Numbers in it are protocol buffers; its hash and both halves of its signature are in
// little-endian order, as the chip's crypto cell wants them.
import { p256 } from '@noble/curves/nist.js'
import { sha256 } from '@noble/hashes/sha2.js'
import * as v from 'valibot'
import { type Bytes, bytesEqual, concat } from '../bytes.ts'
import { imageKeyHash } from '../mcuboot/publicKey.ts'
import { fail, ok, type Result } from '../result.ts'
import { type ProtobufField, readPackedVarints, readProtobuf } from './protobuf.ts'

export interface InitCommand {
  /** uint32: what the bootloader compares to refuse going back. */
  readonly firmwareVersion: number
  readonly hardwareVersion: number
  /** The SoftDevices (by FWID) that the image runs on; one of them must be on the device. */
  readonly softDevices: readonly number[]
  readonly applicationSize: number
  /** SHA-256 of the image, in its usual order. */
  readonly hash: Bytes
  /** Skips the bootloader's checks of version and hardware: fit for a desk, not for a release. */
  readonly isDebug: boolean
}

export interface NordicPackage {
  readonly init: InitCommand
  /** The whole init packet, as it is sent. */
  readonly initPacket: Bytes
  readonly application: Bytes
  /** r || s, 64 bytes big-endian; null for a package that nobody signed. */
  readonly signature: Bytes | null
  /** What is signed: the `InitCommand` in its envelope, as it lies in the packet. */
  readonly signedCommand: Bytes
}

export type NordicPackageError =
  | { readonly kind: 'malformedPackage'; readonly detail: string }
  /** It replaces the SoftDevice or the bootloader: a cut in the middle of that can't be undone over the air. */
  | { readonly kind: 'replacesBootloader'; readonly detail: string }
  | { readonly kind: 'hashMismatch'; readonly detail: string }

const fileName = v.pipe(v.string(), v.minLength(1), v.maxLength(255))
const partSchema = v.object({ bin_file: fileName, dat_file: fileName })
const manifestSchema = v.object({
  manifest: v.object({
    application: v.optional(partSchema),
    softdevice: v.optional(v.unknown()),
    bootloader: v.optional(v.unknown()),
    softdevice_bootloader: v.optional(v.unknown()),
  }),
})
/** Bytes of an init packet that bootloaders take (`INIT_COMMAND_MAX_SIZE`). */
const MAX_INIT_PACKET = 512
const APPLICATION = 0
const SHA256 = 3
const ECDSA_P256_SHA256 = 0

const malformed = (detail: string) => fail<NordicPackageError>({ kind: 'malformedPackage', detail })

/** Takes packages of one application, and recomputes its hash. `manifest`: what manifest.json says. Never throws. */
export function readNordicPackage(
  manifest: unknown,
  files: ReadonlyMap<string, Bytes>,
): Result<NordicPackage, NordicPackageError> {
  const part = readManifest(manifest)
  if (!part.ok) return part
  const [initPacket, application] = [part.value.dat_file, part.value.bin_file].map(name => files.get(name))
  if (!initPacket || !application) return malformed('a file that manifest.json names is not there')
  if (initPacket.length > MAX_INIT_PACKET) return malformed(`init packet of ${initPacket.length} bytes`)
  const packet = readInitPacket(initPacket)
  if (!packet.ok) return packet
  const { init } = packet.value
  if (init.applicationSize !== application.length) {
    return malformed(`an image of ${application.length} bytes, the init packet says ${init.applicationSize}`)
  }
  if (!bytesEqual(sha256(application), init.hash)) {
    return fail({ kind: 'hashMismatch', detail: 'SHA-256 of the image, as the init packet names it' })
  }
  return ok({ ...packet.value, initPacket, application })
}

function readManifest(json: unknown): Result<v.InferOutput<typeof partSchema>, NordicPackageError> {
  const parsed = v.safeParse(manifestSchema, json)
  if (!parsed.success) return malformed(`manifest.json: ${parsed.issues[0].message}`)
  const { application, ...others } = parsed.output.manifest
  const extra = Object.keys(others).find(key => others[key as keyof typeof others] !== undefined)
  if (extra) return fail({ kind: 'replacesBootloader', detail: extra })
  return application ? ok(application) : malformed('no application')
}

type InitPacket = Pick<NordicPackage, 'init' | 'signature' | 'signedCommand'>

/** Packet { command = 1; signed_command = 2 }, SignedCommand { command = 1; signature_type = 2; signature = 3 }. */
export function readInitPacket(packet: Uint8Array): Result<InitPacket, NordicPackageError> {
  const outer = fieldsOf(packet)
  const signed = outer && bytesOf(outer, 2)
  if (!signed) {
    const plain = outer && bytesOf(outer, 1)
    const init = plain && readCommand(plain)
    return init ? ok({ init, signature: null, signedCommand: plain }) : malformed('init packet')
  }
  const envelope = fieldsOf(signed)
  const signedCommand = envelope && bytesOf(envelope, 1)
  const signature = envelope && bytesOf(envelope, 3)
  const init = signedCommand && readCommand(signedCommand)
  const kind = envelope && numberOf(envelope, 2)
  if (!init || signature?.length !== 64 || kind !== ECDSA_P256_SHA256) return malformed('signed init packet')
  const bigEndian = concat(signature.slice(0, 32).reverse(), signature.slice(32).reverse())
  return ok({ init, signature: bigEndian, signedCommand })
}

/** Command { op_code = 1 (1: INIT); init = 2 }, with the `InitCommand` in it. */
function readCommand(command: Uint8Array): InitCommand | undefined {
  const outer = fieldsOf(command)
  const body = outer && numberOf(outer, 1) === 1 ? bytesOf(outer, 2) : undefined
  const fields = body && fieldsOf(body)
  const hash = fields && bytesOf(fields, 8)
  const hashFields = hash && fieldsOf(hash)
  const digest = hashFields && numberOf(hashFields, 1) === SHA256 ? bytesOf(hashFields, 2) : undefined
  if (!fields || digest?.length !== 32) return undefined
  const [firmwareVersion, hardwareVersion, type, applicationSize] = [1, 2, 4, 7].map(id =>
    numberOf(fields, id),
  )
  const softDevices = softDevicesOf(fields)
  if (firmwareVersion === undefined || hardwareVersion === undefined || applicationSize === undefined) {
    return undefined
  }
  if ((type ?? APPLICATION) !== APPLICATION || !softDevices) return undefined
  const isDebug = numberOf(fields, 9) === 1
  return { firmwareVersion, hardwareVersion, softDevices, applicationSize, hash: digest.reverse(), isDebug }
}

/** undefined where the message is malformed, or a field comes twice that may not: what it means would depend on the reader. */
function fieldsOf(message: Uint8Array): readonly ProtobufField[] | undefined {
  const read = readProtobuf(message)
  if (!read.ok) return undefined
  const repeated = new Set([3, 10])
  const single = read.value.filter(({ id }) => !repeated.has(id)).map(({ id }) => id)
  return new Set(single).size === single.length ? read.value : undefined
}

function bytesOf(fields: readonly ProtobufField[], id: number): Bytes | undefined {
  const field = fields.find(f => f.id === id)
  return field?.kind === 'bytes' ? field.value : undefined
}

function numberOf(fields: readonly ProtobufField[], id: number): number | undefined {
  const field = fields.find(f => f.id === id)
  return field?.kind === 'varint' && field.value <= 0xffffffff ? field.value : undefined
}

/** Packed as nrfutil writes it, or one by one as proto2 does by default. */
function softDevicesOf(fields: readonly ProtobufField[]): readonly number[] | undefined {
  const values: number[] = []
  for (const field of fields.filter(({ id }) => id === 3)) {
    const packed = field.kind === 'bytes' ? readPackedVarints(field.value) : ok([field.value])
    if (!packed.ok) return undefined
    values.push(...packed.value)
  }
  return values
}

/** The hash of each key that can have made the signature: a package names none, but only two points fit one. */
export function signerKeyHashes({ signature, signedCommand }: NordicPackage): readonly Bytes[] {
  if (!signature) return []
  return [0, 1, 2, 3].flatMap(recovery => {
    try {
      const point = p256.Signature.fromBytes(signature)
        .addRecoveryBit(recovery)
        .recoverPublicKey(sha256(signedCommand))
      return [imageKeyHash({ kind: 'ecdsaP256', bytes: point.toBytes(false).subarray(1) })]
    } catch {
      // noble throws where no point of the curve fits this bit.
      return []
    }
  })
}
