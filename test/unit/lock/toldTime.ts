// Attestors and an owner who tell a lock the time: honest ones, and what somebody makes of their words.
import type { TypedData } from '../../../src/core/eip712.ts'
import { type Attestation, deviceTimeDigest } from '../../../src/core/lock/attestation.ts'
import type { AskedTime, TimeSource } from '../../../src/core/lock/tellTime.ts'
import {
  deliverTime,
  ownerTimeTypedData,
  readTimeNonce,
  type TimeMessage,
} from '../../../src/core/lock/timeToken.ts'
import { signDigest } from '../../../src/core/p256.ts'
import { DEVICE_PUBLIC_KEY, DOMAIN, type LockWorld, must, OWNER, type TestKey } from './lockWorld.ts'
import { ATTESTORS } from './rental.ts'

export const SOURCE = { domain: DOMAIN, devicePublicKey: DEVICE_PUBLIC_KEY }

export const timeNonce = (world: LockWorld) => world.passing(readTimeNonce(world.client)).then(must)

/** Their word on this time, for this nonce. */
export function attestTime(
  statement: Parameters<typeof deviceTimeDigest>[0],
  places: readonly number[],
  keys: readonly TestKey[] = ATTESTORS,
): readonly Attestation[] {
  const digest = deviceTimeDigest(statement)
  return places.map(place => ({
    place,
    signature: signDigest(digest, keys[place]?.secret ?? new Uint8Array(32).fill(1)),
  }))
}

export const tell = (world: LockWorld, message: TimeMessage) =>
  world.passing(deliverTime(world.client, message))

/** A token of two attestors, and of the owner where he is asked, for a nonce of its own. */
export async function tellToken(
  world: LockWorld,
  time: number,
  { places = [0, 2], owner = false }: { readonly places?: readonly number[]; readonly owner?: boolean } = {},
) {
  const { nonce } = await timeNonce(world)
  const statement = { deviceId: world.deviceId, nonce, time }
  const ownerSignature = owner ? world.sign(ownerTimeTypedData(DOMAIN, statement), OWNER) : null
  return tell(world, { kind: 'token', time, attestations: attestTime(statement, places), ownerSignature })
}

/** A network in which these attestors answer, with this time. */
export function network(time: number, keys: readonly TestKey[] = ATTESTORS): TimeSource {
  return {
    askAttestors: async ({ deviceId, nonce }: AskedTime) => ({
      time,
      signatures: keys.map(({ publicKey, secret }) => ({
        publicKey,
        signature: signDigest(deviceTimeDigest({ deviceId, nonce, time }), secret),
      })),
    }),
  }
}

/** On the owner's phone. */
export const owners = (world: LockWorld, time: number): Required<TimeSource>['owner'] => ({
  time,
  sign: async (statement: TypedData) => world.sign(statement, OWNER),
})
