// Letting a tablet sell: its code in, the limits, the owner’s signature, the answer out.
import { useState } from 'react'
import { Button } from '../../components/Button.tsx'
import { Fact, Facts, Section } from '../../components/Facts.tsx'
import { TextField } from '../../components/Field.tsx'
import { Hash } from '../../components/Hash.tsx'
import { Screen } from '../../components/Screen.tsx'
import { CodeReader } from '../../components/scan/CodeReader.tsx'
import { useSellingMessages } from '../../i18n/useSellingMessages.ts'
import { paths } from '../../paths.ts'
import { CodeToShow } from '../wallet/handOver/CodeToShow.tsx'
import { useDeviceTask } from '../wallet/useDeviceTask.ts'
import type { ShownFailure } from '../wallet/WalletFailure.tsx'
import { readSlots, wholeNumber } from './numbers.ts'
import { SellFailure } from './SellFailure.tsx'
import { type OwnMachine, useSeller } from './sellerContext.ts'

const usual = { slots: '0-23', perDay: '200', days: '365' } as const

export function GrantScreen({ device }: OwnMachine) {
  const { kiosk: words, editor } = useSellingMessages()
  const seller = useSeller()
  const task = useDeviceTask()
  const [code, setCode] = useState<string | null>(null)
  const [failure, setFailure] = useState<ShownFailure | null>(null)
  const [slots, setSlots] = useState<string>(usual.slots)
  const [perDay, setPerDay] = useState<string>(usual.perDay)
  const [days, setDays] = useState<string>(usual.days)
  const [boxUrl, setBoxUrl] = useState('')
  const [answer, setAnswer] = useState<string | null>(null)
  const { deviceId } = device
  const kiosk = code === null ? null : seller.readKioskCode(code)
  const read = {
    slots: readSlots(slots),
    perDay: wholeNumber(perDay, 65_535),
    days: wholeNumber(days, 3650),
  }

  const take = (text: string) => {
    const found = seller.readKioskCode(text.trim())
    setFailure(null)
    if (found === null) setFailure({ kind: 'codeMalformed' })
    else if (found.deviceId !== deviceId) setFailure({ kind: 'codeForOther' })
    else setCode(text.trim())
  }
  const grant = async () => {
    if (code === null || read.slots === null || read.perDay === null || read.days === null) return
    const wanted = { code, slots: read.slots, perDay: read.perDay, days: read.days, boxUrl: boxUrl.trim() }
    const granted = await task.run(() => seller.grantKiosk(wanted))
    if (granted) setAnswer(granted.value.answer)
  }
  const isComplete = read.slots !== null && read.perDay !== null && read.days !== null
  const fault = (value: unknown) => (value === null ? editor.faults.number : null)
  return (
    <Screen
      title={words.title}
      back={paths.selling(deviceId)}
      notices={false}
      actions={
        kiosk !== null &&
        answer === null && (
          <Button look="primary" wide busy={task.isBusy} disabled={!isComplete} onClick={() => void grant()}>
            {words.sign}
          </Button>
        )
      }
    >
      <p className="prose soft">{words.body}</p>
      {answer !== null ? (
        <Section title={words.answer}>
          <p className="prose soft">{words.answerBody}</p>
          <CodeToShow text={answer} label={words.answer} />
        </Section>
      ) : kiosk === null ? (
        <CodeReader scanLabel={words.scan} pasteHint={words.scanHint} isReading={false} onText={take} />
      ) : (
        <>
          <div className="card flush">
            <Facts>
              <Fact name={words.scanned}>{device.name}</Fact>
              <Fact name={words.gas}>
                <Hash value={kiosk.gasAddress} name={words.gas} />
              </Fact>
            </Facts>
          </div>
          <TextField
            label={words.slots}
            hint={words.slotsHint}
            value={slots}
            onChange={setSlots}
            error={read.slots === null ? words.slotsHint : null}
          />
          <TextField label={words.perDay} value={perDay} onChange={setPerDay} error={fault(read.perDay)} />
          <TextField label={words.days} value={days} onChange={setDays} error={fault(read.days)} />
          <TextField label={words.box} hint={words.boxHint} type="url" value={boxUrl} onChange={setBoxUrl} />
        </>
      )}
      {failure !== null && <SellFailure failure={failure} />}
      {task.failure !== null && <SellFailure failure={task.failure} />}
    </Screen>
  )
}
