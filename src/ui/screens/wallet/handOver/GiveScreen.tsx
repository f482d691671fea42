// Giving a device away: the taker's code in, the look at it, the device's and one's own signature, the code out.
import { useState } from 'react'
import type { OwnedDeviceView, TakeCode } from '../../../../app/wallet/deviceOwnership.ts'
import { checksumAddress } from '../../../../core/wallet/address.ts'
import { AddressBlock } from '../../../components/AddressBlock.tsx'
import { Button, LinkButton } from '../../../components/Button.tsx'
import { Section } from '../../../components/Facts.tsx'
import { Notice } from '../../../components/Notice.tsx'
import { Screen } from '../../../components/Screen.tsx'
import { CodeReader } from '../../../components/scan/CodeReader.tsx'
import { useFormats } from '../../../i18n/useMessages.tsx'
import { useWalletMessages } from '../../../i18n/useWalletMessages.ts'
import { paths } from '../../../paths.ts'
import { useReadable } from '../../../useReadable.ts'
import { useWallet } from '../../../walletContext.tsx'
import { NotFoundScreen } from '../../NotFoundScreen.tsx'
import { useNames } from '../signing/useNames.ts'
import { useSigning } from '../signing/useSigning.tsx'
import { type ShownFailure, WalletFailure } from '../WalletFailure.tsx'
import { CodeToShow } from './CodeToShow.tsx'
import { TakeBack } from './TakeBack.tsx'

export function GiveScreen({ deviceId }: { deviceId: string }) {
  const { owned: words } = useWalletMessages()
  const device = useReadable(useWallet().devices).find(each => each.deviceId === deviceId)
  return device === undefined ? <NotFoundScreen title={words.notFound} /> : <Give device={device} />
}

function Give({ device }: { device: OwnedDeviceView }) {
  const { handOver: words } = useWalletMessages()
  const wallet = useWallet()
  const { sign, isBusy, view } = useSigning(WalletFailure)
  const [taker, setTaker] = useState<TakeCode | null>(null)
  const [unread, setUnread] = useState<ShownFailure | null>(null)
  const [given, setGiven] = useState<{ readonly text: string; readonly deadline: number } | null>(() =>
    device.stage.kind === 'givingAway' ? { text: device.stage.code, deadline: device.stage.deadline } : null,
  )
  const formats = useFormats()
  const { stage } = device

  const read = (text: string) => {
    const code = wallet.readTakeCode(text)
    setUnread(code.ok ? null : code.error)
    if (code.ok) setTaker(code.value)
  }
  const propose = (to: TakeCode) =>
    sign(
      () => wallet.proposeGive(device.deviceId, to),
      proposal => wallet.confirmGive(proposal),
      setGiven,
    )

  return (
    <Screen
      title={words.giveTitle}
      back={paths.ownedDevice(device.deviceId)}
      actions={
        given === null ? (
          taker !== null && (
            <Button look="primary" wide busy={isBusy} onClick={() => propose(taker)}>
              {words.giveAction}
            </Button>
          )
        ) : (
          <LinkButton look="primary" wide href={paths.ownedDevice(device.deviceId)}>
            {words.giveDone}
          </LinkButton>
        )
      }
    >
      <p className="row-title breakable">{device.name}</p>
      {given !== null ? (
        <>
          <Notice
            tone="info"
            title={stage.kind === 'givingAway' && !stage.isKeyPromised ? words.takenBack : words.giveShow}
            live
          >
            {words.giveDeadline(formats.dateTime(given.deadline))}
          </Notice>
          {stage.kind !== 'givingAway' || stage.isKeyPromised ? (
            <CodeToShow text={given.text} label={words.giveCode} />
          ) : null}
          {stage.kind === 'givingAway' && <TakeBack device={device} stage={stage} />}
        </>
      ) : (
        <>
          <p className="prose soft">{words.giveIntro}</p>
          {taker === null ? (
            <Section title={words.giveScanHint}>
              <CodeReader
                scanLabel={words.giveScan}
                pasteHint={words.givePasteHint}
                isReading={false}
                onText={read}
              />
            </Section>
          ) : (
            <Taker code={taker} />
          )}
          {unread !== null && <WalletFailure failure={unread} />}
        </>
      )}
      {view}
    </Screen>
  )
}

function Taker({ code }: { code: TakeCode }) {
  const { handOver: words } = useWalletMessages()
  const names = useNames()
  const name = names.ofAddress(code.newOwner)
  return (
    <>
      <Section title={words.giveTo}>
        <div className="card stack tight">
          {name !== null && <p className="row-title">{name}</p>}
          <AddressBlock address={checksumAddress(code.newOwner)} />
        </div>
      </Section>
      <p className="prose soft">{words.giveNear}</p>
      <Notice tone="attention" title={words.giveBinds}>
        {words.giveBindsBody}
      </Notice>
    </>
  )
}
