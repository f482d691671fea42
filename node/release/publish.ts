// Publishes one firmware file: read the image, add it to IPFS, write the release. The CLI and the demo both do it here.
import { createHash } from 'node:crypto'
import type { LocalAccount } from 'viem'
import { type Address, type Hex, toHex } from '../../src/core/bytes.ts'
import { type FirmwarePackageError, readFirmware, slotImagesOf } from '../../src/core/firmware/package.ts'
import { compareVersions, formatVersion } from '../../src/core/mcuboot/version.ts'
import {
  encodeManifest,
  imageDigest,
  manifestHash,
  manifestProblem,
} from '../../src/core/registry/manifest.ts'
import type { Model, ModelId } from '../../src/core/registry/model.ts'
import { modelIdOf } from '../../src/core/registry/modelId.ts'
import type { Manifest } from '../../src/core/registry/release.ts'
import { type Failure, fail, ok, type Result } from '../../src/core/result.ts'
import { firmwareCid } from '../seed/firmwareFile.ts'
import type { ModelState, Receipt, Registry } from './registry.ts'

/** Stores the file where peers find it; returns the CID that the store computed. */
export type AddFile = (name: string, bytes: Uint8Array) => Promise<Result<string, Failure>>

export interface PublishRequest {
  readonly bytes: Uint8Array
  readonly fileName: string
  readonly model: Model
  /** As `channelId` takes it. */
  readonly channel: string
  readonly notes: string
  /** Unix time in seconds. */
  readonly validUntil: number
  /** Multiaddrs written into the manifest; may be empty where the network's peers have the file. */
  readonly peers: readonly string[]
  /** SHA-256 of the signing key's DER SubjectPublicKeyInfo; needed where the file does not name it. */
  readonly imageKey?: Hex
  /** undefined keeps the head's. */
  readonly minSecurityCounter?: number
  /** Registers the model if it is not: the account becomes its maker. */
  readonly createModel: { readonly releaseKey: Address; readonly guardian: Address | null } | null
}

export interface Published {
  readonly modelId: ModelId
  readonly manifest: Manifest
  readonly manifestHash: Hex
  readonly seq: number
  readonly release: Receipt
  /** null where the model was there before. */
  readonly created: Receipt | null
}

export type PublishFailure =
  | { readonly kind: 'malformedImage'; readonly detail: string; readonly error: FirmwarePackageError }
  | { readonly kind: 'unsigned' }
  /** More than one key can have signed the package, and none was named. */
  | { readonly kind: 'signerUnclear' }
  /** Not signed with the key that was named. */
  | { readonly kind: 'signerDiffers' }
  | { readonly kind: 'modelNotRegistered'; readonly detail: ModelId }
  | { readonly kind: 'notMaker'; readonly detail: string }
  | { readonly kind: 'notReleaseKey'; readonly detail: string }
  | { readonly kind: 'versionNotGreater'; readonly detail: string }
  | { readonly kind: 'securityCounterLowered'; readonly detail: string }
  | { readonly kind: 'revoked' }
  | { readonly kind: 'cidDiffers'; readonly detail: string }
  | { readonly kind: 'manifestRefused'; readonly detail: string }
  | { readonly kind: 'addFailed'; readonly detail: string }

/** Everything that a manifest says of the file itself. */
type ImageFacts = Pick<
  Manifest,
  'version' | 'securityCounter' | 'cid' | 'size' | 'fileHash' | 'imageHash' | 'slotImages' | 'keyHash'
>

export interface ReadFacts extends ImageFacts {
  /** Each key that can have signed it; `keyHash` is the first. */
  readonly keyHashes: readonly Hex[]
}

/** Reads a firmware file of any form that a driver of the app takes. */
export async function readImageFacts(
  bytes: Uint8Array,
): Promise<Result<ReadFacts, Extract<PublishFailure, { kind: 'malformedImage' | 'unsigned' }>>> {
  const parsed = readFirmware(Uint8Array.from(bytes))
  if (!parsed.ok) {
    const { error } = parsed
    return fail({ kind: 'malformedImage', detail: `${error.kind}: ${error.detail ?? ''}`, error })
  }
  const image = parsed.value
  const slotImages = slotImagesOf(image)
  // Espressif's updater takes what nobody signed; the registry then says so.
  const mayBeUnsigned = image.format === 'espOta' && !image.isSigned
  const keyHashes = mayBeUnsigned ? [toHex(new Uint8Array(32))] : image.keyHashes.map(toHex)
  const [keyHash] = keyHashes
  if (keyHash === undefined || (!image.isSigned && !mayBeUnsigned)) return fail({ kind: 'unsigned' })
  return ok({
    version: image.version,
    securityCounter: image.securityCounter,
    cid: (await firmwareCid(bytes)).toString(),
    size: bytes.length,
    fileHash: `0x${createHash('sha256').update(bytes).digest('hex')}`,
    imageHash: toHex(image.imageHash),
    ...(slotImages ? { slotImages } : {}),
    keyHash,
    keyHashes,
  })
}

/** A package of Nordic's names no key, and two fit each signature: which of them it is, only the maker knows. */
function withSigner(
  { keyHashes, ...facts }: ReadFacts,
  imageKey: Hex | undefined,
): Result<ImageFacts, PublishFailure> {
  if (imageKey === undefined) return keyHashes.length === 1 ? ok(facts) : fail({ kind: 'signerUnclear' })
  return keyHashes.includes(imageKey) ? ok({ ...facts, keyHash: imageKey }) : fail({ kind: 'signerDiffers' })
}

/**
 * Checks everything that the registry or a device would refuse before anything is written. `account` signs for the
 * release key, and for the maker where the model is to be created.
 */
export async function publishRelease(
  registry: Registry,
  account: LocalAccount,
  addFile: AddFile,
  request: PublishRequest,
  makerAccount: LocalAccount = account,
): Promise<Result<Published, PublishFailure>> {
  const read = await readImageFacts(request.bytes)
  if (!read.ok) return read
  const facts = withSigner(read.value, request.imageKey)
  if (!facts.ok) return facts
  const { model, channel } = request
  const modelId = modelIdOf(model)
  const state = await registry.read(modelId, channel)
  const minSecurityCounter = request.minSecurityCounter ?? state.head?.minSecurityCounter ?? 0
  const refusal =
    (await refuse(registry, account, makerAccount, request, facts.value, state, modelId)) ??
    refuseCounter(facts.value, state, minSecurityCounter)
  if (refusal !== null) return fail(refusal)

  const manifest: Manifest = {
    model: model.name,
    hardware: model.hardware,
    ...facts.value,
    validUntil: request.validUntil,
    notes: request.notes,
    peers: request.peers,
  }
  const problem = manifestProblem(manifest)
  if (problem !== null) return fail({ kind: 'manifestRefused', detail: problem })

  const added = await addFile(request.fileName, request.bytes)
  if (!added.ok) {
    const { kind, detail } = added.error
    return fail({ kind: 'addFailed', detail: detail === undefined ? kind : `${kind}: ${detail}` })
  }
  if (added.value !== manifest.cid) {
    return fail({ kind: 'cidDiffers', detail: `expected ${manifest.cid}, the node says ${added.value}` })
  }

  let created: Receipt | null = null
  if (state.record === null && request.createModel !== null) {
    created = await registry.createModel(makerAccount, { ...model, ...request.createModel })
  }
  const encoded = encodeManifest(manifest)
  const release = await registry.publish(account, {
    modelId,
    channel,
    version: manifest.version,
    minSecurityCounter,
    manifest: encoded,
  })
  return ok({
    modelId,
    manifest,
    manifestHash: manifestHash(encoded),
    seq: (state.head?.seq ?? 0) + 1,
    release,
    created,
  })
}

async function refuse(
  registry: Registry,
  account: LocalAccount,
  makerAccount: LocalAccount,
  request: PublishRequest,
  facts: ImageFacts,
  { record, head }: ModelState,
  modelId: ModelId,
): Promise<PublishFailure | null> {
  const signer = account.address.toLowerCase()
  if (record === null) {
    if (request.createModel === null) return { kind: 'modelNotRegistered', detail: modelId }
    if (makerAccount.address.toLowerCase() !== request.model.maker) {
      return {
        kind: 'notMaker',
        detail: `the key is ${makerAccount.address.toLowerCase()}, the maker ${request.model.maker}`,
      }
    }
  }
  const releaseKey = record?.releaseKey ?? request.createModel?.releaseKey
  if (releaseKey !== signer) {
    return { kind: 'notReleaseKey', detail: `the key is ${signer}, the release key ${String(releaseKey)}` }
  }
  if (head !== null && compareVersions(facts.version, head.version) <= 0) {
    return {
      kind: 'versionNotGreater',
      detail: `the head is ${formatVersion(head.version)}, the file ${formatVersion(facts.version)}`,
    }
  }
  if (record !== null) {
    const digest = imageDigest(facts.imageHash)
    const revocations = await registry.revocations(modelId, record.createdBlock)
    if (revocations.some(revocation => revocation.digest === digest)) return { kind: 'revoked' }
  }
  return null
}

function refuseCounter(facts: ImageFacts, { head }: ModelState, minimum: number): PublishFailure | null {
  if (minimum < (head?.minSecurityCounter ?? 0)) {
    return {
      kind: 'securityCounterLowered',
      detail: `the head demands at least ${head?.minSecurityCounter}, asked for ${minimum}`,
    }
  }
  if (facts.securityCounter < minimum) {
    return {
      kind: 'securityCounterLowered',
      detail: `the image's counter is ${facts.securityCounter}, the minimum ${minimum}`,
    }
  }
  return null
}
