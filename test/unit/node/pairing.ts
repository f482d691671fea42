// A reference device gets an owner, and the owner lets an agent act on it: over the device's own radio, as the app does it.
import type { ReferenceDevice } from '../../../device/referenceDevice.ts'
import type { ManageRight } from '../../../node/agent/deviceLink.ts'
import type { Address } from '../../../src/core/bytes.ts'
import { hashTypedData } from '../../../src/core/eip712.ts'
import { devicePublicKey } from '../../../src/core/identity.ts'
import { type Grant, grantDigest } from '../../../src/core/lock/grant.ts'
import { keyHash, readOwnership } from '../../../src/core/lock/ownership.ts'
import { pairDevice, pairingTypedData, readPairingNonce } from '../../../src/core/lock/pairing.ts'
import { signDigest } from '../../../src/core/p256.ts'
import type { Failure, Result } from '../../../src/core/result.ts'
import { SmpClient } from '../../../src/core/smp/client.ts'
import { keyOf } from '../voucher/people.ts'
import { timer } from './agentWorld.ts'

const domain = { chainId: 31337, registry: `0x${'3c'.repeat(20)}` } as const
const noMarket: Address = `0x${'00'.repeat(20)}`

function must<T>(result: Result<T, Failure>): T {
  if (!result.ok) throw new Error(`${result.error.kind} ${result.error.detail ?? ''}`)
  return result.value
}

/** `deviceKey`: the name that the device's key was made of. Resolves with the agent's right, for the named key of its own. */
export async function pairAndGrant(
  device: ReferenceDevice,
  deviceKey: string,
  agentKey: string,
  actions: number,
): Promise<ManageRight> {
  const owner = keyOf('owner key')
  const publicKey = devicePublicKey(keyOf(deviceKey))
  const transport = await device.connect()
  const client = new SmpClient(transport, { timer })
  const { deviceId } = device
  const ownership = must(
    await readOwnership(client, { challenge: keyOf(`challenge ${deviceKey}`), devicePublicKey: publicKey }),
  )
  const nonce = must(await readPairingNonce(client))
  const pairing = {
    deviceId,
    ownerKey: devicePublicKey(owner),
    nonce,
    pairingCounter: ownership.pairingCounter + 1,
  }
  device.pressButton()
  const signature = signDigest(hashTypedData(pairingTypedData(domain, pairing)), owner)
  must(await pairDevice(client, { domain, devicePublicKey: publicKey, pairing, signature, claimCode: null }))
  client.dispose()
  await transport.close()

  const user = keyOf(agentKey)
  const grant: Grant = {
    deviceId,
    orderId: 0n,
    userKeyHash: keyHash(devicePublicKey(user)),
    notBefore: 0,
    notAfter: 4_000_000_000,
    weeklyHours: new Uint8Array(21),
    maxUses: 1000,
    actions,
    epoch: 0,
    seq: 0,
  }
  const signed = signDigest(grantDigest({ chainId: domain.chainId, market: noMarket }, grant), owner)
  return {
    domain,
    grant,
    authorisation: { by: 'owner', market: noMarket, signature: signed },
    user: { publicKey: devicePublicKey(user), sign: async digest => signDigest(digest, user) },
  }
}
