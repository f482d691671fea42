// node/run.mjs, through which every npm script goes: exit codes, signals, and the end of what it started.
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { eventually, runEntry, startEntry } from './process.ts'
import { freePorts, temporaryDirectory } from './temporary.ts'

function countProcessesWith(text: string): number {
  return readdirSync('/proc').filter(name => {
    if (!/^\d+$/.test(name)) return false
    try {
      return readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(text)
    } catch {
      return false
    }
  }).length
}

describe('node/run.mjs', () => {
  it('passes arguments, output and the exit code through', async () => {
    const env = { FOB_HOME: temporaryDirectory() }
    const help = await runEntry('node/run.mjs', ['node/fob.ts', 'verify', '--help'], env)
    expect(help).toMatchObject({ code: 0, stdout: expect.stringContaining('fob verify FILE') })
    const wrong = await runEntry('node/run.mjs', ['node/fob.ts', 'verify'], env)
    expect(wrong.code).toBe(2)
  })

  it('runs a dependency’s program', async () => {
    const version = await runEntry('node/run.mjs', ['--bin', 'vite', '--version'], {})
    expect(version).toMatchObject({ code: 0, stdout: expect.stringMatching(/^vite\/\d/) })
    const unknown = await runEntry('node/run.mjs', ['--bin', 'no-such-program'], {})
    expect(unknown.code).toBe(1)
    expect(unknown.stderr).toContain('no-such-program')
  })

  it('runs on the oldest Node.js that we promise, if there is one', async () => {
    const old = spawnSync('/usr/bin/node', ['--version'], { encoding: 'utf8' })
    if (old.status !== 0 || Number(/^v(\d+)/.exec(old.stdout)?.[1]) >= 24) return
    const root = new URL('../../../', import.meta.url)
    const result = spawnSync('/usr/bin/node', ['node/run.mjs', 'node/fob.ts', '--help'], {
      cwd: root,
      encoding: 'utf8',
    })
    expect(result.status).toBe(0)
    expect(result.stdout).toContain('publish')
  })

  it.each(['SIGTERM', 'SIGKILL'] as const)('leaves nothing running after %s', async signal => {
    const home = temporaryDirectory()
    const { base } = await freePorts()
    const started = startEntry('node/run.mjs', ['node/start.ts', '--no-build'], {
      FOB_HOME: home,
      FOB_PORT_BASE: String(base),
    })
    await started.printed('Ctrl-C ends it')
    expect(countProcessesWith(home)).toBeGreaterThan(0)
    started.child.kill(signal)
    await started.finished
    await eventually(() => countProcessesWith(home) === 0)
    await eventually(async () => {
      try {
        await fetch(`http://127.0.0.1:${base}/network.json`)
        return false
      } catch {
        return true
      }
    })
  })
})
