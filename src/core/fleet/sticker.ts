// Which of the known devices a sticker's code stands for.
import type { Hex } from '../bytes.ts'

interface KnownDevice {
  readonly key: string
  readonly name: string
  readonly deviceId: Hex | null
}

const idInText = /(?:^|[^0-9a-z])(?:0x)?([0-9a-f]{64})(?![0-9a-z])/i

/**
 * By the device id (32 bytes, hex, with or without `0x`, anywhere in the text: a bare id or a link), else by the whole name
 * where one device alone has it. undefined for any other device or text. A sticker only chooses: who the device is, it
 * proves itself.
 */
export function deviceOfSticker<T extends KnownDevice>(text: string, devices: readonly T[]): T | undefined {
  const id = idInText.exec(text)?.[1]?.toLowerCase()
  if (id !== undefined) return devices.find(({ deviceId }) => deviceId === `0x${id}`)
  const name = text.trim().toLocaleLowerCase()
  const named = devices.filter(device => device.name.trim().toLocaleLowerCase() === name)
  return name !== '' && named.length === 1 ? named[0] : undefined
}
