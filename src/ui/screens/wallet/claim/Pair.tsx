// Proving to the device that one stands next to it: by its button, or by the code that is printed on it.
import { CircleDot } from 'lucide-react'
import { useState } from 'react'
import type { OwnershipView } from '../../../../app/wallet/deviceOwnership.ts'
import { Button } from '../../../components/Button.tsx'
import { Disclosure } from '../../../components/Disclosure.tsx'
import { TextField } from '../../../components/Field.tsx'
import { Notice } from '../../../components/Notice.tsx'
import { useFob } from '../../../fobContext.ts'
import { useFormats } from '../../../i18n/useMessages.tsx'
import { useWalletMessages } from '../../../i18n/useWalletMessages.ts'
import { useNow } from '../../../useNow.ts'
import { useReadable } from '../../../useReadable.ts'
import { useWallet } from '../../../walletContext.tsx'
import { SubmitButton } from '../SubmitButton.tsx'
import type { Task } from '../useDeviceTask.ts'

export function Pair({ deviceKey, seen, task }: { deviceKey: string; seen: OwnershipView; task: Task }) {
  const { claim: words } = useWalletMessages()
  if (!seen.hasButton && !seen.hasClaimCode && seen.pairing === 'free')
    return <Notice tone="attention" title={words.noWay} />
  return (
    <>
      {(seen.hasButton || seen.pairing === 'mine') && <ByButton deviceKey={deviceKey} task={task} />}
      {seen.hasClaimCode && <ByClaimCode deviceKey={deviceKey} task={task} isOnly={!seen.hasButton} />}
    </>
  )
}

function ByButton({ deviceKey, task }: { deviceKey: string; task: Task }) {
  const { claim: words } = useWalletMessages()
  const formats = useFormats()
  const wallet = useWallet()
  const now = useNow()
  const running = useReadable(wallet.tasks).get(deviceKey)
  const isWaiting = running?.kind === 'waitingForButton'
  return (
    <section className="card stack">
      <h2 className="card-title">{words.button}</h2>
      <p className="prose soft">{words.buttonBody}</p>
      {isWaiting ? (
        <>
          <Notice
            tone="info"
            icon={CircleDot}
            title={words.buttonWaiting(formats.duration(Math.max(1, running.until - now)))}
          />
          <DemoButton deviceKey={deviceKey} />
          <Button look="quiet" wide onClick={() => wallet.cancelTask(deviceKey)}>
            {words.cancel}
          </Button>
        </>
      ) : (
        <Button
          look="primary"
          wide
          busy={task.isBusy}
          onClick={() => void task.run(() => wallet.pair(deviceKey, { kind: 'button' }))}
        >
          {words.buttonStart}
        </Button>
      )}
    </section>
  )
}

/** The demo device has no case to press on, so its button is here. */
function DemoButton({ deviceKey }: { deviceKey: string }) {
  const { claim: words } = useWalletMessages()
  const wallet = useWallet()
  const [isPressed, setPressed] = useState(false)
  const isDemo = useReadable(useFob().devices).some(
    ({ record }) => record.key === deviceKey && record.source === 'demo',
  )
  if (!isDemo) return null
  return (
    <Button
      look="primary"
      icon={CircleDot}
      wide
      disabled={isPressed}
      onClick={() => void wallet.pressDemoButton(deviceKey).then(setPressed)}
    >
      {isPressed ? words.buttonPressed : words.buttonDemo}
    </Button>
  )
}

function ByClaimCode({ deviceKey, task, isOnly }: { deviceKey: string; task: Task; isOnly: boolean }) {
  const { claim: words } = useWalletMessages()
  const wallet = useWallet()
  const [code, setCode] = useState('')
  const form = (
    <form
      className="stack"
      onSubmit={event => {
        event.preventDefault()
        if (code.trim() !== '' && !task.isBusy)
          void task.run(() => wallet.pair(deviceKey, { kind: 'code', code: code.trim() }))
      }}
    >
      <TextField
        label={words.codeLabel}
        hint={words.codeHint}
        value={code}
        onChange={typed => {
          setCode(typed.toUpperCase())
          task.clear()
        }}
        placeholder="XXXX-XXXX-XXXX"
      />
      <SubmitButton busy={task.isBusy} disabled={code.trim() === ''}>
        {words.codeUse}
      </SubmitButton>
    </form>
  )
  return isOnly ? (
    <section className="card">{form}</section>
  ) : (
    <Disclosure title={words.orCode}>{form}</Disclosure>
  )
}
