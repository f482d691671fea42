// Language, theme, updates, network, storage, and what this is.
import { Bluetooth, ChevronRight, Globe, Share2 } from 'lucide-react'
import { Link } from 'wouter'
import type { Settings } from '../../../app/ports/store.ts'
import { Fact, Facts, Section } from '../../components/Facts.tsx'
import { Segments, SwitchRow } from '../../components/Field.tsx'
import { Screen } from '../../components/Screen.tsx'
import { useFob, useFrame } from '../../fobContext.ts'
import { useFormats, useMessages } from '../../i18n/useMessages.tsx'
import { paths } from '../../paths.ts'
import { useReadable } from '../../useReadable.ts'
import { StorageSection } from './StorageSection.tsx'

export function SettingsScreen() {
  const { settings: words } = useMessages()
  return (
    <Screen title={words.title}>
      <Appearance />
      <Updates />
      <Places />
      <StorageSection />
      <About />
    </Screen>
  )
}

function useChange(): [Settings, (change: Partial<Settings>) => void] {
  const fob = useFob()
  return [useReadable(fob.settings), change => void fob.changeSettings(change)]
}

function Appearance() {
  const { settings: words } = useMessages()
  const [settings, change] = useChange()
  return (
    <Section title={words.appearance}>
      <div className="card stack">
        <Segments
          legend={words.language}
          value={settings.language}
          onChange={language => change({ language })}
          options={[
            { value: 'auto', label: words.languageAuto },
            { value: 'en', label: 'English', lang: 'en' },
            { value: 'zh', label: '简体中文', lang: 'zh-Hans' },
          ]}
        />
        <Segments
          legend={words.theme}
          value={settings.theme}
          onChange={theme => change({ theme })}
          options={[
            { value: 'auto', label: words.themeAuto },
            { value: 'light', label: words.themeLight },
            { value: 'dark', label: words.themeDark },
          ]}
        />
      </div>
    </Section>
  )
}

function Updates() {
  const { settings: words } = useMessages()
  const formats = useFormats()
  const [settings, change] = useChange()
  const known = [
    { value: 'stable', label: words.channelStable },
    { value: 'beta', label: words.channelBeta },
  ]
  const isOther = known.every(({ value }) => value !== settings.channel)
  return (
    <Section title={words.updates}>
      <div className="card flush rows">
        <div className="card-pad stack tight">
          <Segments
            legend={words.channel}
            value={settings.channel}
            onChange={channel => change({ channel })}
            options={isOther ? [...known, { value: settings.channel, label: settings.channel }] : known}
          />
          <p className="row-note">{words.channelHint}</p>
        </div>
        <div className="card-pad stack tight">
          <Segments
            legend={words.minBattery}
            value={String(settings.minBattery)}
            onChange={percent => change({ minBattery: Number(percent) })}
            options={[
              { value: '0', label: words.minBatteryAny },
              ...[20, 30, 50].map(percent => ({
                value: String(percent),
                label: formats.percent(percent / 100),
              })),
            ]}
          />
          <p className="row-note">{words.minBatteryHint}</p>
        </div>
        <SwitchRow
          label={words.haptics}
          hint={words.hapticsHint}
          checked={settings.hapticsAndSound}
          onChange={hapticsAndSound => change({ hapticsAndSound })}
        />
      </div>
    </Section>
  )
}

function Places() {
  const { settings: words } = useMessages()
  const network = useReadable(useFob().network)
  return (
    <Section title={words.network}>
      <div className="card flush rows">
        <Link className="row" href={paths.network}>
          <Globe size={22} strokeWidth={1.75} className="soft" aria-hidden />
          <span className="grow">
            <span className="row-title">
              {network.status === 'ready' ? network.config.name : words.network}
            </span>
            <br />
            <span className="row-note">{words.networkHint}</span>
          </span>
          <ChevronRight size={20} className="chevron" aria-hidden />
        </Link>
        <Link className="row" href={paths.serving}>
          <Share2 size={22} strokeWidth={1.75} className="soft" aria-hidden />
          <span className="grow">
            <span className="row-title">{words.serving}</span>
            <br />
            <span className="row-note">{words.servingHint}</span>
          </span>
          <ChevronRight size={20} className="chevron" aria-hidden />
        </Link>
        <Link className="row" href={paths.browser}>
          <Bluetooth size={22} strokeWidth={1.75} className="soft" aria-hidden />
          <span className="grow row-title">{words.browser}</span>
          <ChevronRight size={20} className="chevron" aria-hidden />
        </Link>
      </div>
    </Section>
  )
}

function About() {
  const { settings: words } = useMessages()
  const { version } = useFrame()
  return (
    <Section title={words.about}>
      <div className="card flush">
        <Facts>
          <Fact name={words.version}>{version}</Fact>
          <Fact name={words.licence}>{words.licenceName}</Fact>
        </Facts>
      </div>
      <p className="row-note indent">{words.aboutBody}</p>
    </Section>
  )
}
