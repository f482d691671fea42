// Makes every build a production build, whatever NODE_ENV its process happens to have.
import type { Plugin } from 'vite'

/**
 * A test runner sets NODE_ENV to `test`, and a build that it starts would carry React's development half: twice the
 * size, and another app than the one that is published. The variable is put back when the build is done.
 */
export function alwaysProduction(): Plugin {
  let before: string | undefined
  return {
    name: 'fob:always-production',
    apply: 'build',
    config() {
      before = process.env.NODE_ENV
      process.env.NODE_ENV = 'production'
    },
    closeBundle: {
      // After the service worker, whose own build reads it too.
      order: 'post',
      sequential: true,
      handler() {
        if (before === undefined) delete process.env.NODE_ENV
        else process.env.NODE_ENV = before
      },
    },
  }
}
