// Serves the built app as a static host would, and beside it the documents that are made at run time.
import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { extname, join, normalize, sep } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { listen, shut } from '../http.ts'
import { type Action, answerAction, ownOrigins } from './actions.ts'
import { type DemoMemory, demoMemoryPath } from './demoMemory.ts'
import { cacheControlOf, contentTypeOf, isText, securityHeaders } from './headers.ts'

export interface AppServerOptions {
  readonly host: string
  readonly port: number
  /** The build's output. */
  readonly directory: string
  /** Made anew for every request; never cached. */
  readonly documents: ReadonlyMap<string, () => unknown>
  /** Binary files that are not part of the build, by path. */
  readonly files: ReadonlyMap<string, Uint8Array>
  /** What the page may ask for by POST, by path. */
  readonly actions?: ReadonlyMap<string, Action>
  readonly demoMemory?: DemoMemory
}

export interface AppServer {
  readonly url: string
  stop(): Promise<void>
}

interface Asset {
  readonly contentType: string
  readonly etag: string
  readonly modified: number
  readonly plain: Buffer
  readonly encoded: Map<string, Buffer>
}

/** Throws PortInUse where the port is taken. */
export async function startAppServer(options: AppServerOptions): Promise<AppServer> {
  const cache = new Map<string, Asset>()
  const server = createServer((request, response) => {
    answer(options, cache, request, response).catch(() => {
      if (!response.headersSent) response.writeHead(500)
      response.end()
    })
  })
  await listen(server, options.port, options.host)
  return { url: `http://${options.host}:${options.port}`, stop: () => shut(server) }
}

async function answer(
  options: AppServerOptions,
  cache: Map<string, Asset>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value)
  const path = decodePath(request.url ?? '/')
  if (path === undefined) return void response.writeHead(400).end()
  const { demoMemory } = options
  if (demoMemory !== undefined && path.startsWith(`${demoMemoryPath}/`)) {
    return demoMemory(path.slice(demoMemoryPath.length + 1), request, response, ownOrigins(options.port))
  }
  const action = options.actions?.get(path)
  if (action !== undefined && request.method === 'POST') {
    return answerAction(action, ownOrigins(options.port), request, response)
  }
  const methods = action === undefined ? ['GET', 'HEAD'] : ['POST']
  if (!methods.includes(request.method ?? '')) {
    return void response.writeHead(405, { allow: methods.join(', ') }).end()
  }

  const document = options.documents.get(path)
  if (document !== undefined) {
    response.writeHead(200, { 'content-type': contentTypeOf('.json'), 'cache-control': 'no-store' })
    return void response.end(request.method === 'HEAD' ? undefined : JSON.stringify(document(), null, 2))
  }
  const file = options.files.get(path)
  if (file !== undefined) {
    response.writeHead(200, {
      'content-type': contentTypeOf('.bin'),
      'content-length': file.length,
      'cache-control': 'no-cache',
    })
    return void response.end(request.method === 'HEAD' ? undefined : file)
  }
  const asset = await findAsset(options.directory, cache, path)
  // A path of the app's own router; a missing file must stay missing, or a stale page would take HTML for a script.
  const isRoute = extname(path) === '' && !path.startsWith('/assets/') && !path.startsWith('/.well-known/')
  const found = asset ?? (isRoute ? await findAsset(options.directory, cache, '/index.html') : undefined)
  if (found === undefined) return notFound(response, path)
  await sendAsset(request, response, found, asset === undefined ? '/index.html' : path)
}

function notFound(response: ServerResponse, path: string): void {
  const isStart = path === '/'
  response.writeHead(404, { 'content-type': contentTypeOf('.txt'), 'cache-control': 'no-store' })
  response.end(isStart ? 'The app has not been built yet: npm run build\n' : 'Not found\n')
}

/** undefined for what is no path inside the directory. */
function decodePath(url: string): string | undefined {
  try {
    const path = decodeURIComponent(new URL(url, 'http://app').pathname)
    return path.includes('\0') || path.includes('\\') ? undefined : path
  } catch {
    // A malformed percent escape or URL.
    return undefined
  }
}

async function findAsset(
  directory: string,
  cache: Map<string, Asset>,
  path: string,
): Promise<Asset | undefined> {
  const file = normalize(join(directory, path.endsWith('/') ? `${path}index.html` : path))
  if (!file.startsWith(directory + sep)) return undefined
  const info = await stat(file).catch(() => undefined)
  if (info?.isFile() !== true) return undefined
  const known = cache.get(file)
  if (known?.modified === info.mtimeMs) return known
  const plain = await readFile(file)
  const asset: Asset = {
    contentType: contentTypeOf(extname(file)),
    etag: `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`,
    modified: info.mtimeMs,
    plain,
    encoded: new Map(),
  }
  cache.set(file, asset)
  return asset
}

async function sendAsset(
  request: IncomingMessage,
  response: ServerResponse,
  asset: Asset,
  path: string,
): Promise<void> {
  const encoding = chooseEncoding(request, asset)
  const headers = {
    'content-type': asset.contentType,
    'cache-control': cacheControlOf(path),
    etag: asset.etag,
    vary: 'accept-encoding',
  }
  if (request.headers['if-none-match'] === asset.etag) return void response.writeHead(304, headers).end()
  const body = encoding === undefined ? asset.plain : await encode(asset, encoding)
  response.writeHead(200, {
    ...headers,
    ...(encoding === undefined ? {} : { 'content-encoding': encoding }),
    'content-length': body.length,
  })
  response.end(request.method === 'HEAD' ? undefined : body)
}

function chooseEncoding(request: IncomingMessage, asset: Asset): 'br' | 'gzip' | undefined {
  if (!isText(asset.contentType) || asset.plain.length < 1024) return undefined
  const accepted = String(request.headers['accept-encoding'] ?? '')
  if (/\bbr\b/.test(accepted)) return 'br'
  return /\bgzip\b/.test(accepted) ? 'gzip' : undefined
}

async function encode(asset: Asset, encoding: 'br' | 'gzip'): Promise<Buffer> {
  const known = asset.encoded.get(encoding)
  if (known !== undefined) return known
  const body =
    encoding === 'gzip'
      ? await promisify(gzip)(asset.plain)
      : await promisify(brotliCompress)(asset.plain, {
          params: { [constants.BROTLI_PARAM_QUALITY]: 6 },
        })
  asset.encoded.set(encoding, body)
  return body
}
