// From the choice of devices to the plan for them.
import { useState } from 'react'
import type { Fleet } from '../../../app/fleet/fleet.ts'
import { ChooseDevices } from './ChooseDevices.tsx'
import { PlanScreen } from './PlanScreen.tsx'

export function NewRun({ fleet, firstChosen }: { fleet: Fleet; firstChosen: readonly string[] }) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(() => new Set(firstChosen))
  const [isPlanning, setPlanning] = useState(firstChosen.length > 0)
  return isPlanning ? (
    <PlanScreen fleet={fleet} chosen={chosen} onBack={() => setPlanning(false)} />
  ) : (
    <ChooseDevices chosen={chosen} onChange={setChosen} onPlan={() => setPlanning(true)} />
  )
}
