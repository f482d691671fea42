// Making a device one's own, standing next to it: pair, write it on the chain, tell the device. Goes on where it was.
import { KeyRound } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { OwnedDeviceView, OwnershipView } from '../../../../app/wallet/deviceOwnership.ts'
import { Button, LinkButton } from '../../../components/Button.tsx'
import { Notice } from '../../../components/Notice.tsx'
import { ProofLink } from '../../../components/ProofLink.tsx'
import { Screen } from '../../../components/Screen.tsx'
import { useFob } from '../../../fobContext.ts'
import { useWalletMessages } from '../../../i18n/useWalletMessages.ts'
import { paths } from '../../../paths.ts'
import { useReadable } from '../../../useReadable.ts'
import { useVaultState, useWallet } from '../../../walletContext.tsx'
import { NotFoundScreen } from '../../NotFoundScreen.tsx'
import { NeedsWallet } from '../NeedsWallet.tsx'
import { type Task, useDeviceTask } from '../useDeviceTask.ts'
import { WalletFailure } from '../WalletFailure.tsx'
import { ClaimOnChain } from './ClaimOnChain.tsx'
import { Pair } from './Pair.tsx'
import { type ClaimStep, Steps } from './Steps.tsx'
import { TellDevice } from './TellDevice.tsx'

export function ClaimScreen({ deviceKey }: { deviceKey: string }) {
  const { claim: words } = useWalletMessages()
  const fob = useFob()
  const isLoaded = useReadable(fob.isLoaded)
  const view = useReadable(fob.devices).find(({ record }) => record.key === deviceKey)
  const vault = useVaultState()
  const owned = useReadable(useWallet().devices).find(device => device.deviceKey === deviceKey)
  if (view === undefined) return isLoaded ? <NotFoundScreen /> : null
  return (
    <Screen
      title={words.title}
      back={paths.device(deviceKey)}
      // A demo device needs no radio.
      notices={view.record.source !== 'demo'}
    >
      <p className="row-title breakable">{view.record.name}</p>
      {vault.kind === 'none' ? (
        <>
          <Intro />
          <NeedsWallet then={paths.claim(deviceKey)} words={words} />
        </>
      ) : (
        <Claim deviceKey={deviceKey} owned={owned} />
      )}
    </Screen>
  )
}

function Intro() {
  const { claim: words } = useWalletMessages()
  return words.intro.map(sentence => (
    <p key={sentence} className="prose soft">
      {sentence}
    </p>
  ))
}

/** What is next follows from what the wallet knows of the device; where it knows nothing, the device is asked. */
function Claim({ deviceKey, owned }: { deviceKey: string; owned: OwnedDeviceView | undefined }) {
  const task = useDeviceTask()
  const vault = useVaultState()
  const { claim: words, receive } = useWalletMessages()
  const step = stepOf(owned)
  return (
    <>
      {step === 'pair' && <Intro />}
      {vault.kind === 'unlocked' && !vault.isBackedUp && (
        <Notice
          tone="attention"
          title={words.needsBackup}
          actions={<LinkButton href={paths.walletBackup}>{receive.backupAction}</LinkButton>}
        />
      )}
      <Steps present={step} />
      {owned === undefined || step === 'pair' ? (
        <Meet deviceKey={deviceKey} task={task} />
      ) : (
        <Next owned={owned} step={step} task={task} />
      )}
      {task.failure !== null && <WalletFailure failure={task.failure} />}
    </>
  )
}

function stepOf(owned: OwnedDeviceView | undefined): ClaimStep {
  switch (owned?.stage.kind) {
    case undefined:
    case 'begun':
    case 'gone':
      return 'pair'
    case 'paired':
    case 'taking':
      return 'claim'
    case 'claiming':
      return 'wait'
    case 'owned':
    case 'givingAway':
      return isToBeTold(owned) ? 'tell' : 'done'
  }
}

/** What it was told from another phone is not told anew by this one. */
const isToBeTold = ({ stage, config }: OwnedDeviceView): boolean =>
  (stage.kind === 'owned' && !stage.isPaired) || (config.isKnown && config.delivered === 0)

function Next({ owned, step, task }: { owned: OwnedDeviceView; step: ClaimStep; task: Task }) {
  switch (step) {
    case 'pair':
      return null
    case 'claim':
    case 'wait':
      return <ClaimOnChain owned={owned} task={task} />
    case 'tell':
      return <TellDevice owned={owned} task={task} />
    case 'done':
      return <Done owned={owned} />
  }
}

function Meet({ deviceKey, task }: { deviceKey: string; task: Task }) {
  const { claim: words } = useWalletMessages()
  const wallet = useWallet()
  const [seen, setSeen] = useState<OwnershipView | null>(null)
  const look = async () => {
    const read = await task.run(() => wallet.readOwnership(deviceKey))
    if (read) setSeen(read.value)
  }
  if (seen === null)
    return (
      <Button look="primary" wide busy={task.isBusy} onClick={() => void look()}>
        {task.isBusy ? words.asking : words.look}
      </Button>
    )
  if (seen.registry?.state === 'others')
    return (
      <Notice tone="alarm" title={words.chainOthers} live>
        {words.chainOthersBody}
      </Notice>
    )
  if (seen.pairing === 'others')
    return (
      <Notice tone="attention" title={words.others} live>
        {words.othersBody}
      </Notice>
    )
  return <Pair deviceKey={deviceKey} seen={seen} task={task} />
}

function Done({ owned }: { owned: OwnedDeviceView }) {
  const { claim: words, owned: settings } = useWalletMessages()
  const wallet = useWallet()
  useEffect(() => void wallet.refresh(), [wallet])
  return (
    <>
      <Notice tone="ok" title={words.doneTitle} live>
        {words.doneBody}
      </Notice>
      {owned.evidence !== null && (
        <section className="card pad-snug">
          <ProofLink evidence={owned.evidence} manifest={null} />
        </section>
      )}
      <LinkButton look="primary" icon={KeyRound} wide href={paths.letting(owned.deviceId)}>
        {settings.letting}
      </LinkButton>
      <LinkButton wide href={paths.ownedDevice(owned.deviceId)}>
        {words.open}
      </LinkButton>
    </>
  )
}
