// The files of a run, each fetched once and kept before the first device is written to.
import type { FleetFailure, FleetFile } from '../../core/fleet/run.ts'
import type { FirmwareSource } from '../ports/firmware.ts'
import type { FleetFetch } from './fleet.ts'

export interface FileNotices {
  onProgress(fetching: FleetFetch): void
  onMissing(cid: string, failure: FleetFailure): Promise<void>
}

/** Ends early where `signal` aborts it. What is fetched is kept block by block, so nothing is fetched twice. */
export async function holdFiles(
  files: readonly FleetFile[],
  firmware: () => Promise<FirmwareSource>,
  signal: AbortSignal,
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
        const fetched = await source.fetch(
          { cid, size, peers },
          {
            signal,
            onProgress: ({ received, total }) =>
              onProgress({ file: index + 1, files: files.length, received, total }),
          },
        )
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
