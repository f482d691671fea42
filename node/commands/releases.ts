// fob releases: what was published for a model, and what was withdrawn.
import { formatVersion } from '../../src/core/mcuboot/version.ts'
import { imageDigest } from '../../src/core/registry/manifest.ts'
import { modelIdOf } from '../../src/core/registry/modelId.ts'
import {
  type Command,
  failed,
  type Input,
  type Io,
  type Outcome,
  refused,
  usageError,
} from '../cli/command.ts'
import { modelOptions, readModelOptions } from '../cli/model.ts'
import { loadNetwork, networkOptions, registryOf, suggestedMaker } from '../cli/network.ts'
import { reasonText } from '../cli/reasons.ts'
import { openRegistry } from '../release/registry.ts'

export const releases: Command = {
  usage: '--model NAME --hardware REVISION [options]',
  description: `Newest first, as the endpoints report it; fob verify proves a file against the head.
Without --maker, the maker that network.json suggests for this model.`,
  positionals: [],
  options: { ...modelOptions, ...networkOptions },
  run: runReleases,
}

async function runReleases(input: Input, io: Io): Promise<Outcome> {
  const network = await loadNetwork(input, io)
  if (!network.ok) return failed(network.error.kind, network.error.detail ?? '')
  const suggested = suggestedMaker(network.value, input.text('model'), input.text('hardware'))
  const named = readModelOptions(input, suggested)
  if (!named.ok) return usageError(named.error.detail ?? '')
  const { model, channel } = named.value
  const registry = openRegistry(registryOf(network.value))
  const modelId = modelIdOf(model)
  const { record, head } = await registry.read(modelId, channel)
  if (record === null) {
    return refused(
      'modelNotRegistered',
      `${model.name}, ${model.hardware} of ${model.maker} is not registered.`,
    )
  }
  const [listed, revocations] = await Promise.all([
    registry.releases(modelId, channel, record.createdBlock),
    registry.revocations(modelId, record.createdBlock),
  ])
  const entries = listed.toReversed().map(({ manifest, ...release }) => {
    const digest = manifest === null ? null : imageDigest(manifest.imageHash)
    const revocation = revocations.find(entry => entry.digest === digest)
    const isHead = release.manifestHash === head?.manifestHash
    return { ...release, manifest, isHead, revoked: revocation?.reason ?? null }
  })
  const { createdBlock: _createdBlock, ...shown } = record
  return {
    ok: true,
    text: [
      `${model.name}, ${model.hardware} (${modelId})`,
      `maker ${record.maker}, release key ${record.releaseKey}`,
      ...(entries.length === 0 ? [`Nothing was published in ${channel}.`] : []),
      ...entries.flatMap(({ seq, manifest, isHead, revoked, blockNumber, transaction }) => {
        const version = manifest === null ? 'unreadable manifest' : formatVersion(manifest.version)
        const marks = [isHead ? 'head' : '', revoked === null ? '' : `REVOKED: ${reasonText(revoked)}`]
        return [
          '',
          [`${version}`, `release ${seq}`, ...marks].filter(part => part !== '').join(' · '),
          ...(manifest === null ? [] : [`  CID ${manifest.cid}`, `  MCUboot’s hash ${manifest.imageHash}`]),
          ...(manifest === null || manifest.notes === '' ? [] : [`  ${manifest.notes}`]),
          `  block ${blockNumber}, transaction ${transaction}`,
        ]
      }),
    ].join('\n'),
    data: { modelId, model, channel, record: shown, head, releases: entries },
  }
}
