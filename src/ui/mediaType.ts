// Which kind of picture bytes are, by how they begin: a CID says nothing of that.

const starts: readonly (readonly [type: string, from: number, bytes: readonly number[]])[] = [
  ['image/png', 0, [0x89, 0x50, 0x4e, 0x47]],
  ['image/jpeg', 0, [0xff, 0xd8, 0xff]],
  ['image/gif', 0, [0x47, 0x49, 0x46, 0x38]],
  // RIFF, four bytes of length, WEBP.
  ['image/webp', 8, [0x57, 0x45, 0x42, 0x50]],
  // Four bytes of length, ftypavif.
  ['image/avif', 4, [0x66, 0x74, 0x79, 0x70, 0x61, 0x76, 0x69, 0x66]],
]

/** null for what browsers do not show as a picture. */
export function mediaTypeOf(bytes: Uint8Array): string | null {
  const found = starts.find(([, from, wanted]) => wanted.every((byte, index) => bytes[from + index] === byte))
  if (found !== undefined) return found[0]
  const text = new TextDecoder().decode(bytes.subarray(0, 256)).trimStart()
  return /^(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]*?-->\s*)?<svg[\s>]/.test(text) ? 'image/svg+xml' : null
}
