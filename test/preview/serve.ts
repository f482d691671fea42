// Serves the built preview on loopback under the app's own strict policy, for tests and for looking.
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
}

/** As strict as production's, so that a style or script that would be refused there is refused here. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'"

export interface Preview {
  /** `http://127.0.0.1:port`, without a slash. */
  readonly origin: string
  close(): Promise<void>
}

export async function servePreview(folder: string): Promise<Preview> {
  const server = createServer(async (request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://localhost').pathname)
    if (path === '/favicon.ico') {
      response.writeHead(204).end()
      return
    }
    // Every address without a file is a route of the app.
    const file = extname(path) === '' || path.startsWith('/releases') ? 'index.html' : path
    try {
      const body = await readFile(join(folder, file))
      response.writeHead(200, {
        'content-type': types[extname(file)] ?? 'application/octet-stream',
        'content-security-policy': policy,
        // Names in there tell their content: a browser that has one reads and compiles it once.
        ...(path.startsWith('/assets/') && { 'cache-control': 'max-age=31536000, immutable' }),
      })
      response.end(body)
    } catch {
      response.writeHead(404).end()
    }
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${String(port)}`,
    close: () =>
      new Promise(resolve => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
