// The kiosk's clock: whatever part fails or hangs, the others are done, the trouble is named, and nothing piles up.
import { expect, test } from 'vitest'
import { Rounds, type Step } from '../../../src/app/kiosk/rounds.ts'
import { VirtualTime } from '../smp/virtualTime.ts'

const never = () => new Promise<never>(() => {})

function clock(steps: readonly Step[]) {
  const timer = new VirtualTime()
  const unixNow = () => 1_000 + Math.floor(timer.now() / 1000)
  const rounds = new Rounds({ timer, unixNow, steps, pace: () => 1_000, onStep: () => {} })
  return { timer, rounds }
}

test('each step has its own pace, and one that is wanted soon is done in the next round', async () => {
  const done: string[] = []
  const step = (name: Step['name'], every: number): Step => ({
    name,
    every: () => every,
    limit: 500,
    run: async () => void done.push(name),
  })
  const { timer, rounds } = clock([step('sales', 0), step('machine', 10_000)])
  await timer.until(rounds.work())
  await timer.pass(5_500)
  expect(done.filter(name => name === 'sales')).toHaveLength(6)
  expect(done.filter(name => name === 'machine')).toHaveLength(1)
  rounds.soon('machine')
  await timer.pass(1_000)
  expect(done.filter(name => name === 'machine')).toHaveLength(2)
  await rounds.close()
  const before = done.length
  await timer.pass(60_000).catch(() => {})
  expect(done).toHaveLength(before)
})

test('a step that hangs is named, not begun again, and keeps nobody from working; after ten minutes only a new page helps', async () => {
  let [begun, sales] = [0, 0]
  const { timer, rounds } = clock([
    {
      name: 'machine',
      every: () => 0,
      limit: 4_000,
      run() {
        begun++
        return never()
      },
    },
    { name: 'sales', every: () => 0, limit: 4_000, run: async () => void sales++ },
  ])
  await timer.until(rounds.work())
  expect(rounds.troubles).toMatchObject([{ step: 'machine', since: 1_004 }])
  await timer.pass(100_000)
  expect(begun).toBe(1)
  expect(sales).toBeGreaterThan(90)
  expect(rounds.isLost.get()).toBe(false)
  // A round waits for the next one, and for nothing else: months of them pile nothing up.
  expect(timer.waiting).toBeLessThanOrEqual(1)
  await timer.pass(510_000)
  expect(rounds.isLost.get()).toBe(true)
})

test('a step that fails is tried in each round, and its trouble is over once it succeeds; one that comes back late is begun anew', async () => {
  let isFull = true
  let lateRuns = 0
  const { timer, rounds } = clock([
    {
      name: 'sales',
      every: () => 0,
      limit: 1_000,
      run: async () => {
        if (isFull) throw new Error('the disk is full')
      },
    },
    {
      name: 'box',
      every: () => 0,
      limit: 1_000,
      run() {
        lateRuns++
        return lateRuns === 1 ? new Promise<void>(resolve => timer.after(5_000, resolve)) : Promise.resolve()
      },
    },
  ])
  await timer.until(rounds.work())
  expect(rounds.troubles.map(({ step, why }) => [step, why])).toEqual([
    ['sales', 'the disk is full'],
    ['box', 'box: no answer within 1000 ms'],
  ])
  isFull = false
  await timer.pass(6_000)
  expect(rounds.troubles).toEqual([])
  expect(lateRuns).toBeGreaterThan(1)
})

test('what is asked for during a round is done in one right after it', async () => {
  let runs = 0
  const { timer, rounds } = clock([
    {
      name: 'sales',
      every: () => 0,
      limit: 1_000,
      run() {
        runs++
        return new Promise<void>(resolve => timer.after(100, resolve))
      },
    },
  ])
  const first = rounds.work()
  await timer.until(Promise.all([first, rounds.work(), rounds.work()]))
  expect(timer.now()).toBe(200)
  expect(runs).toBe(2)
})
