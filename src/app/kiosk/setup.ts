// Setting a kiosk up: the machine is met, its owner's answer checked against what the machine has pinned and the chain proves.
import { type Address, bytesEqual, toHex } from '../../core/bytes.ts'
import { decodeKioskGrantCode, encodeKioskCode, type KioskGrantCode } from '../../core/kiosk/codes.ts'
import { GrantAction, grantDigest } from '../../core/lock/grant.ts'
import { keyHash } from '../../core/lock/ownership.ts'
import { isDigestSignedBy } from '../../core/p256.ts'
import { type Failure, fail, ok, type Result } from '../../core/result.ts'
import { VendUse, vendTermsDigest } from '../../core/vending/vendTerms.ts'
import { meetDevice } from '../wallet/ownership/meet.ts'
import { Tasks } from '../wallet/ownership/tasks.ts'
import { type KioskKeys, type KioskParts, kioskDomain, type StoredSetup } from './parts.ts'

const STORED = 'setup'
const MAX_NAME = 40

export const loadSetup = ({ ports }: Pick<KioskParts, 'ports'>): Promise<StoredSetup | undefined> =>
  ports.stores.values.get<StoredSetup>(STORED)

export const clearSetup = ({ ports }: Pick<KioskParts, 'ports'>): Promise<void> =>
  ports.stores.values.delete(STORED)

/** Made where there are none: neither can be read out, or leaves this browser. */
export async function kioskKeys({ lockKeys, ports }: KioskParts): Promise<Result<KioskKeys, Failure>> {
  const [kiosk, gas] = await Promise.all([lockKeys.keyFor('kiosk'), ports.gasKey()])
  if (!kiosk.ok) return kiosk
  return gas.ok ? ok({ kiosk: kiosk.value, gas: gas.value }) : gas
}

export async function chooseMachine(
  parts: KioskParts,
  deviceKey: string,
): Promise<Result<StoredSetup, Failure>> {
  if (!kioskDomain(parts)) return fail({ kind: 'noMarket' })
  const met = await meetDevice(
    parts,
    new Tasks(),
    deviceKey,
    async ({ identity, ownership, devicePublicKey }) => {
      const { ownerKeyHash } = ownership
      return ownerKeyHash === null
        ? fail({ kind: 'deviceUnclaimed' })
        : ok({ deviceId: identity.deviceId, devicePublicKey, ownerKeyHash: Uint8Array.from(ownerKeyHash) })
    },
  )
  if (!met.ok) return met
  const record = parts.devices.get(deviceKey)
  const name = (record?.name ?? '').slice(0, MAX_NAME) || 'Machine'
  const setup: StoredSetup = { deviceKey, ...met.value, name, answer: null, owner: null }
  return keep(parts, setup)
}

/** Text of the kiosk's own code, for its owner. */
export function kioskCode(parts: KioskParts, setup: StoredSetup, keys: KioskKeys): string {
  const domain = kioskDomain(parts)
  if (!domain) throw new Error('a kiosk without a Market')
  return encodeKioskCode({
    domain,
    deviceId: setup.deviceId,
    kioskKeyHash: toHex(keyHash(keys.kiosk.publicKey)),
    gasAddress: keys.gas.address,
    name: setup.name,
  })
}

export interface Answered {
  readonly setup: StoredSetup
  /** The final block at which the owner was proven: older orders are not this kiosk's. */
  readonly block: number
}

export async function takeAnswer(
  parts: KioskParts,
  setup: StoredSetup,
  keys: KioskKeys,
  text: string,
): Promise<Result<Answered, Failure>> {
  const answer = decodeKioskGrantCode(text)
  if (!answer) return fail({ kind: 'answerMalformed' })
  const fault = answerFault(parts, setup, keys, answer)
  if (fault) return fail(fault)
  const device = await (await parts.walletChain()).readDevice(setup.deviceId)
  if (!device.ok) return fail({ kind: device.error.kind })
  const { record, evidence } = device.value
  if (evidence.level !== 'proven') return fail({ kind: 'ownerUnproven' })
  if (!record) return fail({ kind: 'deviceUnclaimed' })
  const owner: Address = record.owner
  const kept = await keep(parts, { ...setup, answer, owner })
  return kept.ok ? ok({ setup: kept.value, block: evidence.block.number }) : kept
}

/** Signed by the key that the machine has pinned, for this kiosk's key and this machine, to sell. */
function answerFault(
  parts: KioskParts,
  { deviceId, ownerKeyHash }: StoredSetup,
  { kiosk }: KioskKeys,
  { domain, grantMarket, grant, signature, terms, ownerKey }: KioskGrantCode,
): Failure | null {
  const ours = kioskDomain(parts)
  const isHere =
    domain.chainId === ours?.chainId &&
    domain.market === ours.market &&
    grant.deviceId === deviceId &&
    bytesEqual(grant.userKeyHash, keyHash(kiosk.publicKey)) &&
    (grant.actions & GrantAction.vend) !== 0 &&
    terms.use === VendUse.sell
  if (!isHere) return { kind: 'answerForOther' }
  if (!bytesEqual(keyHash(ownerKey), ownerKeyHash)) return { kind: 'answerForOther', detail: 'owner key' }
  const grantDomain = { chainId: domain.chainId, market: grantMarket }
  const digest = grantDigest(grantDomain, grant)
  const { use, slots, perDay } = terms
  const termsDigest = vendTermsDigest(grantDomain, { deviceId, grantDigest: digest, use, slots, perDay })
  const isSigned =
    isDigestSignedBy(ownerKey, digest, signature) && isDigestSignedBy(ownerKey, termsDigest, terms.signature)
  return isSigned ? null : { kind: 'answerSignatureInvalid' }
}

async function keep({ ports }: KioskParts, setup: StoredSetup): Promise<Result<StoredSetup, Failure>> {
  try {
    await ports.stores.values.put(STORED, setup)
    return ok(setup)
  } catch (error) {
    return fail({ kind: 'notStored', detail: error instanceof Error ? error.message : String(error) })
  }
}
