// What the service worker answers: screens and build files from the precache, network.json from the network, no more.
import { describe, expect, test } from 'vitest'
import { type AnswerParts, createAnswer } from '../../../sw/answer.ts'

const SCOPE = 'https://fob.example/app/'
const build = new Map([
  [`${SCOPE}index.html`, 'shell'],
  [`${SCOPE}assets/node-abc.js`, 'helia'],
])

/** `Request` in Node.js can't be made with mode `navigate`. */
function get(
  url: string,
  init: { mode?: string; method?: string; headers?: Record<string, string> } = {},
): Request {
  const { mode = 'cors', ...rest } = init
  const request = new Request(new URL(url, SCOPE), rest)
  Object.defineProperty(request, 'mode', { value: mode })
  return request
}
const navigate = (url: string) => get(url, { mode: 'navigate' })
const json = (text: string, status = 200) =>
  new Response(text, { status, headers: { 'content-type': 'application/json' } })

function setUp(changes: Partial<AnswerParts> = {}) {
  const fetched: string[] = []
  const copies = new Map<string, Response>()
  const counts = { broken: 0 }
  const answer = createAnswer({
    scope: SCOPE,
    fetch: async request => {
      fetched.push(request.url)
      return new Response('from the network')
    },
    isPrecached: url => build.has(url),
    fromPrecache: async url => new Response(build.get(url)),
    openNetworkCache: async () => ({
      match: async key => copies.get(String(key))?.clone(),
      put: async (key, response) => void copies.set(String(key), response),
    }),
    onBroken: async () => void counts.broken++,
    networkJsonPatience: 50,
    ...changes,
  })
  const text = async (request: Request) => (await answer(request))?.text()
  return { answer, text, fetched, copies, counts }
}

describe('screens', () => {
  test.each(['', 'index.html', 'device/d%201', 'releases/0xab/Lock%20One/A?x=1#y', 'makers'])(
    '%s is the precached shell',
    async path => {
      const { text, fetched } = setUp()
      expect(await text(navigate(path))).toBe('shell')
      expect(fetched).toEqual([])
    },
  )

  test.each(['ipfs/bafy123', 'firmware.bin', 'docs/terms.pdf', '/elsewhere/', 'https://other.example/app/'])(
    'going to %s is left to the browser',
    path => expect(setUp().answer(navigate(path))).toBeUndefined(),
  )
})

describe('files of the build', () => {
  test('come from the precache, whatever their query', async () => {
    const { text } = setUp()
    expect(await text(get('assets/node-abc.js?x'))).toBe('helia')
  })

  test('that the browser lost come from the network', async () => {
    const { text, counts } = setUp({ fromPrecache: async () => undefined })
    expect(await text(get('assets/node-abc.js'))).toBe('from the network')
    expect(await text(navigate('makers'))).toBe('from the network')
    expect(counts.broken).toBe(0)
  })

  test('come from the network when the cache itself fails', async () => {
    const { text } = setUp({
      fromPrecache: async () => {
        throw new DOMException('disk', 'UnknownError')
      },
    })
    expect(await text(navigate(''))).toBe('from the network')
  })

  test('that are lost here and gone there lead to a shell from the server next time', async () => {
    const { answer, counts } = setUp({
      fromPrecache: async () => undefined,
      fetch: async () => new Response('gone', { status: 404 }),
    })
    expect((await answer(get('assets/node-abc.js')))?.status).toBe(404)
    expect(counts.broken).toBe(1)
  })
})

describe('network.json', () => {
  const url = 'network.json'

  test('is the network’s, and its copy is kept', async () => {
    const { text, copies } = setUp({ fetch: async () => json('{"v":2}') })
    expect(await text(get(url))).toBe('{"v":2}')
    expect(await copies.get(`${SCOPE}network.json`)?.text()).toBe('{"v":2}')
  })

  const failures: Record<string, AnswerParts['fetch']> = {
    'is gone': async () => {
      throw new TypeError('Failed to fetch')
    },
    'is slow': () => new Promise(() => {}),
    'answers with an error': async () => json('{}', 503),
    'answers with a login page': async () =>
      new Response('<html>', { headers: { 'content-type': 'text/html' } }),
  }
  test.each(Object.keys(failures))('is the last copy when the network %s', async failure => {
    let attempt: AnswerParts['fetch'] = async () => json('{"v":1}')
    const { text, copies } = setUp({ fetch: request => attempt(request) })
    await text(get(url))
    attempt = failures[failure] ?? attempt
    expect(await text(get(url))).toBe('{"v":1}')
    expect(await copies.get(`${SCOPE}network.json`)?.text()).toBe('{"v":1}')
  })

  test('without a copy, the network’s failure is what the page gets', async () => {
    const { answer } = setUp({ fetch: failures['is gone'] ?? (async () => json('')) })
    await expect(answer(get(url))).rejects.toThrow('Failed to fetch')
  })

  test('works without a cache', async () => {
    const { text } = setUp({
      fetch: async () => json('{}'),
      openNetworkCache: async () => {
        throw new DOMException('denied', 'SecurityError')
      },
    })
    expect(await text(get(url))).toBe('{}')
  })
})

describe('everything else goes to the network untouched', () => {
  const others: Record<string, Request> = {
    'blocks of a gateway on the same host': get('ipfs/bafy123?format=raw'),
    'calls of an RPC endpoint': get('rpc', { method: 'POST' }),
    'another origin': get('https://rpc.example/assets/node-abc.js'),
    'a file that is not of this build': get('assets/other.js'),
    'part of a file': get('assets/node-abc.js', { headers: { range: 'bytes=0-1' } }),
    'a write to a build file': get('index.html', { method: 'PUT' }),
  }
  test.each(Object.keys(others))('%s', name => {
    const request = others[name]
    expect(request && setUp().answer(request)).toBeUndefined()
  })
})
