// An address in groups of four, to be compared by eye or read aloud; one button copies it.

import { addressGroups } from '../i18n/formats.ts'
import { useMessages } from '../i18n/useMessages.tsx'
import { Hash } from './Hash.tsx'

export function AddressBlock({ address }: { address: string }) {
  const { makers } = useMessages()
  return (
    <div className="stack tight">
      <p className="address-block" aria-hidden="true">
        {addressGroups(address).map((group, index) => (
          // Groups repeat; their place is what tells them apart.
          <span key={`${String(index)}${group}`}>{group}</span>
        ))}
      </p>
      <div>
        <Hash value={address} name={makers.address} />
      </div>
    </div>
  )
}
