// The demo devices of this network: they run in the page, and everything around them is real.
import { ChevronRight, LoaderCircle } from 'lucide-react'
import { useState } from 'react'
import { demoIcons } from '../../components/DeviceGlyph.tsx'
import { FailureNotice } from '../../components/FailureNotice.tsx'
import { Sheet } from '../../components/Sheet.tsx'
import { useFob } from '../../fobContext.ts'
import { useMessages } from '../../i18n/useMessages.tsx'
import { useReadable } from '../../useReadable.ts'

export function DemoSheet({ onClose, onAdded }: { onClose: () => void; onAdded: (key: string) => void }) {
  const fob = useFob()
  const { devices: words, common } = useMessages()
  const demos = useReadable(fob.demoDevices)
  const [failure, setFailure] = useState<string | null>(null)
  const [adding, setAdding] = useState<string | null>(null)
  const add = async (id: string) => {
    setAdding(id)
    setFailure(null)
    try {
      onAdded(await fob.addDemo(id))
    } catch (error) {
      // Its code or its factory image could not be loaded: offline before the first full visit.
      setFailure(error instanceof Error ? error.message : String(error))
      setAdding(null)
    }
  }
  return (
    <Sheet title={words.demoTitle} onClose={onClose}>
      <p className="soft prose">{words.demoBody}</p>
      {failure !== null && <FailureNotice kind="unexpectedError" detail={failure} />}
      {demos.length === 0 ? (
        <p>{words.demoNone}</p>
      ) : (
        <ul className="card flush rows">
          {demos.map(({ id, kind, model }) => {
            const Icon = demoIcons[kind]
            return (
              <li key={id}>
                <button type="button" className="row" disabled={adding !== null} onClick={() => void add(id)}>
                  <span className="glyph">
                    <Icon size={22} strokeWidth={1.75} aria-hidden />
                  </span>
                  <span className="grow">
                    <span className="row-title">{words.demoKind[kind]}</span>
                    <br />
                    <span className="row-note">{`${model.name} · ${common.hardware(model.hardware)}`}</span>
                  </span>
                  {adding === id ? (
                    <LoaderCircle size={20} className="spin" aria-hidden />
                  ) : (
                    <ChevronRight size={20} className="chevron" aria-hidden />
                  )}
                </button>
              </li>
            )
          })}
        </ul>
      )}
    </Sheet>
  )
}
