// What the kiosk sells: edited as a whole, looked at, then signed step by step until it is for sale.
import { ListChecks, Plus } from 'lucide-react'
import { useCallback, useEffect, useRef, useState } from 'react'
import type { PayWay } from '../../../../app/kiosk/kiosk.ts'
import type { CatalogueDraft } from '../../../../app/kiosk/owner/kioskOwner.ts'
import type { Address } from '../../../../core/bytes.ts'
import { Button } from '../../../components/Button.tsx'
import { Section } from '../../../components/Facts.tsx'
import { FailurePlace } from '../../../components/FailurePlace.tsx'
import { Check, TextField } from '../../../components/Field.tsx'
import { Notice } from '../../../components/Notice.tsx'
import { Screen } from '../../../components/Screen.tsx'
import { labelled } from '../../../i18n/punctuation.ts'
import { useFormats, useMessages } from '../../../i18n/useMessages.tsx'
import { useSellingMessages } from '../../../i18n/useSellingMessages.ts'
import { paths } from '../../../paths.ts'
import { useRead } from '../../market/useRead.ts'
import { useUnits } from '../../wallet/activity/units.ts'
import { SellFailure } from '../SellFailure.tsx'
import type { ReportedSlot } from '../Slots.tsx'
import { type OwnMachine, useSeller } from '../sellerContext.ts'
import { ProductFields } from './ProductFields.tsx'
import { Publishing } from './Publishing.tsx'
import {
  type CatalogueForm,
  currenciesOf,
  type DepthForm,
  depthFormOf,
  draftOf,
  formOf,
  freeNumber,
  newProduct,
} from './productDraft.ts'
import { brokenRule, type PublishFault, unreadablePlace } from './publishFault.ts'

const ways: readonly PayWay[] = ['till', 'order', 'instant']

export function ProductsScreen({ device }: OwnMachine) {
  const { editor: words } = useSellingMessages()
  const { common } = useMessages()
  const seller = useSeller()
  const { deviceId } = device
  const { value, failure, again } = useRead(useCallback(() => seller.read(deviceId), [seller, deviceId]))
  const units = useUnits()
  const [start, setStart] = useState<CatalogueForm | null>(null)
  // What is being typed does not begin anew when the network's list of tokens is read again.
  if (value !== null && start === null) {
    const decimalsOf = (token: Address | null) => units.amount(token, 0n).decimals
    setStart(formOf(value.published?.draft ?? null, device.account.address, decimalsOf))
  }
  if (start !== null) return <Editor device={device} start={start} slots={value?.report?.slots ?? []} />
  return (
    <Screen title={words.title} back={paths.selling(deviceId)} notices={false}>
      {failure === null ? (
        <div className="skeleton" aria-busy="true" />
      ) : (
        <SellFailure failure={failure} actions={<Button onClick={again}>{common.retry}</Button>} />
      )}
    </Screen>
  )
}

function Editor({
  device,
  start,
  slots,
}: OwnMachine & { start: CatalogueForm; slots: readonly ReportedSlot[] }) {
  const { editor: words } = useSellingMessages()
  const { language } = useFormats()
  const seller = useSeller()
  const units = useUnits()
  const coin = units.amount(null, 0n)
  const [form, setForm] = useState(start)
  const [looked, setLooked] = useState<CatalogueDraft | null>(null)
  const [fault, setFault] = useState<PublishFault | null>(null)
  const steps = useRef<HTMLDivElement>(null)
  // Below a long form, and the button that asked for it is gone.
  useEffect(() => {
    if (looked === null) return
    steps.current?.scrollIntoView()
    steps.current?.focus({ preventScroll: true })
  }, [looked])
  const rest = device.account.address
  const change = (changed: Partial<CatalogueForm>) => {
    setForm(before => ({ ...before, ...changed }))
    setLooked(null)
    setFault(null)
  }
  const look = () => {
    const decimalsOf = (token: Address | null) => units.amount(token, 0n).decimals
    const draft = draftOf(form, rest, decimalsOf)
    if (draft === null) return setFault(unreadablePlace(form, rest, decimalsOf))
    const rule = seller.draftFault(draft)
    setFault(rule === null ? null : brokenRule(form, rule))
    if (rule === null) setLooked(draft)
  }
  const faultText = (found: PublishFault): string => {
    if (found.at === 'rule') return labelled(words.faults.rule, found.name, language)
    if (found.at !== 'product') return words.faults[found.at]
    const product = form.products.find(({ number }) => number === found.number)
    const name = product?.name[language] || product?.name.en || words.unnamed
    return labelled(name, words.faults.product[found.what], language)
  }
  const next = freeNumber(form.products)
  return (
    <Screen
      title={words.title}
      back={paths.selling(device.deviceId)}
      notices={false}
      actions={
        looked === null && (
          <Button look="primary" wide icon={ListChecks} onClick={look}>
            {words.publish}
          </Button>
        )
      }
    >
      <p className="row-title breakable">{device.name}</p>
      <Section title={words.kioskTitle}>
        <TextField
          label={words.titleEn}
          value={form.title.en}
          onChange={en => change({ title: { ...form.title, en } })}
        />
        <TextField
          label={words.titleZh}
          hint={words.zhHint}
          value={form.title.zh}
          onChange={zh => change({ title: { ...form.title, zh } })}
        />
      </Section>
      {form.products.map(product => (
        <ProductFields
          key={product.number}
          product={product}
          rest={rest}
          restName={device.name}
          unit={slots.find(({ slot }) => String(slot) === product.slot.trim())?.unit ?? 'product'}
          onChange={changed =>
            change({
              products: form.products.flatMap(each =>
                each.number !== product.number ? [each] : changed === null ? [] : [changed],
              ),
            })
          }
        />
      ))}
      {next !== null && (
        <Button icon={Plus} wide onClick={() => change({ products: [...form.products, newProduct(next)] })}>
          {words.add}
        </Button>
      )}
      <fieldset className="stack snug">
        <legend className="form-title">{words.ways}</legend>
        {ways.map(way => (
          <Check
            key={way}
            checked={form.ways.includes(way)}
            onChange={isOn =>
              change({ ways: ways.filter(each => (each === way ? isOn : form.ways.includes(each))) })
            }
          >
            {words.way[way]}
          </Check>
        ))}
      </fieldset>
      <Section title={words.depth}>
        <p className="row-note">{words.depthNote}</p>
        {currenciesOf(form).map(token => {
          const depth = depthFormOf(form, token)
          const put = (changed: Partial<DepthForm>) =>
            change({
              depths: [...form.depths.filter(each => each.token !== token), { ...depth, ...changed }],
            })
          return (
            <div key={token ?? 'coin'} className="from-to">
              <TextField
                label={words.depthUpTo(units.amount(token, 0n).symbol)}
                value={depth.upTo}
                onChange={upTo => put({ upTo })}
              />
              <TextField
                label={words.depthBlocks}
                value={depth.blocks}
                onChange={blocks => put({ blocks })}
              />
            </div>
          )
        })}
        <p className="row-note">{words.depthAbove}</p>
      </Section>
      {form.ways.includes('instant') && (
        <Section title={words.instant}>
          {(['perSale', 'perBuyer', 'open'] as const).map(limit => (
            <TextField
              key={limit}
              label={words[limit](coin.symbol)}
              value={form.instant[limit]}
              onChange={typed => change({ instant: { ...form.instant, [limit]: typed } })}
            />
          ))}
        </Section>
      )}
      {fault !== null && (
        <FailurePlace failure={fault} takesFocus>
          <Notice tone="attention" title={words.faults.fields} live>
            {faultText(fault)}
          </Notice>
        </FailurePlace>
      )}
      {looked !== null && (
        <div ref={steps} className="focus-place" tabIndex={-1}>
          <Publishing device={device} draft={looked} />
        </div>
      )}
    </Screen>
  )
}
