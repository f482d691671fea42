// What an attestor signs: hashes of final blocks, one for each height, and the time, while its clock and the chain agree.
import { p256 } from '@noble/curves/nist.js'
import { type Bytes, fromHex, type Hex, toHex } from '../../src/core/bytes.ts'
import { type DeviceId, devicePublicKey } from '../../src/core/identity.ts'
import { attestedHeaderDigest, deviceTimeDigest } from '../../src/core/lock/attestation.ts'
import { signDigest } from '../../src/core/p256.ts'
import type { Header } from '../../src/core/proof/header.ts'
import { type Failure, fail, ok, type Result } from '../../src/core/result.ts'
import {
  type AgreementRule,
  type ChainLocation,
  readAgreedBlock,
  readBlockByHash,
  readFinalBlock,
} from '../chain/provenStorage.ts'
import { readFileIfThere, writeFileDurably } from '../files.ts'
import type { SignedHeights } from './signedHeights.ts'

export interface AttestorOptions {
  readonly location: ChainLocation
  /** How many endpoints must agree; `maxAgeSeconds` is how far the newest final block may lie behind this clock. */
  readonly rule: Omit<AgreementRule, 'now'>
  /** P-256, 32 bytes. */
  readonly secretKey: Uint8Array
  readonly signed: SignedHeights
  /** Unix seconds: the attestor's own clock. */
  readonly now: () => number
}

interface AttestedBlock {
  readonly number: number
  readonly hash: Hex
  /** r || s, 64 bytes, over `attestedHeaderDigest`. */
  readonly signature: Bytes
}

export interface Attestor {
  /** x || y, 64 bytes. */
  readonly key: Bytes
  /** Fails with notFinal, otherHashSigned or chainUnreachable. */
  header(block: number | Hex): Promise<Result<AttestedBlock, Failure>>
  /** Fails with timeOff, whose detail is the attestor's own time, clockUncertain or chainUnreachable. */
  time(asked: {
    readonly deviceId: DeviceId
    /** 16 bytes. */
    readonly nonce: Uint8Array
    readonly time: number
  }): Promise<Result<{ readonly signature: Bytes }, Failure>>
}

/** Several attestors sign the same second, which whoever asks has proposed. */
const proposalSeconds = 5
/** A block is never from the future, but for a little between two clocks. */
const futureSeconds = 15
/** The newest final block is not asked for more often: somebody may ask for the time in a loop. */
const headMs = 1_000

/** 32 bytes, made at the first start, readable by this user alone. Throws where the file is no key. */
export function loadOrMakeAttestorKey(path: string): Uint8Array {
  const stored = readFileIfThere(path)?.toString('utf8').trim()
  if (stored !== undefined) {
    const key = fromHex(stored)
    if (key === undefined || !p256.utils.isValidSecretKey(key)) throw new Error(`${path} is no key`)
    return key
  }
  const key = p256.utils.randomSecretKey()
  writeFileDurably(path, `${toHex(key)}\n`, 0o600)
  return key
}

export function createAttestor({ location, rule, secretKey, signed, now }: AttestorOptions): Attestor {
  const { chainId } = location
  let asked = Number.NEGATIVE_INFINITY
  let head: Promise<Result<Header, Failure>> | undefined
  const readHead = async (): Promise<Result<Header, Failure>> => {
    // How old it is matters to the time alone: a block that was final stays so.
    const final = await readFinalBlock(location, {
      ...rule,
      maxAgeSeconds: Number.POSITIVE_INFINITY,
      now: now(),
    })
    return final.ok ? ok(final.value.block) : unreachable(final.error)
  }
  const newestFinal = () => {
    const at = performance.now()
    if (head === undefined || at - asked > headMs) {
      asked = at
      head = readHead()
    }
    return head
  }

  async function header(block: number | Hex): Promise<Result<AttestedBlock, Failure>> {
    const final = await newestFinal()
    if (!final.ok) return final
    const height = typeof block === 'number' ? ok(block) : await readBlockByHash(location, block)
    if (!height.ok) return unreachable(height.error)
    if (height.value === null || height.value > final.value.number) {
      return fail({ kind: 'notFinal', detail: `${final.value.number} is the newest final block` })
    }
    const agreed = await readAgreedBlock(location, height.value, rule.minAgreeing)
    if (!agreed.ok) return unreachable(agreed.error)
    const { number, hash } = agreed.value.block
    if (typeof block === 'string' && block !== hash) {
      return fail({ kind: 'notFinal', detail: `${number} is ${hash}` })
    }
    const before = signed.hashAt(number)
    if (before !== undefined && before !== hash) {
      return fail({ kind: 'otherHashSigned', detail: `${number} is ${before}` })
    }
    // From here on nothing is waited for: two requests at once can't both find the height unsigned.
    signed.add(number, hash)
    const digest = attestedHeaderDigest({ chainId, number, hash: fromHex(hash) ?? new Uint8Array() })
    return ok({ number, hash, signature: signDigest(digest, secretKey) })
  }

  return {
    key: devicePublicKey(secretKey),
    header,
    async time({ deviceId, nonce, time }) {
      const final = await newestFinal()
      if (!final.ok) return final
      const own = now()
      const behind = own - final.value.timestamp
      if (behind > rule.maxAgeSeconds || behind < -futureSeconds) {
        return fail({ kind: 'clockUncertain', detail: `${behind} s from the newest final block` })
      }
      if (Math.abs(time - own) > proposalSeconds) return fail({ kind: 'timeOff', detail: `${own}` })
      return ok({ signature: signDigest(deviceTimeDigest({ deviceId, nonce, time }), secretKey) })
    },
  }
}

const unreachable = ({ detail }: Failure) =>
  fail<Failure>({ kind: 'chainUnreachable', ...(detail !== undefined && { detail }) })
