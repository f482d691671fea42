import { multiaddr as libraryMultiaddr } from '@multiformats/multiaddr'
import fc from 'fast-check'
import { base58btc } from 'multiformats/bases/base58'
import { CID } from 'multiformats/cid'
import * as Digest from 'multiformats/hashes/digest'
import { describe, expect, it } from 'vitest'
import { toHex } from '../../../src/core/bytes.ts'
import { formatIp6, parseIp4, parseIp6 } from '../../../src/core/registry/ip.ts'
import { multiaddrToBytes, multiaddrToText } from '../../../src/core/registry/multiaddr.ts'
import * as any from './arbitraries.ts'

const peer = '12D3KooWGuh3jvmSxXfgFmA2eD7aMn2nq3VUi3qjECde7R8SR4Bw'
const examples = [
  `/ip4/127.0.0.1/tcp/8643/ws/p2p/${peer}`,
  `/ip6/2001:db8::1/tcp/443/tls/ws/p2p/${peer}`,
  `/dns4/seed.example.org/tcp/443/wss/p2p/${peer}`,
  `/dns/seed.example.org/tcp/443/tls/sni/seed.example.org/ws`,
  '/dns6/seed.example.org/udp/4001/quic-v1/webtransport',
  `/ip4/10.0.0.7/udp/9090/webrtc-direct/certhash/uEiDDq4_xNyDorZBH3TlGazyJdOWSwvo4PUo5YHFMrvDE8g/p2p/${peer}`,
  `/ip4/127.0.0.1/tcp/8643/ws/p2p/${peer}/p2p-circuit/webrtc/p2p/QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG`,
]

describe('multiaddrs', () => {
  it.each(examples)('%s has the bytes that the multiformats library gives', text => {
    expect(toHex(multiaddrToBytes(text) ?? new Uint8Array())).toBe(toHex(libraryMultiaddr(text).bytes))
    expect(multiaddrToText(libraryMultiaddr(text).bytes)).toBe(text)
  })

  it('keep any address that a peer of ours can have, as the library does', () => {
    fc.assert(
      fc.property(any.multiaddr, text => {
        const bytes = multiaddrToBytes(text) ?? new Uint8Array()
        expect(toHex(bytes)).toBe(toHex(libraryMultiaddr(text).bytes))
        expect(multiaddrToText(bytes)).toBe(text)
      }),
    )
  })

  it('take a peer id in either form and write it in base58', () => {
    const digest = Digest.decode(base58btc.baseDecode(peer))
    const asCid = CID.createV1(0x72, digest).toString()
    const bytes = multiaddrToBytes(`/p2p/${asCid}`)
    expect(bytes).toEqual(multiaddrToBytes(`/p2p/${peer}`))
    expect(multiaddrToText(bytes ?? new Uint8Array())).toBe(`/p2p/${peer}`)
  })

  it.each([
    '',
    '/',
    'ip4/1.2.3.4',
    '/ip4',
    '/ip4/256.0.0.1',
    '/ip4/1.2.3',
    '/ip4/01.2.3.4',
    '/ip6/1::2::3',
    '/ip6/12345::',
    '/tcp/65536',
    '/tcp/-1',
    '/tcp/08',
    '/tcp',
    '/dns4/',
    '/dns4/spa ce',
    '/p2p/12D3KooW',
    '/p2p/bafybeign7nyejb4vgwewhaxgwimwg6ofwmaavp6k5qtoa24u5kqmvab43y',
    '/certhash/zAAAA',
    '/memory/1',
    '/dnsaddr/bootstrap.example.org',
    '/ip4/1.2.3.4/',
  ])('refuse the text %j', text => {
    expect(multiaddrToBytes(text)).toBeUndefined()
  })

  it('refuse bytes that were cut off within a value, and never throw', () => {
    fc.assert(
      fc.property(any.multiaddr, text => {
        const bytes = multiaddrToBytes(text) ?? new Uint8Array()
        for (let length = 0; length < bytes.length; length++) {
          const shorter = multiaddrToText(bytes.subarray(0, length))
          // What is left may be a whole, shorter address.
          if (shorter !== undefined) expect(text.startsWith(shorter)).toBe(true)
        }
      }),
    )
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), bytes => {
        const text = multiaddrToText(bytes)
        if (text !== undefined) expect(multiaddrToBytes(text)).toEqual(bytes)
      }),
      { numRuns: 2000 },
    )
  })

  it('refuse bytes in a longer form than they need', () => {
    expect(multiaddrToText(Uint8Array.of(0x84, 0x00, 127, 0, 0, 1))).toBeUndefined()
    expect(multiaddrToText(Uint8Array.of(4, 127, 0, 0, 1))).toBe('/ip4/127.0.0.1')
  })
})

describe('IP addresses', () => {
  it.each([
    ['::', '::'],
    ['::1', '::1'],
    ['1::', '1::'],
    ['2001:DB8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['::ffff:192.0.2.1', '::ffff:c000:201'],
    ['fe80:0:0:0:0:0:0:1', 'fe80::1'],
  ])('RFC 5952 writes %s as %s', (given, canonical) => {
    const bytes = parseIp6(given)
    expect(bytes && formatIp6(bytes)).toBe(canonical)
  })

  it('keep any 16 bytes', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          any.bytesOf(16),
          any.bytesOf(16).map(b => b.map(x => (x > 60 ? 0 : x))),
        ),
        bytes => {
          expect(parseIp6(formatIp6(bytes))).toEqual(bytes)
        },
      ),
    )
  })

  it.each([
    '',
    ':',
    ':::',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7::8',
    '::1.2.3',
    '::1%eth0',
    'g::',
    '1.2.3.4',
  ])('refuse %j', text => {
    expect(parseIp6(text)).toBeUndefined()
  })

  it('refuse four numbers that are no IPv4 address', () => {
    for (const text of ['1.2.3.256', '1.2.3', '1.2.3.4.5', '1.2.3.x', '1.2.3.04', '']) {
      expect(parseIp4(text)).toBeUndefined()
    }
  })
})
