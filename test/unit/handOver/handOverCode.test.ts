// The codes of a hand-over: every session comes back as it was, and nothing else is read; descriptions as browsers write them.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  readAnswerCode,
  readOfferCode,
  writeAnswerCode,
  writeOfferCode,
} from '../../../src/core/handOver/handOverCode.ts'
import { type LinkSession, readSession, writeSession } from '../../../src/core/handOver/session.ts'
import { cidOf, RAW } from '../../../src/core/ipfs/block.ts'

const iceChars = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const ice = (minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...iceChars), minLength, maxLength })
const bytes = (length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length }).map(it => Uint8Array.from(it))
const port = fc.integer({ min: 1, max: 65_535 })
const candidate = fc.oneof(
  fc.record({ address: bytes(4), isName: fc.constant(false), port }),
  fc.record({ address: bytes(16), isName: fc.boolean(), port }),
)
const anySession: fc.Arbitrary<LinkSession> = fc.record({
  user: ice(4, 32),
  password: ice(22, 64),
  fingerprint: bytes(32),
  candidates: fc.array(candidate, { minLength: 1, maxLength: 4 }),
})
const cid = cidOf(RAW, Uint8Array.of(1, 2, 3))

describe('codes', () => {
  test('an offer and an answer come back as they were', () => {
    fc.assert(
      fc.property(anySession, fc.nat(2 ** 32 - 1), (session, size) => {
        const offer = writeOfferCode(cid.bytes, size, session)
        expect(readOfferCode(offer)).toEqual({ cid: cid.toString(), size, session })
        expect(readAnswerCode(offer)).toBeUndefined()
        const answer = writeAnswerCode(session)
        expect(readAnswerCode(answer)).toEqual(session)
        expect(readOfferCode(answer)).toBeUndefined()
        expect(offer).toMatch(/^[A-Z2-7:]+$/)
      }),
      { numRuns: 60 },
    )
  })

  test('cut anywhere, or with other text, nothing is read and nothing thrown', () => {
    const [session] = fc.sample(anySession, { numRuns: 1, seed: 7 })
    if (!session) throw new Error('there is a session')
    const offer = writeOfferCode(cid.bytes, 300_000, session)
    for (let length = 0; length < offer.length; length++) {
      expect(readOfferCode(offer.slice(0, length))).toBeUndefined()
    }
    fc.assert(
      fc.property(fc.string(), text => {
        expect(readOfferCode(text)).toBeUndefined()
        expect(readAnswerCode(`FOB:MEET:${text}`)).toBeUndefined()
      }),
      { numRuns: 60 },
    )
  })
})

describe('session descriptions', () => {
  test('what is written is read again, for both sides', () => {
    fc.assert(
      fc.property(anySession, fc.constantFrom('offer' as const, 'answer' as const), (session, side) => {
        expect(readSession(writeSession(session, side))).toEqual(session)
      }),
      { numRuns: 60 },
    )
  })

  test('one of Chromium’s loses what the other phone can add by itself', () => {
    const sdp = `v=0\r
o=- 8420171397412203614 2 IN IP4 127.0.0.1\r
s=-\r
t=0 0\r
a=group:BUNDLE 0\r
a=extmap-allow-mixed\r
a=msid-semantic: WMS\r
m=application 50712 UDP/DTLS/SCTP webrtc-datachannel\r
c=IN IP4 192.168.7.31\r
a=candidate:3561121803 1 udp 2113937151 6f1d2c3b-4a59-4e68-9d70-8a1b2c3d4e5f.local 50712 typ host generation 0 network-cost 999\r
a=candidate:1510613869 1 udp 2122260223 192.168.7.31 50713 typ host generation 0 network-id 1\r
a=candidate:2 1 udp 2122262783 fd00::1:2 50714 typ host generation 0\r
a=candidate:4 1 tcp 1518280447 192.168.7.31 9 typ host tcptype active generation 0\r
a=candidate:5 1 udp 1677729535 203.0.113.9 50713 typ srflx raddr 192.168.7.31 rport 50713\r
a=ice-ufrag:q7Xm\r
a=ice-pwd:Zp0b3q0m3P2w+o7tJ1y8Uv/K\r
a=ice-options:trickle\r
a=fingerprint:sha-256 ${Array.from({ length: 32 }, (_, i) => i.toString(16).padStart(2, '0').toUpperCase()).join(':')}\r
a=setup:actpass\r
a=mid:0\r
a=sctp-port:5000\r
a=max-message-size:262144\r
`
    expect(readSession(sdp)).toEqual({
      user: 'q7Xm',
      password: 'Zp0b3q0m3P2w+o7tJ1y8Uv/K',
      fingerprint: Uint8Array.from({ length: 32 }, (_, i) => i),
      candidates: [
        {
          address: Uint8Array.from([
            0x6f, 0x1d, 0x2c, 0x3b, 0x4a, 0x59, 0x4e, 0x68, 0x9d, 0x70, 0x8a, 0x1b, 0x2c, 0x3d, 0x4e, 0x5f,
          ]),
          isName: true,
          port: 50712,
        },
        { address: Uint8Array.of(192, 168, 7, 31), isName: false, port: 50713 },
        {
          address: Uint8Array.from([0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 2]),
          isName: false,
          port: 50714,
        },
      ],
    })
  })

  test('one without a way to be reached, or with another kind of fingerprint, is none', () => {
    const [session] = fc.sample(anySession, { numRuns: 1, seed: 7 })
    if (!session) throw new Error('there is a session')
    const whole = writeSession(session, 'offer')
    expect(readSession(whole.replaceAll('typ host', 'typ relay'))).toBeUndefined()
    expect(readSession(whole.replace('sha-256', 'sha-1'))).toBeUndefined()
    expect(readSession(whole.replace(/a=ice-pwd:.*\r\n/, ''))).toBeUndefined()
    fc.assert(
      fc.property(fc.string(), text => void readSession(text)),
      { numRuns: 60 },
    )
  })
})
