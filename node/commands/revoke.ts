// fob revoke: withdraws an image for ever.
import type { Hex } from '../../src/core/bytes.ts'
import { formatVersion } from '../../src/core/mcuboot/version.ts'
import { imageDigest } from '../../src/core/registry/manifest.ts'
import { modelIdOf } from '../../src/core/registry/modelId.ts'
import type { ReleasedImage } from '../../src/core/registry/release.ts'
import { type Failure, fail, ok, type Result } from '../../src/core/result.ts'
import {
  type Command,
  failed,
  type Input,
  type Io,
  type Outcome,
  refused,
  table,
  usageError,
} from '../cli/command.ts'
import { keyHelp, keyOptions, loadKey } from '../cli/key.ts'
import { modelOptions, readModelOptions } from '../cli/model.ts'
import { loadNetwork, networkOptions, registryOf, suggestedMaker } from '../cli/network.ts'
import { parseReason, reasonNames, reasonText } from '../cli/reasons.ts'
import { readFileIfThere } from '../files.ts'
import { readImageFacts } from '../release/publish.ts'
import { type ListedRelease, openRegistry } from '../release/registry.ts'

export const revoke: Command = {
  usage: '--model NAME --hardware REVISION (--version VERSION | --file FILE | --image-hash HEX) [options]',
  description: `A revocation can't be taken back.
${keyHelp} It must be the model's maker, release key or guardian.`,
  positionals: [],
  options: {
    ...modelOptions,
    version: { type: 'string', value: 'VERSION', help: 'the published version to withdraw, as in 1.2.3' },
    file: { type: 'string', value: 'FILE', help: 'or the image itself' },
    'image-hash': { type: 'string', value: 'HEX', help: 'or MCUboot’s hash of it, published or not' },
    reason: {
      type: 'string',
      value: 'REASON',
      help: `${reasonNames.join(', ')}, or a number to 255; default: unspecified`,
    },
    ...keyOptions,
    ...networkOptions,
  },
  run: runRevoke,
}

async function runRevoke(input: Input, io: Io): Promise<Outcome> {
  const reason = parseReason(input.text('reason') ?? 'unspecified')
  if (reason === undefined) return usageError(`--reason is one of ${reasonNames.join(', ')}, or a number.`)
  const network = await loadNetwork(input, io)
  if (!network.ok) return failed(network.error.kind, network.error.detail ?? '')
  const account = await loadKey(input, io, 'guardian')
  if (!account.ok) return usageError(account.error.detail ?? '')
  const suggested = suggestedMaker(network.value, input.text('model'), input.text('hardware'))
  const named = readModelOptions(input, suggested ?? account.value.address)
  if (!named.ok) return usageError(named.error.detail ?? '')
  const { model, channel } = named.value

  const registry = openRegistry(registryOf(network.value))
  const modelId = modelIdOf(model)
  const { record } = await registry.read(modelId, channel)
  if (record === null)
    return refused('modelNotRegistered', `${model.name}, ${model.hardware} is not registered.`)
  const signer = account.value.address.toLowerCase()
  if (![record.maker, record.releaseKey, record.guardian].includes(signer as Hex)) {
    return refused(
      'notRevoker',
      `${signer} is neither the model's maker nor its release key nor its guardian.`,
    )
  }
  const releases = await registry.releases(modelId, channel, record.createdBlock)
  const chosen = await chooseImage(input, releases)
  if (!chosen.ok) return usageError(chosen.error.detail ?? '')
  const { imageHash, slotImages = [] } = chosen.value

  // Devices with a build for each slot name the build that they run: each of them is withdrawn as well.
  const digest = imageDigest(imageHash)
  const revocations = await registry.revocations(modelId, record.createdBlock)
  const isRevoked = (one: Hex) => revocations.some(revocation => revocation.digest === one)
  const digests = [digest, ...slotImages.map(imageDigest)].filter(one => !isRevoked(one))
  const [next, ...others] = digests
  if (next === undefined) return refused('alreadyRevoked', 'This image was revoked before.')
  const receipt = await registry.revoke(account.value, modelId, next, reason)
  for (const other of others) await registry.revoke(account.value, modelId, other, reason)
  return {
    ok: true,
    text: [
      'Revoked.',
      ...table([
        ['model', `${model.name}, ${model.hardware}`],
        ['MCUboot’s hash', imageHash],
        ...slotImages.map((hash, slot): [string, string] => [`build for slot ${slot}`, hash]),
        ['reason', reasonText(reason)],
        ['transaction', receipt.transaction],
        ['block', String(receipt.blockNumber)],
        ['gas', String(receipt.gasUsed)],
      ]),
    ].join('\n'),
    data: { modelId, imageHash, slotImages, digest, reason, revocation: receipt },
  }
}

async function chooseImage(
  input: Input,
  releases: readonly ListedRelease[],
): Promise<Result<ReleasedImage, Failure>> {
  const version = input.text('version')
  const file = input.text('file')
  const hash = input.text('image-hash')
  if ([version, file, hash].filter(given => given !== undefined).length !== 1) {
    return fail({ kind: 'usage', detail: 'Say which image: --version, --file or --image-hash.' })
  }
  if (hash !== undefined) {
    if (/^0x([0-9a-fA-F]{64}|[0-9a-fA-F]{96}|[0-9a-fA-F]{128})$/.test(hash))
      return ok({ imageHash: hash.toLowerCase() as Hex })
    return fail({ kind: 'usage', detail: '--image-hash takes 0x and 32, 48 or 64 bytes of hexadecimal.' })
  }
  if (file !== undefined) {
    const bytes = readFileIfThere(file)
    if (bytes === undefined) return fail({ kind: 'usage', detail: `There is no file ${file}.` })
    const facts = await readImageFacts(bytes)
    if (facts.ok) return facts
    return fail({ kind: 'usage', detail: `${file} is no signed firmware (${facts.error.kind}).` })
  }
  const found = releases.find(
    ({ manifest }) => manifest !== null && formatVersion(manifest.version) === version,
  )
  if (found?.manifest) return ok(found.manifest)
  return fail({ kind: 'usage', detail: `Version ${version} was not published in this channel.` })
}
