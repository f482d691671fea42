// The present time for a lock that does not know it: from the attestors of the network and, for a long step, the owner.
import { fromHex, toHex } from '../../core/bytes.ts'
import type { DeviceId } from '../../core/identity.ts'
import { type AskedTime, type AttestedTime, type TimeSource, tellTime } from '../../core/lock/tellTime.ts'
import { readTimeNonce } from '../../core/lock/timeToken.ts'
import { readParams } from '../../core/smp/os.ts'
import type { MetDevice } from '../wallet/ownership/meet.ts'
import type { MarketParts } from './parts.ts'

type AttestorParts = Pick<MarketParts, 'platform' | 'config' | 'services'>
type TimeParts = AttestorParts & Pick<MarketParts, 'ownerKey'>

/** `ownDevice`: it is ours, and our owner key may sign for it where the vault is open. */
export function timeSource(
  parts: TimeParts,
  { onAsk, ownDevice }: { readonly onAsk: () => void; readonly ownDevice: DeviceId | null },
): TimeSource | null {
  const { platform, ownerKey } = parts
  if (!platform.isOnline() && ownDevice === null) return null
  const askAttestors = async (asked: AskedTime) => {
    onAsk()
    return attestedTime(parts, asked)
  }
  if (ownDevice === null) return { askAttestors }
  return {
    askAttestors,
    owner: {
      time: platform.unixNow(),
      async sign(statement) {
        const signed = await ownerKey.sign(statement, { kind: 'tellTime', deviceId: ownDevice })
        return signed.ok ? signed.value : null
      },
    },
  }
}

/** For a device of whoever it is. */
export const attestorsTime = (parts: AttestorParts): TimeSource => ({
  askAttestors: asked => attestedTime(parts, asked),
})

/** Tells a lock of ours the time where it is not certain of it. What came of it shows when somebody opens. */
export async function tellTimeTo(
  parts: TimeParts,
  {
    link,
    domain,
    devicePublicKey,
    identity,
  }: Pick<MetDevice, 'link' | 'domain' | 'devicePublicKey' | 'identity'>,
): Promise<boolean> {
  const source = timeSource(parts, { onAsk: () => {}, ownDevice: identity.deviceId })
  if (!source) return false
  const present = await readTimeNonce(link)
  if (present.ok && present.value.isTimeCertain) return true
  const params = await readParams(link)
  const options = params.ok ? { bufSize: params.value.bufSize } : {}
  const told = await tellTime(link, { domain, devicePublicKey }, source, options)
  return told.ok && told.value.isTimeCertain
}

/** All of them sign one time: ours or, where they say that our clock is off, the one in the middle of theirs. */
async function attestedTime(parts: AttestorParts, asked: AskedTime): Promise<AttestedTime | null> {
  const first = await askAll(parts, asked, parts.platform.unixNow())
  if (first.signatures.length >= asked.attestors.threshold) return first
  const theirs = first.clocks.toSorted((a, b) => a - b)
  const middle = theirs[theirs.length >> 1]
  if (middle === undefined) return null
  const second = await askAll(parts, asked, middle)
  return second.signatures.length >= asked.attestors.threshold ? second : null
}

async function askAll(
  { config, services }: AttestorParts,
  { deviceId, nonce, attestors }: AskedTime,
  time: number,
) {
  const named = new Set(attestors.keys.map(toHex))
  const members = (config().attestors?.members ?? []).filter(({ key }) => named.has(key))
  const answers = await Promise.all(
    members.map(async ({ key, url }) => ({
      publicKey: fromHex(key) ?? new Uint8Array(),
      answer: await services.attestedTime(url, { deviceId, nonce, time }),
    })),
  )
  const clocks = answers.flatMap(({ answer }) => {
    const isOff = !answer.ok && answer.error.kind === 'serviceRefused' && answer.error.detail === 'timeOff'
    const said = isOff && answer.error.kind === 'serviceRefused' ? Number(answer.error.said) : Number.NaN
    return Number.isSafeInteger(said) && said > 0 ? [said] : []
  })
  const signatures = answers.flatMap(({ publicKey, answer }) =>
    answer.ok ? [{ publicKey, signature: answer.value }] : [],
  )
  return { time, signatures, clocks }
}
