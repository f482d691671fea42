// The payer's side of hiring: one device account pays another one's device by the unit, within its owner's rules.
import * as v from 'valibot'
import type { DeviceId } from '../../src/core/identity.ts'
import { type Failure, fail, ok, type Result } from '../../src/core/result.ts'
import type { ChannelDomain } from '../../src/core/voucher/channel.ts'
import { termsToStore } from '../../src/core/voucher/storedTerms.ts'
import type { AgentAccount } from './account.ts'
import { offerSchema, refusalSchema, standingSchema, voucherToSend } from './hireWire.ts'

export interface Hire {
  readonly account: AgentAccount
  readonly domain: ChannelDomain
  /** Where the other owner's agent answers, as in `http://192.0.2.7:8650`. */
  readonly url: string
  readonly deviceId: DeviceId
  readonly units: number
  /** Milliseconds between two units; the unit's own length where left out. */
  readonly pauseMs?: number
  readonly timeoutMs?: number
}

export interface Hired {
  readonly units: number
  readonly spent: bigint
}

/**
 * Hires `units` units one after the other, each paid once it was given. The rules are asked for the whole before anything
 * else; whatever happens, what was not spent is free again. Fails with a rule's refusal, noChannel, offerForeign,
 * agentUnreachable, overcharged, or what the other side says.
 */
export async function hireDevice(hire: Hire): Promise<Result<Hired, Failure & { readonly units?: number }>> {
  const { account, domain, deviceId, units, timeoutMs = 30_000 } = hire
  const base = `${hire.url.replace(/\/+$/, '')}/hire/${deviceId}`
  const call = <S extends v.GenericSchema>(path: string, schema: S, body?: unknown) =>
    request(`${base}${path}`, schema, timeoutMs, body)

  const offered = await call('', offerSchema)
  if (!offered.ok) return offered
  const { payee, token, pricePerUnit, unitSeconds, service } = offered.value
  if (offered.value.chainId !== domain.chainId || offered.value.paymentChannels !== domain.paymentChannels) {
    return fail({ kind: 'offerForeign', detail: `chain ${offered.value.chainId}` })
  }
  const amount = BigInt(units) * pricePerUnit
  const purse = await account.purseFor(payee, token)
  if (!purse.ok) return purse
  const what = `${units} × ${service} of ${deviceId}`
  const reserved = account.spending.reserve({ purpose: 'otherDevices', token, amount, payee }, what)
  if (!reserved.ok) {
    const { kind } = reserved.error
    return fail({ kind, detail: `${amount} for ${what}` })
  }
  const { terms } = purse.value
  const told = { terms: termsToStore(terms) }
  let spent = 0n

  async function pay(owed: bigint): Promise<Result<null, Failure>> {
    if (!purse.ok) return purse
    if (owed > pricePerUnit || spent + owed > amount) {
      return fail({ kind: 'overcharged', detail: `${owed} for a unit of ${pricePerUnit}` })
    }
    const voucher = await purse.value.pay(owed)
    if (!voucher.ok) return fail({ kind: voucher.error.kind, detail: `${owed}` })
    spent += owed
    const taken = await call('/voucher', standingSchema, { ...told, voucher: voucherToSend(voucher.value) })
    return taken.ok ? ok(null) : taken
  }

  async function run(): Promise<Result<number, Failure & { readonly units?: number }>> {
    if (!purse.ok) return purse
    const met = await call('/meet', standingSchema, told)
    if (!met.ok) return met
    const settled = await purse.value.settle(met.value, pricePerUnit)
    if (!settled.ok) return fail({ kind: settled.error.kind, detail: 'of an earlier time' })
    const { resend } = settled.value
    if (resend !== null) {
      const taken = await call('/voucher', standingSchema, { ...told, voucher: voucherToSend(resend) })
      if (!taken.ok) return taken
    }
    // A unit that was never paid is asked for again: it counts as one of these.
    let again = settled.value.owed > 0n ? met.value.lent : null
    for (let done = 0; done < units; done++) {
      const before = purse.value.signed()
      const unit = again ?? `${before}-${done}`
      again = null
      const given = await call('/unit', standingSchema, { ...told, unit })
      if (!given.ok) return fail({ ...given.error, units: done })
      const owed = given.value.delivered - before
      if (owed > 0n) {
        const paid = await pay(owed)
        if (!paid.ok) return fail({ ...paid.error, units: done + 1 })
      }
      const pauseMs = hire.pauseMs ?? unitSeconds * 1000
      if (done + 1 < units) await new Promise(resolve => setTimeout(resolve, pauseMs))
    }
    return ok(units)
  }

  try {
    const given = await run()
    return given.ok ? ok({ units: given.value, spent }) : given
  } finally {
    reserved.value.settle(spent)
  }
}

async function request<S extends v.GenericSchema>(
  url: string,
  schema: S,
  timeoutMs: number,
  body?: unknown,
): Promise<Result<v.InferOutput<S>, Failure>> {
  let json: unknown
  let isRefused: boolean
  try {
    const response = await fetch(url, {
      ...(body !== undefined && {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    })
    isRefused = !response.ok
    const text = await boundedText(response)
    json = JSON.parse(text)
  } catch (error) {
    return fail({ kind: 'agentUnreachable', detail: error instanceof Error ? error.message : String(error) })
  }
  if (isRefused) {
    const refused = v.safeParse(refusalSchema, json)
    return fail(refused.success ? refused.output.error : { kind: 'agentRefused' })
  }
  const parsed = v.safeParse(schema, json)
  return parsed.success
    ? ok(parsed.output)
    : fail({ kind: 'agentMalformed', detail: parsed.issues[0].message })
}

const maxAnswer = 16 * 1024

async function boundedText(response: Response): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    text += decoder.decode(chunk, { stream: true })
    if (text.length > maxAnswer) throw new Error('the answer is too long')
  }
  return text + decoder.decode()
}
