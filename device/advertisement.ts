// What a device says over the air before anybody connects.
import { deviceIdOf, devicePublicKey } from '../src/core/identity.ts'
import type { Model } from '../src/core/registry/model.ts'
import { SMP_SERVICE } from '../src/core/smp/gattUuids.ts'

export interface Advertisement {
  /** At most 29 bytes of UTF-8: what fits the scan response. */
  readonly localName: string
  /** In the advertisement itself, so that a chooser can filter by it. */
  readonly serviceUuids: readonly string[]
}

/**
 * The model's name and the last four digits of the device id, so that two of a kind can be told apart in the chooser. A loader
 * says that it is one.
 */
export function advertisementOf(model: Model, key: Uint8Array, isLoader = false): Advertisement {
  const suffix = deviceIdOf(devicePublicKey(key)).slice(-4).toUpperCase()
  const name = isLoader ? `${shortened(model.name, 17)} loader` : shortened(model.name, 24)
  return { localName: `${name} ${suffix}`, serviceUuids: [SMP_SERVICE] }
}

/** Up to so many bytes, never a part of a character. */
function shortened(name: string, most: number): string {
  let text = ''
  let size = 0
  for (const character of name) {
    const code = character.codePointAt(0) ?? 0
    size += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
    if (size > most) break
    text += character
  }
  return text.trimEnd()
}
