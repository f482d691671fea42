// A data channel between two phones that met by two codes: no server finds them, none is between them.

import type { HandOverFailure } from '../../app/ports/handOver.ts'
import { type LinkSession, readSession, type Side, writeSession } from '../../core/handOver/session.ts'
import { fail, ok, type Result } from '../../core/result.ts'
import type { Timer } from '../../core/smp/transport.ts'

/** Milliseconds: to learn of one's own addresses, and to find each other once both codes are known. */
const GATHER_MS = 3_000
const MEET_MS = 30_000

export interface Link {
  readonly session: LinkSession
  /** Resolves when the two have found each other. */
  readonly channel: Promise<Result<RTCDataChannel, HandOverFailure>>
  /** The other side's session, for the one that offered. */
  meet(other: LinkSession): Promise<Result<null, HandOverFailure>>
  end(): void
}

/** Without STUN servers: nobody is told of the hand-over, and it stays in the local network. */
function connection(): Result<RTCPeerConnection, HandOverFailure> {
  try {
    return ok(new RTCPeerConnection({ iceServers: [] }))
  } catch (error) {
    return fail({ kind: 'webRtcMissing', detail: String(error) })
  }
}

export async function offerLink(timer: Timer): Promise<Result<Link, HandOverFailure>> {
  const made = connection()
  if (!made.ok) return made
  const peer = made.value
  const channel = opened(peer, peer.createDataChannel('fob'), timer)
  await peer.setLocalDescription(await peer.createOffer())
  return linkOf(peer, channel, timer)
}

export async function answerLink(timer: Timer, offer: LinkSession): Promise<Result<Link, HandOverFailure>> {
  const made = connection()
  if (!made.ok) return made
  const peer = made.value
  const channel = new Promise<Result<RTCDataChannel, HandOverFailure>>(resolve => {
    peer.addEventListener('datachannel', event => resolve(opened(peer, event.channel, timer)), { once: true })
    whenLost(peer, () => resolve(lost()))
  })
  const described = await describe(peer, offer, 'offer')
  if (!described.ok) {
    peer.close()
    return described
  }
  await peer.setLocalDescription(await peer.createAnswer())
  return linkOf(peer, channel, timer)
}

async function linkOf(
  peer: RTCPeerConnection,
  channel: Link['channel'],
  timer: Timer,
): Promise<Result<Link, HandOverFailure>> {
  await gathered(peer, timer)
  const session = readSession(peer.localDescription?.sdp ?? '')
  if (!session) {
    peer.close()
    return fail({ kind: 'noLocalNetwork' })
  }
  return ok({
    session,
    channel,
    meet: other => describe(peer, other, 'answer'),
    end: () => peer.close(),
  })
}

async function describe(
  peer: RTCPeerConnection,
  session: LinkSession,
  side: Side,
): Promise<Result<null, HandOverFailure>> {
  try {
    await peer.setRemoteDescription({ type: side, sdp: writeSession(session, side) })
    return ok(null)
  } catch (error) {
    // Another code of this kind was read before, or the browser wants what no code of ours says.
    return fail({ kind: 'linkFailed', detail: String(error) })
  }
}

function gathered(peer: RTCPeerConnection, timer: Timer): Promise<void> {
  return new Promise(resolve => {
    const cancel = timer.after(GATHER_MS, resolve)
    const look = () => {
      if (peer.iceGatheringState !== 'complete') return
      cancel()
      resolve()
    }
    peer.addEventListener('icegatheringstatechange', look)
    look()
  })
}

/** The time to find each other begins when both know of each other: before that a person walks about with a phone. */
function opened(peer: RTCPeerConnection, channel: RTCDataChannel, timer: Timer): Link['channel'] {
  return new Promise(resolve => {
    if (channel.readyState === 'open') return resolve(ok(channel))
    channel.addEventListener('open', () => resolve(ok(channel)), { once: true })
    whenLost(peer, () => resolve(lost()))
    peer.addEventListener('iceconnectionstatechange', () => {
      if (peer.iceConnectionState === 'checking') timer.after(MEET_MS, () => resolve(lost()))
    })
  })
}

function whenLost(peer: RTCPeerConnection, tell: () => void): void {
  peer.addEventListener('connectionstatechange', () => {
    if (peer.connectionState === 'failed' || peer.connectionState === 'closed') tell()
  })
}

const lost = () => fail({ kind: 'linkFailed', detail: 'the phones did not find each other' } as const)
