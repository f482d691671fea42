// Which addresses may become running code, where the browser has Trusted Types: this build's own workers, nothing else.

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string | null }): unknown
}

declare global {
  /** W3C Trusted Types; not in every browser. */
  var trustedTypes: TrustedTypes | undefined
}

/** A worker's file is named `…Worker.ts`; the build adds a hash. */
const workerPath = /^assets\/\w*Worker-[\w-]+\.js$/

/**
 * Sets the page's default policy, the only one that the content security policy admits. It has no rule for HTML or
 * script text, so these are refused as strings whoever writes them; it must be set before the first worker is made.
 *
 * `base`: absolute URL of the app's directory, with a `/` at its end.
 */
export function trustOwnScripts(base: string): void {
  globalThis.trustedTypes?.createPolicy('default', {
    createScriptURL: url => (isOwnScript(url, base) ? url : null),
  })
}

function isOwnScript(url: string, base: string): boolean {
  const { href } = new URL(url, base)
  if (!href.startsWith(base)) return false
  const path = href.slice(base.length)
  return path === 'sw.js' || workerPath.test(path)
}
