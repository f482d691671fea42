// A JSON-RPC endpoint in front of the development chain: what a page may reach, and nothing that could rewrite the chain.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { listen, readBody, shut } from '../http.ts'

/** Reads, simulations and signed transactions. What signs, mines, or rewrites state stays on the other side. */
const allowedMethods: ReadonlySet<string> = new Set([
  'eth_blockNumber',
  'eth_call',
  'eth_chainId',
  'eth_createAccessList',
  'eth_estimateGas',
  'eth_feeHistory',
  'eth_gasPrice',
  'eth_getBalance',
  'eth_getBlockByHash',
  'eth_getBlockByNumber',
  'eth_getBlockReceipts',
  'eth_getCode',
  'eth_getLogs',
  'eth_getProof',
  'eth_getStorageAt',
  'eth_getTransactionByHash',
  'eth_getTransactionCount',
  'eth_getTransactionReceipt',
  'eth_maxPriorityFeePerGas',
  'eth_sendRawTransaction',
  'eth_simulateV1',
  'eth_syncing',
  'net_version',
  'web3_clientVersion',
])

const maxBodyBytes = 256 * 1024
const maxBatch = 64

interface RpcCall {
  readonly method: string
  readonly params: unknown
}

/** Changes the chain's `result` on its way out, or throws what is answered as an error: how tests make one endpoint lie. */
type Tamper = (call: RpcCall, result: unknown) => unknown

export interface EndpointOptions {
  readonly host: string
  readonly port: number
  /** URL of the chain behind it; waits while the chain is being restarted, rejects when it is gone. */
  readonly upstream: () => Promise<string>
  readonly onCall?: () => void
}

/** Each fails alone: stopping one leaves the other as it is. */
export interface Endpoint {
  readonly url: string
  start(): Promise<void>
  stop(): Promise<void>
  setTamper(tamper: Tamper | null): void
}

/** Not listening yet: call `start`. `start` rejects with PortInUse where the port is taken. */
export function createEndpoint(options: EndpointOptions): Endpoint {
  let server: Server | null = null
  let tamper: Tamper | null = null

  async function forward(id: unknown, method: string, params: unknown): Promise<unknown> {
    const attempt = async () => {
      const response = await fetch(await options.upstream(), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ jsonrpc: '2.0', id, method, params }),
        signal: AbortSignal.timeout(30_000),
      })
      return (await response.json()) as unknown
    }
    // The chain may have been restarted under the call. A transaction is not sent twice: the first may have arrived.
    if (method === 'eth_sendRawTransaction') return attempt()
    return attempt().catch(attempt)
  }

  async function answerOne(call: unknown): Promise<unknown> {
    if (typeof call !== 'object' || call === null || !('method' in call) || typeof call.method !== 'string') {
      return rpcError(null, -32600, 'Invalid request')
    }
    const id = 'id' in call ? call.id : null
    const { method } = call
    const params = 'params' in call ? call.params : []
    if (!allowedMethods.has(method)) return rpcError(id, -32601, `Method ${method} is not offered here`)
    options.onCall?.()
    let answer: unknown
    try {
      answer = await forward(id, method, params)
    } catch {
      return rpcError(id, -32603, 'The chain behind this endpoint does not answer')
    }
    if (tamper === null || typeof answer !== 'object' || answer === null || !('result' in answer))
      return answer
    try {
      return { ...answer, result: await tamper({ method, params }, answer.result) }
    } catch (error) {
      return rpcError(id, -32000, error instanceof Error ? error.message : String(error))
    }
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('access-control-allow-origin', '*')
    response.setHeader('access-control-allow-headers', 'content-type')
    response.setHeader('access-control-allow-methods', 'POST')
    response.setHeader('access-control-allow-private-network', 'true')
    response.setHeader('access-control-max-age', '600')
    response.setHeader('cache-control', 'no-store')
    if (request.method === 'OPTIONS') return void response.writeHead(204).end()
    if (request.method !== 'POST') return void response.writeHead(405, { allow: 'POST, OPTIONS' }).end()
    const body = await readBody(request, maxBodyBytes)
    if (body === undefined) return void response.writeHead(413).end()
    let message: unknown
    try {
      message = JSON.parse(body.toString('utf8'))
    } catch {
      return sendJson(response, rpcError(null, -32700, 'Parse error'))
    }
    if (!Array.isArray(message)) return sendJson(response, await answerOne(message))
    if (message.length === 0 || message.length > maxBatch) {
      return sendJson(response, rpcError(null, -32600, `A batch has 1 to ${maxBatch} calls`))
    }
    sendJson(response, await Promise.all(message.map(answerOne)))
  }

  return {
    url: `http://${options.host}:${options.port}`,
    async start() {
      if (server !== null) return
      const next = createServer((request, response) => {
        answer(request, response).catch(() => response.destroy())
      })
      await listen(next, options.port, options.host)
      server = next
    },
    async stop() {
      const previous = server
      server = null
      if (previous !== null) await shut(previous)
    },
    setTamper(next) {
      tamper = next
    },
  }
}

const rpcError = (id: unknown, code: number, message: string) => ({
  jsonrpc: '2.0',
  id,
  error: { code, message },
})

function sendJson(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
