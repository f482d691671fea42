// fob kiosk: the browser is started with what a kiosk needs, and again after it has died.
import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parseInput } from '../../../node/cli/command.ts'
import { kiosk } from '../../../node/commands/kiosk.ts'
import { readFileIfThere } from '../../../node/files.ts'
import { openHome } from '../../../node/home.ts'
import { temporaryDirectory } from './temporary.ts'

test('a browser that dies is started again with the same profile, until it is told to end', {
  timeout: 30_000,
}, async () => {
  const directory = temporaryDirectory()
  const [log, browser] = [join(directory, 'log'), join(directory, 'browser')]
  writeFileSync(browser, `#!/bin/sh\necho "$@" >> ${log}\nexit 3\n`)
  chmodSync(browser, 0o755)
  const input = parseInput(kiosk, ['--browser', browser, '--url', 'http://localhost:1234'])
  if (typeof input === 'string' || 'usage' in input) throw new Error('arguments')
  let end = () => {}
  const interrupted = new Promise<void>(resolve => {
    end = resolve
  })
  const said: string[] = []
  const starts = () => (readFileIfThere(log)?.toString('utf8') ?? '').split('\n').filter(line => line !== '')
  const running = kiosk.run(input, {
    home: openHome(directory),
    env: {},
    print: line => {
      said.push(line)
      if (said.length === 2) end()
    },
    askPassphrase: async () => undefined,
    interrupted: () => interrupted,
  })
  expect(await running).toMatchObject({ ok: true })
  expect(starts()).toHaveLength(2)
  expect(new Set(starts()).size).toBe(1)
  const [first = ''] = starts()
  expect(first).toContain(`--user-data-dir=${join(directory, 'kiosk-profile')}`)
  expect(first).toContain('--enable-features=WebBluetoothNewPermissionsBackend')
  expect(first).toMatch(/--kiosk http:\/\/localhost:1234\/kiosk$/)
  expect(said[0]).toContain('code 3')
  expect(readFileSync(log, 'utf8')).not.toContain('undefined')
})
