// Files that hold state: written whole or not at all, and private where they hold keys.
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** Replaces `path` in one step, so that a reader or a crash never meets half a file. `mode` is for a new file. */
export function writeFileWhole(path: string, content: string | Uint8Array, mode = 0o644): void {
  mkdirSync(dirname(path), { recursive: true })
  const temporary = `${path}.${process.pid}.new`
  writeFileSync(temporary, content, { mode })
  renameSync(temporary, path)
}

/** As `writeFileWhole`, and on the disk when it returns: for what must be remembered before something is sent. */
export function writeFileDurably(path: string, content: string | Uint8Array, mode = 0o644): void {
  mkdirSync(dirname(path), { recursive: true })
  const temporary = `${path}.${process.pid}.new`
  const file = openSync(temporary, 'w', mode)
  try {
    writeFileSync(file, content)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(temporary, path)
  const directory = openSync(dirname(path), 'r')
  try {
    fsyncSync(directory)
  } finally {
    closeSync(directory)
  }
}

/** undefined where there is no such file. */
export function readFileIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

/**
 * undefined where there is no such file, and null where it is not JSON: what is damaged must not pass for what was never there,
 * or keys and limits would be made anew over it.
 */
export function readJsonIfThere(path: string): unknown {
  const content = readFileIfThere(path)
  if (content === undefined) return undefined
  try {
    return JSON.parse(content.toString('utf8'))
  } catch {
    return null
  }
}
