// The record of every height for which an attestor has signed a hash: on the disk before the signature leaves, never changed.
import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import type { Hex } from '../../src/core/bytes.ts'

/** The record can't be relied on; signing by half of it could mean signing twice. */
export class RecordDamaged extends Error {
  override readonly name = 'RecordDamaged'
}

export interface SignedHeights {
  hashAt(height: number): Hex | undefined
  /** Puts it down durably; a height that has another hash already throws RangeError. */
  add(height: number, hash: Hex): void
  close(): void
}

const linePattern = /^(\d{1,15}) (0x[0-9a-f]{64})$/

/**
 * One line of text for each height, `<height> <hash>`, behind a first line that names the chain. A last line without its end
 * was cut off before anything was signed, and is dropped. Throws RecordDamaged for anything else that is not of this form.
 */
export function openSignedHeights(path: string, chainId: number): SignedHeights {
  const title = `fob attestor 1, chain ${chainId}`
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const isNew = !existsSync(path)
  const file = openSync(path, 'a+', 0o600)
  const hashes = new Map<number, Hex>()
  let length = 0
  const append = (line: string) => {
    const bytes = Buffer.from(`${line}\n`)
    // Somebody else's line would be one that we do not know.
    if (fstatSync(file).size !== length) throw new RecordDamaged(`${path} was changed by another program`)
    if (writeSync(file, bytes) !== bytes.length) throw new RecordDamaged(`${path} can’t be written whole`)
    fsyncSync(file)
    length += bytes.length
  }
  try {
    const content = readFileSync(path, 'utf8')
    const whole = content.slice(0, content.lastIndexOf('\n') + 1)
    length = Buffer.byteLength(whole)
    if (whole.length < content.length) ftruncateSync(file, length)
    const [first, ...lines] = whole.split('\n').slice(0, -1)
    if (first === undefined) append(title)
    else if (first !== title) throw new RecordDamaged(`${path} is not of chain ${chainId}`)
    for (const line of lines) {
      const [, height, hash] = linePattern.exec(line) ?? []
      if (height === undefined || hash === undefined) throw new RecordDamaged(`${path}: ${line.slice(0, 80)}`)
      if (hashes.has(Number(height))) throw new RecordDamaged(`${path}: ${height} is there twice`)
      hashes.set(Number(height), hash as Hex)
    }
    if (isNew) syncDirectory(dirname(path))
  } catch (error) {
    closeSync(file)
    throw error
  }
  return {
    hashAt: height => hashes.get(height),
    add(height, hash) {
      const known = hashes.get(height)
      if (known === hash) return
      if (known !== undefined) throw new RangeError(`height ${height} was signed with ${known}`)
      append(`${height} ${hash}`)
      hashes.set(height, hash)
    },
    close: () => closeSync(file),
  }
}

function syncDirectory(path: string): void {
  const directory = openSync(path, 'r')
  try {
    fsyncSync(directory)
  } finally {
    closeSync(directory)
  }
}
