// A WebRTC data channel's session description cut down to what two phones must tell each other, and made whole again.
// RFC 8866 (SDP), RFC 8839 (ICE in SDP), RFC 8122 (fingerprint), RFC 8841 (SCTP over DTLS).
import { type Bytes, concat, fromHex, toHex } from '../bytes.ts'

/** `actpass` of an offer, `active` of its answer: the rest is the same for every data channel. */
export type Side = 'offer' | 'answer'

/** Where a phone can be reached: an address of the local network, or a name that stands for one (mDNS). UDP, host candidates alone. */
export interface Candidate {
  /** 4 bytes: IPv4; 16 bytes: IPv6, or where `isName` a UUID, for `{uuid}.local`. */
  readonly address: Bytes
  readonly isName: boolean
  readonly port: number
}

export interface LinkSession {
  /** ice-ufrag and ice-pwd: 4 to 32, and 22 to 64 ice-chars. */
  readonly user: string
  readonly password: string
  /** SHA-256 of the DTLS certificate: 32 bytes. */
  readonly fingerprint: Bytes
  readonly candidates: readonly Candidate[]
}

/** More would make a code that phones can't read. */
export const MAX_CANDIDATES = 4
/** Bytes: what every browser takes in one message (RFC 8831 section 6.6). */
const MAX_MESSAGE = 65_536

const ICE = /^[A-Za-z0-9+/]+$/
export const isUser = (text: string): boolean => text.length >= 4 && text.length <= 32 && ICE.test(text)
export const isPassword = (text: string): boolean => text.length >= 22 && text.length <= 64 && ICE.test(text)

/** undefined where something is missing: another protocol, no SHA-256 fingerprint, no way to be reached. */
export function readSession(sdp: string): LinkSession | undefined {
  const values = (name: string): readonly string[] =>
    sdp.split(/\r?\n/).flatMap(line => (line.startsWith(`a=${name}:`) ? [line.slice(name.length + 3)] : []))
  const [user = ''] = values('ice-ufrag')
  const [password = ''] = values('ice-pwd')
  const [hash = ''] = values('fingerprint')
  const fingerprint = /^sha-256 ((?:[0-9A-F]{2}:){31}[0-9A-F]{2})$/i.exec(hash)?.[1]
  const bytes = fingerprint && fromHex(`0x${fingerprint.replaceAll(':', '').toLowerCase()}`)
  const candidates = values('candidate').flatMap(readCandidate).slice(0, MAX_CANDIDATES)
  if (!isUser(user) || !isPassword(password) || !bytes || candidates.length === 0) return undefined
  return { user, password, fingerprint: bytes, candidates }
}

export function writeSession({ user, password, fingerprint, candidates }: LinkSession, side: Side): string {
  const hash = toHex(fingerprint).slice(2).toUpperCase().match(/../g)?.join(':') ?? ''
  return `${[
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    'a=group:BUNDLE 0',
    'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
    'c=IN IP4 0.0.0.0',
    ...candidates.map(writeCandidate),
    `a=ice-ufrag:${user}`,
    `a=ice-pwd:${password}`,
    `a=fingerprint:sha-256 ${hash}`,
    `a=setup:${side === 'offer' ? 'actpass' : 'active'}`,
    'a=mid:0',
    'a=sctp-port:5000',
    `a=max-message-size:${MAX_MESSAGE}`,
  ].join('\r\n')}\r\n`
}

/** foundation component transport priority address port `typ host` ... */
function readCandidate(text: string): readonly Candidate[] {
  const [, , transport, , address = '', port = '', , type] = text.split(' ')
  const number = Number(port)
  if (transport?.toLowerCase() !== 'udp' || type !== 'host' || !isPort(number)) return []
  const name = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.local$/i.exec(address)?.[1]
  if (name !== undefined) {
    const uuid = fromHex(`0x${name.replaceAll('-', '').toLowerCase()}`)
    return uuid ? [{ address: uuid, isName: true, port: number }] : []
  }
  const bytes = ipv4(address) ?? ipv6(address)
  return bytes ? [{ address: bytes, isName: false, port: number }] : []
}

export const isPort = (port: number): boolean => Number.isInteger(port) && port > 0 && port < 65_536

function writeCandidate({ address, isName, port }: Candidate, index: number): string {
  const hex = toHex(address).slice(2)
  const where = isName
    ? `${[hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')}.local`
    : address.length === 4
      ? address.join('.')
      : (hex.match(/.{4}/g)?.join(':') ?? '')
  // RFC 8445 section 5.1.2.1: host candidates, the first is liked best.
  const priority = 126 * 2 ** 24 + (65_535 - index) * 2 ** 8 + 255
  return `a=candidate:${index + 1} 1 udp ${priority} ${where} ${port} typ host`
}

function ipv4(text: string): Bytes | undefined {
  const parts = /^\d{1,3}(?:\.\d{1,3}){3}$/.test(text) ? text.split('.').map(Number) : []
  return parts.length === 4 && parts.every(part => part < 256) ? Uint8Array.from(parts) : undefined
}

function ipv6(text: string): Bytes | undefined {
  if (!/^[0-9a-f:]+$/i.test(text)) return undefined
  const [head = '', tail, ...more] = text.split('::')
  if (more.length > 0) return undefined
  const groups = (part: string | undefined) => (part ? part.split(':') : [])
  const [before, after] = [groups(head), groups(tail)]
  const missing = 8 - before.length - after.length
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined
  const all = [...before, ...Array.from({ length: missing }, () => '0'), ...after]
  if (!all.every(group => /^[0-9a-f]{1,4}$/i.test(group))) return undefined
  return concat(...all.map(group => fromHex(`0x${group.padStart(4, '0').toLowerCase()}`) ?? new Uint8Array()))
}
