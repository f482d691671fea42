// Times tasks against each other on a machine that is never quiet: in turns, several times, and the median counts.

/** Throws RangeError for no values at all. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const upper = sorted[Math.floor(sorted.length / 2)]
  const lower = sorted[Math.ceil(sorted.length / 2) - 1]
  if (upper === undefined || lower === undefined) throw new RangeError('no values')
  return (lower + upper) / 2
}

/** Milliseconds. A sample is longer than a busy machine's other programs hold the processor at a time. */
const sampleMs = 30
/** Milliseconds until a task is taken for compiled. */
const warmUpMs = 150

/**
 * Median time of each task in milliseconds. The tasks take turns, so that a busy moment of the machine hits them all; each
 * is first run until it was compiled, and short ones are repeated within a sample.
 */
export async function medianTimes<K extends string>(
  runs: number,
  tasks: Readonly<Record<K, () => unknown>>,
): Promise<Record<K, number>> {
  const contestants = []
  for (const [name, task] of Object.entries<() => unknown>(tasks)) {
    contestants.push({ name, task, repeats: await repeatsFor(task), times: [] as number[] })
  }
  for (let run = 0; run < runs; run++) {
    for (const { task, repeats, times } of contestants) times.push((await timeOf(task, repeats)) / repeats)
  }
  return Object.fromEntries(contestants.map(({ name, times }) => [name, median(times)])) as Record<K, number>
}

async function repeatsFor(task: () => unknown): Promise<number> {
  const warm = performance.now() + warmUpMs
  while (performance.now() < warm) await task()
  let repeats = 1
  while ((await timeOf(task, repeats)) < sampleMs) repeats *= 2
  return repeats
}

async function timeOf(task: () => unknown, repeats: number): Promise<number> {
  const begun = performance.now()
  for (let i = 0; i < repeats; i++) await task()
  return performance.now() - begun
}
