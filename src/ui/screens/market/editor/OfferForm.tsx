// An offer, field by field; what is wrong is told where it is once the person wants to go on.
import { ArrowRight } from 'lucide-react'
import { useState } from 'react'
import type { Address, Hex } from '../../../../core/bytes.ts'
import type { HourRange } from '../../../../core/registry/deviceHours.ts'
import type { OfferTerms } from '../../../../core/registry/marketStatements.ts'
import { Button } from '../../../components/Button.tsx'
import { Segments, TextField } from '../../../components/Field.tsx'
import { readAmount } from '../../../i18n/amounts.ts'
import { useMarketMessages } from '../../../i18n/useMarketMessages.ts'
import { useWalletMessages } from '../../../i18n/useWalletMessages.ts'
import { useUnits } from '../../wallet/activity/units.ts'
import { amountFaultText } from '../../wallet/send/faultText.ts'
import { dayOf } from '../calendar/slots.ts'
import { FormPart } from '../FormPart.tsx'
import { anyHour, HourSelect, type WeeklyChoice } from '../hours/WeeklyHoursEditor.tsx'
import { ownOffset, useZoneTimes } from '../marketTimes.ts'
import { SharesEditor } from '../shares/SharesEditor.tsx'
import {
  type DraftFault,
  dateOfDay,
  type OfferDraft,
  type Offerer,
  readDraft,
  type SoldUnit,
} from './draft.ts'
import { PaymentKind } from './PaymentKind.tsx'
import { SaleTimesFields } from './SaleTimesFields.tsx'
import { TermsFile } from './TermsFile.tsx'

const units: readonly SoldUnit[] = ['hour', 'night', 'stay']
const day = 86_400

export interface OfferFormProps {
  readonly offerer: Omit<Offerer, 'utcOffset' | 'decimals'>
  readonly restName: string
  /** Whether the lock takes proofs of payment. */
  readonly canBeInstant: boolean
  /** Lets it; null where this network has nobody who attests them. */
  readonly onAllowInstant: (() => void) | null
  /** The calendar has hours for sale already. */
  readonly hasHours: boolean
  readonly isBusy: boolean
  readonly hashFile: (file: Blob) => Promise<Hex>
  readonly onReady: (terms: OfferTerms, open: readonly HourRange[] | null) => void
}

export function OfferForm({
  offerer,
  restName,
  canBeInstant,
  onAllowInstant,
  hasHours,
  isBusy,
  hashFile,
  onReady,
}: OfferFormProps) {
  const words = useMarketMessages()
  const wallet = useWalletMessages()
  const moneys = useUnits()
  const [utcOffset] = useState(ownOffset)
  const times = useZoneTimes(utcOffset)
  const [draft, setDraft] = useState(() => emptyDraft(utcOffset, hasHours, canBeInstant))
  const [weekly, setWeekly] = useState<WeeklyChoice>(anyHour)
  const [isAsked, setAsked] = useState(false)
  const money = moneys.amount(draft.token, 0n)
  const read = readDraft(
    { ...draft, when: { ...draft.when, weekly: weekly.kind === 'any' ? null : weekly.times } },
    { ...offerer, utcOffset, decimals: money.decimals },
  )
  const change = (changed: Partial<OfferDraft>) => setDraft(before => ({ ...before, ...changed }))
  const faultOf = <F extends DraftFault['field']>(field: F) =>
    isAsked
      ? read.faults.find((fault): fault is Extract<DraftFault, { field: F }> => fault.field === field)
      : undefined
  const price = readAmount(draft.price, money.decimals)
  const priceFault = faultOf('price')
  const rangeText = (fault: { readonly from: number; readonly to: number } | undefined) =>
    fault === undefined ? null : words.editor.numberRange(String(fault.from), String(fault.to))

  return (
    <form
      className="stack loose"
      noValidate
      onSubmit={event => {
        event.preventDefault()
        setAsked(true)
        if (read.terms !== null && !isBusy) onReady(read.terms, read.open)
        else requestAnimationFrame(focusFirstFault)
      }}
    >
      <div className="stack snug">
        <Segments
          legend={words.editor.sell}
          options={units.map(unit => ({ value: unit, label: words.editor.units[unit] }))}
          value={draft.unit}
          onChange={unit => change({ unit })}
        />
        <p className="row-note">{words.editor.unitNotes[draft.unit]}</p>
        {draft.unit === 'night' && (
          <div className="from-to">
            <HourSelect
              label={words.editor.nightFrom}
              value={draft.nightFrom}
              options={Array.from({ length: 24 }, (_, hour) => hour)}
              zone={times}
              onChange={nightFrom => change({ nightFrom })}
            />
            <HourSelect
              label={words.editor.nightTo}
              value={draft.nightTo}
              options={Array.from({ length: 24 }, (_, hour) => hour + 1)}
              zone={times}
              onChange={nightTo => change({ nightTo })}
            />
          </div>
        )}
        {draft.unit === 'stay' ? (
          <TextField
            label={words.editor.stayLength}
            value={draft.stayHours}
            onChange={stayHours => change({ stayHours })}
            error={rangeText(faultOf('stayHours'))}
          />
        ) : (
          <TextField
            label={words.editor.max[draft.unit]}
            value={draft.most}
            onChange={most => change({ most })}
            error={rangeText(faultOf('most'))}
          />
        )}
      </div>

      <div className="stack snug">
        {moneys.all.length > 1 && (
          <Segments
            legend={words.editor.money}
            options={moneys.all.map(({ token, symbol }) => ({ value: token ?? 'coin', label: symbol }))}
            value={draft.token ?? 'coin'}
            onChange={value => change({ token: value === 'coin' ? null : (value as Address) })}
          />
        )}
        <TextField
          label={words.editor.price(money.symbol, words.offer.per[draft.unit])}
          hint={words.editor.priceHint}
          value={draft.price}
          onChange={typed => change({ price: typed })}
          error={
            priceFault === undefined
              ? null
              : priceFault.kind === 'zero'
                ? words.editor.priceZero
                : priceFault.kind === 'tooMuch'
                  ? words.editor.priceTooMuch
                  : price.ok
                    ? null
                    : amountFaultText(price.error, wallet)
          }
        />
      </div>

      <SaleTimesFields
        title={words.editor.when}
        draft={draft.when}
        hasHours={hasHours}
        sellsHours={draft.unit === 'hour'}
        weekly={weekly}
        onWeekly={setWeekly}
        onChange={when => change({ when })}
        fault={faultOf('when')?.kind ?? null}
        times={times}
        today={dateOfDay(today(utcOffset))}
      />

      <PaymentKind
        isInstant={draft.isInstant}
        fulfilWithin={draft.fulfilWithin}
        canBeInstant={canBeInstant}
        onAllow={onAllowInstant}
        isAllowing={isBusy}
        onChange={change}
      />

      <FormPart title={words.editor.shares}>
        <SharesEditor
          price={{ ...money, value: price.ok ? price.value : 0n }}
          rest={offerer.rest}
          restName={restName}
          drafts={draft.shares}
          onChange={shares => change({ shares })}
        />
      </FormPart>

      <TermsFile hash={draft.legalHash} hashFile={hashFile} onChange={legalHash => change({ legalHash })} />

      <div className="stack tight">
        <p className="field error" role="status">
          {isAsked && read.terms === null ? words.editor.fix : ''}
        </p>
        <Button type="submit" look="primary" icon={ArrowRight} wide busy={isBusy}>
          {words.editor.next}
        </Button>
      </div>
    </form>
  )
}

const today = (utcOffset: number) => dayOf(Math.floor(Date.now() / 1000), utcOffset)

function emptyDraft(utcOffset: number, hasHours: boolean, isInstant: boolean): OfferDraft {
  const first = today(utcOffset)
  return {
    unit: 'hour',
    token: null,
    price: '',
    most: '24',
    nightFrom: 15,
    nightTo: 11,
    stayHours: '48',
    isInstant,
    fulfilWithin: day,
    shares: [],
    legalHash: null,
    when: {
      isKept: hasHours,
      firstDay: dateOfDay(first),
      lastDay: dateOfDay(first + 90),
      weekly: null,
    },
  }
}

function focusFirstFault(): void {
  document.querySelector<HTMLElement>('main [aria-invalid="true"]')?.focus()
}
