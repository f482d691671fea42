// Where to go once there is a wallet: back to what was begun without one, within the app alone.
import { useSearch } from 'wouter'
import { paths } from '../../paths.ts'

/** What can be begun without a wallet, and needs one to go on. */
const beginnings = ['/wallet/', '/offer/', '/keys', '/buy']

export function useNextPlace(): string {
  const then = new URLSearchParams(useSearch()).get('then')
  return then !== null && !then.includes('//') && beginnings.some(place => then.startsWith(place))
    ? then
    : paths.wallet
}
