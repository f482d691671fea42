// The build's name: version, commit, and whether the sources are those of the commit.
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { appVersion } from '../../../node/build/appVersion.ts'
import { temporaryDirectory } from './temporary.ts'

let root: string
beforeEach(() => {
  root = temporaryDirectory()
  writeFileSync(join(root, 'package.json'), '{"version":"1.2.3"}')
})

const git = (...args: string[]) =>
  execFileSync('git', args, {
    cwd: root,
    encoding: 'utf8',
    env: {
      PATH: process.env.PATH,
      // Nothing of this machine's own settings: hooks, signing, templates.
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_SYSTEM: '/dev/null',
      GIT_AUTHOR_NAME: 'A',
      GIT_AUTHOR_EMAIL: 'a@example.com',
      GIT_COMMITTER_NAME: 'A',
      GIT_COMMITTER_EMAIL: 'a@example.com',
    },
  }).trim()

function commitAll() {
  git('init', '-q')
  git('add', '.')
  git('commit', '-qm', 'first')
  return git('rev-parse', 'HEAD').slice(0, 10)
}

describe('a build is named by', () => {
  it('the package’s version where there is no git checkout, or one without a commit', () => {
    expect(appVersion(root)).toBe('1.2.3')
    git('init', '-q')
    expect(appVersion(root)).toBe('1.2.3')
  })

  it('version and commit, the same each time', () => {
    const commit = commitAll()
    expect(appVersion(root)).toBe(`1.2.3+${commit}`)
    expect(appVersion(root)).toBe(`1.2.3+${commit}`)
    writeFileSync(join(root, 'not-ours.txt'), 'a file that git does not know')
    expect(appVersion(root)).toBe(`1.2.3+${commit}`)
  })

  it('a mark where files differ from the commit', () => {
    const commit = commitAll()
    writeFileSync(join(root, 'package.json'), '{"version":"1.2.4"}')
    expect(appVersion(root)).toBe(`1.2.4+${commit}.changed`)
  })

  it('nothing of a checkout that it merely lies in', () => {
    commitAll()
    const inside = join(root, 'vendor')
    mkdirSync(inside)
    writeFileSync(join(inside, 'package.json'), '{"version":"0.9.0"}')
    expect(appVersion(inside)).toBe('0.9.0')
  })
})
