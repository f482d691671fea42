// fob holders: who else has a file, before a maker switches his seed off.
import type { CID } from 'multiformats/cid'
import { parseFileCid } from '../../src/core/ipfs/block.ts'
import { formatVersion } from '../../src/core/mcuboot/version.ts'
import type { NetworkConfig } from '../../src/core/network.ts'
import { modelIdOf } from '../../src/core/registry/modelId.ts'
import { type Failure, fail, ok, type Result } from '../../src/core/result.ts'
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
import { askHolders, type Holder } from '../holders/askHolders.ts'
import type { SampleFailure } from '../holders/sampleFile.ts'
import { openRegistry } from '../release/registry.ts'
import { startVisitor } from '../seed/visitor.ts'

const LEAVES = 3

export const holders: Command = {
  usage: '(--model NAME --hardware REVISION | --cid CID) [options]',
  description: `Asks who has a file at this moment: the peers and gateways that network.json names, and whoever its relays know to hold it, phones among
them. Each is asked for the file's root and for ${LEAVES} of its other blocks, chosen by chance, and what comes is compared with the CIDs. Whoever sells is
not paid, and counts as one who says that he has it. Of a model it is the file of its newest release.
A maker's server may be switched off once enough of those have it that network.json does not name: with --at-least the command fails until then.
Phones come and go, and are met at a relay: one has to go on running.`,
  positionals: [],
  options: {
    cid: { type: 'string', value: 'CID', help: 'the file, instead of a model' },
    'at-least': {
      type: 'string',
      value: 'N',
      help: 'exit code 3 where fewer than N of those that were found give it',
    },
    ...modelOptions,
    ...networkOptions,
  },
  run: runHolders,
}

interface File {
  readonly root: CID
  readonly title: string
}

async function runHolders(input: Input, io: Io): Promise<Outcome> {
  const atLeast = input.text('at-least')
  const fewest = Number(atLeast ?? 0)
  if (!Number.isSafeInteger(fewest) || fewest < 0 || atLeast === '')
    return usageError('--at-least takes a whole number.')
  const network = await loadNetwork(input, io)
  if (!network.ok) return failed(network.error.kind, network.error.detail ?? '')
  const file = await fileAskedFor(input, network.value)
  if (!file.ok) {
    const { kind, detail = '' } = file.error
    return kind === 'usage' ? usageError(detail) : refused(kind, detail)
  }
  const libp2p = await startVisitor(io.print)
  try {
    const { root, title } = file.value
    const asked = await askHolders(libp2p, network.value, root, LEAVES)
    const giving = asked.filter(({ isNamed, answer }) => !isNamed && answer.ok).length
    const text = [title, '', ...described(asked), '', summary(asked)].join('\n')
    const data = { cid: root.toString(), givers: giving, holders: asked.map(told) }
    return giving >= fewest
      ? { ok: true, text, data }
      : { ...refused('tooFewHolders', `${text}\nThat is fewer than ${fewest}.`), data }
  } finally {
    await libp2p.stop()
  }
}

/** `kind`: usage, modelNotRegistered, nothingPublished or manifestUnreadable. */
async function fileAskedFor(input: Input, network: NetworkConfig): Promise<Result<File, Failure>> {
  const text = input.text('cid')
  if (text !== undefined) {
    const root = parseFileCid(text)
    return root.ok
      ? ok({ root: root.value, title: text })
      : fail({ kind: 'usage', detail: `${text} is no CID of a file.` })
  }
  const named = readModelOptions(input, suggestedMaker(network, input.text('model'), input.text('hardware')))
  if (!named.ok) {
    const isNothing = input.text('model') === undefined && input.text('hardware') === undefined
    return isNothing
      ? fail({ kind: 'usage', detail: 'Say which file: --model NAME --hardware REVISION, or --cid CID' })
      : named
  }
  const { model, channel } = named.value
  const registry = openRegistry(registryOf(network))
  const modelId = modelIdOf(model)
  const { record, head } = await registry.read(modelId, channel)
  const name = `${model.name}, ${model.hardware}`
  if (record === null)
    return fail({ kind: 'modelNotRegistered', detail: `${name} of ${model.maker} is not registered.` })
  const listed = await registry.releases(modelId, channel, record.createdBlock)
  const release = listed.find(({ manifestHash }) => manifestHash === head?.manifestHash)
  if (!release) return fail({ kind: 'nothingPublished', detail: `Nothing was published in ${channel}.` })
  const root = release.manifest && parseFileCid(release.manifest.cid)
  if (!release.manifest || !root?.ok)
    return fail({ kind: 'manifestUnreadable', detail: `Release ${release.seq} can't be read.` })
  const { version, cid } = release.manifest
  return ok({ root: root.value, title: `${name}, ${formatVersion(version)}\n${cid}` })
}

function described(asked: readonly Holder[]): readonly string[] {
  return [true, false].flatMap(isNamed => {
    const lines = asked.filter(holder => holder.isNamed === isNamed).map(line)
    const heading = isNamed ? 'Named in network.json:' : 'Found through relays:'
    return [heading, ...(lines.length === 0 ? ['  nobody'] : lines)]
  })
}

const line = ({ name, answer }: Holder): string =>
  `  ${name}  ${answer.ok ? given(answer.value) : reason(answer.error)}`

const given = (blocks: number): string =>
  blocks === 1 ? 'gave the file, which is one block' : `gave ${blocks} blocks, each of them right`

function reason({ kind, detail }: SampleFailure): string {
  switch (kind) {
    case 'lacksBlock':
      return detail
    case 'sells':
      return `says that it has it, and sells it: ${detail}, in the smallest unit`
    case 'unreachable':
      return `not reached (${detail})`
    case 'otherProtocol':
      return 'does not speak /fob/serve/1.0.0, and was not asked'
    case 'wrongBytes':
      return `gave bytes that are not the file’s (${detail})`
  }
}

function summary(asked: readonly Holder[]): string {
  const found = asked.filter(({ isNamed }) => !isNamed)
  const giving = found.filter(({ answer }) => answer.ok).length
  const selling = found.filter(({ answer }) => !answer.ok && answer.error.kind === 'sells').length
  const sellers =
    selling === 0 ? '' : `, ${selling} more ${selling === 1 ? 'says' : 'say'} so, and would sell it`
  const who =
    giving === 1
      ? '1 peer that network.json does not name has'
      : `${giving} peers that network.json does not name have`
  return `${who} it at this moment${sellers}.`
}

const told = ({ name, isNamed, answer }: Holder) => ({
  name,
  isNamed,
  ...(answer.ok
    ? { gives: true, blocks: answer.value }
    : { gives: false, reason: answer.error.kind, detail: answer.error.detail }),
})
