// PaymentChannels on the chain: what channels hold by proof, and who opened them by events whose terms hash to the id.
import { keccak_256 } from '@noble/hashes/sha3.js'
import { paymentChannelsLayout as layout } from '../../../../contracts/generated/PaymentChannels.ts'
import type { ChannelChain } from '../../../app/ports/channelChain.ts'
import { type Address, type Hex, toHex, utf8 } from '../../../core/bytes.ts'
import { addressWord, mappingSlot, memberOf, slotHex } from '../../../core/proof/slot.ts'
import { readStorage } from '../../../core/proof/storage.ts'
import { Verdicts } from '../../../core/proof/verdicts.ts'
import { abiDecode } from '../../../core/registry/abi.ts'
import { fail, ok } from '../../../core/result.ts'
import { type ChannelTerms, channelIdOf } from '../../../core/voucher/channel.ts'
import { NOBODY } from '../../../core/wallet/contracts.ts'
import { type Log, readLogs } from '../logs.ts'
import { askAll, failureOf, quantityOf, refusedByAll } from '../wallet/ask.ts'
import { ChainWorld, type WalletChainOptions, type WalletChainSettings } from '../wallet/world.ts'

export interface ChannelChainSettings extends WalletChainSettings {
  readonly paymentChannels: Address
}

const OPENED = toHex(
  keccak_256(utf8('Opened(bytes32,address,address,address,address,uint32,uint64,uint256)')),
)

export function createChannelChain(
  settings: ChannelChainSettings,
  options: WalletChainOptions,
): ChannelChain {
  const world = new ChainWorld(settings, options)
  const { paymentChannels } = settings
  const { deposit, claimed, exitAt } = layout.channels.value.members

  return {
    async read(channelIds, account) {
      const newest = await world.newest()
      if (!newest.ok) return newest
      const { header, endpoints } = newest.value
      const verdicts = new Verdicts(endpoints)
      const keptSlot = slotHex(
        mappingSlot(
          addressWord(NOBODY),
          mappingSlot(addressWord(account ?? NOBODY), BigInt(layout.balances.slot)),
        ),
      )
      const slotOf = (id: Hex) => slotHex(mappingSlot(id, BigInt(layout.channels.slot)))
      const slots = [...new Set([...channelIds.map(slotOf), keptSlot])]
      const storage = await readStorage(world.endpoints, paymentChannels, slots, header, verdicts)
      if (!storage.ok) return fail(failureOf(verdicts))
      const { words, isProven } = storage.value
      const at = (slot: Hex) => words.get(slot) ?? 0n
      return ok({
        channels: new Map(
          channelIds.map(id => {
            const word = at(slotOf(id))
            return [
              id,
              {
                deposit: memberOf(word, deposit.offset, deposit.bytes),
                claimed: memberOf(word, claimed.offset, claimed.bytes),
                exitAt: Number(memberOf(word, exitAt.offset, exitAt.bytes)),
              },
            ]
          }),
        ),
        kept: account === null ? 0n : at(keptSlot),
        evidence: world.evidence(newest.value, isProven, verdicts),
      })
    },
    async openedBy(payer) {
      const asked = await askAll(world.endpoints, world.chainId, async endpoint => {
        const head = await endpoint.call('eth_blockNumber', [])
        if (!head.ok) return head
        const toBlock = quantityOf(head.value)
        if (toBlock === undefined) return ok(undefined)
        return readLogs(endpoint, {
          address: paymentChannels,
          topics: [OPENED, null, addressWord(payer)],
          fromBlock: 0,
          toBlock: Number(toBlock),
        })
      })
      if (!asked.ok) return asked
      if (asked.value.answers.length === 0) return fail(refusedByAll(asked.value))
      const found = new Map<Hex, ChannelTerms>()
      for (const { value } of asked.value.answers) {
        for (const log of value) {
          const terms = termsIn(log)
          if (terms) found.set(channelIdOf(terms), terms)
        }
      }
      return ok([...found.values()])
    },
  }
}

/** undefined for other events, and for one whose terms are not those of the id that it names. */
function termsIn({ topics, data }: Log): ChannelTerms | undefined {
  const [topic, channelId, payer, payee] = topics
  const values = abiDecode(['address', 'address', 'uint', 'uint', 'uint'], data)
  if (topic !== OPENED || !payer || !payee || !values) return undefined
  const [signer, token, exitDelay, nonce] = values
  if (exitDelay >= 1n << 32n || nonce >= 1n << 64n) return undefined
  const terms: ChannelTerms = {
    payer: `0x${payer.slice(-40)}`,
    payee: `0x${payee.slice(-40)}`,
    signer,
    token: token === NOBODY ? null : token,
    exitDelay: Number(exitDelay),
    nonce,
  }
  return channelIdOf(terms) === channelId ? terms : undefined
}
