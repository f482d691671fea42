// A kiosk’s code as a link that any phone’s camera opens; behind the #, so that the app’s host never sees who buys what.

const CODE = /FOB:SALE:[A-Za-z0-9:_.-]+/

/** `code`: FOB:SALE:… */
export const saleLink = (code: string): string =>
  new URL(`${import.meta.env.BASE_URL}buy#${code}`, location.origin).href

/** The code in a link, in a scanned text or alone; null where there is none. */
export const saleCodeIn = (text: string): string | null => CODE.exec(text)?.[0] ?? null
