// Where a gateway is, in one line: host and port of its first address.
import type { KnownGateway } from '../../../app/ports/ways.ts'

export function placeOf({ addresses }: Pick<KnownGateway, 'addresses'>): string {
  const [, , host, , port] = addresses[0]?.split('/') ?? []
  if (host === undefined) return ''
  const bracketed = host.includes(':') ? `[${host}]` : host
  return port === undefined ? bracketed : `${bracketed}:${port}`
}
