// Hears that the page of a browser has crashed: the browser lives on, with a sad face that nobody is there to touch (Chrome DevTools Protocol, Target).
import type { ChildProcess } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import * as v from 'valibot'

/** For the browser's command line: only whoever has started it has the other end. */
export const debuggingPipe = '--remote-debugging-pipe'
/** For `spawn`: the browser reads descriptor 3 and writes descriptor 4. */
export const pipedStdio = ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] as const

const event = v.object({ method: v.string() })
/** Characters; what is longer is nothing that was asked for. */
const maxMessage = 1 << 20

/** Calls back once. `browser`: spawned with `debuggingPipe` and `pipedStdio`. */
export function onCrashedPage(browser: ChildProcess, listener: () => void): void {
  const [toBrowser, fromBrowser] = [browser.stdio[3] as Writable | null, browser.stdio[4] as Readable | null]
  if (!toBrowser || !fromBrowser) return
  // A browser that ends closes both.
  for (const stream of [toBrowser, fromBrowser]) stream.on('error', () => {})
  let rest = ''
  let isTold = false
  fromBrowser.setEncoding('utf8')
  fromBrowser.on('data', (text: string) => {
    const messages = (rest + text).split('\0')
    rest = messages.pop()?.slice(-maxMessage) ?? ''
    if (isTold || !messages.some(isCrash)) return
    isTold = true
    listener()
  })
  toBrowser.write(
    `${JSON.stringify({ id: 1, method: 'Target.setDiscoverTargets', params: { discover: true } })}\0`,
  )
}

function isCrash(message: string): boolean {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), event), message)
  return parsed.success && parsed.output.method === 'Target.targetCrashed'
}
