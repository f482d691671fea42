// What the wallet knows of the network when it reads what is to be signed: contracts, tokens, and who was dealt with.
import type { Address } from '../../core/bytes.ts'
import type { NetworkConfig } from '../../core/network.ts'
import type { KnownContract, SigningContext } from '../../core/wallet/contracts.ts'
import type { Movement } from '../ports/walletChain.ts'
import type { PaymentRecord } from '../ports/walletStore.ts'
import type { WalletAbis } from '../ports.ts'

export function signingContextOf(facts: {
  readonly config: NetworkConfig
  readonly abis: WalletAbis
  readonly knownAddresses: readonly Address[]
  readonly isExpert: boolean
  readonly now: number
}): SigningContext {
  const { config, abis, knownAddresses, isExpert, now } = facts
  const { id, currency, tokens = [] } = config.chain
  return {
    chainId: id,
    coin: currency,
    contracts: knownContracts(config, abis),
    tokens: tokens.map(({ address, name, symbol, decimals, permit }) => ({
      chainId: id,
      address,
      name,
      symbol,
      decimals,
      ...(permit ? { permit } : {}),
    })),
    knownAddresses: [...new Set(knownAddresses)],
    isExpert,
    now,
  }
}

/** Those that the network names, as far as this app has their ABIs. */
function knownContracts({ chain }: NetworkConfig, abis: WalletAbis): readonly KnownContract[] {
  const { deviceRegistry, market, paymentChannels, anchors } = chain.contracts ?? {}
  const contract = (
    address: Address | undefined,
    name: string,
    role: KnownContract['role'],
    abi: KnownContract['abi'] | undefined,
  ): readonly KnownContract[] => (address && abi ? [{ chainId: chain.id, address, name, role, abi }] : [])
  return [
    ...contract(chain.registry, 'FirmwareRegistry', 'firmwareRegistry', abis.registry),
    ...contract(deviceRegistry, 'DeviceRegistry', 'deviceRegistry', abis.deviceRegistry),
    ...contract(market, 'Market', 'market', abis.market),
    ...contract(paymentChannels, 'PaymentChannels', 'paymentChannels', abis.paymentChannels),
    ...contract(anchors, 'Anchors', 'anchors', abis.anchors),
  ]
}

/**
 * Whom the person has paid. What came in proves nothing: dust from an address that looks like a known one is how it gets
 * into a list, and so does a token's event of nothing sent in one's own name.
 */
export function paidAddresses(
  payments: Iterable<PaymentRecord>,
  movements: Iterable<Movement>,
): readonly Address[] {
  const found: Address[] = []
  for (const { sentence, state } of payments) {
    const isPayment = sentence.kind === 'transfer' || sentence.kind === 'tokenTransfer'
    if (isPayment && state.kind === 'final' && state.succeeded) found.push(sentence.to.address)
  }
  for (const { direction, amount, succeeded, counterparty } of movements) {
    if (direction === 'out' && amount > 0n && succeeded && counterparty) found.push(counterparty)
  }
  return found
}
