// A quick look at one endpoint for the network page; decides nothing.
import type { EndpointStatus } from '../../app/ports/chain.ts'
import type { Endpoint } from '../../core/proof/endpoint.ts'
import { headerFromRpc } from '../../core/proof/header.ts'

export async function probeEndpoint(endpoint: Endpoint, chainId: number): Promise<EndpointStatus> {
  const { host } = endpoint
  const [id, block] = await Promise.all([
    endpoint.call('eth_chainId', []),
    endpoint.call('eth_getBlockByNumber', ['finalized', false]),
  ])
  const isGone = !id.ok || (!block.ok && block.error.kind === 'rpcUnreachable')
  if (isGone || typeof id.value !== 'string') return { host, state: 'unreachable', finalizedBlock: null }
  if (Number(id.value) !== chainId) return { host, state: 'wrongChain', finalizedBlock: null }
  const header = block.ok ? headerFromRpc(block.value) : undefined
  return { host, state: 'ok', finalizedBlock: header?.ok ? header.value.number : null }
}
