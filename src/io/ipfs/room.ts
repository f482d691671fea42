// Whether this browser would keep that many bytes now. Estimates don't tell: Chromium reports ten free gigabytes to everybody.

/** In the origin's private file system; there for some milliseconds. */
const FOLDER = 'fob-room'

/**
 * Makes a file of `bytes` bytes, which are counted against the quota and never written, and takes it away again. True also where
 * there is no such file system: other browsers than Chromium say in their estimate what they would keep.
 */
export async function hasRoomFor(bytes: number): Promise<boolean> {
  let root: FileSystemDirectoryHandle
  try {
    root = await navigator.storage.getDirectory()
  } catch {
    return true
  }
  try {
    const folder = await root.getDirectoryHandle(FOLDER, { create: true })
    const file = await folder.getFileHandle('trial', { create: true })
    const writing = await file.createWritable()
    try {
      await writing.truncate(bytes)
    } finally {
      // Fails where it failed before.
      await writing.abort().catch(() => undefined)
    }
    return true
  } catch (error) {
    return !(error instanceof DOMException && error.name === 'QuotaExceededError')
  } finally {
    // With what a browser that ended in the middle has left there.
    await root.removeEntry(FOLDER, { recursive: true }).catch(() => undefined)
  }
}
