// Who signs the keys that are let: this phone, or a box of the owner’s; and whether the lock takes proofs of payment.
import { Power, Server, Smartphone } from 'lucide-react'
import { useState } from 'react'
import type { LettingView } from '../../../../app/market/letting.ts'
import type { Result } from '../../../../core/result.ts'
import { Button } from '../../../components/Button.tsx'
import { Disclosure } from '../../../components/Disclosure.tsx'
import { Section } from '../../../components/Facts.tsx'
import { SwitchRow } from '../../../components/Field.tsx'
import { Notice } from '../../../components/Notice.tsx'
import { CodeReader } from '../../../components/scan/CodeReader.tsx'
import { useMarketMessages } from '../../../i18n/useMarketMessages.ts'
import { useSigning } from '../../wallet/signing/useSigning.tsx'
import type { ShownFailure } from '../../wallet/WalletFailure.tsx'
import { MarketFailure } from '../MarketFailure.tsx'
import { useMarket } from '../marketContext.tsx'

export function SignerSection({ view }: { view: LettingView }) {
  const { letting: words } = useMarketMessages()
  const market = useMarket()
  const { sign, task, isBusy, view: signing } = useSigning(MarketFailure)
  const [unread, setUnread] = useState<ShownFailure | null>(null)
  const { deviceId, signer, attestors } = view

  /** Every change is a new Config: signed here, then carried to the lock. */
  const change = (signConfig: () => Promise<Result<null, ShownFailure>>) =>
    void task.run(async () => {
      const signed = await signConfig()
      const done = signed.ok ? await market.bringSettings(deviceId) : signed
      await market.readLetting(deviceId)
      return done
    })
  const read = (text: string) => {
    const code = market.readCode(text)
    const box = code.ok && code.value.kind === 'box' ? code.value : null
    setUnread(box !== null ? null : code.ok ? { kind: 'notABoxCode' } : code.error)
    if (box !== null) change(() => market.chooseBox(deviceId, box.url))
  }
  const turn = (isOn: boolean) =>
    sign(
      () => market.proposeBox(deviceId, isOn),
      proposal => market.confirmBox(proposal),
      () => void market.readLetting(deviceId),
    )

  const isBox = signer.kind === 'box'
  const name = isBox ? (signer.name ?? words.signerBox) : words.signerPhone
  return (
    <Section title={words.signer}>
      <div className="card stack snug">
        <div className="with-icon">
          {isBox ? <Server size={20} aria-hidden /> : <Smartphone size={20} aria-hidden />}
          <div>
            <p className="row-title breakable">{signer.kind === 'unknown' ? words.signerUnknown : name}</p>
            <p className="row-note">
              {signer.kind === 'unknown'
                ? words.signerUnknownBody
                : !isBox
                  ? words.signerPhoneBody
                  : signer.name === null
                    ? words.signerBoxBody
                    : words.signerNamedBody}
            </p>
          </div>
        </div>
        <p className="row-note" role="status">
          {task.isBusy ? words.telling : ''}
        </p>
        {isBox && (
          <Notice
            tone={signer.isOn === true ? 'ok' : 'attention'}
            title={
              signer.isOn === true ? words.boxOn : signer.isOn === false ? words.boxOff : words.boxSilent
            }
            actions={
              signer.isOn === null ? undefined : (
                <Button icon={Power} busy={isBusy} onClick={() => turn(signer.isOn === false)}>
                  {signer.isOn ? words.signerStop : words.signerStart}
                </Button>
              )
            }
          />
        )}
        <Disclosure title={words.signerChange}>
          <div className="stack snug">
            {signer.kind !== 'phone' && (
              <Button
                icon={Smartphone}
                wide
                disabled={isBusy}
                onClick={() => change(() => market.choosePhone(deviceId))}
              >
                {words.signerBack}
              </Button>
            )}
            {market.boxes
              .filter(({ url }) => !(isBox && signer.url === url))
              .map(box => (
                <Button
                  key={box.url}
                  icon={Server}
                  wide
                  disabled={isBusy}
                  onClick={() => change(() => market.chooseBox(deviceId, box.url))}
                >
                  {words.signerBoxNamed(box.name)}
                </Button>
              ))}
            <CodeReader
              scanLabel={words.signerScan}
              pasteHint={words.signerPasteHint}
              isReading={false}
              onText={read}
            />
            <p className="row-note">{words.signerNear}</p>
          </div>
        </Disclosure>
      </div>
      {attestors !== null && (
        <div className="card flush">
          <SwitchRow
            label={words.proofs}
            hint={words.proofsHint(attestors.threshold, attestors.of)}
            checked={view.takesProofs}
            onChange={takes => change(() => market.setTakesProofs(deviceId, takes))}
          />
        </div>
      )}
      {unread !== null && <MarketFailure failure={unread} />}
      {signing}
    </Section>
  )
}
