// The device's random bytes: its key and boot counter make them differ in every boot; a source of noise is mixed in.
import { p256 } from '@noble/curves/nist.js'
import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { type Bytes, concat, utf8 } from '../src/core/bytes.ts'
import { uintBytes } from '../src/core/wallet/byteReader.ts'

/** A board's noise, a page's `crypto.getRandomValues`. */
export type NoiseSource = (length: number) => Uint8Array

/**
 * HMAC-SHA-256 under a key that is derived from the device's: of boot counter, a running number, and 32 bytes of noise
 * where there is a source. Without one nobody can foretell it who has not the device's key, and it never repeats as long as
 * the boot counter in flash only grows.
 */
export class DeviceRandom {
  readonly #key: Uint8Array
  readonly #boot: Uint8Array
  readonly #noise: NoiseSource | undefined
  #number = 0

  constructor(deviceKey: Uint8Array, bootCounter: number, noise: NoiseSource | undefined) {
    this.#key = hmac(sha256, deviceKey, utf8('fob device random 1'))
    this.#boot = uintBytes(bootCounter, 6)
    this.#noise = noise
  }

  bytes(length: number): Bytes {
    const blocks: Uint8Array[] = []
    for (let size = 0; size < length; size += 32) {
      const input = concat(this.#boot, uintBytes(this.#number++, 6), this.#noise?.(32) ?? new Uint8Array())
      blocks.push(hmac(sha256, this.#key, input))
    }
    return concat(...blocks).slice(0, length)
  }

  /** A P-256 scalar, 32 bytes. */
  scalar(): Bytes {
    for (;;) {
      const candidate = this.bytes(32)
      if (p256.utils.isValidSecretKey(candidate)) return candidate
    }
  }
}
