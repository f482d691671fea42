// Deterministic demo firmware: real, signed MCUboot images whose body is noise and a header that the reference device reads.
import { type Bytes, bytesEqual, concat, utf8 } from '../src/core/bytes.ts'
import { buildImage } from '../src/core/mcuboot/build.ts'
import { type ImageDependency, ImageFlag } from '../src/core/mcuboot/image.ts'
import { type ImageVersion, packVersion } from '../src/core/mcuboot/version.ts'
import { HARDWARE_TLV } from './bootloader.ts'

export type DemoKind = 'lock' | 'vending' | 'outlet' | 'sensor'

/**
 * What the firmware does when it is started. `works`: all is well. `crashes`: it never gets to run, and the watchdog resets
 * the device. `silent`: it runs, but its radio does not, so nobody can confirm it.
 */
export type FirmwareBehaviour = 'works' | 'crashes' | 'silent'

export interface DemoImageOptions {
  readonly kind: DemoKind
  /** The hardware revision that the bootloader will insist on. */
  readonly hardware: string
  readonly version: ImageVersion
  readonly securityCounter: number
  /** P-256 scalar, 32 bytes: the key that the devices' bootloader trusts. */
  readonly signingKey: Uint8Array
  readonly behaviour?: FirmwareBehaviour
  /** Versions of other images that it needs. */
  readonly dependencies?: readonly ImageDependency[]
  /** Where it is linked to run, for a bootloader that runs images where they lie (`imgtool sign --rom-fixed`). */
  readonly romAddress?: number
  /** Bytes of the body; by kind where left out, 200 to 300 KB. */
  readonly bodySize?: number
}

/** Zephyr's default header size for an image in a slot. */
const HEADER_SIZE = 0x200
const BODY_SIZES: Readonly<Record<DemoKind, number>> = {
  lock: 262_144,
  vending: 301_056,
  outlet: 204_800,
  sensor: 217_088,
}
const MAGIC = utf8('FOB-DEMO')
const BEHAVIOURS: readonly FirmwareBehaviour[] = ['works', 'crashes', 'silent']
/** Magic, behaviour, 7 reserved bytes; then a line of text that ends with a zero byte; then noise. */
const BODY_HEADER_SIZE = 16

/** The same options always give the same bytes, so every run publishes the same CID. */
export function buildDemoImage(options: DemoImageOptions): Bytes {
  const { kind, hardware, version, securityCounter, signingKey, behaviour = 'works' } = options
  const size = options.bodySize ?? BODY_SIZES[kind]
  const { major, minor, revision } = version
  const label = utf8(`Fob demo firmware: ${kind} ${hardware} ${major}.${minor}.${revision}\0`)
  const head = concat(MAGIC, Uint8Array.of(BEHAVIOURS.indexOf(behaviour), 0, 0, 0, 0, 0, 0, 0), label)
  if (size < head.length) throw new RangeError(`a body of ${size} bytes is smaller than its header`)
  const seed = BigInt(BODY_SIZES[kind]) ^ packVersion(version)
  return buildImage({
    version,
    securityCounter,
    headerSize: HEADER_SIZE,
    body: concat(head, noise(seed, size - head.length)),
    signer: { kind: 'ecdsaP256', secretKey: signingKey },
    protectedTlvs: [[HARDWARE_TLV, utf8(hardware)]],
    ...(options.romAddress === undefined
      ? {}
      : { flags: ImageFlag.romFixed, loadAddress: options.romAddress }),
    ...(options.dependencies ? { dependencies: options.dependencies } : {}),
  })
}

/** How an image's body says that it behaves; every image that is not one of these works. */
export function behaviourOf(body: Uint8Array): FirmwareBehaviour {
  if (body.length < BODY_HEADER_SIZE || !bytesEqual(body.subarray(0, MAGIC.length), MAGIC)) return 'works'
  return BEHAVIOURS[body[MAGIC.length] ?? 0] ?? 'works'
}

/** xorshift32 (Marsaglia 2003): incompressible enough, the same everywhere, and no secret. */
function noise(seed: bigint, size: number): Bytes {
  const bytes = new Uint8Array(size)
  let state = Number((seed ^ (seed >> 32n)) & 0xffffffffn) || 1
  for (let i = 0; i < size; i++) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    bytes[i] = state >>> 24
  }
  return bytes
}
