// All groups of the bench, in the order of the table. A new one is a file in groups/ and a line here.
import type { Group } from './row.ts'

export interface GroupEntry {
  /** Seconds after which the group is ended, with everything that it started. */
  readonly limit: number
  load(): Promise<{ readonly group: Group }>
}

export const groups: Readonly<Record<string, GroupEntry>> = {
  job: { limit: 300, load: () => import('./groups/job.ts') },
  paint: { limit: 240, load: () => import('./groups/paint.ts') },
  sizes: { limit: 120, load: () => import('./groups/sizes.ts') },
  upload: { limit: 60, load: () => import('./groups/upload.ts') },
  image: { limit: 60, load: () => import('./groups/image.ts') },
  proof: { limit: 60, load: () => import('./groups/proof.ts') },
  lock: { limit: 60, load: () => import('./groups/lock.ts') },
  vault: { limit: 90, load: () => import('./groups/vault.ts') },
  swarm: { limit: 300, load: () => import('./groups/swarm.ts') },
  gas: { limit: 90, load: () => import('./groups/gas.ts') },
  kiosk: { limit: 120, load: () => import('./groups/kiosk.ts') },
}
