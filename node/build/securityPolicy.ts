// Writes the Content-Security-Policy into the built index.html, so that it holds on any static host.
import type { Plugin } from 'vite'

/**
 * Code and styles come from this origin alone. Connections may go anywhere, since `network.json` names endpoints, peers
 * and gateways at run time, and plain http/ws are needed for a workshop's own seed; what arrives is verified.
 */
const POLICY = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "media-src 'self' blob:",
  "connect-src 'self' https: http: wss: ws:",
  "worker-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  // Strings become neither HTML nor code; src/io/trustedScripts.ts names the scripts that may be started.
  "require-trusted-types-for 'script'",
  'trusted-types default',
].join('; ')

/** Only in a build: the development server's module reloading needs inline scripts. */
export function securityPolicy(): Plugin {
  return {
    name: 'fob:security-policy',
    apply: 'build',
    transformIndexHtml: () => [
      {
        tag: 'meta',
        attrs: { 'http-equiv': 'Content-Security-Policy', content: POLICY },
        injectTo: 'head-prepend',
      },
    ],
  }
}
