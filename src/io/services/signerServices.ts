// Boxes and attestors over HTTP (docs/agent.md, docs/attest.md): small JSON, a deadline, a size limit; nothing of it is believed here.
import * as v from 'valibot'
import type { ServiceFailure, SignerServices } from '../../app/ports/signerServices.ts'
import { fromHex, type Hex, toHex } from '../../core/bytes.ts'
import { fail, ok, type Result } from '../../core/result.ts'

const DEADLINE_MS = 8_000
/** A kiosk's picture is the longest. */
const MAX_BYTES = 768 << 10

const hex = (length: number) =>
  v.pipe(
    v.string(),
    v.regex(new RegExp(`^0x[0-9a-f]{${2 * length}}$`)),
    v.transform(text => text as Hex),
  )
const bytes = (length: number) =>
  v.pipe(
    hex(length),
    v.transform(text => fromHex(text) ?? new Uint8Array()),
  )
const uint = (bits: number) => v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2 ** bits - 1))
const decimal = v.pipe(
  v.string(),
  v.regex(/^\d{1,78}$/),
  v.transform(text => BigInt(text)),
)

const signed = v.object({ signature: bytes(64) })
const boxState = v.object({
  key: bytes(64),
  state: v.picklist(['none', 'on', 'off']),
  version: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  offers: v.pipe(v.array(hex(32)), v.maxLength(1024)),
})
const orderState = v.object({
  state: v.string(),
  signature: v.optional(bytes(64)),
  grant: v.optional(
    v.object({
      deviceId: hex(32),
      orderId: decimal,
      userKeyHash: bytes(32),
      notBefore: uint(40),
      notAfter: uint(40),
      weeklyHours: bytes(21),
      maxUses: uint(16),
      actions: uint(8),
      epoch: uint(32),
      seq: uint(32),
    }),
  ),
})
const refusal = v.object({ error: v.object({ kind: v.string(), detail: v.optional(v.string()) }) })

export function createSignerServices(fetchIt: typeof fetch = fetch): SignerServices {
  const call = callWith(fetchIt)
  return {
    async attestedHeader(url, hash) {
      const answer = await call(url, `/headers/${hash}`, signed)
      return answer.ok ? ok(answer.value.signature) : answer
    },
    async attestedTime(url, { deviceId, nonce, time }) {
      const answer = await call(url, '/time', signed, { deviceId, nonce: toHex(nonce), time })
      return answer.ok ? ok(answer.value.signature) : answer
    },
    boxState: (url, deviceId) => call(url, `/issuer/${deviceId}`, boxState),
    async tellBox(url, statement) {
      const { key, signature, ...rest } = statement
      const body = { ...rest, key: toHex(key), signature: toHex(signature) }
      const answer = await call(url, `/issuer/${statement.deviceId}`, v.object({}), body)
      return answer.ok ? ok(null) : answer
    },
    async grantOf(url, orderId) {
      const answer = await call(url, `/orders/${orderId}`, orderState)
      if (!answer.ok) {
        const isUnknown = answer.error.kind === 'serviceRefused' && answer.error.detail === 'orderUnknown'
        return isUnknown ? ok(null) : answer
      }
      const { grant, signature } = answer.value
      return ok(grant && signature ? { grant, signature } : null)
    },
  }
}

/** GET, or POST where there is a body. */
export const callWith =
  (fetchIt: typeof fetch) =>
  async <S extends v.GenericSchema>(
    url: string,
    path: string,
    schema: S,
    body?: unknown,
  ): Promise<Result<v.InferOutput<S>, ServiceFailure>> => {
    const answer = await jsonFrom(fetchIt, `${url.replace(/\/+$/, '')}${path}`, body)
    if (!answer) return fail({ kind: 'serviceUnreachable' })
    if (!answer.isOk) {
      const refused = v.safeParse(refusal, answer.json)
      if (!refused.success) return fail({ kind: 'serviceUnreachable', detail: 'no refusal that is known' })
      const { kind, detail } = refused.output.error
      return fail({
        kind: 'serviceRefused',
        detail: kind.slice(0, 64),
        ...(detail ? { said: detail.slice(0, 200) } : {}),
      })
    }
    const parsed = v.safeParse(schema, answer.json)
    return parsed.success
      ? ok(parsed.output)
      : fail({ kind: 'serviceUnreachable', detail: 'malformed answer' })
  }

/** undefined for whatever the network does, and for what is too long or no JSON. */
async function jsonFrom(
  fetchIt: typeof fetch,
  url: string,
  body: unknown,
): Promise<{ readonly isOk: boolean; readonly json: unknown } | undefined> {
  try {
    const response = await fetchIt(url, {
      ...(body === undefined
        ? {}
        : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
      cache: 'no-store',
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      redirect: 'error',
      signal: AbortSignal.timeout(DEADLINE_MS),
    })
    const text = await shortText(response)
    return text === undefined ? undefined : { isOk: response.ok, json: JSON.parse(text) }
  } catch {
    return undefined
  }
}

async function shortText(response: Response): Promise<string | undefined> {
  const decoder = new TextDecoder()
  const reader = response.body?.getReader()
  let text = ''
  let received = 0
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true, value: undefined }
    if (done) return text + decoder.decode()
    received += value.length
    if (received > MAX_BYTES) {
      // Its outcome is of no interest.
      reader?.cancel().catch(() => undefined)
      return undefined
    }
    text += decoder.decode(value, { stream: true })
  }
}
