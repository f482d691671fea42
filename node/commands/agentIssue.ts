// fob agent code and issue: how the owner's app finds the box, and his word that it signs for a device, by his own key.
import encodeQR from 'qr'
import * as v from 'valibot'
import type { TypedDataDefinition } from 'viem'
import { fromHex, type Hex } from '../../src/core/bytes.ts'
import type { DeviceId } from '../../src/core/identity.ts'
import { type AgentIssuing, agentIssuingTypedData } from '../../src/core/wallet/agentIssuing.ts'
import { encodeBoxCode } from '../../src/core/wallet/keyCodes.ts'
import { type RunningAgent, reportTold } from '../agent/running.ts'
import { failed, type Input, type Io, type Outcome, refused, usageError } from '../cli/command.ts'
import { loadKey } from '../cli/key.ts'
import { parseAddress } from '../cli/model.ts'
import { loadNetwork } from '../cli/network.ts'

/** What the app scans, or takes as text. */
export function code(input: Input, running: RunningAgent): Outcome {
  const url = input.text('url') ?? running.url
  if (!/^https?:\/\/[^/?#@\s]+\/?$/.test(url)) return usageError('--url is where the agent is reached.')
  const text = encodeBoxCode(url)
  return { ok: true, text: `${encodeQR(text, 'term')}\n${text}`, data: { url, code: text } }
}

const stateSchema = v.object({
  key: v.pipe(
    v.string(),
    v.transform(text => fromHex(text) ?? new Uint8Array()),
    v.check(key => key.length === 64),
  ),
  version: v.number(),
})

/** Tells the agent, in the owner's name, whether it signs for the orders of a device. */
export async function issue(input: Input, io: Io, running: RunningAgent): Promise<Outcome> {
  const network = await loadNetwork(input, io)
  if (!network.ok) return failed(network.error.kind, network.error.detail ?? '')
  const { id: chainId, contracts } = network.value.chain
  if (contracts?.market === undefined) return failed('noMarket', 'This network has no Market.')
  const deviceId = readHash(input.text('device'))
  if (deviceId === undefined) return usageError('Say which device: --device ID')
  const offers = input.texts('offer').map(readHash)
  if (offers.includes(undefined)) return usageError('--offer takes the id of an offer.')
  const hours = Number(input.text('withdraw-hours') ?? 24)
  if (!Number.isInteger(hours) || hours < 0 || hours > 8_760)
    return usageError('--withdraw-hours takes a number of hours, 0 for never.')
  const key = await loadKey(input, io, 'maker')
  if (!key.ok) return usageError(key.error.detail ?? '')
  const owner = parseAddress(key.value.address)
  const answer = await fetch(`${running.url}/issuer/${deviceId}`)
  const state = v.safeParse(stateSchema, await answer.json())
  if (owner === undefined || !state.success) return refused('noMarket', 'This agent signs nothing.')
  const issuing: AgentIssuing = {
    owner,
    deviceId,
    key: state.output.key,
    version: Math.max(state.output.version + 1, Math.floor(Date.now() / 1000)),
    isOn: !input.isSet('off'),
    offers: offers.filter(each => each !== undefined),
    withdrawEvery: hours * 3_600,
  }
  const typed = agentIssuingTypedData({ chainId, market: contracts.market }, issuing)
  // Viem infers the message from literal types; core's typed data has none.
  const signature = await key.value.signTypedData(typed as unknown as TypedDataDefinition)
  const told = await running.tell(`/issuer/${deviceId}`, { ...issuing, key: toText(issuing.key), signature })
  const text = issuing.isOn
    ? `It signs for this device’s orders, once the device’s Config names the issuer key ${toText(issuing.key)}.`
    : 'It signs nothing more for this device.'
  return reportTold(told, text, { issuerKey: toText(issuing.key) })
}

const toText = (bytes: Uint8Array): Hex => `0x${Buffer.from(bytes).toString('hex')}`

function readHash(text: string | undefined): DeviceId | undefined {
  const lower = (text ?? '').toLowerCase()
  return /^0x[0-9a-f]{64}$/.test(lower) ? (lower as DeviceId) : undefined
}
