// A product’s texts in the customer’s language, and its price as people here count.
import type { KioskText } from '../../app/kiosk/kiosk.ts'
import type { Amount } from '../../core/wallet/sentence.ts'
import { useFob } from '../fobContext.ts'
import { type Language, languageTags } from '../i18n/formats.ts'
import { useFormats } from '../i18n/useMessages.tsx'
import { useReadable } from '../useReadable.ts'

export const textIn = (text: KioskText, language: Language): string =>
  text[language] === '' ? text.en : text[language]

export interface LocalPrice {
  readonly text: string
  /** Of the rate. */
  readonly day: string
}

/** In the local currency, where the network gives a rate; for comparison only, for what is paid is the exact amount. */
export function useLocalPrice(): (amount: Amount) => LocalPrice | null {
  const network = useReadable(useFob().network)
  const { language } = useFormats()
  const rates = network.status === 'ready' ? network.config.rates : undefined
  return amount => {
    const rate = rates?.find(({ token }) => (token ?? null) === amount.token)
    if (rate === undefined) return null
    // Two digits after the point are shown: floating point has more than enough for that.
    const value = (Number(amount.value) / 10 ** amount.decimals) * rate.price
    const tag = languageTags[language]
    return {
      text: new Intl.NumberFormat(tag, { style: 'currency', currency: rate.currency }).format(value),
      day: new Intl.DateTimeFormat(tag, { dateStyle: 'medium' }).format(rate.at * 1000),
    }
  }
}
