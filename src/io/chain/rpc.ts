// One JSON-RPC endpoint over HTTP, with a deadline and a size limit on every answer. It is trusted with nothing.
import type { Hex } from '../../core/bytes.ts'
import type { Endpoint, RpcFailure } from '../../core/proof/endpoint.ts'
import { fail, ok } from '../../core/result.ts'

export interface RpcOptions {
  /** Of one call. */
  readonly timeoutMs: number
  /** Of all calls to one endpoint in search of events, in one reading: a slow one must not keep the others from being asked. */
  readonly searchMs: number
  /** Of one answer. */
  readonly maxBytes: number
  readonly fetch: typeof fetch
}

export const defaultRpcOptions: Omit<RpcOptions, 'fetch'> = {
  timeoutMs: 8_000,
  searchMs: 20_000,
  maxBytes: 4 << 20,
}

const CHAIN_KNOWN_MS = 60_000

/** `url` is http or https; throws TypeError for what is no URL. */
function connectEndpoint(url: string, options: RpcOptions): Endpoint {
  const parsed = new URL(url)
  const secrets = [parsed.username, parsed.password, parsed.search.slice(1), parsed.pathname.slice(1)]
  const redact = (text: string) =>
    secrets
      .filter(Boolean)
      .reduce((shown, secret) => shown.replaceAll(secret, '…'), text)
      .slice(0, 200)
  const unreachable = (detail: string) => fail<RpcFailure>({ kind: 'rpcUnreachable', detail })

  return {
    host: parsed.host,
    async call(method, params) {
      let answer: { readonly status: number; readonly body: string }
      try {
        answer = await post(parsed.href, { jsonrpc: '2.0', id: 1, method, params }, options)
      } catch (error) {
        // Whatever the network or the endpoint does ends here; messages of fetch may hold the whole address.
        if (error instanceof AnswerTooLong)
          return unreachable(`an answer of more than ${options.maxBytes} bytes`)
        return unreachable(
          error instanceof DOMException && error.name === 'TimeoutError' ? 'time-out' : 'no connection',
        )
      }
      const message = parseMessage(answer.body)
      if (!message) return unreachable(`HTTP ${answer.status} without JSON-RPC`)
      if ('result' in message) return ok(message.result)
      const refusal = { kind: 'rpcRefused', detail: redact(errorText(message.error)) } as const
      const data = errorData(message.error)
      return fail(data === undefined ? refusal : { ...refusal, data })
    },
  }
}

/** Those with the same host and port are one witness: the first of them alone is asked. */
export function connectEndpoints(urls: readonly string[], options: RpcOptions): readonly Endpoint[] {
  const connected = urls.map(url => connectEndpoint(url, options))
  return connected.filter((one, i) => connected.findIndex(other => other.host === one.host) === i)
}

/**
 * The same endpoint, which is not asked again for a while which chain it is of: for reading, which asks that each time. Whoever
 * signs asks the endpoint itself.
 */
export function withKnownChain(endpoint: Endpoint): Endpoint {
  let known: { readonly answer: ReturnType<Endpoint['call']>; readonly until: number } | undefined
  return {
    host: endpoint.host,
    async call(method, params) {
      if (method !== 'eth_chainId') return endpoint.call(method, params)
      if (!known || performance.now() > known.until) {
        const asked = { answer: endpoint.call(method, params), until: performance.now() + CHAIN_KNOWN_MS }
        known = asked
        // What failed is asked again by the next.
        void asked.answer.then(({ ok }) => {
          if (!ok && known === asked) known = undefined
        })
      }
      return known.answer
    },
  }
}

/** The same endpoint, which counts as unreachable once `ms` have passed since its first call. */
export function withTimeBudget(endpoint: Endpoint, ms: number): Endpoint {
  let deadline: number | undefined
  return {
    host: endpoint.host,
    async call(method, params) {
      deadline ??= performance.now() + ms
      if (performance.now() > deadline) return fail({ kind: 'rpcUnreachable', detail: 'too slow' })
      return endpoint.call(method, params)
    },
  }
}

class AnswerTooLong extends Error {}

async function post(
  url: string,
  request: object,
  { fetch, timeoutMs, maxBytes }: RpcOptions,
): Promise<{ status: number; body: string }> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(request),
    // Covers the body too: an endless one ends here.
    signal: AbortSignal.timeout(timeoutMs),
    credentials: 'omit',
    referrerPolicy: 'no-referrer',
    cache: 'no-store',
    // Two endpoints that redirect to one host would be one witness.
    redirect: 'error',
  })
  const decoder = new TextDecoder()
  const reader = response.body?.getReader()
  let body = ''
  let received = 0
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true, value: undefined }
    if (done) return { status: response.status, body: body + decoder.decode() }
    received += value.length
    if (received > maxBytes) {
      // Its outcome is of no interest, and a failure to cancel must not hide the reason.
      reader?.cancel().catch(() => undefined)
      throw new AnswerTooLong()
    }
    body += decoder.decode(value, { stream: true })
  }
}

function parseMessage(body: string): { result: unknown } | { error: unknown } | undefined {
  let message: unknown
  try {
    message = JSON.parse(body)
  } catch {
    return undefined
  }
  if (typeof message !== 'object' || message === null) return undefined
  if ('error' in message && message.error !== null && message.error !== undefined)
    return { error: message.error }
  return 'result' in message ? { result: message.result } : undefined
}

function errorText(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'an error without a message'
  const code = 'code' in error ? `${String(error.code)} ` : ''
  return `${code}${'message' in error && typeof error.message === 'string' ? error.message : ''}`.trim()
}

function errorData(error: unknown): Hex | undefined {
  if (typeof error !== 'object' || error === null || !('data' in error)) return undefined
  const { data } = error
  return typeof data === 'string' && /^0x([0-9a-fA-F]{2})*$/.test(data)
    ? `0x${data.slice(2).toLowerCase()}`
    : undefined
}
