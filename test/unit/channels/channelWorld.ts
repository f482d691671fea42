// A browser's channels over real stores and keys, with a chain that says what the test wants, and a seller in memory.
import 'fake-indexeddb/auto'
import type { ChannelsInside } from '../../../src/app/channels/createChannels.ts'
import { createChannels } from '../../../src/app/channels/createChannels.ts'
import { Observable } from '../../../src/app/observable.ts'
import type { ChannelChain } from '../../../src/app/ports/channelChain.ts'
import type { BlockTrade, Held } from '../../../src/app/ports/firmware.ts'
import type { Proposal, ProposeFailure } from '../../../src/app/wallet/wallet.ts'
import { type Address, type Bytes, type Hex, toHex } from '../../../src/core/bytes.ts'
import { hashTypedData, type TypedData } from '../../../src/core/eip712.ts'
import { parseNetwork } from '../../../src/core/network.ts'
import type { Evidence } from '../../../src/core/registry/evidence.ts'
import { type Failure, fail, ok, type Result } from '../../../src/core/result.ts'
import type { PaidPeer } from '../../../src/core/voucher/buyBlocks.ts'
import { type ChannelTerms, signByKey } from '../../../src/core/voucher/channel.ts'
import type { ServeOffer } from '../../../src/core/voucher/serveMessage.ts'
import { type ChannelOnChain, paidBlocksOf } from '../../../src/core/voucher/standing.ts'
import { openKeyStore } from '../../../src/io/keys/keyDatabase.ts'
import { createSessionKeys } from '../../../src/io/keys/sessionKeys.ts'
import { createChannelStores } from '../../../src/io/store/channelStores.ts'
import { memoryPlatform } from '../../fixtures/memoryPorts.ts'
import { accountOf, domain, keyOf } from '../voucher/people.ts'

const parsed = parseNetwork({
  version: 1,
  name: 'Test',
  chain: {
    id: domain.chainId,
    name: 'Test chain',
    registry: accountOf('registry'),
    endpoints: ['http://one.example', 'http://two.example'],
    minAgreeing: 2,
    maxAgeSeconds: 120,
    currency: { symbol: 'ETH', decimals: 18 },
    contracts: { paymentChannels: domain.paymentChannels },
  },
  peers: [],
  gateways: [],
  makers: [],
})
if (!parsed.ok) throw new Error(parsed.error.detail)
const config = parsed.value

const evidence = (level: Evidence['level']): Evidence => {
  const of = {
    block: { number: 7, hash: `0x${'ab'.repeat(32)}` as const, timestamp: 1_800_000_000 },
    endpoints: [],
    verifiedAt: 1_800_000_001,
  }
  return level === 'proven' ? { level, ...of } : { level: 'unproven', reason: 'noProofs', ...of }
}

/** What several tabs, and lives, of one browser share; and the chain. */
export class BrowserOfPayer {
  readonly name: string
  readonly locks = new Set<string>()
  readonly onChain = new Map<Hex, ChannelOnChain>()
  /** What the chain's events tell of, by whomever. */
  opened: readonly ChannelTerms[] = []
  readonly values = new Map<string, unknown>()
  readonly calls: { readonly to: string; readonly value: bigint; readonly data: Hex }[] = []
  /** What the wallet was asked to put into words, and to sign. */
  readonly statements: TypedData[] = []
  level: Evidence['level'] = 'proven'
  offers: readonly ServeOffer[] = []
  /** Where each tab lets go of what it has open. */
  readonly ends: (() => void)[] = []

  constructor(name: string) {
    this.name = name
  }

  /** Name of the account that signs statements. */
  signer = 'seller'

  /** Whoever is looked for as a payee; nobody is there until the test says so. */
  meet: <T>(
    payee: Address,
    talk: (peer: PaidPeer, held: Held) => Promise<Result<T, Failure>>,
  ) => Promise<Result<T, Failure>> = async payee => fail({ kind: 'payeeNotThere', detail: payee })

  /** Seconds that have passed besides. */
  later = 0

  get platform() {
    const platform = memoryPlatform(this.locks)
    return { ...platform, unixNow: () => platform.unixNow() + this.later }
  }

  async tab(account = accountOf('payer')): Promise<ChannelsInside> {
    const stores = createChannelStores({ onProblem: () => {}, name: this.name })
    const keyStore = openKeyStore(`${this.name}-keys`)
    this.ends.push(
      () => stores.close(),
      () => keyStore.close(),
    )
    const random = (length: number): Bytes => crypto.getRandomValues(new Uint8Array(length))
    const chain: ChannelChain = {
      read: async ids =>
        ok({
          channels: new Map(
            ids.map(id => [id, this.onChain.get(id) ?? { deposit: 0n, claimed: 0n, exitAt: 0 }]),
          ),
          kept: 0n,
          evidence: evidence(this.level),
        }),
      openedBy: async payer => ok(this.opened.filter(terms => terms.payer === payer)),
    }
    const trade: BlockTrade = {
      findSellers: async () => this.offers,
      meetPayee: async (request, talk) => this.meet(request.payee, talk),
      missingBlocks: async ({ size }) => paidBlocksOf(size),
      buyWith: () => {},
      sell: () => {},
    }
    const propose = async (write: {
      readonly to: string
      readonly value: bigint
      readonly data: Hex
    }): Promise<Result<Proposal, ProposeFailure>> => {
      this.calls.push(write)
      return ok({ id: String(this.calls.length) } as Proposal)
    }
    const wallet = {
      owner: new Observable({ kind: 'vault', address: account, walletName: null, isThere: true }),
      payments: new Observable([]),
      propose,
      confirm: async ({ id }: Proposal) => ok({ id }),
      knowChannels: () => {},
      proposeStatement: async (typedData: TypedData) => {
        this.statements.push(typedData)
        return ok({ id: `statement ${this.statements.length}` } as Proposal)
      },
      confirmStatement: async ({ id }: Proposal) => {
        const typedData = this.statements[Number(id.split(' ')[1]) - 1]
        if (!typedData) throw new Error('it was never proposed')
        return ok(toHex(signByKey(hashTypedData(typedData), keyOf(this.signer))))
      },
    }
    const unasked = async () => Promise.reject(new Error('not in this test'))
    return createChannels({
      platform: this.platform,
      config: () => config,
      stores,
      sessionKeys: createSessionKeys(keyStore, crypto.subtle, random),
      // As much of it as channels use.
      wallet: wallet as unknown as Parameters<typeof createChannels>[0]['wallet'],
      chain: async () => chain,
      walletChain: unasked,
      firmware: async () => trade,
      page: { isHidden: () => false, onVisibilityChange: () => () => {} },
      values: {
        get: async <T>(key: string) => this.values.get(key) as T | undefined,
        put: async (key, value) => void this.values.set(key, value),
      },
    })
  }
}
