// What a device may pay on its own: off, until each purpose is switched on with its limits.
import { useState } from 'react'
import type { OwnedDeviceView } from '../../../../app/wallet/deviceOwnership.ts'
import type { Address } from '../../../../core/bytes.ts'
import { readAddress } from '../../../../core/wallet/address.ts'
import {
  type AccountRules,
  type PaymentPurpose,
  type PurposeRule,
  paymentPurposes,
} from '../../../../core/wallet/rules.ts'
import { Button } from '../../../components/Button.tsx'
import { Section } from '../../../components/Facts.tsx'
import { Segments, SwitchRow, TextField } from '../../../components/Field.tsx'
import { exactAmount, plainNumber, readAmount } from '../../../i18n/amounts.ts'
import { withUnit } from '../../../i18n/punctuation.ts'
import { useFormats } from '../../../i18n/useMessages.tsx'
import { useWalletMessages } from '../../../i18n/useWalletMessages.ts'
import type { WalletMessages } from '../../../i18n/walletEn.ts'
import { useWallet } from '../../../walletContext.tsx'
import { type Units, useUnits } from '../activity/units.ts'
import { amountFaultText } from '../send/faultText.ts'
import { useDeviceTask } from '../useDeviceTask.ts'
import { WalletFailure } from '../WalletFailure.tsx'

/** As it is typed; a rule once all of it can be read. */
interface Draft {
  readonly isOn: boolean
  readonly token: Address | null
  readonly perPayment: string
  readonly perDay: string
  readonly payees: string
}

type Drafts = Readonly<Record<PaymentPurpose, Draft>>

export function RulesSection({ device }: { device: OwnedDeviceView }) {
  const words = useWalletMessages()
  const units = useUnits()
  const wallet = useWallet()
  const task = useDeviceTask()
  const [drafts, setDrafts] = useState<Drafts>(() => draftsOf(device.rules, units))
  const [isSaved, setSaved] = useState(false)
  const rules = rulesOf(drafts, units)
  const save = async () => {
    if (rules === null) return
    const changed = await task.run(() => wallet.changeRules(device.deviceId, rules))
    setSaved(changed !== undefined)
  }
  return (
    <Section title={words.rules.title}>
      <p className="prose soft">{words.rules.intro}</p>
      <div className="card flush rows">
        {paymentPurposes.map(purpose => (
          <PurposeEditor
            key={purpose}
            purpose={purpose}
            draft={drafts[purpose]}
            units={units}
            onChange={draft => {
              setSaved(false)
              setDrafts(before => ({ ...before, [purpose]: draft }))
            }}
          />
        ))}
      </div>
      <Worst rules={rules} units={units} />
      <Button wide busy={task.isBusy} disabled={rules === null} onClick={() => void save()}>
        {words.rules.save}
      </Button>
      <p className="row-note" role="status">
        {isSaved ? words.rules.saved : ''}
      </p>
      {task.failure !== null && <WalletFailure failure={task.failure} />}
    </Section>
  )
}

function PurposeEditor({
  purpose,
  draft,
  units,
  onChange,
}: {
  purpose: PaymentPurpose
  draft: Draft
  units: Units
  onChange: (draft: Draft) => void
}) {
  const { language } = useFormats()
  const words = useWalletMessages()
  const { title, note } = words.rules.purposes[purpose]
  const unit = units.all.find(({ token }) => token === draft.token) ?? units.all[0]
  const faults = faultsOf(draft, unit?.decimals ?? 18, words)
  return (
    <div>
      <SwitchRow
        label={title}
        hint={note}
        checked={draft.isOn}
        onChange={isOn => onChange({ ...draft, isOn })}
      />
      {draft.isOn && (
        <div className="stack card-pad">
          {units.all.length > 1 && (
            <Segments
              legend={words.rules.unit}
              options={units.all.map(({ token, symbol }) => ({ value: token ?? 'coin', label: symbol }))}
              value={draft.token ?? 'coin'}
              onChange={value =>
                onChange({ ...draft, token: units.all.find(({ token }) => token === value)?.token ?? null })
              }
            />
          )}
          <TextField
            label={withUnit(words.rules.perPayment, unit?.symbol ?? '', language)}
            value={draft.perPayment}
            onChange={perPayment => onChange({ ...draft, perPayment })}
            error={faults.perPayment}
          />
          <TextField
            label={withUnit(words.rules.perDay, unit?.symbol ?? '', language)}
            value={draft.perDay}
            onChange={perDay => onChange({ ...draft, perDay })}
            error={faults.perDay}
          />
          <TextField
            label={words.rules.payees}
            hint={words.rules.payeesHint}
            value={draft.payees}
            onChange={payees => onChange({ ...draft, payees })}
            error={faults.payees}
            multiline
          />
        </div>
      )}
    </div>
  )
}

/** The sum of the daily limits of all that is on, in each unit. */
function Worst({ rules, units }: { rules: AccountRules | null; units: Units }) {
  const { rules: words } = useWalletMessages()
  const formats = useFormats()
  if (rules === null) return null
  const sums = units.all.flatMap(unit => {
    const value = paymentPurposes
      .map(purpose => rules[purpose])
      .filter(rule => rule.isOn && rule.token === unit.token)
      .reduce((sum, rule) => sum + BigInt(rule.perDay), 0n)
    return value === 0n ? [] : [exactAmount({ ...unit, value }, formats.language)]
  })
  return <p className="row-note">{sums.length === 0 ? words.worstNone : words.worst(formats.list(sums))}</p>
}

function draftsOf(rules: AccountRules, units: Units): Drafts {
  const draftOf = (rule: PurposeRule): Draft => {
    const { decimals } = units.amount(rule.token, 0n)
    const shown = (value: string) => (value === '0' ? '' : plainNumber(BigInt(value), decimals))
    return {
      isOn: rule.isOn,
      token: rule.token,
      perPayment: shown(rule.perPayment),
      perDay: shown(rule.perDay),
      payees: rule.payees.join('\n'),
    }
  }
  return {
    serving: draftOf(rules.serving),
    ownUpdates: draftOf(rules.ownUpdates),
    otherDevices: draftOf(rules.otherDevices),
  }
}

/** null while something that is switched on can't be read. */
function rulesOf(drafts: Drafts, units: Units): AccountRules | null {
  const serving = ruleOf(drafts.serving, units)
  const ownUpdates = ruleOf(drafts.ownUpdates, units)
  const otherDevices = ruleOf(drafts.otherDevices, units)
  return serving && ownUpdates && otherDevices ? { serving, ownUpdates, otherDevices } : null
}

function ruleOf(draft: Draft, units: Units): PurposeRule | null {
  const { decimals } = units.amount(draft.token, 0n)
  const perPayment = readAmount(draft.perPayment, decimals)
  const perDay = readAmount(draft.perDay, decimals)
  const payees = addressesOf(draft.payees)
  if (!draft.isOn)
    return {
      isOn: false,
      token: draft.token,
      perPayment: perPayment.ok ? perPayment.value.toString() : '0',
      perDay: perDay.ok ? perDay.value.toString() : '0',
      payees: payees ?? [],
    }
  if (!perPayment.ok || !perDay.ok || payees === null || perDay.value < perPayment.value) return null
  return {
    isOn: true,
    token: draft.token,
    perPayment: perPayment.value.toString(),
    perDay: perDay.value.toString(),
    payees,
  }
}

function faultsOf(draft: Draft, decimals: number, words: WalletMessages) {
  const perPayment = readAmount(draft.perPayment, decimals)
  const perDay = readAmount(draft.perDay, decimals)
  const said = (typed: string, read: ReturnType<typeof readAmount>) =>
    typed === '' || read.ok ? null : amountFaultText(read.error, words)
  const isLess = perPayment.ok && perDay.ok && perDay.value < perPayment.value
  return {
    perPayment: said(draft.perPayment, perPayment),
    perDay: isLess ? words.rules.faults.perDayLess : said(draft.perDay, perDay),
    payees: addressesOf(draft.payees) === null ? words.rules.faults.payee : null,
  }
}

/** null where a line is no address. */
function addressesOf(text: string): readonly Address[] | null {
  const lines = text.split(/\s+/).filter(line => line !== '')
  const read = lines.map(readAddress)
  const addresses = read.flatMap(one => (one.ok ? [one.value.address] : []))
  return addresses.length === lines.length ? [...new Set(addresses)] : null
}
