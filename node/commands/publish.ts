// fob publish: adds a firmware file to IPFS and writes its release to the registry.
import { createHash, createPublicKey } from 'node:crypto'
import { basename } from 'node:path'
import { type Address, type Hex, toHex } from '../../src/core/bytes.ts'
import { formatVersion } from '../../src/core/mcuboot/version.ts'
import type { Model } from '../../src/core/registry/model.ts'
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
import { modelOptions, parseAddress, readModelOptions } from '../cli/model.ts'
import { loadNetwork, networkOptions, registryOf } from '../cli/network.ts'
import { readFileIfThere } from '../files.ts'
import { type AddFile, type Published, type PublishFailure, publishRelease } from '../release/publish.ts'
import { openRegistry } from '../release/registry.ts'
import { findRunningSeed } from '../seed/control.ts'
import { firmwareCid } from '../seed/firmwareFile.ts'
import { addToKubo } from '../seed/kubo.ts'

const secondsPerDay = 86_400
const defaultValidDays = 180

export const publish: Command = {
  usage: 'FILE --model NAME --hardware REVISION [options]',
  description: `FILE is a signed MCUboot image, a package of Nordic’s Secure DFU (.zip), or an application of Espressif’s (.bin);
its version, hashes, security counter and key hash are read from it.
The file is added to the seed that runs on this machine (npm start or fob seed), or to a Kubo node.
${keyHelp} It must be the model's release key.`,
  positionals: ['FILE'],
  options: {
    ...modelOptions,
    notes: { type: 'string', value: 'TEXT', help: 'what people read about this release' },
    'valid-days': {
      type: 'string',
      value: 'DAYS',
      help: `devices’ apps stop calling it the newest after that; default: ${defaultValidDays}`,
    },
    'min-security-counter': {
      type: 'string',
      value: 'N',
      help: 'from now on no device may go below this counter; default: as before',
    },
    'image-key': {
      type: 'string',
      value: 'FILE',
      help: 'public key (PEM) that the image is signed with, for packages that do not name it',
    },
    peer: {
      type: 'string',
      multiple: true,
      value: 'MULTIADDR',
      help: 'a peer that has the file, written into the release; may be repeated',
    },
    'create-model': {
      type: 'boolean',
      help: 'register the model first if it is not; the key becomes its maker and release key',
    },
    guardian: {
      type: 'string',
      value: 'ADDRESS',
      help: 'with --create-model: an account that may revoke and nothing else',
    },
    kubo: {
      type: 'string',
      value: 'URL',
      help: 'add the file to this Kubo node through its RPC, as in http://127.0.0.1:5001; FOB_KUBO_AUTHORIZATION is sent as its Authorization header',
    },
    'no-add': { type: 'boolean', help: 'do not add the file anywhere: it is on IPFS already' },
    ...keyOptions,
    ...networkOptions,
  },
  run: runPublish,
}

async function runPublish(input: Input, io: Io): Promise<Outcome> {
  const file = input.positionals[0] ?? ''
  const bytes = readFileIfThere(file)
  if (bytes === undefined) return usageError(`There is no file ${file}.`)
  const settings = readSettings(input)
  if (!settings.ok) return usageError(settings.error.detail ?? '')
  const network = await loadNetwork(input, io)
  if (!network.ok) return failed(network.error.kind, network.error.detail ?? '')
  const account = await loadKey(input, io, 'release')
  if (!account.ok) return usageError(account.error.detail ?? '')
  // Only the demo maker keeps two keys; another maker's release key works for a maker given by address.
  const maker = input.isSet('demo-key') ? await loadKey(input, io, 'maker') : account
  if (!maker.ok) return usageError(maker.error.detail ?? '')
  const named = readModelOptions(input, maker.value.address)
  if (!named.ok) return usageError(named.error.detail ?? '')
  const addFile = await chooseAdder(input, io)
  if (!addFile.ok) return failed(addFile.error.kind, addFile.error.detail ?? '')

  const releaseKey = account.value.address.toLowerCase() as Address
  const { guardian, ...rest } = settings.value
  const result = await publishRelease(
    openRegistry(registryOf(network.value)),
    account.value,
    addFile.value,
    {
      bytes,
      fileName: basename(file),
      ...named.value,
      ...rest,
      createModel: input.isSet('create-model') ? { releaseKey, guardian } : null,
    },
    maker.value,
  )
  return result.ok ? report(result.value, named.value.channel) : explain(result.error, named.value.model)
}

interface Settings {
  readonly notes: string
  readonly validUntil: number
  readonly minSecurityCounter?: number
  readonly imageKey?: Hex
  readonly peers: readonly string[]
  readonly guardian: Address | null
}

function readSettings(input: Input): Result<Settings, Failure> {
  const days = Number(input.text('valid-days') ?? defaultValidDays)
  if (!Number.isInteger(days) || days < 1 || days > 3650) {
    return fail({ kind: 'usage', detail: '--valid-days takes a number from 1 to 3650.' })
  }
  const minimum = Number(input.text('min-security-counter') ?? 0)
  if (!Number.isInteger(minimum) || minimum < 0 || minimum > 0xffffffff) {
    return fail({ kind: 'usage', detail: '--min-security-counter takes a number.' })
  }
  const guardianText = input.text('guardian')
  const guardian = guardianText === undefined ? null : parseAddress(guardianText)
  if (guardian === undefined) {
    return fail({ kind: 'usage', detail: `--guardian is no address: ${guardianText}` })
  }
  const imageKey = readImageKey(input.text('image-key'))
  if (!imageKey.ok) return imageKey
  return ok({
    notes: input.text('notes') ?? '',
    ...(imageKey.value === undefined ? {} : { imageKey: imageKey.value }),
    validUntil: Math.floor(Date.now() / 1000) + days * secondsPerDay,
    ...(input.text('min-security-counter') === undefined ? {} : { minSecurityCounter: minimum }),
    peers: input.texts('peer'),
    guardian,
  })
}

/** SHA-256 of the key's DER SubjectPublicKeyInfo. */
function readImageKey(file: string | undefined): Result<Hex | undefined, Failure> {
  if (file === undefined) return ok(undefined)
  const pem = readFileIfThere(file)
  if (pem === undefined) return fail({ kind: 'usage', detail: `There is no file ${file}.` })
  try {
    const key = createPublicKey(Buffer.from(pem)).export({ type: 'spki', format: 'der' })
    return ok(toHex(createHash('sha256').update(key).digest()))
  } catch {
    return fail({ kind: 'usage', detail: `${file} is no key in PEM.` })
  }
}

async function chooseAdder(input: Input, io: Io): Promise<Result<AddFile, Failure>> {
  const kubo = input.text('kubo')
  if (input.isSet('no-add')) return ok(async (_name, bytes) => ok((await firmwareCid(bytes)).toString()))
  if (kubo !== undefined) {
    const authorization = io.env.FOB_KUBO_AUTHORIZATION
    const options = { url: kubo, ...(authorization === undefined ? {} : { authorization }) }
    return ok((name, bytes) => addToKubo(options, name, bytes))
  }
  const seed = await findRunningSeed(io.home.seed)
  if (seed === undefined) {
    return fail({
      kind: 'noSeed',
      detail:
        'No seed is running on this machine. Run npm start or fob seed, or use --kubo URL, or --no-add if the file is on IPFS already.',
    })
  }
  return ok(async (_name, bytes) => ok(await seed.add(bytes)))
}

function report(
  { modelId, manifest, manifestHash, seq, release, created }: Published,
  channel: string,
): Outcome {
  const rows: (readonly [string, string])[] = [
    ['model', `${manifest.model}, ${manifest.hardware}`],
    ['model id', modelId],
    ['channel', `${channel}, release ${seq}`],
    ['version', formatVersion(manifest.version)],
    ['security counter', String(manifest.securityCounter)],
    ['CID', manifest.cid],
    ['size', `${manifest.size} bytes`],
    ['SHA-256 of the file', manifest.fileHash],
    ['hash of the image', manifest.imageHash],
    ...(manifest.slotImages ?? []).map((hash, slot): [string, string] => [`build for slot ${slot}`, hash]),
    ['signing key’s hash', manifest.keyHash],
    ['manifest hash', manifestHash],
    ['valid until', new Date(manifest.validUntil * 1000).toISOString().slice(0, 10)],
    ...(created === null
      ? []
      : ([['model registered', `${created.transaction} (${created.gasUsed} gas)`]] as const)),
    ['transaction', release.transaction],
    ['block', String(release.blockNumber)],
    ['gas', String(release.gasUsed)],
  ]
  return {
    ok: true,
    text: ['Released.', ...table(rows)].join('\n'),
    data: { modelId, channel, seq, manifest, manifestHash, release, created },
  }
}

function explain(error: PublishFailure, model: Model): Outcome {
  const detail = 'detail' in error ? error.detail : ''
  switch (error.kind) {
    case 'malformedImage':
      return refused(error.kind, `The file is no intact firmware (${detail}).`)
    case 'unsigned':
      return refused(
        error.kind,
        'The image is not signed. Sign it (imgtool sign --key, nrfutil), then publish.',
      )
    case 'signerUnclear':
      return refused(error.kind, 'The package does not name its signing key: say --image-key FILE.')
    case 'signerDiffers':
      return refused(error.kind, 'The package is not signed with the key in --image-key.')
    case 'modelNotRegistered':
      return refused(
        error.kind,
        `${model.name}, ${model.hardware} of ${model.maker} is not registered. Check the spelling, or register it: --create-model`,
      )
    case 'notMaker':
    case 'notReleaseKey':
      return refused(error.kind, `This key may not do that: ${detail}.`)
    case 'versionNotGreater':
      return refused(error.kind, `A release must be newer than the one before: ${detail}.`)
    case 'securityCounterLowered':
      return refused(error.kind, `The security counter may not go down: ${detail}.`)
    case 'revoked':
      return refused(error.kind, 'This very image was revoked. Build a new one.')
    case 'manifestRefused':
      return usageError(`The release can't be written: ${detail}.`)
    case 'cidDiffers':
      return failed(
        error.kind,
        `The node made another CID of the file, so nobody would find it: ${detail}. Nothing was published.`,
      )
    case 'addFailed':
      return failed(error.kind, `The file could not be added: ${detail}. Nothing was published.`)
  }
}
