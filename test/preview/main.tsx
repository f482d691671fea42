// The screens over a fake Fob: ?scenario=, ?lang= and ?theme= choose what is shown. `showScreen(address)` shows another one without
// loading everything anew.
import { createRoot, type Root } from 'react-dom/client'
import { Observable } from '../../src/app/observable.ts'
import { App } from '../../src/ui/App.tsx'
import { createFakeFob, scenarios } from './fakeFob.ts'

let root: Root | undefined

function show(): void {
  const query = new URLSearchParams(location.search)
  const scenario = scenarios[query.get('scenario') ?? 'full']
  const container = document.getElementById('root')
  if (scenario === undefined || container === null)
    throw new Error(`no scenario ${query.get('scenario') ?? ''}`)
  const theme = query.get('theme')
  const fob = createFakeFob(scenario, {
    language: query.get('lang') === 'zh' ? 'zh' : 'en',
    theme: theme === 'dark' || theme === 'light' ? theme : 'auto',
    channel: 'stable',
    hapticsAndSound: true,
    minBattery: 20,
  })
  root?.unmount()
  root = createRoot(container)
  root.render(
    <App fob={fob} appUpdate={new Observable(scenario.appUpdate)} applyAppUpdate={() => location.reload()} />,
  )
}

show()
Object.assign(window, {
  showScreen(address: string) {
    history.replaceState(null, '', address)
    show()
  },
})
