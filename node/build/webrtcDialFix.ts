// Mends the race that makes about one first WebRTC dial in six fail, in the build's copy of @libp2p/webrtc.
import type { Plugin } from 'vite'

const MODULE = '@libp2p/webrtc/dist/src/private-to-private/initiate-connection.js'
const FROM = "if (channel.readyState !== 'open') {"
const TO = "onProgress?.(new CustomProgressEvent('webrtc:close-signaling-stream'))"

/**
 * The dialler opens a data channel named `init` so that candidates are gathered, and waits for its `open` event before
 * it closes it. The answerer may have closed that channel by then: `open` never comes, and the dial runs into its
 * time-out (seen in 6.0.33). So the channel is waited for only as long as it is connecting, and closed only while it is
 * not closed.
 */
const REPLACEMENT = `
        if (channel.readyState === 'connecting') {
            await pEvent(channel, ['open', 'closing', 'close'], { signal });
        }
        if (channel.readyState !== 'closed') {
            const closed = pEvent(channel, 'close', { signal });
            channel.close();
            await closed;
        }
        `

/** Exported for its test. Throws when the code is not the one that this was written for. */
export function mendDial(code: string): string {
  const from = code.indexOf(FROM)
  const to = code.indexOf(TO)
  if (from < 0 || to < from || code.indexOf(FROM, from + 1) >= 0) {
    throw new Error(
      `${MODULE} has changed: see whether its init channel still races, and mend or remove webrtcDialFix.ts`,
    )
  }
  return code.slice(0, from) + REPLACEMENT.trimStart() + code.slice(to)
}

export function webrtcDialFix(): Plugin {
  let isSeen = false
  return {
    name: 'fob:webrtc-dial-fix',
    transform(code, id) {
      if (!id.split('?')[0]?.endsWith(MODULE)) return null
      isSeen = true
      return { code: mendDial(code), map: null }
    },
    buildEnd(error) {
      // A build that uses the package but never showed us the file would silently go without.
      const usesPackage = [...this.getModuleIds()].some(id => id.includes('/@libp2p/webrtc/'))
      if (!error && usesPackage && !isSeen) throw new Error(`${MODULE} is not in the build any more`)
    },
  }
}
