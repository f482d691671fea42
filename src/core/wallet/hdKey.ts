// Keys from the seed, step by step, with nothing left behind: BIP-32 for secp256k1 and SLIP-10 for P-256.
import { p256 } from '@noble/curves/nist.js'
import { bytesToNumberBE, numberToBytesBE } from '@noble/curves/utils.js'
import { hmac } from '@noble/hashes/hmac.js'
import { sha256, sha512 } from '@noble/hashes/sha2.js'
import { HDKey } from '@scure/bip32'
import { type Bytes, concat, utf8 } from '../bytes.ts'
import { owned, wipe } from './secretBytes.ts'

/** Child numbers from the root; see `hardened`. */
export type KeyPath = readonly number[]

const HARDENED = 0x8000_0000

/** The child number that path notation writes with a mark: `44'`. Throws RangeError unless 0 <= index < 2^31. */
export function hardened(index: number): number {
  return childNumber(index) + HARDENED
}

/** A child number that is not hardened. Throws RangeError unless 0 <= index < 2^31. */
export function childNumber(index: number): number {
  if (!Number.isInteger(index) || index < 0 || index >= HARDENED) throw new RangeError(`key index ${index}`)
  return index
}

/** The 32-byte secp256k1 secret key at `path` (BIP-32). The caller overwrites it after use. */
export function secp256k1Key(seed: Uint8Array, path: KeyPath): Bytes {
  let node = HDKey.fromMasterSeed(seed)
  for (const index of path) {
    const child = node.deriveChild(index)
    node.wipePrivateData()
    node = child
  }
  const { privateKey } = node
  if (privateKey === null) throw new TypeError('a node below a seed has a private key')
  const key = Uint8Array.from(privateKey)
  node.wipePrivateData()
  return key
}

/** The 32-byte P-256 secret scalar at `path` (SLIP-10, curve `Nist256p1 seed`). The caller overwrites it after use. */
export function p256Key(seed: Uint8Array, path: KeyPath): Bytes {
  let node = p256Master(seed)
  for (const index of path) {
    const child = p256Child(node, index)
    wipe(node.key, node.chainCode)
    node = child
  }
  wipe(node.chainCode)
  return node.key
}

/**
 * SLIP-13: the path of a key that belongs to a service, `m/13'/A'/B'/C'/D'` with the first 16 bytes of
 * SHA-256(index, little-endian 32 bits, then the URI), read as four little-endian 32-bit numbers.
 */
export function servicePath(uri: string, index: number): KeyPath {
  childNumber(index)
  const start = new Uint8Array(4)
  new DataView(start.buffer).setUint32(0, index, true)
  const view = new DataView(Uint8Array.from(sha256(concat(start, utf8(uri)))).buffer)
  return [hardened(13), ...[0, 4, 8, 12].map(at => (view.getUint32(at, true) | HARDENED) >>> 0)]
}

interface P256Node {
  readonly key: Bytes
  readonly chainCode: Bytes
}

const { n: ORDER } = p256.Point.CURVE()

function p256Master(seed: Uint8Array): P256Node {
  const label = utf8('Nist256p1 seed')
  let digest = hmac(sha512, label, seed)
  for (;;) {
    const left = bytesToNumberBE(digest.subarray(0, 32))
    if (left > 0n && left < ORDER) return split(digest)
    const next = hmac(sha512, label, digest)
    wipe(digest)
    digest = next
  }
}

function p256Child(parent: P256Node, index: number): P256Node {
  // 0x00 || key, or the compressed public key, and the child's number.
  const message = new Uint8Array(37)
  if (index >= HARDENED) message.set(parent.key, 1)
  else message.set(p256.getPublicKey(parent.key, true))
  new DataView(message.buffer).setUint32(33, index)
  let digest = hmac(sha512, parent.chainCode, message)
  for (;;) {
    const left = bytesToNumberBE(digest.subarray(0, 32))
    const sum = (left + bytesToNumberBE(parent.key)) % ORDER
    const node = split(digest)
    if (left < ORDER && sum !== 0n) {
      node.key.set(numberToBytesBE(sum, 32))
      wipe(message)
      return node
    }
    message[0] = 1
    message.set(node.chainCode, 1)
    digest = hmac(sha512, parent.chainCode, message)
    wipe(node.key, node.chainCode)
  }
}

function split(digest: Uint8Array): P256Node {
  const node = { key: owned(digest.slice(0, 32)), chainCode: owned(digest.slice(32)) }
  wipe(digest)
  return node
}
