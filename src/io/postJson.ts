// Hands a small JSON document to a server and says what came of it: for the demo network's faucet.

const DEADLINE_MS = 20_000

/**
 * POST. `url` may be relative to where the app is. The HTTP status, or undefined where there was no answer in time; what the
 * server says besides is not read.
 */
export function createPostJson(appUrl: string): (url: string, body: unknown) => Promise<number | undefined> {
  return async (url, body) => {
    try {
      const response = await fetch(new URL(url, appUrl), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
        cache: 'no-store',
        credentials: 'omit',
        referrerPolicy: 'no-referrer',
        redirect: 'error',
        signal: AbortSignal.timeout(DEADLINE_MS),
      })
      // Its outcome is of no interest.
      response.body?.cancel().catch(() => undefined)
      return response.status
    } catch {
      return undefined
    }
  }
}
