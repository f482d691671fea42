// The money for fees goes back to who gave it before a kiosk forgets its machine.
import type { Address } from '../../core/bytes.ts'
import { type Failure, fail, ok, type Result } from '../../core/result.ts'
import type { GasKey, KioskStores } from '../ports/kiosk.ts'
import { GasSender } from './gasSender.ts'
import { type KioskParts, kioskDomain } from './parts.ts'

/** Milliseconds between looks, and how often. */
const LOOK_EVERY = 2_000
const LOOKS = 30

/**
 * Returns once it is mined, or where too little is left to be sent. Fails with gasNotSent, and why as its detail: a chain's kind,
 * callReverts where the receiver refuses it, or gasBusy where it was not mined in a minute. Asked again, it goes on with what
 * was sent.
 */
export async function returnGas(
  parts: Pick<KioskParts, 'platform' | 'config' | 'walletChain'>,
  values: KioskStores['values'],
  gas: GasKey,
  to: Address,
): Promise<Result<null, Failure>> {
  const { platform, walletChain } = parts
  const chainId = kioskDomain(parts)?.chainId
  if (chainId === undefined) return notSent('noMarket')
  const sender = new GasSender({ platform, values, chainId: () => chainId, chain: walletChain, key: gas })
  await sender.load()
  const isFreeSoon = async (): Promise<boolean> => {
    for (let looks = 0; looks < LOOKS; looks++) {
      if (await sender.isFree()) return true
      await new Promise<void>(resolve => platform.timer.after(LOOK_EVERY, resolve))
    }
    return false
  }
  if (!(await isFreeSoon())) return notSent('gasBusy')
  const sent = await sender.sendAll(to)
  if (!sent.ok) return notSent(sent.error.kind)
  return (await isFreeSoon()) ? ok(null) : notSent('gasBusy')
}

const notSent = (detail: string): Result<null, Failure> => fail({ kind: 'gasNotSent', detail })
