// The bootloader: MCUboot's state tables, trial and revert, what it refuses, and power cuts at every flash operation.
import { describe, expect, it } from 'vitest'
import { type Boot, boot } from '../../../device/bootloader.ts'
import { type Flash, MemoryFlash } from '../../../device/flash.ts'
import { raiseSecurityCounter, readSecurityCounter } from '../../../device/securityCounter.ts'
import {
  type FlagState,
  nextSwap,
  type SwapType,
  swapTypeOf,
  type Trailer,
  writeImageOk,
  writeMagic,
} from '../../../device/slotTrailer.ts'
import { FailingFlash, PowerCut } from './failingFlash.ts'
import { flashWith, POLICY, type TestImage, testImage } from './fixtures.ts'

const OLD = testImage({ minor: 1 })
const NEW = testImage({ minor: 2, bodySize: 1700 })

function booted(flash: Flash): Boot {
  const result = boot(flash, POLICY)
  if (!result.ok) throw new Error(`${result.error.kind}: ${result.error.refused.kind}`)
  return result.value
}

const minorOf = (flash: Flash): number => booted(flash).image.version.minor

/** Stores an image in the secondary slot and marks it for the next reset. */
function stage(flash: Flash, image: Uint8Array, isPermanent = false): void {
  flash.erase('secondary', 0, flash.size('secondary'))
  flash.write('secondary', 0, image)
  writeMagic(flash, 'secondary')
  if (isPermanent) writeImageOk(flash, 'secondary')
}

describe('the swap type, against the tables of MCUboot docs/design.md', () => {
  const magics = ['good', 'unset', 'bad'] as const
  const flags: readonly FlagState[] = ['set', 'unset', 'bad']
  const trailers: Trailer[] = magics.flatMap(magic =>
    flags.flatMap(imageOk => flags.map(copyDone => ({ magic, imageOk, copyDone }))),
  )
  // As printed there: magic and image-ok of the primary, of the secondary, copy-done of the primary; null is "any".
  const states: readonly {
    readonly primary: Partial<Trailer>
    readonly secondary: Partial<Trailer>
    readonly result: SwapType
  }[] = [
    { primary: {}, secondary: { magic: 'good', imageOk: 'unset' }, result: 'test' },
    { primary: {}, secondary: { magic: 'good', imageOk: 'set' }, result: 'permanent' },
    {
      primary: { magic: 'good', imageOk: 'unset', copyDone: 'set' },
      secondary: { magic: 'unset' },
      result: 'revert',
    },
  ]
  const matches = (trailer: Trailer, row: Partial<Trailer>) =>
    Object.entries(row).every(([field, value]) =>
      Object.entries(trailer).some(([k, x]) => k === field && x === value),
    )

  it('agrees in all 729 combinations, evaluated in their order', () => {
    for (const primary of trailers) {
      for (const secondary of trailers) {
        const row = states.find(
          state => matches(primary, state.primary) && matches(secondary, state.secondary),
        )
        expect(swapTypeOf(primary, secondary)).toBe(row?.result ?? 'none')
      }
    }
  })
})

describe('trial, confirmation, revert', () => {
  it('boots the factory image again and again', () => {
    const flash = flashWith(OLD)
    expect(booted(flash)).toMatchObject({ swapped: null, onTrial: false, refused: null })
    expect(minorOf(flash)).toBe(1)
  })

  it('runs a tested image once and goes back at the next reset', () => {
    const flash = flashWith(OLD)
    stage(flash, NEW)
    expect(booted(flash)).toMatchObject({ swapped: 'test', onTrial: true, image: { version: { minor: 2 } } })
    expect(booted(flash)).toMatchObject({
      swapped: 'revert',
      onTrial: false,
      image: { version: { minor: 1 } },
    })
    expect(booted(flash)).toMatchObject({ swapped: null, onTrial: false, image: { version: { minor: 1 } } })
  })

  it('keeps a tested image that was confirmed', () => {
    const flash = flashWith(OLD)
    stage(flash, NEW)
    booted(flash)
    writeImageOk(flash, 'primary')
    for (let i = 0; i < 3; i++) {
      expect(booted(flash)).toMatchObject({ swapped: null, onTrial: false, image: { version: { minor: 2 } } })
    }
  })

  it('keeps a permanent image without confirmation', () => {
    const flash = flashWith(OLD)
    stage(flash, NEW, true)
    expect(booted(flash)).toMatchObject({ swapped: 'permanent', onTrial: false })
    expect(minorOf(flash)).toBe(2)
  })

  it('can test again after a revert, and the other image is whole', () => {
    const flash = flashWith(OLD)
    stage(flash, NEW)
    booted(flash)
    booted(flash)
    writeMagic(flash, 'secondary')
    expect(minorOf(flash)).toBe(2)
    expect(flash.read('primary', 0, NEW.length)).toEqual(NEW)
    expect(flash.read('secondary', 0, OLD.length)).toEqual(OLD)
  })
})

describe('images that the bootloader refuses', () => {
  const flipped = Uint8Array.from(NEW)
  flipped[700] = (flipped[700] ?? 0) ^ 1
  const image = (options: TestImage) => testImage({ minor: 2, ...options })

  it.each<[string, Uint8Array, string]>([
    ['a changed byte', flipped, 'notVerified'],
    ['a key that is not trusted', image({ signingKey: new Uint8Array(32).fill(6) }), 'notVerified'],
    ['other hardware', image({ hardware: 'rev C' }), 'wrongHardware'],
    ['a lower version', testImage({ minor: 0 }), 'downgrade'],
    ['no image', new Uint8Array(100).fill(0), 'noImage'],
  ])('%s: it is erased, and the old one runs on, confirmed', (_, incoming, kind) => {
    const flash = flashWith(OLD)
    stage(flash, incoming)
    expect(booted(flash)).toMatchObject({
      refused: { kind },
      swapped: null,
      image: { version: { minor: 1 } },
    })
    expect(flash.read('secondary', 0, 32).every(byte => byte === 0xff)).toBe(true)
    expect(booted(flash)).toMatchObject({ refused: null, onTrial: false })
  })

  it('a truncated image', () => {
    const flash = flashWith(OLD)
    stage(flash, NEW.subarray(0, NEW.length - 1))
    expect(booted(flash)).toMatchObject({ refused: { kind: 'notVerified' } })
    expect(minorOf(flash)).toBe(1)
  })

  it('takes a lower version where the policy allows it', () => {
    const flash = flashWith(OLD)
    stage(flash, testImage({ minor: 0 }))
    const result = boot(flash, { ...POLICY, preventDowngrade: false })
    expect(result.ok && result.value.image.version.minor).toBe(0)
  })

  it('stops where the running image itself is damaged', () => {
    const flash = flashWith(OLD)
    flash.write('primary', 600, Uint8Array.of(0))
    expect(boot(flash, POLICY)).toMatchObject({ ok: false, error: { kind: 'noBootableImage' } })
  })
})

describe('the security counter', () => {
  it('rises only when the image stays, so that a trial can be undone', () => {
    const flash = flashWith(OLD)
    booted(flash)
    stage(flash, testImage({ minor: 2, securityCounter: 5 }))
    booted(flash)
    expect(readSecurityCounter(flash)).toBe(1)
    expect(minorOf(flash)).toBe(1)
    expect(readSecurityCounter(flash)).toBe(1)

    stage(flash, testImage({ minor: 2, securityCounter: 5 }))
    booted(flash)
    writeImageOk(flash, 'primary')
    booted(flash)
    expect(readSecurityCounter(flash)).toBe(5)
  })

  it('refuses an image below it, even a newer one', () => {
    const flash = flashWith(OLD)
    raiseSecurityCounter(flash, 4)
    // The running image is below as well: that is the state after a counter was raised by hand.
    expect(boot(flash, POLICY)).toMatchObject({ error: { refused: { kind: 'counterTooLow' } } })

    const healthy = flashWith(testImage({ minor: 1, securityCounter: 4 }))
    booted(healthy)
    stage(healthy, testImage({ minor: 9, securityCounter: 3 }))
    expect(booted(healthy)).toMatchObject({
      refused: { kind: 'counterTooLow' },
      image: { version: { minor: 1 } },
    })
  })

  it('survives more changes than its flash has records', () => {
    const flash = flashWith(OLD)
    for (let counter = 1; counter <= 300; counter++) {
      raiseSecurityCounter(flash, counter)
      expect(readSecurityCounter(flash)).toBe(counter)
    }
    raiseSecurityCounter(flash, 7)
    expect(readSecurityCounter(flash)).toBe(300)
  })
})

/** Boots with a power cut after each number of flash operations; hands each flash, as the cut left it, to `check`. */
function cutEverywhere(
  prepare: () => MemoryFlash,
  check: (flash: MemoryFlash, cut: number) => void,
  step = 1,
): number {
  for (let cut = 0; ; cut += step) {
    const flash = prepare()
    try {
      boot(new FailingFlash(flash, cut), POLICY)
      return cut
    } catch (error) {
      if (!(error instanceof PowerCut)) throw error
    }
    check(flash, cut)
  }
}

// Every case boots for real, signatures and all, dozens of times.
describe('a power cut at any flash operation', () => {
  const atSwap = () => {
    const flash = flashWith(OLD)
    booted(flash)
    stage(flash, NEW)
    return flash
  }

  it('during a test swap: the swap is completed, the trial begins, and goes back', () => {
    const cuts = cutEverywhere(atSwap, (flash, cut) => {
      const first = booted(flash)
      expect(first, `cut ${cut}`).toMatchObject({ onTrial: true, image: { version: { minor: 2 } } })
      expect(flash.read('secondary', 0, OLD.length)).toEqual(OLD)
      expect(booted(flash), `cut ${cut}`).toMatchObject({ image: { version: { minor: 1 } } })
    })
    expect(cuts).toBeGreaterThan(40)
  })

  it('during a revert: the old image is back', () => {
    const atRevert = () => {
      const flash = atSwap()
      booted(flash)
      return flash
    }
    cutEverywhere(atRevert, (flash, cut) => {
      expect(booted(flash), `cut ${cut}`).toMatchObject({ onTrial: false, image: { version: { minor: 1 } } })
      expect(flash.read('secondary', 0, NEW.length)).toEqual(NEW)
    })
  })

  it('during a permanent swap: the new image stays', () => {
    const permanent = () => {
      const flash = flashWith(OLD)
      stage(flash, NEW, true)
      return flash
    }
    cutEverywhere(permanent, (flash, cut) => {
      expect(minorOf(flash), `cut ${cut}`).toBe(2)
      expect(minorOf(flash), `cut ${cut}`).toBe(2)
    })
  })

  it('during the refusal of a bad image: the old one runs on', () => {
    const refusing = () => {
      const flash = flashWith(OLD)
      stage(flash, testImage({ minor: 3, hardware: 'rev X' }))
      return flash
    }
    cutEverywhere(refusing, (flash, cut) => {
      expect(minorOf(flash), `cut ${cut}`).toBe(1)
      expect(nextSwap(flash)).toBe('none')
    })
  })

  it('twice in a row during the same swap', () => {
    for (const second of [1, 11, 26, 37, 43]) {
      cutEverywhere(
        () => {
          const flash = atSwap()
          try {
            boot(new FailingFlash(flash, second), POLICY)
          } catch (error) {
            if (!(error instanceof PowerCut)) throw error
          }
          return flash
        },
        (flash, cut) => {
          expect(minorOf(flash), `cuts ${second} and ${cut}`).toBe(2)
          expect(minorOf(flash), `cuts ${second} and ${cut}`).toBe(1)
        },
        4,
      )
    }
  })
})

describe('flash', () => {
  it('clears bits by writing and sets them by erasing only', () => {
    const flash = new MemoryFlash({ slotSize: 1024, sectorSize: 512 })
    flash.write('primary', 5, Uint8Array.of(0x0f))
    flash.write('primary', 5, Uint8Array.of(0xf3))
    expect([...flash.read('primary', 4, 3)]).toEqual([0xff, 0x03, 0xff])
    flash.erase('primary', 0, 512)
    expect([...flash.read('primary', 5, 1)]).toEqual([0xff])
  })

  it('refuses what is out of range or not on sectors', () => {
    const flash = new MemoryFlash({ slotSize: 1024, sectorSize: 512 })
    expect(() => flash.write('primary', 1020, new Uint8Array(5))).toThrow(RangeError)
    expect(() => flash.read('primary', -1, 1)).toThrow(RangeError)
    expect(() => flash.erase('primary', 0, 100)).toThrow(RangeError)
    expect(() => new MemoryFlash({ slotSize: 1000, sectorSize: 512 })).toThrow(RangeError)
  })

  it('comes back from a snapshot, which later writes do not reach', () => {
    const flash = flashWith(OLD)
    stage(flash, NEW)
    const snapshot = structuredClone(flash.snapshot())
    booted(flash)
    const restored = MemoryFlash.restore(snapshot)
    expect(restored && minorOf(restored)).toBe(2)
    expect(MemoryFlash.restore({ ...snapshot, sectorSize: 500 })).toBeUndefined()
    const areas = { ...snapshot.areas, scratch: new Uint8Array(3) }
    expect(MemoryFlash.restore({ ...snapshot, areas })).toBeUndefined()
  })

  it('tells whoever stores it of every change', () => {
    const flash = flashWith(OLD)
    let changes = 0
    const stop = flash.onChange(() => changes++)
    flash.write('scratch', 0, Uint8Array.of(1))
    flash.erase('scratch', 0, 512)
    stop()
    flash.write('scratch', 0, Uint8Array.of(1))
    expect(changes).toBe(2)
  })
})
