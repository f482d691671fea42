// The two checksums of the update protocols. They find what a link damages, never what somebody changes on purpose.

const CRC32_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
  return value
})

/**
 * CRC-32 as in IEEE 802.3 and ZIP (reflected polynomial 0xEDB88320, initial value and final XOR 0xFFFFFFFF), a uint32.
 * `before`: the checksum of the bytes that come before these; 0 for none.
 */
export function crc32(bytes: Uint8Array, before = 0): number {
  let value = ~before
  for (const byte of bytes) value = (value >>> 8) ^ (CRC32_TABLE[(value ^ byte) & 0xff] ?? 0)
  return ~value >>> 0
}

const CRC16_TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let value = byte << 8
  for (let bit = 0; bit < 8; bit++) value = value & 0x8000 ? (value << 1) ^ 0x1021 : value << 1
  return value
})

/** CRC-16/XMODEM (polynomial 0x1021, initial value 0, not reflected), a uint16. `before`: as of `crc32`. */
export function crc16(bytes: Uint8Array, before = 0): number {
  let value = before
  for (const byte of bytes) value = ((value << 8) & 0xffff) ^ (CRC16_TABLE[(value >> 8) ^ byte] ?? 0)
  return value
}
