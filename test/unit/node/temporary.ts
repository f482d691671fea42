// Directories and ports for one test file, gone when it ends.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { checkPortIsFree } from '../../../node/http.ts'
import { allPorts, type Ports, portsFrom } from '../../../node/local/ports.ts'

export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'fob-test-'))
  // Not a hook: a hook that is asked for within another one is never run.
  process.once('exit', () => rmSync(directory, { recursive: true, force: true, maxRetries: 3 }))
  return directory
}

/** Free ports in a row, at random, so that test files don't meet. */
export async function freePorts(): Promise<{ readonly base: number; readonly ports: Ports }> {
  for (;;) {
    const base = 20_000 + Math.floor(Math.random() * 10_000)
    try {
      for (const port of allPorts(portsFrom(base))) await checkPortIsFree(port, '127.0.0.1')
      return { base, ports: portsFrom(base) }
    } catch {
      // One of them is taken: elsewhere, then.
    }
  }
}
