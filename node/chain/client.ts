// viem's client for one or several endpoints of a chain, with polling fit for a block per second.
import { createPublicClient, fallback, http, type PublicClient } from 'viem'

/** With several URLs, the next one is asked where one does not answer. */
export function publicClientFor(urls: string | readonly string[]): PublicClient {
  const transports = [urls].flat().map(url => http(url, { timeout: 15_000, retryCount: 2 }))
  return createPublicClient({ transport: fallback(transports), pollingInterval: 250 })
}
