// The mended WebRTC dial, against the installed package and against a changed one.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { mendDial } from '../../../node/build/webrtcDialFix.ts'

const require = createRequire(import.meta.url)
const source = readFileSync(
  join(dirname(require.resolve('@libp2p/webrtc')), 'private-to-private/initiate-connection.js'),
  'utf8',
)

describe('the WebRTC dial', () => {
  test('no longer waits for an open event that may never come', () => {
    expect(source).toContain("await pEvent(channel, 'open'")
    const mended = mendDial(source)
    expect(mended).not.toContain("await pEvent(channel, 'open'")
    expect(mended).toContain("channel.readyState === 'connecting'")
    expect(mended.match(/channel\.close\(\)/g)?.length).toBe(1)
  })

  test('stops the build when the package has changed', () => {
    expect(() => mendDial(source.replace("readyState !== 'open'", "readyState != 'open'"))).toThrow(
      /has changed/,
    )
    expect(() => mendDial(source.replace('webrtc:close-signaling-stream', 'other'))).toThrow(/has changed/)
    expect(() => mendDial(mendDial(source))).toThrow(/has changed/)
  })
})
