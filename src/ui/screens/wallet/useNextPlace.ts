// Where to go once there is a wallet: back to what was begun without one, within the wallet alone.
import { useSearch } from 'wouter'
import { paths } from '../../paths.ts'

export function useNextPlace(): string {
  const then = new URLSearchParams(useSearch()).get('then')
  return then?.startsWith('/wallet/') === true && !then.includes('//') ? then : paths.wallet
}
