// SMP console framing against its specification, and against lines that are cut, garbled and mixed with a log.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { concat, fromHex, utf8 } from '../../../src/core/bytes.ts'
import {
  CONSOLE_LINE_LENGTH,
  ConsoleReader,
  crc16Xmodem,
  encodeConsolePacket,
  LONGEST_CONSOLE_PACKET,
} from '../../../src/core/smp/consoleFrames.ts'

const packetOf = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const anyPacket = fc.uint8Array({ minLength: 1, maxLength: 700 })
const linesOf = (bytes: Uint8Array) => {
  const ends = [...bytes.keys()].filter(at => bytes[at] === 0x0a)
  return ends.map((end, i) => bytes.subarray((ends[i - 1] ?? -1) + 1, end + 1))
}

/** What else a console prints: never a byte of the markers. */
const noise = fc
  .uint8Array({ maxLength: 200 })
  .map(bytes => bytes.map(byte => (byte === 0x06 || byte === 0x04 || byte === 0x0a ? 0x2e : byte)))

describe('a packet on a console', () => {
  test('CRC-16/XMODEM of the standard check string', () => {
    expect(crc16Xmodem(utf8('123456789'))).toBe(0x31c3)
  })

  test('an echo request as Mynewt’s newtmgr and Zephyr write it', () => {
    // {"d":"hi"} to group 0, command 0, in version 1: 8 + 6 bytes, so the length is 16.
    const message = fromHex('0x0200000600004200a16164626869') ?? new Uint8Array()
    const lines = encodeConsolePacket(message)
    expect([...lines.subarray(0, 2)]).toEqual([0x06, 0x09])
    expect(lines.at(-1)).toBe(0x0a)
    const content = Buffer.from(Buffer.from(lines.subarray(2, -1)).toString('latin1'), 'base64')
    expect(content.readUInt16BE(0)).toBe(16)
    expect(content.subarray(2, 16)).toEqual(Buffer.from(message))
    expect(content.readUInt16BE(16)).toBe(crc16Xmodem(message))
  })

  test('comes out as it went in, whatever pieces it travels in', () => {
    fc.assert(
      fc.property(fc.array(anyPacket, { minLength: 1, maxLength: 4 }), fc.nat(60), (packets, size) => {
        const reader = new ConsoleReader()
        const bytes = concat(...packets.map(encodeConsolePacket))
        const read: Uint8Array[] = []
        for (let at = 0; at < bytes.length; at += size + 1) {
          read.push(...reader.push(bytes.subarray(at, at + size + 1)).packets)
        }
        expect(read).toEqual(packets)
        expect(reader.damaged).toBe(0)
      }),
    )
  })

  test('has lines of at most 127 bytes, whole quadruples of base64, and never half a checksum alone', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }).chain(packetOf), packet => {
        const lines = linesOf(encodeConsolePacket(packet))
        for (const line of lines) {
          expect(line.length).toBeLessThanOrEqual(CONSOLE_LINE_LENGTH)
          expect((line.length - 3) % 4).toBe(0)
        }
        const last = Buffer.from(
          Buffer.from(lines.at(-1)?.subarray(2, -1) ?? []).toString('latin1'),
          'base64',
        )
        expect(last.length).toBeGreaterThan(1)
      }),
    )
  })

  test('of the greatest length goes through; an empty or a longer one is a bug', () => {
    const longest = new Uint8Array(LONGEST_CONSOLE_PACKET).fill(7)
    expect(new ConsoleReader().push(encodeConsolePacket(longest)).packets).toEqual([longest])
    expect(() => encodeConsolePacket(new Uint8Array(LONGEST_CONSOLE_PACKET + 1))).toThrow(RangeError)
    expect(() => encodeConsolePacket(new Uint8Array())).toThrow(RangeError)
  })

  test('longer than the reader takes is not held', () => {
    const reader = new ConsoleReader(100)
    expect(reader.push(encodeConsolePacket(new Uint8Array(101))).packets).toEqual([])
    expect(reader.push(encodeConsolePacket(new Uint8Array(100))).packets).toHaveLength(1)
  })
})

describe('a console that also logs', () => {
  test('loses no packet to lines between the frames, nor to text in front of them, and hands the text on', () => {
    fc.assert(
      fc.property(anyPacket, fc.array(noise, { minLength: 12, maxLength: 12 }), (packet, said) => {
        const reader = new ConsoleReader()
        const lines = linesOf(encodeConsolePacket(packet))
        const bytes = concat(
          ...lines.flatMap((line, i) => [
            said[i % 12] ?? new Uint8Array(),
            utf8('\n'),
            said[(i + 1) % 12] ?? new Uint8Array(),
            line,
          ]),
        )
        expect(reader.push(bytes).packets).toEqual([packet])
      }),
    )
    const lines = encodeConsolePacket(Uint8Array.of(1, 2, 3))
    const { log } = new ConsoleReader().push(concat(utf8('[00:01] <inf> boot\r\nuart:~$ '), lines))
    expect(log).toEqual(['[00:01] <inf> boot', 'uart:~$'])
  })

  test('text inside a frame costs that packet, and not the next one', () => {
    fc.assert(
      fc.property(anyPacket, anyPacket, fc.nat(), (first, second, at) => {
        const bytes = encodeConsolePacket(first)
        const cut = 2 + (at % (bytes.length - 3))
        const garbled = concat(bytes.subarray(0, cut), utf8('!'), bytes.subarray(cut))
        const { packets } = new ConsoleReader().push(concat(garbled, encodeConsolePacket(second)))
        expect(packets.at(-1)).toEqual(second)
        // What stood in front of a marker was taken for a log, and nothing is missing then.
        for (const packet of packets.slice(0, -1)) expect(packet).toEqual(first)
      }),
    )
  })

  test('cut at every byte, nothing comes out, and the next packet does', () => {
    const packet = Uint8Array.from({ length: 200 }, (_, i) => i)
    const bytes = encodeConsolePacket(packet)
    for (let end = 0; end < bytes.length; end++) {
      const reader = new ConsoleReader()
      expect(reader.push(bytes.subarray(0, end)).packets).toEqual([])
      // Without only its last newline it is whole as soon as the line ends.
      const read = reader.push(concat(utf8('\n'), bytes)).packets
      expect(read).toEqual(end === bytes.length - 1 ? [packet, packet] : [packet])
    }
  })

  test('one changed bit is noticed, wherever it is', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 60 }), fc.nat(), fc.nat(7), (packet, at, bit) => {
        const bytes = encodeConsolePacket(packet)
        const i = at % bytes.length
        bytes[i] = (bytes[i] ?? 0) ^ (1 << bit)
        for (const read of new ConsoleReader().push(concat(bytes, utf8('\n'))).packets) {
          expect(read).toEqual(packet)
        }
      }),
    )
  })

  test('random bytes never throw, and are never held beyond a packet and a line', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 900 }), { maxLength: 8 }), chunks => {
        const reader = new ConsoleReader(64)
        for (const chunk of chunks)
          for (const packet of reader.push(chunk).packets) {
            expect(packet.length).toBeLessThanOrEqual(64)
          }
        reader.reset()
        const packet = Uint8Array.of(1, 2, 3)
        expect(reader.push(encodeConsolePacket(packet)).packets).toEqual([packet])
      }),
    )
  })
})
