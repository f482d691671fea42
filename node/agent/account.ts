// One device account on the owner's box: a session key of its own, the owner's rules, the channels that fund it, the log.
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import { privateKeyToAddress } from 'viem/accounts'
import { type Address, fromHex, toHex } from '../../src/core/bytes.ts'
import type { DeviceId } from '../../src/core/identity.ts'
import { type Failure, fail, ok, type Result } from '../../src/core/result.ts'
import { type ChannelDomain, type ChannelTerms, channelIdOf } from '../../src/core/voucher/channel.ts'
import type { ReadChannel } from '../../src/core/voucher/payeeLedger.ts'
import type { PayerPurse } from '../../src/core/voucher/payerPurse.ts'
import { termsSchema, termsToStore } from '../../src/core/voucher/storedTerms.ts'
import {
  type AgentRules,
  type AgentRulesRefusal,
  checkAgentRules,
  readSignedAgentRules,
} from '../../src/core/wallet/agentRules.ts'
import { type AccountRules, noRules } from '../../src/core/wallet/rules.ts'
import { openPurse } from '../channels/payerPurse.ts'
import { readJsonIfThere, writeFileDurably } from '../files.ts'
import { decryptKeystore, encryptKeystore } from '../keys/keystore.ts'
import { openSpending, type Spending } from './spending.ts'

export interface AccountNames {
  readonly deviceId: DeviceId
  /** Whose rules are obeyed. */
  readonly owner: Address
  /** The device account, whose own key is never here. */
  readonly account: Address
}

export interface AgentAccount extends AccountNames {
  /** Of the session key, which was made here: what channels name as signer, and rules as agent. */
  readonly agent: Address
  readonly spending: Spending
  /** Of the owner; none, and version 0, before he has sent any. */
  rules(): { readonly version: number; readonly rules: AccountRules }
  takeRules(json: unknown): Result<AgentRules, AgentRulesRefusal>
  /** Takes a channel that this account's owner or the account itself has opened for the session key. */
  addChannel(json: unknown): Promise<Result<ChannelTerms, Failure>>
  channels(): readonly ChannelTerms[]
  /** The channel to pay somebody by: fails with `noChannel` where none was opened. */
  purseFor(payee: Address, token: Address | null): Promise<Result<PayerPurse, Failure>>
  /** Of a channel that is to end, also where the exit has begun: fails with `channelUnknown` where it is none of these. */
  purseToEnd(channelId: string): Promise<Result<PayerPurse, Failure>>
}

export interface AccountOptions {
  /** The account's own. */
  readonly directory: string
  readonly domain: ChannelDomain
  readonly read: ReadChannel
  readonly passphrase: string
  readonly isStopped: () => boolean
  /** Unix seconds, of a clock that never falls. */
  readonly now: () => number
}

const namesSchema = v.object({
  deviceId: v.pipe(v.string(), v.regex(/^0x[0-9a-f]{64}$/)),
  owner: v.pipe(v.string(), v.regex(/^0x[0-9a-f]{40}$/)),
  account: v.pipe(v.string(), v.regex(/^0x[0-9a-f]{40}$/)),
})

/** Checks names that came from outside: lower-case hexadecimal, nothing else. */
export function readNames(json: unknown): AccountNames | undefined {
  const parsed = v.safeParse(namesSchema, json)
  return parsed.success ? (parsed.output as AccountNames) : undefined
}

/** Makes the session key and writes the account's files; what is there already stays. `cost`: of the key file's scrypt. */
export async function createAccount(
  { directory, passphrase }: Pick<AccountOptions, 'directory' | 'passphrase'>,
  { deviceId, owner, account }: AccountNames,
  cost?: { readonly n: number },
): Promise<void> {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const keyFile = join(directory, 'key.json')
  if (!existsSync(keyFile)) {
    const keystore = await encryptKeystore(newKey(), passphrase, cost)
    writeFileDurably(keyFile, `${JSON.stringify(keystore, null, 2)}\n`, 0o600)
  }
  // Last: an account that is half made is made again.
  writeFileDurably(
    join(directory, 'account.json'),
    `${JSON.stringify({ deviceId, owner, account })}\n`,
    0o600,
  )
}

/** Fails with accountUnreadable, wrongPassphrase, rulesMalformed or spendingUnreadable: nothing is paid then. */
export async function openAccount(options: AccountOptions): Promise<Result<AgentAccount, Failure>> {
  const { directory, domain, read, isStopped, now } = options
  const names = readNames(readJsonIfThere(join(directory, 'account.json')))
  if (names === undefined) return fail({ kind: 'accountUnreadable', detail: directory })
  const key = await decryptKeystore(readJsonIfThere(join(directory, 'key.json')), options.passphrase)
  if (!key.ok) return key
  const secretKey = fromHex(key.value) ?? new Uint8Array()
  const agent = lower(privateKeyToAddress(key.value))

  const rulesFile = join(directory, 'rules.json')
  let held: AgentRules | null = null
  const judge = (json: unknown): Result<AgentRules, AgentRulesRefusal> => {
    const signed = readSignedAgentRules(json)
    return signed.ok
      ? checkAgentRules(domain, signed.value, { ...names, agent, version: held?.version ?? 0 })
      : signed
  }
  const storedRules = readJsonIfThere(rulesFile)
  if (storedRules !== undefined) {
    // Checked again: a file that somebody has changed is not what the owner has signed.
    const judged = judge(storedRules)
    if (!judged.ok) return judged
    held = judged.value
  }
  const rules = () => ({ version: held?.version ?? 0, rules: held?.rules ?? noRules })

  const spending = openSpending({
    file: join(directory, 'spending.json'),
    rules: () => rules().rules,
    isStopped,
    now,
  })
  if (!spending.ok) return spending

  const channelDirectory = join(directory, 'channels')
  mkdirSync(channelDirectory, { recursive: true, mode: 0o700 })
  const channels: ChannelTerms[] = readdirSync(channelDirectory).flatMap(name => {
    const parsed = v.safeParse(termsSchema, readJsonIfThere(join(channelDirectory, name)))
    return parsed.success ? [parsed.output] : []
  })
  const purses = new Map<string, Promise<Result<PayerPurse, Failure>>>()
  const purseOf = (terms: ChannelTerms, isEnding = false) =>
    openPurse({ directory: join(directory, 'purses'), domain, terms, secretKey, read, isEnding })

  return ok({
    ...names,
    agent,
    spending: spending.value,
    rules,
    takeRules(json) {
      const judged = judge(json)
      if (!judged.ok) return judged
      writeFileDurably(rulesFile, `${JSON.stringify(json)}\n`, 0o600)
      held = judged.value
      return judged
    },
    async addChannel(json) {
      const parsed = v.safeParse(termsSchema, json)
      if (!parsed.success) return fail({ kind: 'channelMalformed', detail: parsed.issues[0].message })
      const terms = parsed.output
      if (terms.signer !== agent) return fail({ kind: 'channelNotForUs', detail: `signer ${terms.signer}` })
      if (terms.payer !== names.owner && terms.payer !== names.account) {
        return fail({ kind: 'channelNotForUs', detail: `payer ${terms.payer}` })
      }
      const opened = await purseOf(terms)
      if (!opened.ok) return opened
      const id = channelIdOf(terms)
      writeFileDurably(
        join(channelDirectory, `${id}.json`),
        `${JSON.stringify(termsToStore(terms))}\n`,
        0o600,
      )
      if (!channels.some(each => channelIdOf(each) === id)) channels.push(terms)
      return ok(terms)
    },
    channels: () => channels,
    async purseFor(payee, token) {
      const fitting = channels.filter(terms => terms.payee === payee && terms.token === token)
      let last: Failure = { kind: 'noChannel', detail: payee }
      for (const terms of fitting) {
        const id = channelIdOf(terms)
        // One purse per channel: two of them would sign the same total twice.
        const opening = purses.get(id) ?? purseOf(terms)
        purses.set(id, opening)
        const purse = await opening
        if (purse.ok && purse.value.left() > 0n) return purse
        // Topped up or reopened: the chain is asked again the next time.
        purses.delete(id)
        last = purse.ok ? { kind: 'depositExhausted', detail: id } : purse.error
      }
      return fail(last)
    },
    async purseToEnd(channelId) {
      const terms = channels.find(each => channelIdOf(each) === channelId)
      if (!terms) return fail({ kind: 'channelUnknown', detail: channelId })
      // The one that signs, where there is one.
      return (await purses.get(channelId)) ?? purseOf(terms, true)
    },
  })
}

const lower = (address: string) => address.toLowerCase() as Address

/** A number from 1 below the curve's order: the first is as good as certain, and is tried again where it is not. */
function newKey() {
  for (;;) {
    const candidate = toHex(randomBytes(32))
    try {
      privateKeyToAddress(candidate)
      return candidate
    } catch {
      // Zero, or not below the order: once in 2^128 tries.
    }
  }
}
