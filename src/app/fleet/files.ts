// The files of a run, each fetched once and kept before the first device is written to.
import type { FleetFailure, FleetFile } from '../../core/fleet/run.ts'
import type { Timer } from '../../core/smp/transport.ts'
import type { FirmwareSource } from '../ports/firmware.ts'
import { watchQuiet } from '../quietWatch.ts'
import type { FleetFetch } from './fleet.ts'

export interface FileNotices {
  onProgress(fetching: FleetFetch): void
  onMissing(cid: string, failure: FleetFailure): Promise<void>
}

/** Ends early where `signal` aborts it. What is fetched is kept block by block, so nothing is fetched twice. */
export async function holdFiles(
  files: readonly FleetFile[],
  firmware: () => Promise<Pick<FirmwareSource, 'holds' | 'fetch'>>,
  signal: AbortSignal,
  timer: Timer,
  { onProgress, onMissing }: FileNotices,
): Promise<void> {
  for (const [index, { cid, size, peers }] of files.entries()) {
    const failure = await hold()
    if (signal.aborted) return
    if (failure) await onMissing(cid, failure)

    async function hold(): Promise<FleetFailure | null> {
      try {
        const source = await firmware()
        if (await source.holds(cid)) return null
        let latest: FleetFetch = { file: index + 1, files: files.length, received: 0, total: size }
        const quiet = watchQuiet(timer, isQuiet =>
          onProgress(isQuiet && !signal.aborted ? { ...latest, isQuiet } : latest),
        )
        const fetched = await source
          .fetch(
            { cid, size, peers },
            {
              signal,
              onProgress: ({ received, total }) => {
                latest = { ...latest, received, total }
                quiet.moved()
                onProgress(latest)
              },
            },
          )
          .finally(() => quiet.end())
        return fetched.ok ? null : { kind: fetched.error.kind, reason: null, detail: detailOf(fetched.error) }
      } catch (error) {
        return { kind: 'unexpectedError', reason: null, detail: String(error) }
      }
    }
  }
}

function detailOf(error: object): string | null {
  return 'tried' in error && Array.isArray(error.tried) ? error.tried.join(', ') : null
}
