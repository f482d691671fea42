// The owner's agent: the device accounts on this box, and the switch that stops all of them.
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { DeviceId } from '../../src/core/identity.ts'
import { type Failure, ok, type Result } from '../../src/core/result.ts'
import type { ChannelDomain } from '../../src/core/voucher/channel.ts'
import type { ReadChannel } from '../../src/core/voucher/payeeLedger.ts'
import { readJsonIfThere, writeFileDurably } from '../files.ts'
import { type AccountNames, type AgentAccount, createAccount, openAccount } from './account.ts'
import { steadyClock } from './steadyClock.ts'

export interface Agent {
  accounts(): readonly AgentAccount[]
  account(deviceId: DeviceId): AgentAccount | undefined
  /** Makes a session key for a device account, once; again, it hands back what is there. */
  add(names: AccountNames): Promise<Result<AgentAccount, Failure>>
  isStopped(): boolean
  /** Nothing is paid from here on, also after a restart. */
  halt(): void
  resume(): void
  /** Unix seconds, of a clock that never falls. */
  readonly now: () => number
}

export interface AgentOptions {
  readonly directory: string
  readonly domain: ChannelDomain
  readonly read: ReadChannel
  readonly passphrase: string
  /** Of new key files' scrypt; the usual one where left out. */
  readonly keyCost?: { readonly n: number }
  readonly wall?: () => number
}

/** Fails where an account's files can't be read, or the passphrase does not open its key: it is not left out in silence. */
export async function openAgent(options: AgentOptions): Promise<Result<Agent, Failure>> {
  const { directory, domain, read, passphrase, keyCost, wall } = options
  const accountsDirectory = join(directory, 'accounts')
  const stopFile = join(directory, 'stopped')
  mkdirSync(accountsDirectory, { recursive: true, mode: 0o700 })
  const clockFile = join(directory, 'clock.json')
  const seen = readJsonIfThere(clockFile)
  const clock = steadyClock(typeof seen === 'number' && Number.isSafeInteger(seen) ? seen : 0, wall)
  let written = 0
  const now = () => {
    const at = clock()
    // Every payment writes its time as well; this is for a box that is off for a while.
    if (at - written >= 600) {
      written = at
      writeFileDurably(clockFile, `${at}\n`)
    }
    return at
  }
  let isStopped = existsSync(stopFile)
  const shared = { domain, read, passphrase, now, isStopped: () => isStopped }
  const accounts = new Map<DeviceId, AgentAccount>()
  for (const name of readdirSync(accountsDirectory)) {
    const opened = await openAccount({ ...shared, directory: join(accountsDirectory, name) })
    if (!opened.ok) return opened
    accounts.set(opened.value.deviceId, opened.value)
  }
  return ok({
    now,
    accounts: () => [...accounts.values()],
    account: deviceId => accounts.get(deviceId),
    async add(names) {
      const known = accounts.get(names.deviceId)
      if (known !== undefined) return ok(known)
      const place = { directory: join(accountsDirectory, names.deviceId.slice(2)), passphrase }
      await createAccount(place, names, keyCost)
      const opened = await openAccount({ ...shared, ...place })
      if (opened.ok) accounts.set(names.deviceId, opened.value)
      return opened
    },
    isStopped: () => isStopped,
    halt() {
      isStopped = true
      writeFileDurably(stopFile, '')
    },
    resume() {
      rmSync(stopFile, { force: true })
      isStopped = false
    },
  })
}
