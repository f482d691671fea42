// Which peers are dialled and what they are called; and how a lost one is called back.
import { multiaddr } from '@multiformats/multiaddr'
import { describe, expect, test } from 'vitest'
import { hostOf, isAllowed, parsePeerAddress, peerIdOf } from '../../../src/io/ipfs/addresses.ts'
import { createRedialler } from '../../../src/io/ipfs/redial.ts'

const SEED = '12D3KooWNb95ittqm3DEvxZ2Xy2qXzKqqLQTrVqhumi4pbWMmSwF'
const PEER = '12D3KooWBffnYrgfsgKKXWDiy4RxdSgHGVapAvCy4tebaf8PU4se'

describe('peer addresses', () => {
  test.each([
    [`/ip4/127.0.0.1/tcp/4001/ws/p2p/${SEED}`, '127.0.0.1:4001', SEED],
    [`/dns4/seed.example/tcp/443/wss/p2p/${SEED}`, 'seed.example:443', SEED],
    [`/ip6/::1/tcp/4001/ws/p2p/${SEED}`, '[::1]:4001', SEED],
    [`/dns4/seed.example/tcp/443/wss/p2p/${SEED}/p2p-circuit/webrtc/p2p/${PEER}`, 'seed.example:443', PEER],
  ])('%s', (text, host, peer) => {
    const address = parsePeerAddress(text)
    expect(address && hostOf(address)).toBe(host)
    expect(address && peerIdOf(address)).toBe(peer)
  })

  test.each(['', 'seed.example', '/ip4/127.0.0.1/tcp/4001/ws', '/ip4/999.0.0.1/tcp/1', '/nonsense/1'])(
    '%s is none: nobody, or anybody',
    text => expect(parsePeerAddress(text)).toBeUndefined(),
  )
})

describe('what may be dialled', () => {
  const named = new Set(['192.168.1.5:4001'])
  const allowed = (text: string) => isAllowed(multiaddr(text), named)

  test('hosts that the network or a manifest names, relays through them included', () => {
    expect(allowed('/ip4/192.168.1.5/tcp/4001/ws')).toBe(true)
    expect(allowed(`/ip4/192.168.1.5/tcp/4001/ws/p2p/${SEED}/p2p-circuit/webrtc/p2p/${PEER}`)).toBe(true)
    expect(allowed('/ip4/192.168.1.5/tcp/80/ws')).toBe(false)
  })

  test.each([
    '/dns4/seed.example/tcp/443/wss',
    '/ip4/93.184.216.34/tcp/4001/ws',
    '/ip6/2001:db8::1/tcp/1/ws',
  ])('public: %s', text => expect(allowed(text)).toBe(true))

  test.each([
    '/ip4/127.0.0.1/tcp/80/ws',
    '/ip4/10.1.2.3/tcp/80/ws',
    '/ip4/172.16.0.1/tcp/80/ws',
    '/ip4/192.168.0.1/tcp/80/ws',
    '/ip4/169.254.169.254/tcp/80/ws',
    '/ip4/100.64.0.1/tcp/80/ws',
    '/ip4/0.0.0.0/tcp/80/ws',
    '/ip6/::1/tcp/80/ws',
    '/ip6/fe80::1/tcp/80/ws',
    '/ip6/fd00::1/tcp/80/ws',
    '/dns4/localhost/tcp/80/ws',
    '/dns4/printer.local/tcp/80/ws',
    '/dns4/router/tcp/80/ws',
  ])('not a stranger’s word for something near: %s', text => expect(allowed(text)).toBe(false))
})

describe('a lost peer', () => {
  function setUp(outcomes: boolean[]) {
    let now = 0
    let timers: { at: number; task: () => void }[] = []
    const dials: number[] = []
    const redialler = createRedialler(
      {
        now: () => now,
        after(ms, task) {
          const entry = { at: now + ms, task }
          timers.push(entry)
          return () => {
            timers = timers.filter(other => other !== entry)
          }
        },
      },
      async () => {
        dials.push(now)
        return outcomes.shift() ?? true
      },
    )
    const run = async (ms: number) => {
      const end = now + ms
      for (;;) {
        const due = timers.filter(t => t.at <= end).sort((a, b) => a.at - b.at)[0]
        if (!due) break
        timers = timers.filter(other => other !== due)
        now = due.at
        due.task()
        await Promise.resolve()
        await Promise.resolve()
      }
      now = end
    }
    return { redialler, dials, run }
  }

  test('is dialled after a second, then ever less often, at most a minute apart', async () => {
    const { redialler, dials, run } = setUp(Array.from({ length: 9 }, () => false))
    redialler.lost()
    redialler.lost()
    await run(400_000)
    expect(dials.slice(0, 9)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 64_000, 124_000, 184_000])
    expect(dials.length).toBe(10)
  })

  test('is dialled at once when the browser goes online', async () => {
    const { redialler, dials, run } = setUp([false, false, false, false])
    redialler.lost()
    await run(10_000)
    redialler.hurry()
    await run(0)
    expect(dials.at(-1)).toBe(10_000)
  })

  test('is left alone once nobody wants it', async () => {
    const { redialler, dials, run } = setUp([false])
    redialler.lost()
    redialler.stop()
    redialler.lost()
    redialler.hurry()
    await run(100_000)
    expect(dials).toEqual([])
  })
})
