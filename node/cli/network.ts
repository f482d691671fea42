// Which network a command works with: a network.json, from a file, a URL, or the last `npm start` on this machine.
import { existsSync, readFileSync } from 'node:fs'
import { type NetworkConfig, parseNetwork } from '../../src/core/network.ts'
import { type Failure, fail, ok, type Result } from '../../src/core/result.ts'
import type { RegistryLocation } from '../release/registry.ts'
import type { Input, Io, OptionSpec } from './command.ts'

export const networkOptions: Readonly<Record<string, OptionSpec>> = {
  network: {
    type: 'string',
    value: 'FILE|URL',
    help: 'a network.json; default: that of the last npm start on this machine',
  },
}

export async function loadNetwork(input: Input, io: Io): Promise<Result<NetworkConfig, Failure>> {
  const source = input.text('network') ?? io.home.network
  if (input.text('network') === undefined && !existsSync(source)) {
    return fail({
      kind: 'networkMissing',
      detail: 'No network is known. Run npm start first, or give one: --network FILE or URL.',
    })
  }
  let json: unknown
  try {
    json = /^https?:\/\//.test(source)
      ? await (await fetch(source, { signal: AbortSignal.timeout(15_000) })).json()
      : JSON.parse(readFileSync(source, 'utf8'))
  } catch (error) {
    return fail({
      kind: 'networkUnreadable',
      detail: `${source} can't be read: ${error instanceof Error ? error.message : String(error)}`,
    })
  }
  const parsed = parseNetwork(json)
  if (parsed.ok) return ok(parsed.value)
  return fail({ kind: parsed.error.kind, detail: `${source}: ${parsed.error.detail}` })
}

export const registryOf = (network: NetworkConfig): RegistryLocation => ({
  chainId: network.chain.id,
  registry: network.chain.registry,
  endpoints: network.chain.endpoints,
})

/** The one maker that network.json suggests for this model; undefined where none or several are. */
export function suggestedMaker(
  network: NetworkConfig,
  name: string | undefined,
  hardware: string | undefined,
): string | undefined {
  const makers = network.makers.filter(({ models }) =>
    models.some(model => model.name === name && model.hardware === hardware),
  )
  return makers.length === 1 ? makers[0]?.address : undefined
}
