// Where money for the kiosk’s fees is sent, as a code and in groups.
import '../../styles/kioskInside.css'
import { checksumAddress } from '../../../core/wallet/address.ts'
import { AddressBlock } from '../../components/AddressBlock.tsx'
import { QrCode } from '../../components/QrCode.tsx'
import { useFob } from '../../fobContext.ts'
import { useKioskMessages } from '../../i18n/useKioskMessages.ts'
import { useReadable } from '../../useReadable.ts'
import { useKiosk } from '../kioskContext.tsx'

export function GasAddress() {
  const { setup: words } = useKioskMessages()
  const setup = useReadable(useKiosk().setup)
  const network = useReadable(useFob().network)
  if ((setup.kind !== 'ready' && setup.kind !== 'awaitingOwner') || network.status !== 'ready') return null
  const address = checksumAddress(setup.gasAddress)
  return (
    <div className="card stack kiosk-gas">
      <QrCode text={`ethereum:${address}@${String(network.config.chain.id)}`} label={words.gasTitle} />
      <AddressBlock address={address} />
      <p className="row-note">{words.gasBody}</p>
    </div>
  )
}
