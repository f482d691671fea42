// fob verify: is this file the release that the registry names now?
import { formatVersion } from '../../src/core/mcuboot/version.ts'
import { modelIdOf } from '../../src/core/registry/modelId.ts'
import { isRevoked } from '../../src/core/registry/policy.ts'
import type { Manifest } from '../../src/core/registry/release.ts'
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
import { modelOptions, readModelOptions } from '../cli/model.ts'
import { loadNetwork, networkOptions, registryOf, suggestedMaker } from '../cli/network.ts'
import { readFileIfThere } from '../files.ts'
import { readProvenReading } from '../release/provenReading.ts'
import { type ReadFacts, readImageFacts } from '../release/publish.ts'
import { openRegistry } from '../release/registry.ts'

export const verify: Command = {
  usage: 'FILE --model NAME --hardware REVISION [options]',
  description: `Succeeds only if the file is the newest release of the channel, byte for byte, not revoked and not expired, proven by the
chain's state at a block on which enough independent endpoints agree. Exit code 3 otherwise, with the reason.
Without --maker, the maker that network.json suggests for this model.`,
  positionals: ['FILE'],
  options: { ...modelOptions, ...networkOptions },
  run: runVerify,
}

async function runVerify(input: Input, io: Io): Promise<Outcome> {
  const file = input.positionals[0] ?? ''
  const bytes = readFileIfThere(file)
  if (bytes === undefined) return usageError(`There is no file ${file}.`)
  const network = await loadNetwork(input, io)
  if (!network.ok) return failed(network.error.kind, network.error.detail ?? '')
  const suggested = suggestedMaker(network.value, input.text('model'), input.text('hardware'))
  const named = readModelOptions(input, suggested)
  if (!named.ok) return usageError(named.error.detail ?? '')
  const { model, channel } = named.value
  const facts = await readImageFacts(bytes)
  if (!facts.ok) {
    const detail = 'detail' in facts.error ? ` (${facts.error.detail})` : ''
    return refused(facts.error.kind, `${file} is no intact, signed firmware${detail}.`)
  }

  const location = registryOf(network.value)
  const modelId = modelIdOf(model)
  const now = Math.floor(Date.now() / 1000)
  const { minAgreeing, maxAgeSeconds } = network.value.chain
  const read = await readProvenReading(location, modelId, channel, { minAgreeing, maxAgeSeconds, now })
  if (!read.ok && read.error.kind === 'manifestMissing') {
    return refused('manifestMissing', 'No endpoint hands out the manifest that the registry names.')
  }
  if (!read.ok) return refused('unproven', `The registry's state can't be proven: ${read.error.detail}.`)
  const { record, manifest: newest, revocations, evidence } = read.value
  if (record === null)
    return refused('modelNotRegistered', `${model.name}, ${model.hardware} is not registered.`)
  if (newest === null) return refused('noRelease', `Nothing was published in ${channel}.`)

  if (isRevoked(facts.value.imageHash, revocations)) return refused('revoked', 'This image was revoked.')
  const difference = differenceOf(facts.value, newest)
  if (difference !== null) {
    const releases = await openRegistry(location).releases(modelId, channel, 0n)
    const other = releases.find(({ manifest }) => manifest?.fileHash === facts.value.fileHash)
    return other === undefined
      ? refused(
          'notTheRelease',
          `This is not release ${formatVersion(newest.version)}: its ${difference} differs from the manifest's.`,
        )
      : refused(
          'notNewest',
          `This is release ${formatVersion(facts.value.version)}; the newest is ${formatVersion(newest.version)}.`,
        )
  }
  if (now > newest.validUntil) {
    return refused(
      'expiredHead',
      'This is the newest release, but its time has run out: the maker must renew it.',
    )
  }
  const { block } = evidence
  const agreed = evidence.endpoints.filter(({ verdict }) => verdict === 'agreed').length
  const age = Math.max(0, now - block.timestamp)
  return {
    ok: true,
    text: [
      `${file} is the newest release of ${model.name}, ${model.hardware}.`,
      ...table([
        ['version', formatVersion(newest.version)],
        ['CID', newest.cid],
        ['MCUboot’s hash', newest.imageHash],
        [
          'proven',
          `${agreed} of ${location.endpoints.length} endpoints, block ${block.number}, ${age} s old`,
        ],
      ]),
    ].join('\n'),
    data: {
      modelId,
      channel,
      manifest: newest,
      proof: { block: block.number, hash: block.hash, ageSeconds: age, endpoints: agreed },
    },
  }
}

/** The first field in which file and manifest differ; null where they are the same. */
function differenceOf(facts: ReadFacts, manifest: Manifest): string | null {
  if (facts.size !== manifest.size) return 'size'
  if (facts.fileHash !== manifest.fileHash) return 'SHA-256'
  if (facts.imageHash !== manifest.imageHash) return 'image hash'
  if (facts.cid !== manifest.cid) return 'CID'
  if (!facts.keyHashes.includes(manifest.keyHash)) return 'signing key'
  if (facts.securityCounter !== manifest.securityCounter) return 'security counter'
  return formatVersion(facts.version) === formatVersion(manifest.version) ? null : 'version'
}
