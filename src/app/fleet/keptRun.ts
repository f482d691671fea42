// Where a run is kept, so that a killed tab goes on with it, and what of it is looked at before its code is loaded.
import type { Stores } from '../ports/store.ts'

/** In the stores' values. */
export const runKey = 'fleet/run'

/** The CIDs of the files that its devices get; null where there is no run. */
export async function filesOfKeptRun({ values }: Pick<Stores, 'values'>): Promise<readonly string[] | null> {
  const run = await values.get<{ readonly files?: readonly { readonly cid: string }[] }>(runKey)
  return run === undefined ? null : (run.files ?? []).map(({ cid }) => cid)
}
