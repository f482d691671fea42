// Which requests the service worker answers, and from where; everything else goes to the network untouched.

export interface AnswerParts {
  /** The registration's scope: an absolute URL that ends in `/`. */
  readonly scope: string
  readonly fetch: (request: Request) => Promise<Response>
  /** Whether the URL belongs to the precached build. */
  readonly isPrecached: (url: string) => boolean
  /** The precached response; undefined where the browser lost it. */
  readonly fromPrecache: (url: string) => Promise<Response | undefined>
  /** The cache for the last copy of network.json. */
  readonly openNetworkCache: () => Promise<Pick<Cache, 'match' | 'put'>>
  /** The precache has holes that the server can't fill: make the next start come from the server. */
  readonly onBroken: () => Promise<void>
  /** How long network.json is waited for when there is a copy, in ms. */
  readonly networkJsonPatience: number
}

/** undefined: not ours, the browser does what it would do without us. Otherwise never rejects where a copy helps. */
export function createAnswer(parts: AnswerParts): (request: Request) => Promise<Response> | undefined {
  const scope = new URL(parts.scope)
  const shell = new URL('index.html', scope).href
  const networkJson = new URL('network.json', scope).href

  return request => {
    const url = new URL(request.url)
    if (request.method !== 'GET' || url.origin !== scope.origin || request.headers.has('range'))
      return undefined
    if (!url.pathname.startsWith(scope.pathname)) return undefined
    const plain = url.origin + url.pathname
    if (plain === networkJson) return lastCopyOf(parts, request, networkJson)
    if (request.mode === 'navigate')
      return isScreen(url, scope) ? fromBuild(parts, request, shell) : undefined
    return parts.isPrecached(plain) ? fromBuild(parts, request, plain) : undefined
  }
}

/** A path of the app's router. Files and `/ipfs/…` on the same host are somebody else's pages. */
function isScreen(url: URL, scope: URL): boolean {
  const path = url.pathname.slice(scope.pathname.length)
  if (path === 'index.html') return true
  return !path.startsWith('ipfs/') && !/\.[^/]+$/.test(path)
}

async function fromBuild(parts: AnswerParts, request: Request, url: string): Promise<Response> {
  const held = await parts.fromPrecache(url).catch(() => undefined)
  if (held) return held
  const response = await parts.fetch(request)
  // A page of this build on a server that has a newer one: nobody could open the app any more without this.
  if (response.status === 404) await parts.onBroken().catch(() => undefined)
  return response
}

/** Network first, because settings change; the last copy when the network is gone, slow, or answers with a login page. */
async function lastCopyOf(parts: AnswerParts, request: Request, key: string): Promise<Response> {
  const cache = await parts.openNetworkCache().catch(() => undefined)
  const copy = await cache?.match(key).catch(() => undefined)
  const fresh = parts.fetch(request).then(async response => {
    const isJson = response.headers.get('content-type')?.includes('json') ?? false
    if (response.ok && isJson) await cache?.put(key, response.clone()).catch(() => undefined)
    return { response, isGood: response.ok && isJson }
  })
  if (!copy) return (await fresh).response
  const answered = await Promise.race([fresh.catch(() => undefined), late(parts.networkJsonPatience)])
  return answered?.isGood ? answered.response : copy
}

const late = (ms: number) => new Promise<undefined>(resolve => setTimeout(() => resolve(undefined), ms))
