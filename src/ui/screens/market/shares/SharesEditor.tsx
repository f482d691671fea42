// Who gets how much of the price: others by percentages, the rest to one’s own account, so that it always adds up.
import { Plus, Trash2 } from 'lucide-react'
import type { Address } from '../../../../core/bytes.ts'
import type { Amount } from '../../../../core/wallet/sentence.ts'
import { Button, IconButton } from '../../../components/Button.tsx'
import { TextField } from '../../../components/Field.tsx'
import { shortAmount } from '../../../i18n/amounts.ts'
import { useMarketMessages } from '../../../i18n/useMarketMessages.ts'
import { useFormats } from '../../../i18n/useMessages.tsx'
import { useNames } from '../../wallet/signing/useNames.ts'
import { maxShares, type ShareDraft, splitPrice } from './shares.ts'

export function SharesEditor({
  price,
  rest,
  restName,
  drafts,
  onChange,
}: {
  /** Of one unit; its value is 0 while it is not typed yet. */
  price: Amount
  /** Who gets what is left. */
  rest: Address
  restName: string
  drafts: readonly ShareDraft[]
  onChange: (drafts: readonly ShareDraft[]) => void
}) {
  const { shares: words } = useMarketMessages()
  const { language } = useFormats()
  const names = useNames()
  const { faults, left, shares } = splitPrice(price.value, rest, drafts)
  const amountOf = (payee: string) =>
    shares?.find(share => share.payee === payee.toLowerCase().trim())?.amount
  const change = (id: number, changed: ShareDraft | null) =>
    onChange(drafts.flatMap(draft => (draft.id !== id ? [draft] : changed === null ? [] : [changed])))
  const percent = (points: number) => `${String(points / 100)} %`
  const restAmount = amountOf(rest)
  return (
    <div className="stack snug">
      <ul className="card flush rows">
        <li className="row">
          <span className="grow">
            <span className="row-title breakable">{restName}</span>
            <br />
            <span className="row-note">{words.rest}</span>
          </span>
          <span className={left < 0 ? 'amount tone-alarm' : 'amount'}>
            {percent(Math.max(0, left))}
            {restAmount !== undefined && price.value > 0n && (
              <span className="row-note">
                <br />
                {shortAmount({ ...price, value: restAmount }, language)}
              </span>
            )}
          </span>
        </li>
      </ul>
      {drafts.map((draft, index) => {
        const fault = faults[index] ?? null
        const amount = amountOf(draft.payee)
        const name = fault === 'payee' ? null : names.ofAddress(draft.payee.trim().toLowerCase() as Address)
        return (
          <fieldset key={draft.id} className="card stack snug">
            <legend className="hidden-text">{words.share(String(index + 1))}</legend>
            <TextField
              label={words.payee}
              {...(name === null ? {} : { hint: name })}
              value={draft.payee}
              onChange={payee => change(draft.id, { ...draft, payee })}
              error={
                draft.payee !== '' && (fault === 'payee' || fault === 'payeeTwice')
                  ? words.faults[fault]
                  : null
              }
            />
            <div className="from-to">
              <TextField
                label={words.percent}
                {...(amount === undefined || price.value === 0n
                  ? {}
                  : { hint: shortAmount({ ...price, value: amount }, language) })}
                value={draft.percent}
                onChange={typed => change(draft.id, { ...draft, percent: typed })}
                error={
                  draft.percent !== '' && (fault === 'percent' || (fault === 'nothing' && price.value > 0n))
                    ? words.faults[fault]
                    : null
                }
              />
              <IconButton
                icon={Trash2}
                label={words.remove(String(index + 1))}
                onClick={() => change(draft.id, null)}
              />
            </div>
          </fieldset>
        )
      })}
      <p className={left < 0 ? 'field error' : 'row-note'} role="status">
        {left < 0 ? words.tooMuch(percent(-left)) : ''}
      </p>
      {drafts.length < maxShares - 1 && (
        <Button
          icon={Plus}
          onClick={() =>
            onChange([
              ...drafts,
              { id: Math.max(0, ...drafts.map(({ id }) => id)) + 1, payee: '', percent: '' },
            ])
          }
        >
          {words.add}
        </Button>
      )}
    </div>
  )
}
