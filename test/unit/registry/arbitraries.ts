// Any manifest that the format can hold.
import fc from 'fast-check'
import { base58btc } from 'multiformats/bases/base58'
import { CID } from 'multiformats/cid'
import * as Digest from 'multiformats/hashes/digest'
import { type Hex, toHex } from '../../../src/core/bytes.ts'
import type { ImageVersion } from '../../../src/core/mcuboot/version.ts'
import type { Manifest } from '../../../src/core/registry/release.ts'

export const bytesOf = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
export const hexOf = (length: number): fc.Arbitrary<Hex> => bytesOf(length).map(toHex)
const uint32 = fc.nat({ max: 0xffffffff })

const textOf = (minLength: number, maxBytes: number) =>
  fc
    .string({ unit: 'binary', minLength, maxLength: maxBytes })
    .filter(text => new TextEncoder().encode(text).length <= maxBytes && !text.startsWith('\ufeff'))

const version: fc.Arbitrary<ImageVersion> = fc.record({
  major: fc.nat({ max: 0xff }),
  minor: fc.nat({ max: 0xff }),
  revision: fc.nat({ max: 0xffff }),
  build: uint32,
})

const cid = fc
  .tuple(fc.constantFrom(0x70, 0x55), bytesOf(32))
  .map(([codec, digest]) => CID.createV1(codec, Digest.create(0x12, digest)).toString())

const peerId = bytesOf(32).map(key =>
  base58btc.baseEncode(Uint8Array.of(0x00, 0x24, 0x08, 0x01, 0x12, 0x20, ...key)),
)
const host = fc.oneof(
  fc.ipV4().map(ip => `/ip4/${ip}`),
  bytesOf(4).map(b => `/ip6/2001:db8::${b.map(x => x || 1).join(':')}`),
  fc.domain().map(domain => `/dns4/${domain}`),
)
const tail = fc.constantFrom('/ws', '/tls/ws', '/wss', '', '/p2p-circuit')
export const multiaddr = fc
  .tuple(host, fc.nat({ max: 0xffff }), tail, peerId)
  .map(([at, port, how, peer]) => `${at}/tcp/${port}${how}/p2p/${peer}`)

const imageHash = fc.oneof(hexOf(32), hexOf(48), hexOf(64))

export const manifest: fc.Arbitrary<Manifest> = fc
  .record({
    model: textOf(1, 64),
    hardware: textOf(1, 64),
    version,
    securityCounter: uint32,
    cid,
    size: uint32.filter(size => size > 0),
    fileHash: hexOf(32),
    imageHash,
    keyHash: imageHash,
    validUntil: fc.nat({ max: 0xffffffffff }),
    notes: textOf(0, 200),
    peers: fc.array(multiaddr, { maxLength: 4 }),
    slotImages: fc.option(fc.tuple(imageHash, imageHash), { nil: undefined }),
  })
  .map(({ slotImages, ...rest }) => (slotImages ? { ...rest, slotImages } : rest))
