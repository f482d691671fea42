// Group 1 (Zephyr, "Application/software image management group"), all but the upload: image state, erase, slot info.
import type { Bytes } from '../bytes.ts'
import { type ImageVersion, parseVersion } from '../mcuboot/version.ts'
import { fail, ok, type Result } from '../result.ts'
import {
  type CborMap,
  type CborValue,
  isCborMap,
  readArray,
  readBool,
  readBytes,
  readOptional,
  readText,
  readUint,
} from './cbor.ts'
import { ERASE_TIMEOUT_MS, type SmpClient, type SmpFailure } from './client.ts'
import { SmpGroup } from './message.ts'
import type { CallOptions } from './os.ts'

export const ImageCommand = { state: 0, upload: 1, erase: 5, slotInfo: 6 } as const

/** One valid image in a slot, as the device tells it; slots without a valid image are not listed. */
export interface ImageSlot {
  readonly image: number
  readonly slot: number
  /** As the device wrote it, and parsed where it is MCUboot's form. */
  readonly versionText: string
  readonly version: ImageVersion | null
  /** MCUboot's TLV hash: 32, 48 or 64 bytes; null where the device leaves it out (serial recovery). */
  readonly hash: Bytes | null
  readonly bootable: boolean
  /** Will be swapped in at the next reset. */
  readonly pending: boolean
  readonly confirmed: boolean
  /** Is running. */
  readonly active: boolean
  /** Will stay after the next reset without being confirmed. */
  readonly permanent: boolean
}

/** More images than any MCUboot build has: a longer list is not one. */
const MAX_LISTED = 32

export async function readState(
  client: SmpClient,
  options: CallOptions = {},
): Promise<Result<readonly ImageSlot[], SmpFailure>> {
  const reply = await client.request({ ...image('read', ImageCommand.state, {}), ...options })
  return reply.ok ? parseState(reply.value) : reply
}

/**
 * Marks an image: `confirm: false` boots it once at the next reset (and the one after goes back, unless it is confirmed),
 * `confirm: true` for good. `hash` is MCUboot's TLV hash; null, with `confirm`, is the running image.
 * Resolves with the new state of all slots.
 */
export async function setState(
  client: SmpClient,
  target: { readonly hash: Uint8Array | null; readonly confirm: boolean },
  options: CallOptions = {},
): Promise<Result<readonly ImageSlot[], SmpFailure>> {
  const body: CborMap = target.hash
    ? { hash: target.hash, confirm: target.confirm }
    : { confirm: target.confirm }
  const reply = await client.request({ ...image('write', ImageCommand.state, body), ...options })
  if (!reply.ok) return reply
  // The answer may be empty in builds that save memory; what was set is read back in any case.
  return Object.hasOwn(reply.value, 'images') ? parseState(reply.value) : readState(client, options)
}

/** Erases a slot (1 where none is named); the device answers when it is done, which can take half a minute. */
export async function erase(
  client: SmpClient,
  options: CallOptions & { readonly slot?: number } = {},
): Promise<Result<void, SmpFailure>> {
  const { slot, ...call } = options
  const request = image('write', ImageCommand.erase, slot === undefined ? {} : { slot })
  const reply = await client.request({ ...request, timeoutMs: ERASE_TIMEOUT_MS, ...call })
  return reply.ok ? ok(undefined) : reply
}

export interface ImageInfo {
  readonly image: number
  /** `size` in bytes, null where the device could not open the slot. */
  readonly slots: readonly { readonly slot: number; readonly size: number | null }[]
  /** Bytes of the largest file that can be uploaded, where the device knows it. */
  readonly maxImageSize: number | null
}

export async function readSlotInfo(
  client: SmpClient,
  options: CallOptions = {},
): Promise<Result<readonly ImageInfo[], SmpFailure>> {
  const reply = await client.request({ ...image('read', ImageCommand.slotInfo, {}), ...options })
  if (!reply.ok) return reply
  return readList(reply.value, 'images', entry => {
    const number = readOptional(entry, 'image', readUint, 0)
    const maxImageSize = readOptional(entry, 'max_image_size', readUint, null)
    const slots = readList(entry, 'slots', slotEntry => {
      const slot = readUint(slotEntry, 'slot')
      const size = readOptional(slotEntry, 'size', readUint, null)
      return slot === undefined || size === undefined ? undefined : { slot, size }
    })
    if (number === undefined || maxImageSize === undefined || !slots.ok) return undefined
    return { image: number, slots: slots.value, maxImageSize }
  })
}

/** Bytes that an upload to `imageNumber` may have at most, as far as the device told; the bootloader may need some more. */
export function uploadCapacity(info: readonly ImageInfo[], imageNumber = 0, targetSlot = 1): number | null {
  const entry = info.find(candidate => candidate.image === imageNumber)
  if (!entry) return null
  return entry.maxImageSize ?? entry.slots.find(slot => slot.slot === targetSlot)?.size ?? null
}

function parseState(body: CborMap): Result<readonly ImageSlot[], SmpFailure> {
  const parsed = readList(body, 'images', parseSlot)
  if (!parsed.ok) return parsed
  const places = new Set(parsed.value.map(entry => `${entry.image}/${entry.slot}`))
  if (places.size !== parsed.value.length) return malformed('a slot is listed twice')
  const running = parsed.value.filter(entry => entry.active).map(entry => entry.image)
  if (new Set(running).size !== running.length) return malformed('two active slots of one image')
  return parsed
}

function parseSlot(entry: CborMap): ImageSlot | undefined {
  const number = readOptional(entry, 'image', readUint, 0)
  const slot = readUint(entry, 'slot')
  const versionText = readText(entry, 'version')
  const hash = readOptional(entry, 'hash', readBytes, null)
  const bootable = readFlag(entry, 'bootable')
  const pending = readFlag(entry, 'pending')
  const confirmed = readFlag(entry, 'confirmed')
  const active = readFlag(entry, 'active')
  const permanent = readFlag(entry, 'permanent')
  if (number === undefined || slot === undefined || versionText === undefined || hash === undefined)
    return undefined
  if (hash !== null && ![32, 48, 64].includes(hash.length)) return undefined
  if (bootable === undefined || pending === undefined || confirmed === undefined) return undefined
  if (active === undefined || permanent === undefined) return undefined
  const version = parseVersion(versionText) ?? null
  return {
    image: number,
    slot,
    versionText,
    version,
    hash,
    bootable,
    pending,
    confirmed,
    active,
    permanent,
  }
}

/** Real devices leave false flags out. */
const readFlag = (entry: CborMap, key: string): boolean | undefined =>
  readOptional(entry, key, readBool, false)

function readList<T>(
  map: CborMap,
  key: string,
  parse: (entry: CborMap) => T | undefined,
): Result<readonly T[], SmpFailure> {
  const list: readonly CborValue[] | undefined = readArray(map, key)
  if (list === undefined || list.length > MAX_LISTED) return malformed(`field ${key}`)
  const parsed: T[] = []
  for (const [i, entry] of list.entries()) {
    const value = isCborMap(entry) ? parse(entry) : undefined
    if (value === undefined) return malformed(`entry ${i} of ${key}`)
    parsed.push(value)
  }
  return ok(parsed)
}

function image(op: 'read' | 'write', command: number, body: CborMap) {
  return { op, group: SmpGroup.image, command, body }
}

function malformed(detail: string): { readonly ok: false; readonly error: SmpFailure } {
  return fail({ kind: 'malformed', detail })
}
