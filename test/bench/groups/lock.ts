// Opening a lock: messages and bytes on the link, and what the device has to verify, by who has authorised the grant.
import { DeviceClock } from '../../../device/lock/clock.ts'
import { Openings } from '../../../device/lock/openings.ts'
import { OwnerState } from '../../../device/owner/ownerState.ts'
import { Settings } from '../../../device/owner/settings.ts'
import { type Grant, grantDigest } from '../../../src/core/lock/grant.ts'
import {
  AuthorisationKind,
  openDigest,
  type SentAuthorisation,
  SessionAction,
} from '../../../src/core/lock/openMessage.ts'
import { isDigestSignedBy, signDigest } from '../../../src/core/p256.ts'
import {
  blockWith,
  byProof,
  grantedLog,
  instantGrant,
  otherLog,
  proofOf,
} from '../../unit/lock/grantedBlock.ts'
import {
  DOMAIN,
  fresh,
  ISSUER,
  type LockWorld,
  MARKET,
  must,
  NO_MARKET,
  NOW,
  OWNER,
  RENTER,
  type SessionChange,
} from '../../unit/lock/lockWorld.ts'
import { letLock, rented, tapped } from '../../unit/lock/rental.ts'
import { medianTimes } from '../medians.ts'
import type { Group, Row } from '../row.ts'

const runs = 9
/** What no opening can do without: the grant's fields, and the signatures of who granted it, who opens, and the device. */
const LEAST_BYTES = 79 + 3 * 64
/** Of a message in parts, around each of them. */
const PART_OVERHEAD = 24
const LONGEST_PROOF_BYTES = 4096

export const group: Group = {
  name: 'Opening a lock',
  async run() {
    const proofs = { alone: proofIn(1), full: proofIn(200) }
    const proofRow = (name: string, length: number): Row => ({
      name,
      value: length,
      unit: 'B',
      reference: { name: 'the longest that a device takes', value: LONGEST_PROOF_BYTES },
      better: 'lower',
      runs: 1,
    })
    return [
      ...(await onTheLink('by a signature', 2475, () => rented())),
      ...(await onTheLink('… with a buffer of 256 bytes', 256, () => rented())),
      ...(await onTheLink('by a chain proof', 2475, world => byProof(proofIn(200, instantGrant(world))))),
      ...(await onTheLink('… with a buffer of 256 bytes', 256, world =>
        byProof(proofIn(200, instantGrant(world))),
      )),
      proofRow('proof, the only transaction', proofs.alone.length),
      proofRow('proof, one of 200 transactions', proofs.full.length),
      ...(await verification()),
    ]
  },
}

/** A proof of a Market's order among so many others. Three events, as an order with a token has. */
function proofIn(transactions: number, grant?: Grant) {
  const others = Array.from({ length: transactions - 1 }, () => ({ logs: [otherLog(), otherLog(64)] }))
  const logs = [otherLog(), otherLog(192), grant ? grantedLog(grant) : otherLog(0)]
  const index = Math.floor(transactions / 2)
  return proofOf(blockWith([...others.slice(0, index), { logs }, ...others.slice(index)]), index)
}

async function onTheLink(
  how: string,
  bufSize: number,
  change: (world: LockWorld) => SessionChange,
): Promise<readonly Row[]> {
  const world = await letLock({ bufSize })
  const tap = await tapped(world)
  const opening = change(world)
  const { authorisation } = opening
  const proofLength = authorisation?.by === 'chain' ? authorisation.proof.length : 0
  const parts = Math.ceil(proofLength / (bufSize - PART_OVERHEAD))
  must(await world.open(opening))
  const bytes = [...tap.sent, ...tap.received].reduce((sum, { payload }) => sum + 8 + payload.length, 0)
  const one = { better: 'lower', runs: 1 } as const
  return [
    {
      ...one,
      name: `${how}: round trips`,
      value: tap.sent.length,
      unit: 'of them',
      reference: { name: 'a grant’s four, and one for each part of a proof', value: 4 + parts },
    },
    {
      ...one,
      name: `${how}: bytes`,
      value: bytes,
      unit: 'B',
      reference: { name: 'a grant and three signatures', value: LEAST_BYTES },
    },
  ]
}

/** The device's own decision, of an Open that is in order but for its hour: so it is decided, and nothing is stored. */
async function verification(): Promise<readonly Row[]> {
  const world = await letLock()
  const state = new OwnerState(new Settings(world.flash, () => {}))
  const { owner } = state
  if (!owner) throw new Error('the lock has no owner')
  const { deviceId } = world
  const clock = new DeviceClock(state.settings, world.timer)
  clock.take(NOW)
  const openings = new Openings({ state, deviceId, clock, open: () => true, canVend: false })
  const grant = instantGrant(world, { notBefore: NOW + 60 })
  const free = { ...grant, orderId: 0n }
  const nonce = fresh(16)
  const deviceKey = fresh(64)
  const phoneKey = fresh(64)

  const decide = (asked: Grant, market: typeof MARKET, authorisation: SentAuthorisation) => {
    const action = SessionAction.open
    const requestId = fresh(16)
    const digest = grantDigest({ chainId: DOMAIN.chainId, market }, asked)
    const statement = {
      deviceId,
      nonce,
      deviceKey,
      phoneKey,
      action,
      grantDigest: digest,
      requestId,
    } as const
    const userSignature = signDigest(openDigest(DOMAIN, statement), RENTER.secret)
    const open = {
      ...{ action, requestId, userKey: RENTER.publicKey, userSignature },
      ...{ grant: asked, authorisation },
    } as const
    return () => {
      const { record } = openings.carryOut(open, { owner, nonce, deviceKey, phoneKey })
      if (record.status !== 'notYet') throw new Error(record.status)
    }
  }
  const sign = (asked: Grant, market: typeof MARKET, secret: Uint8Array) =>
    signDigest(grantDigest({ chainId: DOMAIN.chainId, market }, asked), secret)
  const { issuer, ownerWithoutMarket, chain } = AuthorisationKind
  const digest = fresh(32)
  const some = signDigest(digest, ISSUER.secret)
  const times = await medianTimes(runs, {
    issuer: decide(grant, MARKET, { kind: issuer, signature: sign(grant, MARKET, ISSUER.secret) }),
    owner: decide(free, NO_MARKET, {
      kind: ownerWithoutMarket,
      signature: sign(free, NO_MARKET, OWNER.secret),
    }),
    chain: decide(grant, MARKET, { kind: chain, proof: proofIn(200, grant) }),
    one: () => {
      if (!isDigestSignedBy(ISSUER.publicKey, digest, some)) throw new Error('not signed')
    },
  })
  return (
    [
      ['issuer’s signature', times.issuer],
      ['owner’s signature', times.owner],
      ['proof, two attestors', times.chain],
    ] as const
  ).map(([name, value]) => ({
    name: `the device decides: ${name}`,
    value,
    unit: 'ms',
    reference: { name: 'one P-256 verification', value: times.one },
    better: 'lower',
    runs,
  }))
}
