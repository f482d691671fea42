// Starts the swarm bench's seed and asks it things.
import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import type { SeedAnswer, SeedQuestion, Way } from './seedProcess.ts'

export interface BenchSeed {
  /** Directly. */
  readonly way: Way
  /** Over a link of so many bytes per second. */
  narrowWay(perSecond: number): Promise<Way>
  /** Relay slots in use. */
  reservations(): Promise<number>
  /** Makes up a file and keeps it; returns its CID. */
  add(length: number): Promise<string>
  stop(): void
}

export async function startBenchSeed(): Promise<BenchSeed> {
  const child: ChildProcess = fork(join(import.meta.dirname, 'seedProcess.ts'), {
    stdio: ['ignore', 2, 2, 'ipc'],
  })
  const waiting = new Map<number, (value: unknown) => void>()
  let last = 0
  const ready = new Promise<unknown>((resolve, reject) => {
    waiting.set(0, resolve)
    child.once('exit', code => reject(new Error(`the seed ended (${String(code)})`)))
  })
  child.on('message', ({ id, value }: SeedAnswer) => {
    waiting.get(id)?.(value)
    waiting.delete(id)
  })
  type Question = SeedQuestion extends infer Each ? (Each extends unknown ? Omit<Each, 'id'> : never) : never
  const ask = (question: Question) =>
    new Promise<unknown>(resolve => {
      waiting.set(++last, resolve)
      child.send({ ...question, id: last })
    })
  const way = async (perSecond: number | null) => (await ask({ kind: 'way', perSecond })) as Way
  await ready
  return {
    way: await way(null),
    narrowWay: way,
    reservations: async () => Number(await ask({ kind: 'reservations' })),
    add: async length => String(await ask({ kind: 'add', length })),
    stop: () => void child.kill(),
  }
}
