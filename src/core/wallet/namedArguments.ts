// Decoded arguments by name, for whatever puts a call or a statement into a sentence.
import { type Address, concat, fromHex, type Hex, toHex } from '../bytes.ts'
import { deviceIdOf } from '../identity.ts'
import type { Argument, ArgumentValue } from './abiShape.ts'
import type { Sentence } from './sentence.ts'

/**
 * Arguments by name. One that is missing or of another type spoils the whole reading, so that an ABI that changed is
 * shown plainly (`contractCall`) and never half right.
 */
export class Named {
  readonly #arguments: readonly Argument[]
  readonly #faults: string[]

  constructor(values: readonly Argument[], faults: string[] = []) {
    this.#arguments = values
    this.#faults = faults
  }

  checked(sentence: Sentence): Sentence | undefined {
    return this.#faults.length === 0 ? sentence : undefined
  }

  uint(name: string): bigint {
    const value = this.#value(name)
    return typeof value === 'bigint' ? value : this.#fault(name, 0n)
  }

  flag(name: string): boolean {
    const value = this.#value(name)
    return typeof value === 'boolean' ? value : this.#fault(name, false)
  }

  text(name: string): string {
    const value = this.#value(name)
    return typeof value === 'string' ? value : this.#fault(name, '')
  }

  hex(name: string): Hex & Address {
    const value = this.#value(name)
    const isHex = typeof value === 'string' && /^0x[0-9a-f]*$/.test(value)
    return isHex ? `0x${value.slice(2)}` : this.#fault(name, '0x' as const)
  }

  /** An integer as 32 bytes. */
  word(name: string): Hex {
    return `0x${this.uint(name).toString(16).padStart(64, '0')}`
  }

  one<const T extends string>(choices: readonly [T, ...T[]], name: string): T {
    return choices[Number(this.uint(name))] ?? this.#fault(name, choices[0])
  }

  pair(first: string, second: string): Hex {
    return `0x${this.hex(first).slice(2)}${this.hex(second).slice(2)}`
  }

  inner(name: string): Named {
    const value = this.#value(name)
    return new Named(isArguments(value) ? value : this.#fault(name, []), this.#faults)
  }

  /** The device whose key is in the argument `signature` {x, y, …}. */
  signingDevice(): Hex {
    const key = fromHex(this.inner('signature').pair('x', 'y'))
    return key?.length === 64 ? deviceIdOf(key) : this.#fault('signature', toHex(concat()))
  }

  #value(name: string): ArgumentValue | undefined {
    return this.#arguments.find(argument => argument.name === name)?.value
  }

  #fault<T>(name: string, instead: T): T {
    this.#faults.push(name)
    return instead
  }
}

const isArguments = (value: ArgumentValue | undefined): value is readonly Argument[] => Array.isArray(value)
