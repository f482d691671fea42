// Terms of a grant to vend as bytes of a code: the same in a kiosk's answer and in a key of staff.
import { type Bytes, concat } from '../bytes.ts'
import { sized } from '../lock/layout.ts'
import { type ByteReader, uintBytes } from '../wallet/byteReader.ts'
import { type SignedVendTerms, vendUseOf } from './vendTerms.ts'

/** Use (1), slots (32), per day (2), signature (64). */
export const termsBytes = ({ use, slots, perDay, signature }: SignedVendTerms): Bytes =>
  concat(uintBytes(use, 1), sized(slots, 32), uintBytes(perDay, 2), sized(signature, 64))

/** undefined for another use; the reader's own error where the bytes end early. No signature is checked. */
export function readTerms(reader: ByteReader): SignedVendTerms | undefined {
  const use = vendUseOf(reader.uint(1))
  const [slots, perDay, signature] = [reader.bytes(32), reader.uint(2), reader.bytes(64)]
  return use === undefined ? undefined : { use, slots, perDay, signature }
}
