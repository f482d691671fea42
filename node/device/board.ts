// A reference device that lives in a directory of this board: its key, what it is, and its flash outlive every power cut.
import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { p256 } from '@noble/curves/nist.js'
import * as v from 'valibot'
import { boot } from '../../device/bootloader.ts'
import { DEMO_MODELS } from '../../device/demo.ts'
import { MemoryFlash } from '../../device/flash.ts'
import {
  installFactoryImage,
  ReferenceDevice,
  type ReferenceDeviceOptions,
} from '../../device/referenceDevice.ts'
import { type Address, type Bytes, fromHex, type Hex, toHex } from '../../src/core/bytes.ts'
import { deviceIdOf, devicePublicKey } from '../../src/core/identity.ts'
import { type ClaimCode, claimCodeKey, makeClaimCode } from '../../src/core/lock/claimCode.ts'
import { decodeImagePublicKey, type ImagePublicKey } from '../../src/core/mcuboot/publicKey.ts'
import type { Model } from '../../src/core/registry/model.ts'
import { fail, ok, type Result } from '../../src/core/result.ts'
import { readFileIfThere, writeFileDurably } from '../files.ts'
import { systemTimer } from '../systemTimer.ts'
import { FileFlash } from './fileFlash.ts'

/** What a board can be. A kind is a name here, and what it moves (`hardware.ts`). */
export const BOARD_KINDS = ['lock', 'vending', 'outlet', 'sensor'] as const
export type BoardKind = (typeof BOARD_KINDS)[number]

const hex = v.pipe(
  v.string(),
  v.regex(/^0x([0-9a-f]{2})+$/),
  v.transform(text => text as Hex),
)

/** What the factory wrote down: fixed for the life of the device. */
const factorySchema = v.object({
  version: v.literal(1),
  kind: v.picklist(BOARD_KINDS),
  model: v.object({ maker: hex, name: v.string(), hardware: v.string() }),
  chainId: v.pipe(v.number(), v.safeInteger()),
  registry: hex,
  /** DER SubjectPublicKeyInfo of the keys whose images the bootloader boots. */
  trustedKeys: v.pipe(v.array(hex), v.minLength(1), v.maxLength(4)),
  slotSize: v.pipe(v.number(), v.safeInteger()),
  claimCodeKey: hex,
})

type Factory = v.InferOutput<typeof factorySchema>

export interface NewBoard {
  readonly kind: BoardKind
  readonly model: Model
  readonly chainId: number
  readonly registry: Address
  readonly trustedKeys: readonly Hex[]
  /** What it leaves the factory with. */
  readonly image: Uint8Array
}

const factoryFile = (directory: string) => join(directory, 'device.json')
const keyFile = (directory: string) => join(directory, 'device-key')
const flashDirectory = (directory: string) => join(directory, 'flash')

export type BoardFailure =
  /** Nothing was made here yet. */
  { readonly kind: 'boardMissing' } | { readonly kind: 'boardDamaged'; readonly detail: string }

/** An image that the bootloader would not start, or that does not fit. */
export interface UnusableImage {
  readonly kind: 'imageUnusable'
  readonly detail: string
}

/** Makes the device: the printed code is told here, once, and kept nowhere. */
export function makeBoard(directory: string, board: NewBoard): Result<ClaimCode, UnusableImage> {
  const slotSize = DEMO_MODELS.find(({ kind }) => kind === board.kind)?.slotSize ?? 0x78000
  const fault = faultOf(board, slotSize)
  if (fault !== undefined) return fail({ kind: 'imageUnusable', detail: fault })
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const flash = FileFlash.open(flashDirectory(directory), { slotSize })
  installFactoryImage(flash, board.image)
  flash.close()
  const key = readFileIfThere(keyFile(directory)) ?? p256.utils.randomSecretKey()
  writeFileDurably(keyFile(directory), key, 0o600)
  const code = makeClaimCode(randomBytes(11))
  const { kind, model, chainId, registry, trustedKeys } = board
  const factory: Factory = {
    version: 1,
    ...{ kind, model, chainId, registry, slotSize },
    trustedKeys: [...trustedKeys],
    claimCodeKey: toHex(claimCodeKey(code, deviceIdOf(devicePublicKey(key)))),
  }
  // The last file: without it, there is no device yet.
  writeFileDurably(factoryFile(directory), `${JSON.stringify(factory, null, 2)}\n`, 0o600)
  return ok(code)
}

/** Why the device would never run; undefined where it does. Tried in memory, so that nothing is left of it. */
function faultOf({ image, model, trustedKeys }: NewBoard, slotSize: number): string | undefined {
  const flash = new MemoryFlash({ slotSize })
  try {
    installFactoryImage(flash, image)
  } catch (error) {
    if (error instanceof RangeError) return error.message
    throw error
  }
  const policy = { trustedKeys: keysOf(trustedKeys), hardware: model.hardware, preventDowngrade: true }
  const started = boot(flash, policy)
  return started.ok ? undefined : `${started.error.refused.kind}: ${started.error.refused.detail}`
}

export interface BoardOptions {
  /** What it moves: asked for once, when its kind is known. */
  readonly hardware: (kind: BoardKind) => Pick<ReferenceDeviceOptions, 'actuator' | 'vending'>
  /** Bytes of the longest write and notification that its radio or cable takes. */
  readonly maxWrite: number
}

export interface Board {
  readonly kind: BoardKind
  readonly device: ReferenceDevice
  stop(): void
}

/** Starts the device as it was left. */
export function openBoard(directory: string, options: BoardOptions): Result<Board, BoardFailure> {
  const stored = readFileIfThere(factoryFile(directory))
  const key = readFileIfThere(keyFile(directory))
  if (stored === undefined) return fail({ kind: 'boardMissing' })
  const factory = parseFactory(stored.toString('utf8'))
  if (!factory || key?.length !== 32) {
    return fail({ kind: 'boardDamaged', detail: `${factoryFile(directory)} or its key` })
  }
  const { kind, model, chainId, registry, trustedKeys, slotSize } = factory
  const flash = FileFlash.open(flashDirectory(directory), { slotSize })
  const device = new ReferenceDevice({
    model,
    ...{ chainId, registry, flash, key },
    claimCodeKey: bytesOf(factory.claimCodeKey),
    trustedKeys: keysOf(trustedKeys),
    timer: systemTimer,
    maxWrite: options.maxWrite,
    noise: length => randomBytes(length),
    ...options.hardware(kind),
  })
  return ok({
    kind,
    device,
    stop() {
      device.dispose()
      flash.close()
    },
  })
}

function parseFactory(text: string): Factory | undefined {
  try {
    const parsed = v.safeParse(factorySchema, JSON.parse(text))
    return parsed.success ? parsed.output : undefined
  } catch {
    return undefined
  }
}

const keysOf = (keys: readonly Hex[]): readonly ImagePublicKey[] =>
  keys.flatMap(text => decodeImagePublicKey(bytesOf(text)) ?? [])

const bytesOf = (text: Hex): Bytes => fromHex(text) ?? new Uint8Array()
