// The headers that a host of the app should send; docs and deploys copy them from here.

/**
 * The page may run only its own scripts. It must be able to reach endpoints, gateways and peers that network.json names
 * at run time, which are not known when the headers are sent: hence whole schemes in connect-src.
 */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "media-src 'self' blob:",
  "manifest-src 'self'",
  "worker-src 'self'",
  "connect-src 'self' http://127.0.0.1:* ws://127.0.0.1:* http://localhost:* ws: wss: https:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  // Strings become neither HTML nor code; src/io/trustedScripts.ts names the scripts that may be started.
  "require-trusted-types-for 'script'",
  'trusted-types default',
].join('; ')

export const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': contentSecurityPolicy,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy':
    'bluetooth=(self), camera=(self), screen-wake-lock=(self), clipboard-write=(self), web-share=(self), geolocation=(), microphone=(), payment=(), usb=(), serial=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}

/** File names that carry a hash of their content never change; everything else is asked for again. */
export function cacheControlOf(path: string): string {
  return /^\/assets\/.+-[\w-]{8,}\.\w+$/.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache'
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
}

/** `extension` with its dot. */
export const contentTypeOf = (extension: string): string => types[extension] ?? 'application/octet-stream'

/** Whether compressing such a file is worth it. */
export const isText = (contentType: string): boolean =>
  /^(text\/|application\/(json|manifest\+json)|image\/svg)/.test(contentType)
