// The two codes of a hand-over between phones that stand next to each other: who offers which file where, and who answers.
import { type Bytes, concat, utf8 } from '../bytes.ts'
import { decodeFileCid } from '../ipfs/block.ts'
import { type ByteReader, uintBytes } from '../wallet/byteReader.ts'
import { readCode, writeCode } from '../wallet/codeText.ts'
import { type Candidate, isPassword, isPort, isUser, type LinkSession, MAX_CANDIDATES } from './session.ts'

export interface HandOverOffer {
  readonly session: LinkSession
  /** The file's root, and its bytes. */
  readonly cid: string
  readonly size: number
}

/**
 * `FOB:HAND:`: length (1) and CID, size (4), then the session: length (1) and ice-ufrag, length (1) and ice-pwd, the
 * fingerprint (32), the number of candidates (1), and of each its kind (1: IPv4, 2: IPv6, 3: a UUID of mDNS), address and port (2).
 * Throws RangeError for what does not fit.
 */
export const writeOfferCode = (cid: Bytes, size: number, session: LinkSession): string =>
  writeCode('HAND', uintBytes(cid.length, 1), cid, uintBytes(size, 4), sessionBytes(session))

/** `FOB:MEET:` and a session, as above. */
export const writeAnswerCode = (session: LinkSession): string => writeCode('MEET', sessionBytes(session))

/** undefined for anything else. */
export const readOfferCode = (text: string): HandOverOffer | undefined =>
  readCode('HAND', text, reader => {
    const cid = decodeFileCid(reader.bytes(reader.uint(1)))
    const size = reader.uint(4)
    const session = readSessionBytes(reader)
    return cid.ok && session ? { cid: cid.value.toString(), size, session } : undefined
  })

export const readAnswerCode = (text: string): LinkSession | undefined =>
  readCode('MEET', text, readSessionBytes)

function sessionBytes({ user, password, fingerprint, candidates }: LinkSession): Bytes {
  if (fingerprint.length !== 32) throw new RangeError(`a fingerprint of ${fingerprint.length} bytes`)
  return concat(
    uintBytes(user.length, 1),
    utf8(user),
    uintBytes(password.length, 1),
    utf8(password),
    fingerprint,
    uintBytes(candidates.length, 1),
    ...candidates.flatMap(({ address, isName, port }) => [
      Uint8Array.of(isName ? 3 : address.length === 4 ? 1 : 2),
      address,
      uintBytes(port, 2),
    ]),
  )
}

function readSessionBytes(reader: ByteReader): LinkSession | undefined {
  const user = readAscii(reader)
  const password = readAscii(reader)
  const fingerprint = reader.bytes(32)
  const count = reader.uint(1)
  if (count === 0 || count > MAX_CANDIDATES || !isUser(user) || !isPassword(password)) return undefined
  const candidates: Candidate[] = []
  for (let i = 0; i < count; i++) {
    const kind = reader.uint(1)
    if (kind < 1 || kind > 3) return undefined
    const address = reader.bytes(kind === 1 ? 4 : 16)
    const port = reader.uint(2)
    if (!isPort(port)) return undefined
    candidates.push({ address, isName: kind === 3, port })
  }
  return { user, password, fingerprint, candidates }
}

const readAscii = (reader: ByteReader): string => String.fromCharCode(...reader.bytes(reader.uint(1)))
