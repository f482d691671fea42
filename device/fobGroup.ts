// Fob's own SMP group on the device: it says who it is, over the caller's challenge.
import { fromHex } from '../src/core/bytes.ts'
import { signIdentity } from '../src/core/identity.ts'
import type { Model } from '../src/core/registry/model.ts'
import type { CborMap } from '../src/core/smp/cbor.ts'
import { MgmtError } from '../src/core/smp/errors.ts'
import { FobCommand, identityAnswerBody, parseIdentityRequest } from '../src/core/smp/fob.ts'
import { SmpGroup } from '../src/core/smp/message.ts'
import { body, mgmtError, type SmpCommand, type SmpGroupServer } from './smpServer.ts'

export interface FobGroupOptions {
  readonly model: Model
  readonly chainId: number
  readonly registry: Model['maker']
  /** P-256 scalar, 32 bytes. */
  readonly key: Uint8Array
}

/** Throws RangeError for a maker or registry that is no address. */
export function fobGroup({ model, chainId, registry, key }: FobGroupOptions): SmpGroupServer {
  const maker = addressBytes(model.maker)
  const registryBytes = addressBytes(registry)
  const identity = (request: CborMap | undefined) => {
    const challenge = request && parseIdentityRequest(request)
    if (!challenge) return mgmtError(MgmtError.EINVAL)
    const { publicKey, signature } = signIdentity({ challenge, model, chainId, registry }, key)
    return body(
      identityAnswerBody({
        maker,
        model: model.name,
        hardware: model.hardware,
        chainId,
        registry: registryBytes,
        publicKey: Uint8Array.from(publicKey),
        signature: Uint8Array.from(signature),
      }),
    )
  }
  return {
    id: SmpGroup.fob,
    commands: new Map<number, SmpCommand>([[FobCommand.identity, { read: identity }]]),
    toMgmtError: () => MgmtError.EUNKNOWN,
  }
}

function addressBytes(address: Model['maker']) {
  const bytes = fromHex(address)
  if (bytes?.length !== 20) throw new RangeError(`${address} is not an address`)
  return bytes
}
