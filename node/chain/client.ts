// viem's client for one endpoint, with polling fit for a chain that makes a block per second.
import { createPublicClient, http, type PublicClient } from 'viem'

export function publicClientFor(url: string): PublicClient {
  return createPublicClient({
    transport: http(url, { timeout: 15_000, retryCount: 2 }),
    pollingInterval: 250,
  })
}
