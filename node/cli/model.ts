// The model that a command is about: maker, name, hardware revision, and the channel.
import type { Address } from '../../src/core/bytes.ts'
import { channelId } from '../../src/core/registry/channel.ts'
import type { Model } from '../../src/core/registry/model.ts'
import { type Failure, fail, ok, type Result } from '../../src/core/result.ts'
import type { Input, OptionSpec } from './command.ts'

export const modelOptions: Readonly<Record<string, OptionSpec>> = {
  model: { type: 'string', value: 'NAME', help: 'the model’s name, as in "Fob Lock One"' },
  hardware: { type: 'string', value: 'REVISION', help: 'its hardware revision, as in "rev B"' },
  maker: { type: 'string', value: 'ADDRESS', help: 'the account that registered the model' },
  channel: { type: 'string', value: 'NAME', help: 'release channel; default: stable' },
}

/** `address` in lower case; undefined where `text` is none. */
export function parseAddress(text: string): Address | undefined {
  return /^0x[0-9a-fA-F]{40}$/.test(text) ? (text.toLowerCase() as Address) : undefined
}

/** `defaultMaker` is used where none was given. */
export function readModelOptions(
  input: Input,
  defaultMaker: string | undefined,
): Result<{ readonly model: Model; readonly channel: string }, Failure> {
  const name = input.text('model')
  const hardware = input.text('hardware')
  const channel = input.text('channel') ?? 'stable'
  if (name === undefined || hardware === undefined) {
    return fail({ kind: 'usage', detail: 'Say which model: --model NAME --hardware REVISION' })
  }
  if (!isChannel(channel)) {
    return fail({ kind: 'usage', detail: '--channel takes 1 to 31 bytes of text.' })
  }
  const text = input.text('maker') ?? defaultMaker
  if (text === undefined) return fail({ kind: 'usage', detail: 'Say whose model: --maker ADDRESS' })
  const maker = parseAddress(text)
  if (maker === undefined) return fail({ kind: 'usage', detail: `--maker is no address: ${text}` })
  return ok({ model: { maker, name, hardware }, channel })
}

function isChannel(text: string): boolean {
  try {
    channelId(text)
    return true
  } catch {
    return false
  }
}
