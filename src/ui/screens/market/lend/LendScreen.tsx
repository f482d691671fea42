// Lending a key: the other phone’s code in, what it may do, the key’s code out.
import { useState } from 'react'
import { useSearch } from 'wouter'
import type { OwnedDeviceView } from '../../../../app/wallet/deviceOwnership.ts'
import type { Hex } from '../../../../core/bytes.ts'
import { LinkButton } from '../../../components/Button.tsx'
import { Notice } from '../../../components/Notice.tsx'
import { Screen } from '../../../components/Screen.tsx'
import { useMarketMessages } from '../../../i18n/useMarketMessages.ts'
import { paths } from '../../../paths.ts'
import { NotFoundScreen } from '../../NotFoundScreen.tsx'
import { CodeToShow } from '../../wallet/handOver/CodeToShow.tsx'
import { useDeviceTask } from '../../wallet/useDeviceTask.ts'
import { MarketFailure } from '../MarketFailure.tsx'
import { useMarket } from '../marketContext.tsx'
import { useOwnLock } from '../owner/useOwnLock.ts'
import { AskedPhone, askedKeyOf } from './AskedPhone.tsx'
import { LendForm, type LentRights } from './LendForm.tsx'

export function LendScreen({ id }: { id: string }) {
  const { letting: words } = useMarketMessages()
  const device = useOwnLock(id)
  return device === undefined ? <NotFoundScreen title={words.notYours} /> : <Lend device={device} />
}

function Lend({ device }: { device: OwnedDeviceView }) {
  const { lend: words } = useMarketMessages()
  const market = useMarket()
  const task = useDeviceTask()
  const given = new URLSearchParams(useSearch()).get('to')
  const [request, setRequest] = useState<Hex | null>(() =>
    askedKeyOf(given === null ? null : market.readCode(given)),
  )
  const [code, setCode] = useState<string | null>(null)
  const lend = async ({ name, notAfter, weeklyHours, maxUses, canManage }: LentRights) => {
    if (request === null) return
    const lent = await task.run(() =>
      market.lend({
        deviceId: device.deviceId,
        name: name === '' ? words.somebody : name,
        userKeyHash: request,
        from: Math.floor(Date.now() / 1000) - clockSlack,
        until: notAfter,
        weeklyHours,
        maxUses,
        canManage,
      }),
    )
    if (lent) setCode(lent.value.code)
  }
  const back = paths.letting(device.deviceId)
  return (
    <Screen
      title={words.title}
      back={back}
      notices={false}
      actions={
        code === null ? null : (
          <LinkButton look="primary" wide href={back}>
            {words.done}
          </LinkButton>
        )
      }
    >
      <p className="row-title breakable">{device.name}</p>
      {code !== null ? (
        <>
          <Notice tone="ok" title={words.show} live>
            {words.codeNote}
          </Notice>
          <CodeToShow text={code} label={words.code} />
        </>
      ) : (
        <>
          <p className="prose soft">{words.intro}</p>
          <AskedPhone request={request} onRead={setRequest} />
          {request !== null && <LendForm isBusy={task.isBusy} onReady={rights => void lend(rights)} />}
          {task.failure !== null && <MarketFailure failure={task.failure} />}
        </>
      )}
    </Screen>
  )
}

/** Seconds: so that a lock whose clock is a little behind takes the key at once. */
const clockSlack = 3600
