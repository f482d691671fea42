// A JSON-RPC endpoint in front of a real chain node that is honest until a test twists what it says.
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface RpcCall {
  readonly method: string
  readonly params: readonly unknown[]
}

type Reply =
  | { readonly result: unknown }
  | { readonly error: { readonly code: number; readonly message: string; readonly data?: unknown } }
  /** Not JSON-RPC at all: the twist writes the response itself. */
  | ((response: ServerResponse) => void)

/** undefined: be honest. `ask` puts any call to the chain node behind. */
export type Twist = (
  call: RpcCall,
  ask: (call: RpcCall) => Promise<unknown>,
) => Promise<Reply | undefined> | Reply | undefined

export interface TwistedEndpoint {
  readonly url: string
  readonly host: string
  /** Calls since the last `twist`. */
  readonly calls: RpcCall[]
  twist(twist: Twist): void
  stop(): Promise<void>
}

/** What the node answered in place of a result. */
class ChainError extends Error {
  readonly error: { readonly code: number; readonly message: string; readonly data?: unknown }

  constructor(error: { readonly code: number; readonly message: string; readonly data?: unknown }) {
    super(error.message)
    this.error = error
  }
}

/** Throws with the error's message where the node answers with one. */
export async function askChain(url: string, { method, params }: RpcCall): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  })
  const answer: { result?: unknown; error?: ChainError['error'] } = await response.json()
  if (answer.error) throw new ChainError(answer.error)
  return answer.result
}

export async function startTwistedEndpoint(chainUrl: string): Promise<TwistedEndpoint> {
  let present: Twist = () => undefined
  const calls: RpcCall[] = []
  const ask = (call: RpcCall) => askChain(chainUrl, call)
  const server = createServer(async (request, response) => {
    // Browsers ask first (Fetch, CORS preflight), as at any public endpoint.
    response.setHeader('access-control-allow-origin', '*')
    response.setHeader('access-control-allow-headers', 'content-type')
    response.setHeader('access-control-max-age', '600')
    if (request.method === 'OPTIONS') return void response.writeHead(204).end()
    let body = ''
    for await (const chunk of request) body += chunk
    const call: RpcCall & { id: number } = JSON.parse(body)
    calls.push({ method: call.method, params: call.params })
    const honest = async (): Promise<Reply> => {
      try {
        return { result: await ask(call) }
      } catch (error) {
        return { error: error instanceof ChainError ? error.error : { code: -32000, message: String(error) } }
      }
    }
    const reply = (await present(call, ask)) ?? (await honest())
    if (typeof reply === 'function') return reply(response)
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ jsonrpc: '2.0', id: call.id, ...reply }))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/rpc/v3/secretKey?token=hidden`,
    host: `127.0.0.1:${port}`,
    calls,
    twist: twist => {
      present = twist
      calls.length = 0
    },
    stop: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
