// Everything that came to and left an account, with filters, and as a table for other programs.
import { Download } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { Movement } from '../../../../app/ports/walletChain.ts'
import { activityCsv } from '../../../../app/wallet/activityCsv.ts'
import type { AccountView } from '../../../../app/wallet/wallet.ts'
import { Button } from '../../../components/Button.tsx'
import { Segments, TextField } from '../../../components/Field.tsx'
import { Screen } from '../../../components/Screen.tsx'
import { useFormats } from '../../../i18n/useMessages.tsx'
import { useWalletMessages } from '../../../i18n/useWalletMessages.ts'
import { paths } from '../../../paths.ts'
import { saveFile } from '../../../saveFile.ts'
import { useReadable } from '../../../useReadable.ts'
import { useWallet } from '../../../walletContext.tsx'
import { NotFoundScreen } from '../../NotFoundScreen.tsx'
import { useAccount } from '../accounts/useAccount.ts'
import { accountTitle, useNames } from '../signing/useNames.ts'
import { WalletFailure } from '../WalletFailure.tsx'
import { MovementRow } from './MovementRow.tsx'
import { MovementSheet } from './MovementSheet.tsx'
import { useUnits } from './units.ts'

const page = 50

export function ActivityScreen({ id }: { id: string }) {
  const { accounts: words } = useWalletMessages()
  const account = useAccount(id)
  return account === undefined ? (
    <NotFoundScreen title={words.notFound} />
  ) : (
    <KnownActivity account={account} />
  )
}

type Direction = 'all' | Movement['direction']

function KnownActivity({ account }: { account: AccountView }) {
  const words = useWalletMessages()
  const { activity } = words
  const formats = useFormats()
  const wallet = useWallet()
  const units = useUnits()
  const names = useNames()
  const view = useReadable(wallet.activity(account.id))
  const [direction, setDirection] = useState<Direction>('all')
  const [unit, setUnit] = useState('any')
  const [search, setSearch] = useState('')
  const [shown, setShown] = useState(page)
  const [open, setOpen] = useState<Movement | null>(null)
  useEffect(() => void wallet.readActivity(account.id), [wallet, account.id])

  const wanted = search.trim().toLowerCase()
  const found = view.movements.filter(
    movement =>
      (direction === 'all' || movement.direction === direction) &&
      (unit === 'any' || (movement.token ?? 'coin') === unit) &&
      (wanted === '' ||
        [
          movement.counterparty,
          movement.counterparty && names.ofAddress(movement.counterparty),
          movement.transaction,
        ].some(text => text?.toLowerCase().includes(wanted))),
  )
  const save = () =>
    saveFile(
      `${activity.csvName}-${account.address.slice(0, 8)}.csv`,
      'text/csv',
      activityCsv(found, activity.csvHeads, token => units.amount(token, 0n), names.ofAddress),
    )

  return (
    <Screen title={activity.title} back={paths.account(account.id)}>
      <p className="row-note">{accountTitle(account, words)}</p>
      {view.lastFailure !== null && (
        <WalletFailure failure={{ kind: view.lastFailure.kind, detail: activity.failedRead }} />
      )}
      <Segments
        legend={activity.title}
        options={[
          { value: 'all', label: activity.all },
          { value: 'in', label: activity.in },
          { value: 'out', label: activity.out },
        ]}
        value={direction}
        onChange={setDirection}
      />
      {units.all.length > 1 && (
        <Segments
          legend={activity.asset}
          options={[
            { value: 'any', label: activity.everything },
            ...units.all.map(({ token, symbol }) => ({ value: token ?? 'coin', label: symbol })),
          ]}
          value={unit}
          onChange={setUnit}
        />
      )}
      <TextField label={activity.search} type="search" value={search} onChange={setSearch} />
      <p className="row-note" role="status">
        {activity.count(found.length)}
      </p>
      {found.length === 0 ? (
        <p className="card soft">{view.movements.length === 0 ? activity.empty : activity.emptyFilter}</p>
      ) : (
        <ul className="card flush rows">
          {found.slice(0, shown).map(movement => (
            <li key={movement.id}>
              <MovementRow movement={movement} onOpen={() => setOpen(movement)} />
            </li>
          ))}
        </ul>
      )}
      {found.length > shown && (
        <Button wide onClick={() => setShown(shown + page)}>
          {activity.more}
        </Button>
      )}
      {view.since !== null && (
        <p className="row-note">
          {view.since.isFirst ? activity.sinceFirst : activity.since(formats.number(view.since.block))}
        </p>
      )}
      <Button icon={Download} wide disabled={found.length === 0} onClick={save}>
        {activity.csv}
      </Button>
      {open !== null && <MovementSheet movement={open} onClose={() => setOpen(null)} />}
    </Screen>
  )
}
