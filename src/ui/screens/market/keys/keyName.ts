// What a key is called: as its lock is, or by how it came where nobody has named the lock here.
import type { KeyView } from '../../../../app/market/market.ts'
import type { MarketMessages } from '../../../i18n/marketEn.ts'

export const keyName = (
  { deviceName, kind }: Pick<KeyView, 'deviceName' | 'kind'>,
  words: MarketMessages['keys'],
) => (deviceName === '' ? words.unnamed[kind] : deviceName)
