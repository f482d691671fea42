// Several devices in one go: choosing and planning, then the run, then its report. Which of them, the kept run says.
import '../../styles/fleet.css'
import { use, useState } from 'react'
import { useFob } from '../../fobContext.ts'
import { useReadable } from '../../useReadable.ts'
import { NewRun } from './NewRun.tsx'
import { ReportScreen } from './ReportScreen.tsx'
import { RunScreen } from './RunScreen.tsx'

export function FleetScreen() {
  const fleet = use(useFob().fleet())
  const view = useReadable(fleet.view)
  /** Chosen by the dry run before. */
  const [chosen, setChosen] = useState<readonly string[]>([])
  if (view === null) return <NewRun fleet={fleet} firstChosen={chosen} />
  if (view.run.status !== 'ended' || view.isWorking) return <RunScreen fleet={fleet} view={view} />
  return <ReportScreen fleet={fleet} view={view} onUpdate={setChosen} />
}
