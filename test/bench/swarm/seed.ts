// Starts the swarm bench's seed and asks it things.
import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import type { SeedAnswer, SeedQuestion } from './seedProcess.ts'

export interface BenchSeed {
  /** Of a plain WebSocket that sends as many bytes as its path says. */
  readonly plain: string
  addresses(): Promise<readonly string[]>
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
  const plain = String(await ready)
  return {
    plain,
    addresses: async () => (await ask({ kind: 'addresses' })) as readonly string[],
    reservations: async () => Number(await ask({ kind: 'reservations' })),
    add: async length => String(await ask({ kind: 'add', length })),
    stop: () => void child.kill(),
  }
}
