// What a device of `fob device` is when it is new: a demo model of the network, or a model of one's own.
import { createPublicKey } from 'node:crypto'
import { type Hex, toHex } from '../../src/core/bytes.ts'
import { formatClaimCode } from '../../src/core/lock/claimCode.ts'
import { decodeImagePublicKey } from '../../src/core/mcuboot/publicKey.ts'
import type { NetworkConfig } from '../../src/core/network.ts'
import type { Model } from '../../src/core/registry/model.ts'
import { type Failure, fail, ok, type Result } from '../../src/core/result.ts'
import type { Input, Io, OptionSpec } from '../cli/command.ts'
import { modelOptions, readModelOptions } from '../cli/model.ts'
import { loadNetwork, suggestedMaker } from '../cli/network.ts'
import { describeError } from '../describeError.ts'
import { type BoardKind, makeBoard } from '../device/board.ts'
import { readFileIfThere, readJsonIfThere } from '../files.ts'

const { channel: _, ...ownModelOptions } = modelOptions

export const newDeviceOptions: Readonly<Record<string, OptionSpec>> = {
  firmware: {
    type: 'string',
    value: 'FILE',
    help: 'the MCUboot image of a new device; default: that of the network’s demo devices',
  },
  'image-key': {
    type: 'string',
    multiple: true,
    value: 'FILE',
    help: 'PEM public key whose images a new device of your own boots, as imgtool getpub -e pem writes it',
  },
  ...ownModelOptions,
}

/** Makes the device in `directory`, and prints its claim code. */
export async function makeNewDevice(
  kind: BoardKind,
  directory: string,
  input: Input,
  io: Io,
): Promise<Result<null, Failure>> {
  const network = await loadNetwork(input, io)
  if (!network.ok) return network
  const { chain } = network.value
  const born = input.text('model') === undefined ? demoOf(kind, network.value) : ownOf(input, network.value)
  if (!born.ok) return born
  const { model, trustedKeys, imageUrl } = born.value
  const image = await readImage(imageUrl, input, io)
  if (!image.ok) return image
  const { id: chainId, registry } = chain
  const made = makeBoard(directory, { kind, model, chainId, registry, trustedKeys, image: image.value })
  if (!made.ok) {
    return fail({ kind: made.error.kind, detail: `This image would not start: ${made.error.detail}` })
  }
  io.print(`A new ${model.name} was made in ${directory}.`)
  io.print(`Its claim code: ${formatClaimCode(made.value)}`)
  io.print('Whoever has the code can pair the device. Write it down: it is kept nowhere.')
  return ok(null)
}

interface Born {
  readonly model: Model
  readonly trustedKeys: readonly Hex[]
  /** null: it must be given as a file. */
  readonly imageUrl: string | null
}

function demoOf(kind: BoardKind, { demo }: NetworkConfig): Result<Born, Failure> {
  const found = demo?.models.find(each => each.kind === kind)
  if (!demo || !found) {
    const detail = `The network names no demo device of kind ${kind}: say what it is with --model and the options beside it.`
    return fail({ kind: 'noDemoModel', detail })
  }
  const { name, hardware, image } = found
  const trustedKeys = demo.trustedKeys.map(text => toHex(Buffer.from(text.slice(2), 'hex')))
  return ok({ model: { maker: demo.maker, name, hardware }, trustedKeys, imageUrl: image })
}

function ownOf(input: Input, network: NetworkConfig): Result<Born, Failure> {
  const maker = suggestedMaker(network, input.text('model'), input.text('hardware'))
  const named = readModelOptions(input, maker)
  if (!named.ok) return named
  const trustedKeys: Hex[] = []
  for (const file of input.texts('image-key')) {
    const key = readImageKey(file)
    if (key === undefined)
      return fail({ kind: 'imageKeyUnreadable', detail: `${file} is no public key of an image.` })
    trustedKeys.push(key)
  }
  if (trustedKeys.length === 0 || input.text('firmware') === undefined) {
    return fail({ kind: 'usage', detail: 'A model of your own needs --firmware and --image-key.' })
  }
  return ok({ model: named.value.model, trustedKeys, imageUrl: null })
}

/** DER of a public key from a PEM file, as `imgtool getpub` and openssl write them; undefined for anything else. */
function readImageKey(file: string): Hex | undefined {
  const pem = readFileIfThere(file)
  if (pem === undefined) return undefined
  try {
    const der = createPublicKey(pem).export({ type: 'spki', format: 'der' })
    return decodeImagePublicKey(der) === undefined ? undefined : toHex(der)
  } catch {
    // Node.js throws for what is no key.
    return undefined
  }
}

/** `url` may be relative to where network.json is, or to where the app of the last npm start is. */
async function readImage(url: string | null, input: Input, io: Io): Promise<Result<Uint8Array, Failure>> {
  const file = input.text('firmware')
  const bytes = file && readFileIfThere(file)
  if (bytes) return ok(bytes)
  if (file) return fail({ kind: 'firmwareMissing', detail: `There is no file ${file}.` })
  const network = input.text('network') ?? runningUrl(io) ?? ''
  const at = URL.parse(url ?? '', /^https?:/.test(network) ? network : undefined)
  if (at === null) {
    return fail({
      kind: 'firmwareMissing',
      detail: `${url} is relative: give --network as a URL, or the firmware as a file: --firmware`,
    })
  }
  try {
    const response = await fetch(at, { signal: AbortSignal.timeout(30_000) })
    if (!response.ok) return fail({ kind: 'firmwareMissing', detail: `${at} answers ${response.status}.` })
    return ok(await response.bytes())
  } catch (error) {
    return fail({ kind: 'firmwareMissing', detail: `${at} can't be read: ${describeError(error)}` })
  }
}

function runningUrl(io: Io): string | undefined {
  const running = readJsonIfThere(io.home.running)
  const url: unknown =
    typeof running === 'object' && running !== null ? Reflect.get(running, 'url') : undefined
  return typeof url === 'string' ? `${url.replace(/\/$/, '')}/` : undefined
}
