// The FirmwareRegistry's rules once more, in TypeScript and from its documentation: what the chain is compared with.
import { type Address, encodeAbiParameters, type Hex, keccak256, size, zeroAddress } from 'viem'
import { modelIdOf } from '../../src/core/registry/modelId.ts'
import type { BlockOf } from './deployed.ts'
import type { RegistryEvent } from './registry.ts'

export type Call =
  | { readonly name: 'createModel'; readonly args: readonly [string, string, Address, Address] }
  | { readonly name: 'setGuardian'; readonly args: readonly [Hex, Address] }
  | { readonly name: 'proposeReleaseKey'; readonly args: readonly [Hex, Address] }
  | { readonly name: 'acceptReleaseKey'; readonly args: readonly [Hex] }
  | { readonly name: 'cancelReleaseKey'; readonly args: readonly [Hex] }
  | { readonly name: 'publish'; readonly args: readonly [Hex, Hex, bigint, number, Hex] }
  | { readonly name: 'revoke'; readonly args: readonly [Hex, Hex, number] }
  | { readonly name: 'attest'; readonly args: readonly [Hex, Hex, boolean, string] }

export type Expected =
  | { readonly ok: true; readonly events: readonly RegistryEvent[] }
  | { readonly ok: false; readonly error: string; readonly args: readonly unknown[] }

const zeroWord: Hex = `0x${'00'.repeat(32)}`
const utf8Length = (text: string) => BigInt(new TextEncoder().encode(text).length)

const noModel = {
  revocations: zeroWord,
  maker: zeroAddress as Address,
  createdBlock: 0,
  releaseKey: zeroAddress as Address,
  guardian: zeroAddress as Address,
  pendingReleaseKey: zeroAddress as Address,
  pendingReadyAt: 0,
}
const noHead = {
  manifestHash: zeroWord,
  version: 0n,
  seq: 0,
  minSecurityCounter: 0,
  updatedAt: 0,
  blockNumber: 0,
}
const noAttestation = { verdict: 0, attestedAt: 0, blockNumber: 0 }

const done = (name: RegistryEvent['name'], args: unknown): Expected => ({
  ok: true,
  events: [{ name, args }],
})
const refused = (error: string, ...args: unknown[]): Expected => ({ ok: false, error, args })

export class RegistryModel {
  readonly #delay: number
  readonly #models = new Map<Hex, typeof noModel>()
  readonly #heads = new Map<string, typeof noHead>()
  readonly #attestations = new Map<string, typeof noAttestation>()

  /** `delay` in seconds. */
  constructor(delay: number) {
    this.#delay = delay
  }

  modelOf = (id: Hex) => this.#models.get(id) ?? noModel
  headOf = (id: Hex, channel: Hex) => this.#heads.get(`${id} ${channel}`) ?? noHead
  attestationOf = (id: Hex, digest: Hex, auditor: Address) =>
    this.#attestations.get(`${id} ${digest} ${auditor}`) ?? noAttestation

  /** Does what the registry must do for a call of `from` in `block`; a refused call changes nothing. */
  apply(from: Address, call: Call, block: BlockOf): Expected {
    if (call.name === 'createModel') return this.#create(from, call.args, block)
    const [id] = call.args
    const model = this.modelOf(id)
    const change = (part: Partial<typeof noModel>) => this.#models.set(id, { ...model, ...part })
    switch (call.name) {
      case 'setGuardian': {
        if (from !== model.maker) return refused('NotMaker', id, from)
        const [, guardian] = call.args
        change({ guardian })
        return done('GuardianSet', { modelId: id, guardian, previous: model.guardian })
      }
      case 'proposeReleaseKey': {
        if (from !== model.maker) return refused('NotMaker', id, from)
        const [, key] = call.args
        if (key === zeroAddress || key === model.releaseKey) return refused('InvalidReleaseKey', key)
        const readyAt = block.timestamp + this.#delay
        change({ pendingReleaseKey: key, pendingReadyAt: readyAt })
        return done('ReleaseKeyProposed', { modelId: id, releaseKey: key, readyAt })
      }
      case 'acceptReleaseKey': {
        if (from !== model.pendingReleaseKey) return refused('NotPendingReleaseKey', id, from)
        if (block.timestamp < model.pendingReadyAt) return refused('RotationNotReady', model.pendingReadyAt)
        change({ releaseKey: from, pendingReleaseKey: zeroAddress, pendingReadyAt: 0 })
        return done('ReleaseKeyAccepted', { modelId: id, releaseKey: from, previous: model.releaseKey })
      }
      case 'cancelReleaseKey': {
        if (from !== model.maker) return refused('NotMaker', id, from)
        if (model.pendingReleaseKey === zeroAddress) return refused('NoRotation', id)
        change({ pendingReleaseKey: zeroAddress, pendingReadyAt: 0 })
        return done('ReleaseKeyCancelled', { modelId: id, releaseKey: model.pendingReleaseKey })
      }
      case 'publish':
        return this.#publish(from, call.args, block)
      case 'revoke': {
        const [, digest, reason] = call.args
        if (![model.maker, model.releaseKey, model.guardian].includes(from))
          return refused('NotRevoker', id, from)
        change({
          revocations: keccak256(
            encodeAbiParameters(
              [{ type: 'bytes32' }, { type: 'bytes32' }, { type: 'uint8' }],
              [model.revocations, digest, reason],
            ),
          ),
        })
        return done('Revoked', { modelId: id, digest, reason })
      }
      case 'attest': {
        const [, digest, approves, uri] = call.args
        if (model.maker === zeroAddress) return refused('UnknownModel', id)
        if (utf8Length(uri) > 512n) return refused('InvalidUriLength', utf8Length(uri))
        this.#attestations.set(`${id} ${digest} ${from}`, {
          verdict: approves ? 1 : 2,
          attestedAt: block.timestamp,
          blockNumber: block.number,
        })
        return done('Attested', { modelId: id, digest, auditor: from, approves, uri })
      }
    }
  }

  #create(maker: Address, args: readonly [string, string, Address, Address], block: BlockOf): Expected {
    const [name, hardware, releaseKey, guardian] = args
    for (const text of [name, hardware]) {
      const length = utf8Length(text)
      if (length < 1n || length > 64n) return refused('InvalidNameLength', length)
    }
    if (releaseKey === zeroAddress) return refused('InvalidReleaseKey', releaseKey)
    const modelId = modelIdOf({ maker, name, hardware })
    if (this.#models.has(modelId)) return refused('ModelExists', modelId)
    this.#models.set(modelId, {
      ...noModel,
      revocations: modelId,
      maker,
      createdBlock: block.number,
      releaseKey,
      guardian,
    })
    return done('ModelCreated', { modelId, maker, name, hardware, releaseKey, guardian })
  }

  #publish(from: Address, args: readonly [Hex, Hex, bigint, number, Hex], block: BlockOf): Expected {
    const [modelId, channel, version, minSecurityCounter, manifest] = args
    if (from !== this.modelOf(modelId).releaseKey) return refused('NotReleaseKey', modelId, from)
    const length = size(manifest)
    if (length < 1 || length > 4096) return refused('InvalidManifestLength', BigInt(length))
    const head = this.headOf(modelId, channel)
    if (head.seq > 0 && version <= head.version) return refused('VersionNotGreater', head.version, version)
    if (head.seq > 0 && minSecurityCounter < head.minSecurityCounter) {
      return refused('SecurityCounterLowered', head.minSecurityCounter, minSecurityCounter)
    }
    const seq = head.seq + 1
    const manifestHash = keccak256(manifest)
    this.#heads.set(`${modelId} ${channel}`, {
      manifestHash,
      version,
      seq,
      minSecurityCounter,
      updatedAt: block.timestamp,
      blockNumber: block.number,
    })
    return done('Released', { modelId, channel, seq, manifestHash, manifest })
  }
}
