// The square that stands for a device: by what it is where the demo network says so, else a chip.
import { CircuitBoard, LockKeyhole, type LucideIcon, Plug, Refrigerator, Thermometer } from 'lucide-react'
import type { DemoDevice } from '../../app/fob.ts'
import type { Model } from '../../core/registry/model.ts'
import { useFob } from '../fobContext.ts'
import { useReadable } from '../useReadable.ts'

export const demoIcons: Record<DemoDevice['kind'], LucideIcon> = {
  lock: LockKeyhole,
  vending: Refrigerator,
  outlet: Plug,
  sensor: Thermometer,
}

export function DeviceGlyph({ model, large = false }: { model: Model | null; large?: boolean }) {
  const demos = useReadable(useFob().demoDevices)
  const demo = demos.find(entry => entry.model.name === model?.name && entry.model.maker === model.maker)
  const Icon = demo === undefined ? CircuitBoard : demoIcons[demo.kind]
  return (
    <span className={large ? 'glyph large' : 'glyph'}>
      <Icon size={large ? 30 : 22} strokeWidth={1.75} aria-hidden />
    </span>
  )
}
