// One queue per link: order, time limits, busy links, and an end that leaves nobody waiting.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LinkError } from '../../../src/core/smp/transport.ts'
import { GattLink } from '../../../src/io/ble/gattLink.ts'
import { defaultTiming } from '../../../src/io/ble/timing.ts'
import { VirtualTime } from '../smp/virtualTime.ts'
import { asDevice, asServer, browserError, FakeDevice } from './fakeBluetooth.ts'

function openLink() {
  const time = new VirtualTime()
  const device = new FakeDevice('a')
  device.gatt.connected = true
  return { time, device, link: new GattLink(asDevice(device), asServer(device.gatt), time, defaultTiming) }
}

const never = () => new Promise<never>(() => undefined)
const lossOf = (error: unknown) => (error instanceof LinkError ? error.loss : error)

describe('a GATT link', () => {
  it('runs operations one at a time and in order, whatever they take and however they end', async () => {
    const operation = fc.record({ ms: fc.nat(50), fails: fc.boolean() })
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { maxLength: 12 }), async operations => {
        const { time, link } = openLink()
        const log: string[] = []
        const results = operations.map(({ ms, fails }, i) =>
          link
            .run('operation', 1_000, async () => {
              log.push(`begin ${i}`)
              await new Promise<void>(resolve => time.after(ms, resolve))
              log.push(`end ${i}`)
              if (fails) throw browserError('NotSupportedError', 'GATT Error: Not supported.')
              return i
            })
            .catch(() => -1),
        )
        const settled = await time.until(Promise.all(results))
        expect(settled).toEqual(operations.map(({ fails }, i) => (fails ? -1 : i)))
        expect(log).toEqual(operations.flatMap((_, i) => [`begin ${i}`, `end ${i}`]))
        expect(time.waiting).toBe(0)
      }),
      { numRuns: 50 },
    )
  })

  it('ends when an operation takes longer than its limit: the system can not be made to forget it', async () => {
    const { time, link, device } = openLink()
    const ends: string[] = []
    link.onEnd(loss => ends.push(loss))
    const stuck = link.run('write', 500, never).catch(lossOf)
    const behind = link.run('read', 500, async () => 'never begun').catch(lossOf)
    expect(await time.until(Promise.all([stuck, behind]))).toEqual(['timeout', 'timeout'])
    expect(time.now()).toBe(500)
    expect(ends).toEqual(['timeout'])
    expect(device.gatt.connected).toBe(false)
  })

  it('rejects what is under way and what waits when the device goes', async () => {
    const { time, link, device } = openLink()
    let begun = 0
    const operation = () => {
      begun++
      return never()
    }
    const results = [1, 2, 3].map(() => link.run('write', 1_000, operation).catch(lossOf))
    await new Promise(resolve => setImmediate(resolve))
    device.dropLink()
    expect(await time.until(Promise.all(results))).toEqual(['lost', 'lost', 'lost'])
    expect(begun).toBe(1)
    expect(await link.run('write', 1_000, operation).catch(lossOf)).toBe('lost')
  })

  it('notices a loss that the browser tells only by an error', async () => {
    const { time, link, device } = openLink()
    const result = link.run('write', 1_000, async () => {
      device.gatt.connected = false
      throw browserError('NetworkError', 'GATT Server is disconnected. Cannot perform GATT operations.')
    })
    expect(await time.until(result.catch(lossOf))).toBe('lost')
    expect(link.loss).toBe('lost')
  })

  it('notices a loss between the connection and its first use', async () => {
    const device = new FakeDevice('a')
    const link = new GattLink(asDevice(device), asServer(device.gatt), new VirtualTime(), defaultTiming)
    const ends: string[] = []
    link.onEnd(loss => ends.push(loss))
    expect(ends).toEqual(['lost'])
  })

  it('tries again while another page keeps the link busy', async () => {
    const { time, link } = openLink()
    let refusals = 5
    const result = link.run('write', 1_000, async () => {
      if (refusals-- > 0) throw browserError('NetworkError', 'GATT operation already in progress.')
      return 'written'
    })
    expect(await time.until(result)).toBe('written')
    expect(time.now()).toBe(5 * defaultTiming.busyPause)
  })

  it('says that the link is busy when that lasts, and keeps it', async () => {
    const { time, link } = openLink()
    const result = link.run('write', 1_000, async () => {
      throw browserError('NetworkError', 'GATT operation already in progress.')
    })
    expect(await time.until(result.catch(lossOf))).toBe('busy')
    expect(time.now()).toBe(defaultTiming.busy)
    expect(await time.until(link.run('write', 1_000, async () => 'written'))).toBe('written')
  })

  it('ends once, tells each listener once, and tells late ones at once', () => {
    const { link, device } = openLink()
    const heard: string[] = []
    link.onEnd(loss => heard.push(`first ${loss}`))
    link.onEnd(loss => heard.push(`unsubscribed ${loss}`))()
    link.end('closed')
    device.dropLink()
    link.end('timeout')
    link.onEnd(loss => heard.push(`late ${loss}`))
    expect(heard).toEqual(['first closed', 'late closed'])
    expect(device.gatt.disconnects).toBe(1)
  })
})
