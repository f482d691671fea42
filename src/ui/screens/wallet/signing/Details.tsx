// Every value of a request, for those who want to see all of it: addresses in full, in groups that can be compared.
import type { Address } from '../../../../core/bytes.ts'
import { checksumAddress } from '../../../../core/wallet/address.ts'
import { AddressBlock } from '../../../components/AddressBlock.tsx'
import { Fact, Facts } from '../../../components/Facts.tsx'
import { Hash } from '../../../components/Hash.tsx'
import type { Detail } from './speaker.ts'

export function Details({ details }: { details: readonly Detail[] }) {
  return (
    <Facts>
      {details.map((detail, index) => (
        // A contract may give two of its arguments the same name.
        <Fact key={`${String(index)}${detail.name}`} name={detail.name} note={detail.note ?? null}>
          <Value detail={detail} />
        </Fact>
      ))}
    </Facts>
  )
}

function Value({ detail: { form, value, name } }: { detail: Detail }) {
  if (form === 'plain') return <span className="breakable">{value}</span>
  if (form === 'hash') return <Hash value={value} name={name} />
  return <AddressBlock address={checksumAddress(value as Address)} />
}
