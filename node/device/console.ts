// A serial port of this board as the device's console.
import { spawnSync } from 'node:child_process'
import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { ReadStream } from 'node:tty'
import { ConsoleLink } from '../../device/consoleLink.ts'
import type { ReferenceDevice } from '../../device/referenceDevice.ts'
import { systemTimer } from '../systemTimer.ts'

/** Zephyr's usual one; a USB gadget does not care. */
const BAUD = '115200'

/** Rejects where `path` is no serial port, or may not be opened. */
export async function openConsole(
  path: string,
  device: ReferenceDevice,
  log: (line: string) => void,
): Promise<{ close(): Promise<void> }> {
  // No echo, no line editing: what is typed is packets.
  const set = spawnSync('stty', ['-F', path, 'raw', '-echo', BAUD], { encoding: 'utf8' })
  if (set.status !== 0) throw new Error(`${path} is no serial port: ${(set.stderr ?? '').trim()}`)
  const port: FileHandle = await open(path, constants.O_RDWR | constants.O_NOCTTY)
  let printed: Promise<unknown> = Promise.resolve()
  const link = new ConsoleLink({
    device,
    timer: systemTimer,
    print: lines => {
      printed = printed.then(() => port.write(lines)).catch(error => log(`${path}: ${String(error)}`))
    },
  })
  const input = new ReadStream(port.fd)
  input.on('data', (bytes: Buffer) => link.receive(bytes))
  input.on('error', error => log(`${path} can't be read: ${error.message}`))
  return {
    async close() {
      await link.close()
      await printed
      input.destroy()
      await port.close().catch(() => undefined)
    },
  }
}
