// The two codes of a hand-over between two phones: what the taker shows, and what the giver shows back.
import type { Address, Bytes } from '../bytes.ts'
import { sized } from '../lock/layout.ts'
import type { StatementDomain } from '../registry/deviceStatements.ts'
import type { Model } from '../registry/model.ts'
import { uintBytes } from './byteReader.ts'
import {
  address,
  domainBytes,
  readAddress,
  readCode,
  readDomain,
  readText,
  text,
  writeCode,
} from './codeText.ts'

/** What the taker asks for: who is to own the device, which account it is to have, which key it is to pin. */
export interface TakeCode {
  readonly domain: StatementDomain
  readonly newOwner: Address
  readonly newAccount: Address
  /** P-256, x || y, 64 bytes. */
  readonly ownerKey: Bytes
}

/** What the giver answers: the device's and his own signatures, and his owner key's word to the device. */
export interface GiveCode {
  readonly domain: StatementDomain
  /** x || y, 64 bytes; deviceId is its hash. */
  readonly devicePublicKey: Bytes
  readonly model: Model
  readonly owner: Address
  readonly newOwner: Address
  readonly newAccount: Address
  /** uint48. */
  readonly counter: number
  /** uint40, Unix seconds. */
  readonly deadline: number
  /** The device's `DeviceHandOver`: r || s, 64 bytes. */
  readonly deviceSignature: Bytes
  /** The owner's `HandOverGiven`: 65 bytes of an account's key, or what his contract takes (ERC-1271), up to 1,024. */
  readonly given: Bytes
  /** The `OwnerKeyChange` to the taker's key, and the present owner key that signed it. */
  readonly keyChange: {
    readonly pairingCounter: number
    /** x || y, 64 bytes. */
    readonly ownerKey: Bytes
    /** r || s, 64 bytes. */
    readonly signature: Bytes
  }
}

const MAX_GIVEN = 1024

/**
 * `FOB:TAKE:` and Base32 (RFC 4648, upper case, no padding): all of it is of QR's alphanumeric mode, which takes two
 * characters in 11 bits. The bytes: version 1 (1 byte), chain id (6), DeviceRegistry (20), new owner (20), new account (20),
 * owner key (64), then the first 4 bytes of SHA-256 of the text before the Base32 and all of these. Throws RangeError for
 * fields of another size.
 */
export function encodeTakeCode({ domain, newOwner, newAccount, ownerKey }: TakeCode): string {
  return writeCode('TAKE', domainBytes(domain), address(newOwner), address(newAccount), sized(ownerKey, 64))
}

/** undefined for anything that `encodeTakeCode` does not make; case and white space do not count. */
export function decodeTakeCode(text: string): TakeCode | undefined {
  return readCode('TAKE', text, reader => ({
    domain: readDomain(reader),
    newOwner: readAddress(reader),
    newAccount: readAddress(reader),
    ownerKey: reader.bytes(64),
  }))
}

/**
 * As `encodeTakeCode`, with `FOB:GIVE:` and the bytes: version 1 (1 byte), chain id (6), DeviceRegistry (20), device key
 * (64), maker (20), model name (1 + n), hardware (1 + n), owner (20), new owner (20), new account (20), counter (6), deadline
 * (5), device's signature (64), owner's signature (2 + n), pairing counter (6), present owner key (64), its signature (64).
 */
export function encodeGiveCode(code: GiveCode): string {
  const { domain, devicePublicKey, model, owner, newOwner, newAccount, keyChange, given } = code
  if (given.length > MAX_GIVEN) throw new RangeError(`a signature of ${given.length} bytes`)
  return writeCode(
    'GIVE',
    domainBytes(domain),
    sized(devicePublicKey, 64),
    address(model.maker),
    text(model.name),
    text(model.hardware),
    address(owner),
    address(newOwner),
    address(newAccount),
    uintBytes(code.counter, 6),
    uintBytes(code.deadline, 5),
    sized(code.deviceSignature, 64),
    uintBytes(given.length, 2),
    given,
    uintBytes(keyChange.pairingCounter, 6),
    sized(keyChange.ownerKey, 64),
    sized(keyChange.signature, 64),
  )
}

/** undefined for anything that `encodeGiveCode` does not make. No signature is checked here. */
export function decodeGiveCode(from: string): GiveCode | undefined {
  return readCode('GIVE', from, reader => {
    const domain = readDomain(reader)
    const devicePublicKey = reader.bytes(64)
    const maker = readAddress(reader)
    const name = readText(reader)
    const hardware = readText(reader)
    if (name === undefined || hardware === undefined) return undefined
    const parties = {
      owner: readAddress(reader),
      newOwner: readAddress(reader),
      newAccount: readAddress(reader),
    }
    const terms = { counter: reader.uint(6), deadline: reader.uint(5) }
    const deviceSignature = reader.bytes(64)
    const length = reader.uint(2)
    if (length > MAX_GIVEN) return undefined
    const given = reader.bytes(length)
    const keyChange = {
      pairingCounter: reader.uint(6),
      ownerKey: reader.bytes(64),
      signature: reader.bytes(64),
    }
    const model = { maker, name, hardware }
    return { domain, devicePublicKey, model, ...parties, ...terms, deviceSignature, given, keyChange }
  })
}
