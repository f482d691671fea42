// Power cuts while an image is stored and marked: whatever was written by then, the device boots.
import { sha256 } from '@noble/hashes/sha2.js'
import { expect, it } from 'vitest'
import { boot } from '../../../device/bootloader.ts'
import type { Flash } from '../../../device/flash.ts'
import { imageGroup } from '../../../device/imageGroup.ts'
import type { SmpReply } from '../../../device/smpDispatch.ts'
import type { CborMap } from '../../../src/core/smp/cbor.ts'
import { ImageError } from '../../../src/core/smp/errors.ts'
import { ImageCommand } from '../../../src/core/smp/image.ts'
import { FailingFlash, PowerCut } from './failingFlash.ts'
import { flashWith, hashOf, POLICY, testImage } from './fixtures.ts'

const OLD = testImage({ minor: 1 })
const NEW = testImage({ minor: 2 })

/** The firmware's image group over this flash, as it is after a boot. */
function imageServer(flash: Flash): (command: number, body: CborMap) => SmpReply | undefined {
  const group = imageGroup({ flashes: [flash], eraseMs: 0, onState: () => {} })
  return (command, body) => group.commands.get(command)?.write?.(body)
}

function storeAndMark(flash: Flash, confirm: boolean): SmpReply | undefined {
  const ask = imageServer(flash)
  ask(ImageCommand.erase, {})
  for (let at = 0; at < NEW.length; at += 256) {
    const opening = at === 0 ? { len: NEW.length, sha: sha256(NEW) } : {}
    ask(ImageCommand.upload, { ...opening, off: at, data: NEW.slice(at, at + 256) })
  }
  return ask(ImageCommand.state, { hash: hashOf(NEW), confirm })
}

/** Minor version that runs after one reset. */
function runningAfterReset(flash: Flash): number | string {
  const booted = boot(flash, POLICY)
  return booted.ok ? booted.value.image.version.minor : booted.error.kind
}

it.each([false, true])('at any flash operation of an upload and its marking (confirm: %s)', confirm => {
  const outcomes = new Set<number | string>()
  for (let cut = 0; ; cut++) {
    const flash = flashWith(OLD)
    // Something older lies in the slot, so that erasing it is one of the operations.
    flash.write('secondary', 0, testImage({ minor: 0 }))
    try {
      storeAndMark(new FailingFlash(flash, cut), confirm)
      expect(runningAfterReset(flash)).toBe(2)
      break
    } catch (error) {
      if (!(error instanceof PowerCut)) throw error
    }
    const minor = runningAfterReset(flash)
    expect([1, 2], `cut ${cut}`).toContain(minor)
    outcomes.add(minor)

    // And the device is not stuck: the same update works in full afterwards (or is on trial already).
    if (minor === 1) {
      const again = storeAndMark(flash, confirm)
      const isTorn = again?.kind === 'groupError' && again.rc === ImageError.INVALID_IMAGE_VECTOR_TABLE
      if (isTorn) storeAndMark(flash, confirm)
      expect(runningAfterReset(flash), `cut ${cut}, again`).toBe(2)
    }
  }
  expect(outcomes.has(1)).toBe(true)
})

it('a torn mark is refused once and cleared, as by boot_set_next', () => {
  const flash = flashWith(OLD)
  storeAndMark(flash, false)
  flash.erase('secondary', flash.size('secondary') - 512, 512)
  flash.write('secondary', flash.size('secondary') - 16, Uint8Array.of(0x77, 0xc2))
  const ask = imageServer(flash)
  const mark = () => ask(ImageCommand.state, { hash: hashOf(NEW), confirm: false })
  expect(mark()).toEqual({ kind: 'groupError', rc: ImageError.INVALID_IMAGE_VECTOR_TABLE })
  expect(mark()).toMatchObject({ kind: 'body', body: { images: [{}, { pending: true }] } })
})
