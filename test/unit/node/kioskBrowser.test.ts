// fob kiosk: the browser is started with what a kiosk needs, and again after it has died.
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parseInput } from '../../../node/cli/command.ts'
import { kiosk } from '../../../node/commands/kiosk.ts'
import { readFileIfThere } from '../../../node/files.ts'
import { openHome } from '../../../node/home.ts'
import { temporaryDirectory } from './temporary.ts'

/** Runs `fob kiosk` on a browser that is a script, until it has printed so many lines. */
async function runOn(script: string, lines: number) {
  const directory = temporaryDirectory()
  const [log, browser] = [join(directory, 'log'), join(directory, 'browser')]
  writeFileSync(browser, script.replaceAll('LOG', log))
  chmodSync(browser, 0o755)
  const input = parseInput(kiosk, ['--browser', browser, '--url', 'http://localhost:1234'])
  if (typeof input === 'string' || 'usage' in input) throw new Error('arguments')
  let end = () => {}
  const interrupted = new Promise<void>(resolve => {
    end = resolve
  })
  const said: string[] = []
  const outcome = await kiosk.run(input, {
    home: openHome(directory),
    env: {},
    print: line => {
      said.push(line)
      if (said.length === lines) end()
    },
    askPassphrase: async () => undefined,
    interrupted: () => interrupted,
  })
  expect(outcome).toMatchObject({ ok: true })
  const starts = (readFileIfThere(log)?.toString('utf8') ?? '').split('\n').filter(line => line !== '')
  return { directory, said, starts }
}

test('a browser whose page has crashed is ended, and started again', async () => {
  // Speaks as Chrome does: JSON with a zero byte behind it, in pieces, and goes on until it is told to end.
  const script = `#!${process.execPath}
const { appendFileSync, writeSync } = require('node:fs')
const { Socket } = require('node:net')
appendFileSync('LOG', process.argv.slice(2).join(' ') + '\\n')
process.on('SIGTERM', () => process.exit(0))
new Socket({ fd: 3 }).once('data', asked => {
  const { id, method, params } = JSON.parse(String(asked).replace(/\\0$/, ''))
  if (method !== 'Target.setDiscoverTargets' || params.discover !== true) process.exit(9)
  writeSync(4, JSON.stringify({ id, result: {} }) + '\\0{"method":"Target.targ')
  setTimeout(() => writeSync(4, 'etCrashed","params":{"targetId":"A"}}\\0'), 20)
})
setInterval(() => {}, 1000)
`
  const { said, starts } = await runOn(script, 3)
  expect(said).toMatchObject(['The page crashed.', expect.stringContaining('code 0'), 'The page crashed.'])
  expect(starts).toHaveLength(2)
  expect(starts[0]).toContain('--remote-debugging-pipe')
})

test('a browser that dies is started again with the same profile, until it is told to end', async () => {
  const { directory, said, starts } = await runOn('#!/bin/sh\necho "$@" >> LOG\nexit 3\n', 2)
  expect(starts).toHaveLength(2)
  expect(new Set(starts).size).toBe(1)
  const [first = ''] = starts
  expect(first).toContain(`--user-data-dir=${join(directory, 'kiosk-profile')}`)
  expect(first).toContain('--enable-features=WebBluetoothNewPermissionsBackend')
  expect(first).toMatch(/--kiosk http:\/\/localhost:1234\/kiosk$/)
  expect(said[0]).toContain('code 3')
  expect(first).not.toContain('undefined')
})
