// Reads a ZIP archive strictly (PKWARE APPNOTE.TXT 6.3, sections 4.3.7, 4.3.12 and 4.3.16): what firmware packages are.
//
// An archive can be read in two ways, by its local headers or by its central directory, and what they say may differ. This
// reader takes only those where both agree, where nothing lies between the directory and the end, and no name comes twice.
import { inflateSync } from 'fflate'
import type { Bytes } from '../bytes.ts'
import { fail, ok, type Result } from '../result.ts'
import { crc32 } from './crc.ts'

export type ZipError =
  | { readonly kind: 'malformedZip'; readonly detail: string }
  /** Encrypted, split, of another compression than deflate, or in the 64-bit form. */
  | { readonly kind: 'unsupportedZip'; readonly detail: string }

const LOCAL = 0x04034b50
const CENTRAL = 0x02014b50
const END = 0x06054b50
const END_SIZE = 22
const CENTRAL_SIZE = 46
const LOCAL_SIZE = 30
const MAX_ENTRIES = 32
/** Bytes of an entry once it is unpacked: no firmware of a microcontroller is larger. */
const MAX_ENTRY = 16 * 1024 * 1024
const STORED = 0
const DEFLATED = 8
const ENCRYPTED = 1

const malformed = (detail: string) => fail<ZipError>({ kind: 'malformedZip', detail })
const unsupported = (detail: string) => fail<ZipError>({ kind: 'unsupportedZip', detail })

interface Entry {
  readonly name: string
  readonly method: number
  readonly crc: number
  readonly packedSize: number
  readonly size: number
  readonly localOffset: number
}

/** Name to content of each file, unpacked and checked by its CRC-32. Directories are left out. Never throws. */
export function readZip(bytes: Uint8Array): Result<ReadonlyMap<string, Bytes>, ZipError> {
  const entries = readDirectory(bytes)
  if (!entries.ok) return entries
  const files = new Map<string, Bytes>()
  for (const entry of entries.value) {
    if (entry.name.endsWith('/')) continue
    if (files.has(entry.name)) return malformed(`${entry.name} comes twice`)
    const content = unpack(bytes, entry)
    if (!content.ok) return content
    files.set(entry.name, content.value)
  }
  return ok(files)
}

function readDirectory(bytes: Uint8Array): Result<readonly Entry[], ZipError> {
  const at = bytes.length - END_SIZE
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (at < 0 || view.getUint32(at, true) !== END || view.getUint16(at + 20, true) !== 0) {
    return malformed('does not end with an end record without a comment')
  }
  const [disk, directoryDisk, here, count] = [4, 6, 8, 10].map(offset => view.getUint16(at + offset, true))
  if (disk !== 0 || directoryDisk !== 0 || here !== count) return unsupported('split over several files')
  if (count === undefined || count > MAX_ENTRIES) return unsupported(`${count} entries`)
  const size = view.getUint32(at + 12, true)
  let offset = view.getUint32(at + 16, true)
  if (offset + size !== at) return malformed('the central directory does not end where the end record begins')
  const entries: Entry[] = []
  for (let i = 0; i < count; i++) {
    if (offset + CENTRAL_SIZE > at || view.getUint32(offset, true) !== CENTRAL) {
      return malformed(`entry ${i} of the central directory`)
    }
    const [nameSize = 0, extraSize = 0, commentSize = 0] = [28, 30, 32].map(o =>
      view.getUint16(offset + o, true),
    )
    const end = offset + CENTRAL_SIZE + nameSize + extraSize + commentSize
    if (end > at) return malformed(`entry ${i} of the central directory`)
    if (view.getUint16(offset + 8, true) & ENCRYPTED) return unsupported('encrypted')
    entries.push({
      name: textOf(bytes.subarray(offset + CENTRAL_SIZE, offset + CENTRAL_SIZE + nameSize)),
      method: view.getUint16(offset + 10, true),
      crc: view.getUint32(offset + 16, true),
      packedSize: view.getUint32(offset + 20, true),
      size: view.getUint32(offset + 24, true),
      localOffset: view.getUint32(offset + 42, true),
    })
    offset = end
  }
  return offset === at ? ok(entries) : malformed('bytes behind the last entry of the central directory')
}

function unpack(bytes: Uint8Array, entry: Entry): Result<Bytes, ZipError> {
  const { name, localOffset: at, packedSize, size, method, crc } = entry
  if (size > MAX_ENTRY) return unsupported(`${name} has ${size} bytes`)
  if (at + LOCAL_SIZE > bytes.length) return malformed(`${name} is outside of the archive`)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const nameEnd = at + LOCAL_SIZE + view.getUint16(at + 26, true)
  const start = nameEnd + view.getUint16(at + 28, true)
  if (view.getUint32(at, true) !== LOCAL || start + packedSize > bytes.length) {
    return malformed(`${name} has no local header`)
  }
  const sameName = textOf(bytes.subarray(at + LOCAL_SIZE, nameEnd)) === name
  if (!sameName || view.getUint16(at + 8, true) !== method) return malformed(`two accounts of ${name}`)
  const packed = bytes.subarray(start, start + packedSize)
  const content = method === STORED ? Uint8Array.from(packed) : inflate(packed, method, size)
  if (content === undefined) return unsupported(`${name} is packed by method ${method}`)
  if (content === null || content.length !== size)
    return malformed(`${name} does not unpack to ${size} bytes`)
  return crc32(content) === crc ? ok(content) : malformed(`${name} has another CRC-32`)
}

/** undefined for another method, null where the bytes are no deflate stream. */
function inflate(packed: Uint8Array, method: number, size: number): Bytes | null | undefined {
  if (method !== DEFLATED) return undefined
  try {
    return Uint8Array.from(inflateSync(packed, { out: new Uint8Array(size) }))
  } catch {
    // fflate throws for what is no deflate stream.
    return null
  }
}

/** Names are compared, and ASCII in every package: each byte is a character. */
const textOf = (bytes: Uint8Array): string => String.fromCharCode(...bytes)
