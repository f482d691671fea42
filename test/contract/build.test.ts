// The contracts' build notices when the committed ABIs are not those of the committed sources. That they are is a check of
// its own in `npm test`, for it takes the compiler long.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../../', import.meta.url))
let copy: string
// Inside the project, so that the copy finds the compiler among the project's packages.
beforeAll(() => {
  mkdirSync(join(root, '.fob'), { recursive: true })
  copy = mkdtempSync(join(root, '.fob', 'contracts-'))
  // One contract, with what it takes to build it: all of them take the compiler many times as long.
  for (const part of [
    'build.ts',
    'generate.ts',
    'lib/P256.sol',
    'FirmwareRegistry.sol',
    'generated/FirmwareRegistry.ts',
  ]) {
    cpSync(join(root, 'contracts', part), join(copy, part))
  }
  mkdirSync(join(copy, 'demo'))
})
afterAll(() => rmSync(copy, { recursive: true, force: true }))

const build = (folder: string, ...args: string[]) =>
  spawnSync(process.execPath, [join(folder, 'build.ts'), ...args], { encoding: 'utf8', timeout: 150_000 })

// All contracts take the compiler some twenty seconds of a core that it has to itself.
test('a changed source makes the check fail, until it is built', () => {
  const source = join(copy, 'FirmwareRegistry.sol')
  const generated = join(copy, 'generated', 'FirmwareRegistry.ts')
  writeFileSync(source, readFileSync(source, 'utf8').replaceAll('4096', '2048'))
  const before = readFileSync(generated, 'utf8')
  const check = build(copy, '--check')
  expect(check.status).toBe(1)
  expect(check.stderr).toContain('FirmwareRegistry.ts is stale')
  expect(readFileSync(generated, 'utf8')).toBe(before)

  expect(build(copy)).toMatchObject({ status: 0, stdout: 'wrote FirmwareRegistry.ts\n' })
  expect(readFileSync(generated, 'utf8')).not.toBe(before)
})

test('a source that does not compile, or compiles with a warning, fails with the compiler’s words', () => {
  for (const line of [
    'uint256 public broken = "text";',
    'function warned() external pure { uint256 unused; }',
  ]) {
    const source = join(copy, 'Broken.sol')
    writeFileSync(
      source,
      `// SPDX-License-Identifier: MIT\npragma solidity 0.8.37;\ncontract Broken { ${line} }\n`,
    )
    const { status, stderr } = build(copy, '--check')
    expect(status).toBe(1)
    expect(stderr).toContain('Broken.sol')
    rmSync(source)
  }
})
