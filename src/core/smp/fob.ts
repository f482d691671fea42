// Fob's own SMP group: what a firmware author adds to a device, beside the standard groups. Wire format only.
import type { Bytes } from '../bytes.ts'
import { fail, ok, type Result } from '../result.ts'
import { type CborMap, readBytes, readText, readUint } from './cbor.ts'
import type { SmpClient, SmpFailure } from './client.ts'
import { SmpGroup } from './message.ts'
import type { CallOptions } from './os.ts'

export const FobCommand = {
  identity: 0,
  ownership: 1,
  /** Read: a nonce. Write: a pairing. */
  pairing: 2,
  /** Write: another owner key, or none, by the word of the present one. */
  ownerKey: 3,
  /** Read: what was taken. Write: the next. */
  config: 4,
  challenge: 5,
  open: 6,
  managed: 7,
  /** Inside an owner's session only, as is `handOver`. */
  claim: 8,
  handOver: 9,
  /** Read: a nonce, and what the device knows of the time. Write: the time, or a header that tells what has passed. */
  time: 10,
  /** Inside a session for vending only, as are `vend` and `cancelVend`. */
  vendTerms: 11,
  /** Read: slots, errors, counters. Write: what is in a slot; inside a session alone. */
  machine: 12,
  /** Read: what became of an order, for anybody who knows it. Write: an order. */
  vend: 13,
  /** Write: end an order, with what was given out by then. */
  cancelVend: 14,
  /** Read: the next receipt that nobody has acknowledged. Write: somebody has it. Inside a session, as `machine`. */
  receipts: 15,
  /** Write: begin a run that vouchers pay for; a voucher for it; its end. Inside a session for vending only. */
  meter: 16,
  payMeter: 17,
  stopMeter: 18,
} as const

const CHALLENGE_LENGTH = 32
/** The only version of the identity answer so far. */
const IDENTITY_VERSION = 1

/** What a device says of itself. Nothing of it is believed before `verifyIdentity` checked the signature. */
export interface IdentityAnswer {
  /** The maker's account, 20 bytes. */
  readonly maker: Bytes
  readonly model: string
  readonly hardware: string
  readonly chainId: number
  /** The FirmwareRegistry that the device names, 20 bytes. */
  readonly registry: Bytes
  /** P-256, x || y, 64 bytes, big-endian. */
  readonly publicKey: Bytes
  /** ECDSA over the EIP-712 digest of the identity statement, r || s, 64 bytes, big-endian. */
  readonly signature: Bytes
}

/** `challenge`: 32 bytes that were never used before. */
export async function readIdentity(
  client: SmpClient,
  challenge: Uint8Array,
  options: CallOptions = {},
): Promise<Result<IdentityAnswer, SmpFailure>> {
  if (challenge.length !== CHALLENGE_LENGTH) throw new RangeError(`challenge of ${challenge.length} bytes`)
  const request = { op: 'read', group: SmpGroup.fob, command: FobCommand.identity } as const
  const reply = await client.request({ ...request, body: { c: challenge }, ...options })
  if (!reply.ok) return reply
  const answer = parseIdentityAnswer(reply.value)
  return answer ? ok(answer) : fail({ kind: 'malformed', detail: 'identity answer' })
}

/** The challenge of an identity request; undefined for anything but exactly 32 bytes. */
export function parseIdentityRequest(body: CborMap): Bytes | undefined {
  return bytesOf(body, 'c', CHALLENGE_LENGTH)
}

/** `{v: 1, mk: maker, mo: model, hw: hardware, ch: chain id, rg: registry, pk: public key, sg: signature}` */
export function identityAnswerBody(answer: IdentityAnswer): CborMap {
  return {
    v: IDENTITY_VERSION,
    mk: answer.maker,
    mo: answer.model,
    hw: answer.hardware,
    ch: answer.chainId,
    rg: answer.registry,
    pk: answer.publicKey,
    sg: answer.signature,
  }
}

/** undefined for another version, a missing field or a wrong length. */
export function parseIdentityAnswer(body: CborMap): IdentityAnswer | undefined {
  if (readUint(body, 'v') !== IDENTITY_VERSION) return undefined
  const maker = bytesOf(body, 'mk', 20)
  const model = readText(body, 'mo')
  const hardware = readText(body, 'hw')
  const chainId = readUint(body, 'ch')
  const registry = bytesOf(body, 'rg', 20)
  const publicKey = bytesOf(body, 'pk', 64)
  const signature = bytesOf(body, 'sg', 64)
  if (!maker || !registry || !publicKey || !signature) return undefined
  if (model === undefined || hardware === undefined || chainId === undefined) return undefined
  return { maker, model, hardware, chainId, registry, publicKey, signature }
}

function bytesOf(body: CborMap, key: string, length: number): Bytes | undefined {
  const bytes = readBytes(body, key)
  return bytes?.length === length ? bytes : undefined
}
