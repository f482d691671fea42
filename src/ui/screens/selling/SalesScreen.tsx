// One machine’s sales: how it is now, what was sold, who has earned what; the ways to products and kiosks.
import { ChevronRight, Copy, PackageOpen, Store, TabletSmartphone } from 'lucide-react'
import { lazy, Suspense, useCallback } from 'react'
import { Link } from 'wouter'
import type { KioskOwnerView } from '../../../app/kiosk/owner/kioskOwner.ts'
import { Button } from '../../components/Button.tsx'
import { Fact, Facts, Section } from '../../components/Facts.tsx'
import { Hash } from '../../components/Hash.tsx'
import { Notice } from '../../components/Notice.tsx'
import { ProofLink } from '../../components/ProofLink.tsx'
import { Screen } from '../../components/Screen.tsx'
import { shortAmount } from '../../i18n/amounts.ts'
import { useFormats, useMessages } from '../../i18n/useMessages.tsx'
import { useSellingMessages } from '../../i18n/useSellingMessages.ts'
import { paths } from '../../paths.ts'
import { useCopy } from '../../useCopy.ts'
import { useNow } from '../../useNow.ts'
import { useRead } from '../market/useRead.ts'
import { SalesSection } from './SalesSection.tsx'
import { SellFailure } from './SellFailure.tsx'
import { Slots } from './Slots.tsx'
import { type OwnMachine, useSeller } from './sellerContext.ts'

const Asked = lazy(async () => ({ default: (await import('./Asked.tsx')).Asked }))

const linkOf = (deviceId: string): string =>
  new URL(`${import.meta.env.BASE_URL}${paths.selling(deviceId).slice(1)}`, location.origin).href

export function SalesScreen({ device }: OwnMachine) {
  const { copied, copy } = useCopy()
  const words = useSellingMessages()
  const { common } = useMessages()
  const seller = useSeller()
  const { deviceId } = device
  const { value, failure, again } = useRead(useCallback(() => seller.read(deviceId), [seller, deviceId]))
  const published = value?.published ?? null
  return (
    <Screen title={words.title} back={paths.ownedDevice(deviceId)} notices={false}>
      <p className="row-title breakable">{device.name}</p>
      {failure !== null && (
        <SellFailure failure={failure} actions={<Button onClick={again}>{common.retry}</Button>} />
      )}
      <ul className="card flush rows">
        <li>
          <Link href={paths.products(deviceId)} className="row">
            <Store size={20} aria-hidden />
            <span className="grow">
              <span className="row-title">{words.products}</span>
              <br />
              <span className="row-note">
                {value === null
                  ? words.productsUnread
                  : published === null
                    ? words.productsNone
                    : words.productsNote(published.draft.products.length, published.version)}
              </span>
            </span>
            <ChevronRight size={18} className="chevron" aria-hidden />
          </Link>
        </li>
        <li>
          <Link href={paths.grantKiosk(deviceId)} className="row">
            <TabletSmartphone size={20} aria-hidden />
            <span className="grow">
              <span className="row-title">{words.grant}</span>
              <br />
              <span className="row-note">{words.grantNote}</span>
            </span>
            <ChevronRight size={18} className="chevron" aria-hidden />
          </Link>
        </li>
        <li>
          <Link href={paths.lendFree(deviceId)} className="row">
            <PackageOpen size={20} aria-hidden />
            <span className="grow">
              <span className="row-title">{words.staff}</span>
              <br />
              <span className="row-note">{words.staffNote}</span>
            </span>
            <ChevronRight size={18} className="chevron" aria-hidden />
          </Link>
        </li>
      </ul>
      {value === null && failure === null && (
        <div className="stack" role="status">
          <span className="soft">{words.reading}</span>
          <div className="skeleton" />
        </div>
      )}
      {value !== null && <Now view={value} again={again} />}
      {/* Both ask the same chain: one of them that says so is enough. */}
      {(value !== null || failure === null) && (
        <SalesSection deviceId={deviceId} draft={published?.draft ?? null} />
      )}
      <p className="row-note">{words.forPartiesNote}</p>
      <Button icon={Copy} wide onClick={() => void copy(linkOf(deviceId))}>
        {copied ? common.copied : words.forParties}
      </Button>
    </Screen>
  )
}

function Now({ view, again }: { view: KioskOwnerView; again: () => void }) {
  const words = useSellingMessages()
  const formats = useFormats()
  const now = useNow()
  const { report } = view
  const alarms: Readonly<Record<string, { readonly title: string; readonly next: string }>> = words.alarm
  return (
    <Section title={words.state}>
      {report === null ? (
        <Notice tone="info" title={words.never}>
          {words.neverBody}
        </Notice>
      ) : (
        <>
          <p className="row-note indent">{words.reported(formats.age(report.at, now))}</p>
          {report.alarms.length === 0 && <Notice tone="ok" title={words.noAlarms} />}
          {report.alarms.map(kind => (
            <Notice key={kind} tone="attention" title={alarms[kind]?.title ?? kind}>
              {alarms[kind]?.next}
            </Notice>
          ))}
          {!report.isKnown && <p className="row-note indent">{words.unknownKiosk}</p>}
          <Slots view={view} slots={report.slots} again={again} />
        </>
      )}
      {view.asked.length > 0 && (
        <Suspense fallback={null}>
          <Asked asked={view.asked} again={again} />
        </Suspense>
      )}
      <div className="card flush">
        <Facts>
          {report !== null && (
            <Fact name={words.gas}>{shortAmount(report.gasBalance, formats.language)}</Fact>
          )}
          <Fact name={words.till}>
            {view.till === null ? words.tillNone : <Hash value={view.till} name={words.till} />}
          </Fact>
        </Facts>
        {view.evidence !== null && (
          <div className="card-foot">
            <ProofLink evidence={view.evidence} manifest={null} />
          </div>
        )}
      </div>
    </Section>
  )
}
