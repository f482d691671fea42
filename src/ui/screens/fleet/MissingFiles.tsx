// Files that nobody gives away just now: what their devices wait for can be bought, or had from the phone next to this one.
import { lazy, Suspense } from 'react'
import type { Fleet } from '../../../app/fleet/fleet.ts'
import type { FleetFile, FleetItem, FleetRun } from '../../../core/fleet/run.ts'

// The wallet's code comes only where something is for sale.
const BuyFile = lazy(async () => ({ default: (await import('../channels/BuyFile.tsx')).BuyFile }))

export function MissingFiles({ fleet, run: { files, items } }: { fleet: Fleet; run: FleetRun }) {
  return files.map(file => {
    const waiting = items.filter(item => lacks(item, file))
    if (waiting.length === 0) return null
    const goOn = () => {
      for (const { key } of waiting) fleet.retry(key)
    }
    return (
      <Suspense key={file.cid} fallback={null}>
        <div className="no-print">
          <BuyFile file={file} onGoOn={goOn} />
        </div>
      </Suspense>
    )
  })
}

const lacks = ({ state, cid, failure }: FleetItem, file: FleetFile): boolean =>
  state === 'failed' && cid === file.cid && failure?.kind === 'firmwareUnavailable'
