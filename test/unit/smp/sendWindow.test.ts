// The window of an upload: full at first, half after a loss, and back again by and by.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SendWindow } from '../../../src/core/smp/sendWindow.ts'

describe('a window', () => {
  it('begins with what the device can hold, and has one at the least', () => {
    expect(new SendWindow(7).size).toBe(7)
    expect(new SendWindow(0).size).toBe(1)
  })

  it('is halved by a loss, and grows by one with each window that is answered', () => {
    const window = new SendWindow(8)
    window.shrink()
    expect(window.size).toBe(4)
    window.grow(3)
    expect(window.size).toBe(4)
    window.grow(1)
    expect(window.size).toBe(5)
    window.grow(4)
    expect(window.size).toBe(5)
    window.shrink()
    expect(window.size).toBe(2)
  })

  it('stays at one once the device ran out of buffers', () => {
    const window = new SendWindow(8)
    window.limit()
    window.grow(100)
    expect(window.size).toBe(1)
  })

  it('is never less than one nor more than the ceiling, and is full again after enough answers', () => {
    const steps = fc.array(fc.oneof(fc.constant('lost'), fc.integer({ min: 1, max: 20 })))
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 16 }), steps, (ceiling, taken) => {
        const window = new SendWindow(ceiling)
        for (const step of taken) {
          if (typeof step === 'number') window.grow(step)
          else window.shrink()
          expect(window.size).toBeGreaterThanOrEqual(1)
          expect(window.size).toBeLessThanOrEqual(ceiling)
        }
        for (let answer = 0; answer < ceiling * ceiling; answer++) window.grow(1)
        expect(window.size).toBe(ceiling)
      }),
    )
  })
})
