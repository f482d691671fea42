// How one value of a request is said: amounts, dates, who is who; as text within a sentence, and as a detail of its own.
import type { Address } from '../../../../core/bytes.ts'
import type { DeviceId } from '../../../../core/identity.ts'
import type { Argument } from '../../../../core/wallet/abiShape.ts'
import type { Amount, Party } from '../../../../core/wallet/sentence.ts'
import { exactAmount } from '../../../i18n/amounts.ts'
import type { Formats } from '../../../i18n/formats.ts'
import { shortHash } from '../../../i18n/formats.ts'
import type { WalletMessages } from '../../../i18n/walletEn.ts'

/** A value to be shown: `address` and `hash` can be copied whole. */
export interface Detail {
  readonly name: string
  readonly form: 'plain' | 'address' | 'hash'
  readonly value: string
  readonly note?: string
}

/** Who is who on this screen. */
export interface Names {
  /** The person's own word for an address: an account, a contact, a contract; null for strangers. */
  readonly ofAddress: (address: Address) => string | null
  readonly ofDevice: (deviceId: DeviceId) => string | null
}

export class Speaker {
  readonly words: WalletMessages['sentenceWords']
  readonly #formats: Formats
  readonly #names: Names

  constructor(words: WalletMessages['sentenceWords'], formats: Formats, names: Names) {
    this.words = words
    this.#formats = formats
    this.#names = names
  }

  argument({ name, value }: Argument): Detail {
    if (typeof value === 'string' && /^0x[0-9a-f]{40}$/.test(value))
      return this.address(name, value as Address)
    if (typeof value === 'string' && value.startsWith('0x')) return this.hash(name, value)
    return this.plain(name, valueText(value))
  }

  money(amount: Amount): string {
    return exactAmount(amount, this.#formats.language)
  }

  plain(name: string, value: string): Detail {
    return { name, form: 'plain', value }
  }

  hash(name: string, value: string): Detail {
    return { name, form: 'hash', value }
  }

  hashOrNobody(name: string, value: string): Detail {
    return /^0x0*$/.test(value) ? this.plain(name, this.words.nobody) : this.hash(name, value)
  }

  address(name: string, address: Address): Detail {
    const known = this.#names.ofAddress(address)
    return { name, form: 'address', value: address, ...(known === null ? {} : { note: known }) }
  }

  party(name: string, { address, name: listed }: Party): Detail {
    const known = listed ?? this.#names.ofAddress(address)
    return { name, form: 'address', value: address, ...(known === null ? {} : { note: known }) }
  }

  contract({ address, name }: Party): string {
    return name ?? this.who(address)
  }

  /** A name never stands alone: whoever gives himself a contact's name still has another address. */
  who(address: Address): string {
    const known = this.#names.ofAddress(address)
    return known === null ? shortHash(address) : this.words.addressOf(known, shortHash(address))
  }

  device(deviceId: DeviceId): string {
    return this.#names.ofDevice(deviceId) ?? this.words.device(shortHash(deviceId))
  }

  date(seconds: bigint): string {
    // Beyond what dates can hold; such a deadline is as good as none.
    if (seconds > 8_640_000_000_000n) return '∞'
    return this.#formats.dateTime(Number(seconds))
  }

  number(value: bigint): string {
    return String(value)
  }

  /** Of seconds. */
  duration(seconds: number): string {
    return this.#formats.duration(seconds)
  }
}

function valueText(value: Argument['value']): string {
  if (typeof value === 'object')
    return value.map(({ name, value: inner }) => `${name}: ${valueText(inner)}`).join(', ')
  return String(value)
}
