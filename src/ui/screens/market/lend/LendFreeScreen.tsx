// Letting staff take products for nothing: whose phone, which slots, how many a day, until when; signed, and shown as a code.
import { PackageOpen, Smartphone } from 'lucide-react'
import { useState } from 'react'
import type { OwnedDeviceView } from '../../../../app/wallet/deviceOwnership.ts'
import type { Hex } from '../../../../core/bytes.ts'
import { Button, LinkButton } from '../../../components/Button.tsx'
import { TextField } from '../../../components/Field.tsx'
import { Notice } from '../../../components/Notice.tsx'
import { Screen } from '../../../components/Screen.tsx'
import { useMachineMessages } from '../../../i18n/useMachineMessages.ts'
import { useMarketMessages } from '../../../i18n/useMarketMessages.ts'
import { paths } from '../../../paths.ts'
import { NotFoundScreen } from '../../NotFoundScreen.tsx'
import { readSlots, wholeNumber } from '../../selling/numbers.ts'
import { CodeToShow } from '../../wallet/handOver/CodeToShow.tsx'
import { useDeviceTask } from '../../wallet/useDeviceTask.ts'
import { MarketFailure } from '../MarketFailure.tsx'
import { useMarket } from '../marketContext.tsx'
import { useOwnLock } from '../owner/useOwnLock.ts'
import { AskedPhone } from './AskedPhone.tsx'

/** Seconds: so that a machine whose clock is a little behind takes the key at once. */
const clockSlack = 3600
const day = 86_400
const usual = { slots: '0-23', perDay: '5', days: '90' } as const
const longest = { perDay: 65_535, days: 3650, name: 64 } as const

export function LendFreeScreen({ id }: { id: string }) {
  const { letting: words } = useMarketMessages()
  const device = useOwnLock(id)
  return device === undefined ? <NotFoundScreen title={words.notYours} /> : <LendFree device={device} />
}

function LendFree({ device: { deviceId, name: deviceName } }: { device: OwnedDeviceView }) {
  const { lend } = useMarketMessages()
  const words = useMachineMessages().staff.lend
  const market = useMarket()
  const task = useDeviceTask()
  const [asked, setAsked] = useState<Hex | null>(null)
  const [isForUs, setForUs] = useState(false)
  const [name, setName] = useState('')
  const [slots, setSlots] = useState<string>(usual.slots)
  const [perDay, setPerDay] = useState<string>(usual.perDay)
  const [days, setDays] = useState<string>(usual.days)
  const [code, setCode] = useState<string | null>(null)
  const read = {
    slots: readSlots(slots),
    perDay: wholeNumber(perDay, longest.perDay),
    days: wholeNumber(days, longest.days),
  }
  const isChosen = isForUs || asked !== null
  const isComplete = isChosen && read.slots !== null && read.perDay !== null && read.days !== null
  const sign = async () => {
    if (read.slots === null || read.perDay === null || read.days === null) return
    const { slots, perDay, days } = read
    const now = Math.floor(Date.now() / 1000)
    const lent = await task.run(() =>
      market.lendFree({
        ...{ deviceId, slots, perDay, userKeyHash: isForUs ? null : asked },
        name: isForUs ? words.thisPhone : name.trim() === '' ? lend.somebody : name,
        from: now - clockSlack,
        until: now + days * day,
      }),
    )
    if (lent) setCode(lent.value.code)
  }
  const back = paths.selling(deviceId)
  const fault = (value: unknown, text: string) => (value === null ? text : null)
  return (
    <Screen
      title={words.title}
      back={back}
      notices={false}
      actions={
        code !== null ? (
          <LinkButton look="primary" wide href={isForUs ? paths.keys : back}>
            {isForUs ? words.toKeys : lend.done}
          </LinkButton>
        ) : isChosen ? (
          <Button
            look="primary"
            icon={PackageOpen}
            wide
            busy={task.isBusy}
            disabled={!isComplete}
            onClick={() => void sign()}
          >
            {words.sign}
          </Button>
        ) : null
      }
    >
      <p className="row-title breakable">{deviceName}</p>
      {code !== null && isForUs && (
        <Notice tone="ok" title={words.own} live>
          {words.ownBody}
        </Notice>
      )}
      {code !== null && !isForUs && (
        <>
          <Notice tone="ok" title={lend.show} live>
            {lend.codeNote}
          </Notice>
          <CodeToShow text={code} label={lend.code} />
        </>
      )}
      {code === null && (
        <>
          <p className="prose soft">{words.intro}</p>
          {isForUs ? (
            <Notice tone="ok" title={words.thisPhone} live>
              {words.forThisPhone}
            </Notice>
          ) : (
            <AskedPhone request={asked} onRead={setAsked} />
          )}
          {!isChosen && (
            <Button icon={Smartphone} wide onClick={() => setForUs(true)}>
              {words.thisPhone}
            </Button>
          )}
          {isChosen && (
            <>
              {!isForUs && (
                <TextField
                  label={lend.who}
                  hint={lend.whoHint}
                  value={name}
                  onChange={typed => setName(typed.slice(0, longest.name))}
                />
              )}
              <TextField
                label={words.slots}
                hint={words.slotsHint}
                value={slots}
                onChange={setSlots}
                error={fault(read.slots, words.slotsHint)}
              />
              <TextField
                label={words.perDay}
                value={perDay}
                onChange={setPerDay}
                error={fault(read.perDay, words.number)}
              />
              <TextField
                label={words.days}
                value={days}
                onChange={setDays}
                error={fault(read.days, words.number)}
              />
            </>
          )}
          {task.failure !== null && <MarketFailure failure={task.failure} />}
        </>
      )}
    </Screen>
  )
}
