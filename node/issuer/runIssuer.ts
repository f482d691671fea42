// The issuer as a part of an agent: opened from its directory, and looking at the chain until it is stopped.
import { join } from 'node:path'
import type { Address } from '../../src/core/bytes.ts'
import type { DeviceId } from '../../src/core/identity.ts'
import type { NetworkConfig } from '../../src/core/network.ts'
import { type Failure, ok, type Result } from '../../src/core/result.ts'
import { writeFileDurably } from '../files.ts'
import { createRateLimit } from '../jsonHttp.ts'
import type { IssuerService } from './answerIssuer.ts'
import { type GasWallet, openGasWallet } from './gasWallet.ts'
import { createIssuer, type Issuer } from './issuer.ts'
import { openIssuerKeys } from './issuerKeys.ts'
import { openIssuerStore, type WriteFile } from './store.ts'

export interface IssuerSettings {
  /** Signs for devices of anybody; otherwise for those that were added to the agent, and those of `owners`. */
  readonly isOpen: boolean
  readonly owners: readonly Address[]
  /** Seconds before an order's deadline in which no grant is released. */
  readonly lastSeconds: number
  /** Wei for gas within any 24 hours. */
  readonly gasPerDay: bigint
  /** Between two looks at the chain. */
  readonly everyMs: number
  /** Before endpoints that did not suffice are asked once more for an owner who waits. */
  readonly askAgainMs: number
  /** Instead of the network's: its own way to the chain. */
  readonly endpoints?: readonly string[]
}

export const usualIssuerSettings: IssuerSettings = {
  isOpen: false,
  owners: [],
  lastSeconds: 1_800,
  gasPerDay: 50_000_000_000_000_000n,
  everyMs: 4_000,
  askAgainMs: 1_500,
}

export interface OpenIssuerOptions {
  /** Its own. */
  readonly directory: string
  readonly network: NetworkConfig
  readonly passphrase: string
  readonly keyCost?: { readonly n: number }
  readonly settings: IssuerSettings
  readonly isOwn: (deviceId: DeviceId, owner: Address) => boolean
  readonly isStopped: () => boolean
  readonly now: () => number
  readonly write?: WriteFile
}

export interface RunIssuerOptions extends OpenIssuerOptions {
  readonly log: (line: string) => void
}

export interface OpenedIssuer {
  readonly issuer: Issuer
  readonly gas: GasWallet
  readonly service: IssuerService
}

export interface RunningIssuer extends OpenedIssuer {
  /** Ends when what it was doing is done. */
  stop(): Promise<void>
}

const limits = { perSecond: 20, burst: 100 }

/**
 * null where the network has no Market or DeviceRegistry. Fails where the key can't be opened; throws where what it had
 * signed can't be read.
 */
export async function openIssuer(options: OpenIssuerOptions): Promise<Result<OpenedIssuer | null, Failure>> {
  const { directory, network, passphrase, keyCost, settings, isOwn, isStopped, now } = options
  const { id: chainId, contracts, minAgreeing, maxAgeSeconds } = network.chain
  const { market, deviceRegistry } = contracts ?? {}
  if (market === undefined || deviceRegistry === undefined) return ok(null)
  const endpoints = settings.endpoints ?? network.chain.endpoints
  const domain = { chainId, market }
  const keys = await openIssuerKeys({ directory, domain, passphrase, ...(keyCost && { keyCost }) })
  if (!keys.ok) return keys
  const write = options.write ?? writeFileDurably
  const gas = openGasWallet({
    file: join(directory, 'gas.json'),
    write,
    account: keys.value.gas,
    chainId,
    endpoints,
    perDay: settings.gasPerDay,
    now,
  })
  const issuer = createIssuer({
    chainId,
    endpoints,
    contracts: { market, deviceRegistry },
    rule: { minAgreeing, maxAgeSeconds },
    keys: keys.value,
    gas,
    store: openIssuerStore(directory, write),
    isOpen: settings.isOpen,
    isOwn: (deviceId, owner) => settings.owners.includes(owner) || isOwn(deviceId, owner),
    isStopped,
    lastSeconds: settings.lastSeconds,
    askAgainMs: settings.askAgainMs,
    now,
  })

  const { isOpen, lastSeconds } = settings
  const mayAsk = createRateLimit(limits.perSecond, limits.burst)
  return ok({
    issuer,
    gas,
    service: { issuer, deviceRegistry, isOpen, lastSeconds, isStopped, mayAsk },
  })
}

/** The same, and it looks at the chain until it is stopped. */
export async function runIssuer(options: RunIssuerOptions): Promise<Result<RunningIssuer | null, Failure>> {
  const opened = await openIssuer(options)
  if (!opened.ok || opened.value === null) return opened.ok ? ok(null) : opened
  const { issuer } = opened.value
  const { settings, log } = options
  let isEnding = false
  let last = ''
  let timer: NodeJS.Timeout | undefined
  const look = async () => {
    const outcome = await issuer.pass().catch((error: unknown) => {
      // A disk that is full, say: it is tried again, and nothing was sent that is not put down.
      return { ok: false, error: { kind: 'issuerFailed', detail: String(error) } } as const
    })
    const said = outcome.ok ? '' : `${outcome.error.kind}: ${outcome.error.detail ?? ''}`
    // Once, not at every look: an endpoint that is down is down for a while.
    if (said !== '' && said.split(':', 1)[0] !== last.split(':', 1)[0])
      log(`No orders are looked at: ${said}`)
    last = said
    if (!isEnding) timer = setTimeout(run, settings.everyMs)
  }
  let looking: Promise<void> = Promise.resolve()
  const run = () => {
    looking = look()
  }
  run()
  return ok({
    ...opened.value,
    async stop() {
      isEnding = true
      clearTimeout(timer)
      await looking
    },
  })
}
