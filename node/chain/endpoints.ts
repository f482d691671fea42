// JSON-RPC endpoints as the proofs need them: what goes wrong is an answer too.
import type { Endpoint } from '../../src/core/proof/endpoint.ts'
import { fail, ok } from '../../src/core/result.ts'
import { RpcRefusal, rpc } from './rpc.ts'

/** Those with the same host and port are one witness: the first of them alone is asked. */
export function connectEndpoints(urls: readonly string[]): readonly Endpoint[] {
  const connected = urls.map(connectEndpoint)
  return connected.filter((one, i) => connected.findIndex(({ host }) => host === one.host) === i)
}

function connectEndpoint(url: string): Endpoint {
  return {
    host: hostOf(url),
    async call(method, params) {
      try {
        return ok(await rpc(url, method, params))
      } catch (error) {
        // Messages of the network may hold the whole address, and with it somebody's API key.
        return error instanceof RpcRefusal
          ? fail({ kind: 'rpcRefused', detail: error.message.slice(0, 200) })
          : fail({ kind: 'rpcUnreachable', detail: 'no answer' })
      }
    },
  }
}

export const hostOf = (url: string): string => new URL(url).host
