// What the device was told: signed, delivered, filed; each said only once it is so.
import { Ban, FileUp, Send } from 'lucide-react'
import { useState } from 'react'
import type { OwnedDeviceView } from '../../../../app/wallet/deviceOwnership.ts'
import { Button } from '../../../components/Button.tsx'
import { ConfirmSheet } from '../../../components/ConfirmSheet.tsx'
import { Section } from '../../../components/Facts.tsx'
import { Notice } from '../../../components/Notice.tsx'
import { useWalletMessages } from '../../../i18n/useWalletMessages.ts'
import { useWallet } from '../../../walletContext.tsx'
import { PaymentNow } from '../payments/PaymentNow.tsx'
import { useSigning } from '../signing/useSigning.tsx'
import type { Task } from '../useDeviceTask.ts'
import { WalletFailure } from '../WalletFailure.tsx'

export function ConfigSection({ device }: { device: OwnedDeviceView }) {
  const { owned: words } = useWalletMessages()
  const wallet = useWallet()
  const { send, task, isBusy, isUnderWay, isFinal, paymentId, view } = useSigning(WalletFailure)
  const [isRevoking, setRevoking] = useState(false)
  const { config, deviceId } = device
  const wanted = config.wanted?.version ?? 0
  const isDelivered = wanted > 0 && config.delivered >= wanted
  const isFiled = config.filed >= config.delivered

  const make = () =>
    task.run(async () => {
      const changed = await wallet.changeConfig(deviceId, {})
      return changed.ok ? wallet.deliverConfig(deviceId) : changed
    })
  return (
    <Section title={words.settings}>
      <div className="card stack">
        {!config.isKnown ? (
          <Unknown device={device} task={task} />
        ) : wanted === 0 ? (
          <>
            <Notice tone="info" title={words.settingsNone}>
              {words.settingsNoneBody}
            </Notice>
            <Button icon={Send} wide busy={task.isBusy} onClick={() => void make()}>
              {words.settingsMake}
            </Button>
          </>
        ) : (
          <>
            <p className="row-title">{words.settingsVersion(String(wanted))}</p>
            {isDelivered ? (
              <Notice tone="ok" title={words.delivered} />
            ) : (
              <Notice
                tone="attention"
                title={words.notDelivered}
                live
                actions={
                  <Button
                    look="primary"
                    icon={Send}
                    busy={task.isBusy}
                    onClick={() => void task.run(() => wallet.deliverConfig(deviceId))}
                  >
                    {words.finishAction}
                  </Button>
                }
              >
                {words.notDeliveredBody}
              </Notice>
            )}
            {isDelivered &&
              (isFiled ? (
                <Notice tone="ok" title={words.filed} />
              ) : (
                <Notice
                  tone="info"
                  title={words.notFiled}
                  actions={
                    !isUnderWay && (
                      <Button
                        icon={FileUp}
                        busy={isBusy}
                        onClick={() => send(() => wallet.proposeFileConfig(deviceId))}
                      >
                        {words.file}
                      </Button>
                    )
                  }
                >
                  {words.notFiledBody}
                </Notice>
              ))}
            <Button look="danger-quiet" icon={Ban} onClick={() => setRevoking(true)}>
              {words.revoke}
            </Button>
          </>
        )}
        {!isFiled && !isFinal && paymentId !== null && <PaymentNow id={paymentId} />}
        {view}
      </div>
      {isRevoking && (
        <ConfirmSheet
          title={words.revokeTitle}
          icon={Ban}
          action={words.revokeAction}
          onClose={() => setRevoking(false)}
          onConfirm={() => {
            setRevoking(false)
            void task.run(async () => {
              const changed = await wallet.changeConfig(deviceId, { epoch: 'next' })
              return changed.ok ? wallet.deliverConfig(deviceId) : changed
            })
          }}
        >
          <p className="prose">{words.revokeBody}</p>
        </ConfirmSheet>
      )}
    </Section>
  )
}

/** Restored from words: the device itself says what it was told from another phone. */
function Unknown({ device: { deviceKey }, task }: { device: OwnedDeviceView; task: Task }) {
  const { owned: words } = useWalletMessages()
  const wallet = useWallet()
  return (
    <Notice
      tone="info"
      title={words.settingsUnknown}
      actions={
        deviceKey === null ? undefined : (
          <Button
            icon={Send}
            busy={task.isBusy}
            onClick={() => void task.run(() => wallet.readOwnership(deviceKey))}
          >
            {words.finishAction}
          </Button>
        )
      }
    >
      {words.settingsUnknownBody}
    </Notice>
  )
}
