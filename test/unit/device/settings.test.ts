// The device's stored values: what was written is read again, and a power cut at any byte leaves the old or the new, never else.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type FlashSnapshot, MemoryFlash } from '../../../device/flash.ts'
import { Settings } from '../../../device/owner/settings.ts'
import { toHex } from '../../../src/core/bytes.ts'
import { FailingFlash, PowerCut } from './failingFlash.ts'

const emptyFlash = () => new MemoryFlash({ slotSize: 4096, sectorSize: 512 })

type Change = readonly (readonly [key: number, value: Uint8Array])[]
const change: fc.Arbitrary<Change> = fc.array(
  fc.tuple(fc.integer({ min: 0, max: 6 }), fc.uint8Array({ maxLength: 700 })),
  { minLength: 1, maxLength: 3 },
)
const changes = fc.array(change, { minLength: 1, maxLength: 30 })

const shown = (settings: Settings): string =>
  Array.from({ length: 7 }, (_, key) => toHex(settings.get(key) ?? Uint8Array.of(0xee))).join()

/** What a device reads after its next start. */
const read = (flash: MemoryFlash): string => shown(new Settings(flash))

describe('stored values', () => {
  it('are read as they were written, by the device that runs and by the next one, over many turns of the banks', () => {
    fc.assert(
      fc.property(changes, all => {
        const flash = emptyFlash()
        const settings = new Settings(flash)
        const model = new Map<number, Uint8Array>()
        for (let turn = 0; turn < 3; turn++) {
          for (const entries of all) {
            settings.write(new Map(entries))
            for (const [key, value] of entries) model.set(key, value)
          }
        }
        const expected = Array.from({ length: 7 }, (_, key) => toHex(model.get(key) ?? Uint8Array.of(0xee)))
        expect(shown(settings)).toBe(expected.join())
        expect(read(flash)).toBe(expected.join())
      }),
      { numRuns: 40 },
    )
  })

  it('are those of before or after a change, whichever write or erase the power was cut in, and go on from there', () => {
    fc.assert(
      fc.property(changes, fc.nat(80), (all, cut) => {
        const flash = emptyFlash()
        const before = new Settings(flash)
        // Nearly a bank full, so that a turn is among the operations.
        for (let i = 0; i < 12; i++) before.write(new Map([[6, new Uint8Array(1200).fill(i)]]))
        const failing = new Settings(new FailingFlash(flash, cut))
        let last = shown(failing)
        let next = last
        try {
          for (const entries of all) {
            last = shown(failing)
            const model = new Map(entries)
            next = Array.from({ length: 7 }, (_, key) => {
              const value = model.get(key) ?? failing.get(key)
              return toHex(value ?? Uint8Array.of(0xee))
            }).join()
            failing.write(model)
          }
        } catch (error) {
          if (!(error instanceof PowerCut)) throw error
        }
        const restarted = new Settings(flash)
        expect([last, next]).toContain(shown(restarted))
        restarted.write(new Map([[3, Uint8Array.of(1, 2, 3)]]))
        expect(toHex(new Settings(flash).get(3) ?? new Uint8Array())).toBe('0x010203')
        expect(shown(new Settings(flash))).toBe(shown(restarted))
      }),
      { numRuns: 150 },
    )
  })

  it('survive a cut after any number of bytes of a write', () => {
    const old = new Uint8Array(40).fill(1)
    const value = new Uint8Array(40).fill(2)
    const outcomes = new Set<string>()
    const begin = () => {
      const flash = emptyFlash()
      new Settings(flash).write(new Map([[1, old]]))
      return flash
    }
    const probe = begin()
    const empty = toHex(probe.snapshot().areas.settings ?? new Uint8Array())
    new Settings(probe).write(new Map([[1, value]]))
    const full = probe.snapshot().areas.settings ?? new Uint8Array()
    const from = [...full].findIndex(
      (byte, i) => toHex(Uint8Array.of(byte)) !== `0x${empty.slice(2 + 2 * i, 4 + 2 * i)}`,
    )
    for (let bytes = 0; bytes <= 50; bytes++) {
      const flash = begin()
      flash.write('settings', from, full.subarray(from, from + bytes))
      const settings = new Settings(flash)
      const found = toHex(settings.get(1) ?? new Uint8Array())
      expect([toHex(old), toHex(value)]).toContain(found)
      outcomes.add(found)
      settings.write(new Map([[2, value]]))
      expect(toHex(new Settings(flash).get(1) ?? new Uint8Array()), `${bytes} bytes`).toBe(found)
      expect(toHex(new Settings(flash).get(2) ?? new Uint8Array())).toBe(toHex(value))
    }
    expect(outcomes.size).toBe(2)
  })

  it('are never made up from noise', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 400 }), fc.nat(300), (noise, at) => {
        const flash = emptyFlash()
        new Settings(flash).write(new Map([[1, Uint8Array.of(7)]]))
        flash.write('settings', at, noise)
        const settings = new Settings(flash)
        expect([undefined, '7']).toContain(settings.get(1)?.join())
        for (const key of [0, 2, 3]) expect(settings.get(key)).toBeUndefined()
        settings.write(new Map([[2, Uint8Array.of(9)]]))
        expect(new Settings(flash).get(2)?.join()).toBe('9')
      }),
      { numRuns: 200 },
    )
  })

  it('that do not fit are an error, and nothing is lost by it', () => {
    const settings = new Settings(emptyFlash())
    settings.write(new Map([[1, new Uint8Array(10_000)]]))
    expect(() => settings.write(new Map([[2, new Uint8Array(10_000)]]))).toThrow(RangeError)
    expect(settings.get(1)?.length).toBe(10_000)
  })
})

describe('a snapshot of the flash', () => {
  it('keeps them', () => {
    const flash = emptyFlash()
    new Settings(flash).write(new Map([[1, Uint8Array.of(7)]]))
    const restored = MemoryFlash.restore(structuredClone(flash.snapshot()))
    expect(restored && new Settings(restored).get(1)?.join()).toBe('7')
  })

  it('of an earlier version, without the area, is of a device without an owner', () => {
    const { sectorSize, areas } = emptyFlash().snapshot()
    const { settings: _, ...earlier } = areas
    const snapshot: FlashSnapshot = { sectorSize, areas: earlier }
    const restored = MemoryFlash.restore(structuredClone(snapshot))
    if (!restored) throw new Error('not restored')
    const settings = new Settings(restored)
    expect(settings.get(1)).toBeUndefined()
    settings.write(new Map([[1, Uint8Array.of(7)]]))
    expect(new Settings(restored).get(1)?.join()).toBe('7')
  })
})
