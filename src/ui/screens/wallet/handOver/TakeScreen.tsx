// Taking a device: one's own code out, the giver's code in, every signature in it checked, then sent and finished.
import { useEffect, useState } from 'react'
import { useLocation } from 'wouter'
import type { OwnedDeviceView } from '../../../../app/wallet/deviceOwnership.ts'
import type { PaymentView } from '../../../../app/wallet/wallet.ts'
import { Button } from '../../../components/Button.tsx'
import { Section } from '../../../components/Facts.tsx'
import { Notice } from '../../../components/Notice.tsx'
import { Screen } from '../../../components/Screen.tsx'
import { CodeReader } from '../../../components/scan/CodeReader.tsx'
import { useFormats } from '../../../i18n/useMessages.tsx'
import { useWalletMessages } from '../../../i18n/useWalletMessages.ts'
import { paths } from '../../../paths.ts'
import { useReadable } from '../../../useReadable.ts'
import { useVaultState, useWallet } from '../../../walletContext.tsx'
import { Faucet } from '../accounts/Faucet.tsx'
import { WelcomeScreen } from '../onboarding/WelcomeScreen.tsx'
import { useSigning } from '../signing/useSigning.tsx'
import type { Task } from '../useDeviceTask.ts'
import { WalletFailure } from '../WalletFailure.tsx'
import { CodeToShow } from './CodeToShow.tsx'

export function TakeScreen() {
  const vault = useVaultState()
  return vault.kind === 'none' ? <WelcomeScreen /> : <Take />
}

function Take() {
  const { handOver: words } = useWalletMessages()
  const wallet = useWallet()
  const [, navigate] = useLocation()
  const { send, task, view } = useSigning(WalletFailure)
  const [own, setOwn] = useState<string | null>(null)
  const waiting = useReadable(wallet.devices).filter(({ stage }) => stage.kind === 'taking')
  const owner = useReadable(wallet.accounts).find(
    ({ name }) => name.kind === 'owner' || name.kind === 'external',
  )
  useEffect(() => void wallet.refresh(), [wallet])

  const make = async () => {
    const made = await task.run(() => wallet.makeTakeCode())
    if (made) setOwn(made.value.text)
  }
  const onSent = (payment: PaymentView) => navigate(paths.payment(payment.id))
  const read = (text: string) => send(() => wallet.readGiveCode(text), onSent)
  const finish = (device: OwnedDeviceView) => send(() => wallet.proposeTaking(device.deviceId), onSent)

  return (
    <Screen title={words.takeTitle} back={paths.wallet}>
      {waiting.map(device => (
        <Waiting key={device.deviceId} device={device} task={task} onSend={() => finish(device)} />
      ))}
      {owner !== undefined && <Faucet account={owner} />}
      <Section title={words.takeShow}>
        <p className="prose soft">{words.takeIntro}</p>
        {own === null ? (
          <Button look="primary" wide busy={task.isBusy} onClick={() => void make()}>
            {words.takeCode}
          </Button>
        ) : (
          <CodeToShow text={own} label={words.takeCode} />
        )}
      </Section>
      <Section title={words.takeScan}>
        <CodeReader
          scanLabel={words.giveScan}
          pasteHint={words.takePasteHint}
          isReading={task.isBusy}
          onText={read}
        />
      </Section>
      {view}
    </Screen>
  )
}

function Waiting({ device, task, onSend }: { device: OwnedDeviceView; task: Task; onSend: () => void }) {
  const { handOver: words } = useWalletMessages()
  const formats = useFormats()
  if (device.stage.kind !== 'taking') return null
  return (
    <Notice
      tone="attention"
      title={`${device.name}: ${words.takeWaiting}`}
      actions={
        <Button look="primary" busy={task.isBusy} onClick={onSend}>
          {words.takeSend}
        </Button>
      }
    >
      {words.takeWaitingBody(formats.dateTime(device.stage.deadline))}
    </Notice>
  )
}
