// One JSON-RPC call over HTTP, for the few places that are below viem.

/** The endpoint has answered: it can't or won't do this. */
export class RpcRefusal extends Error {}

/** Resolves with `result`; rejects with RpcRefusal and the chain's own message, or when there is no answer within `timeout` ms. */
export async function rpc(
  url: string,
  method: string,
  params: readonly unknown[],
  timeout = 10_000,
): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    signal: AbortSignal.timeout(timeout),
  })
  const body: unknown = await response.json()
  if (typeof body !== 'object' || body === null) throw new Error(`${method}: malformed answer`)
  if ('error' in body) {
    const { error } = body
    const message = typeof error === 'object' && error !== null && 'message' in error ? error.message : error
    throw new RpcRefusal(`${method}: ${String(message)}`)
  }
  return 'result' in body ? body.result : undefined
}
