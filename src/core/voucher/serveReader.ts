// Reads the fields of one message of /fob/serve/1.0.0; all numbers are big-endian.
import { type Address, type Bytes, concat, toHex } from '../bytes.ts'
import { NOBODY } from '../wallet/contracts.ts'
import { maxDeposit } from './channel.ts'
import type { SignedVoucher } from './standing.ts'

/** Bytes of an amount. */
export const amountSize = 16
export const signatureSize = 65
/** Bytes of the longest CID in its binary form. */
export const maxCidSize = 128
/** Bytes of the longest text. */
export const maxDetailSize = 200

/** Thrown by the reader, and caught by the codec alone. */
export class MalformedField extends Error {
  override readonly name = 'MalformedField'
}

export class ServeReader {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  get left(): number {
    return this.#bytes.length - this.#at
  }

  take(length: number): Bytes {
    if (this.left < length) throw new MalformedField(`${length - this.left} bytes are missing`)
    this.#at += length
    return concat(this.#bytes.subarray(this.#at - length, this.#at))
  }

  rest(): Bytes {
    return this.take(this.left)
  }

  /** As `rest`, and not copied: a block is most of its message. */
  restOfBlock(): Uint8Array {
    const at = this.#at
    this.#at = this.#bytes.length
    return this.#bytes.subarray(at)
  }

  byte(): number {
    return this.take(1)[0] ?? 0
  }

  flag(): boolean {
    const byte = this.byte()
    if (byte > 1) throw new MalformedField(`${byte} for yes or no`)
    return byte === 1
  }

  unsigned(length: number): bigint {
    return BigInt(toHex(this.take(length)))
  }

  number(length: number): number {
    const value = Number(this.unsigned(length))
    if (!Number.isSafeInteger(value)) throw new MalformedField(`the number ${value}`)
    return value
  }

  amount(): bigint {
    const amount = this.unsigned(amountSize)
    if (amount > maxDeposit) throw new MalformedField(`the amount ${amount}`)
    return amount
  }

  address(): Address {
    return toHex(this.take(20))
  }

  token(): Address | null {
    const token = this.address()
    return token === NOBODY ? null : token
  }

  voucher(): SignedVoucher {
    return { amount: this.amount(), signature: this.take(signatureSize) }
  }

  cid(): Bytes {
    const length = this.byte()
    if (length === 0 || length > maxCidSize) throw new MalformedField(`a CID of ${length} bytes`)
    return this.take(length)
  }

  text(): string {
    const bytes = this.rest()
    if (bytes.length > maxDetailSize) throw new MalformedField(`a text of ${bytes.length} bytes`)
    // For a log alone: what is not printable ASCII is left out.
    return [...bytes].map(byte => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '?')).join('')
  }

  end(): void {
    if (this.left > 0) throw new MalformedField(`${this.left} bytes too many`)
  }
}
