// The document by which a maker is pinned: read from a QR code or from the maker's domain.
import * as v from 'valibot'
import type { Address } from './bytes.ts'
import { hasInvisible } from './invisible.ts'
import { fail, ok, type Result } from './result.ts'

/** Text that others have chosen, and that stands beside an address on the screen. */
const shownText = v.check((text: string) => !hasInvisible(text), 'has invisible characters')

const schema = v.object({
  version: v.literal(1),
  name: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(64), shownText),
  address: v.pipe(
    v.string(),
    v.regex(/^0x[0-9a-fA-F]{40}$/),
    v.transform(text => text.toLowerCase() as Address),
  ),
  chainId: v.pipe(v.number(), v.integer(), v.minValue(1)),
  registry: v.pipe(
    v.string(),
    v.regex(/^0x[0-9a-fA-F]{40}$/),
    v.transform(text => text.toLowerCase() as Address),
  ),
  models: v.pipe(
    v.array(
      v.object({
        name: v.pipe(v.string(), v.minLength(1), v.maxLength(64), shownText),
        hardware: v.pipe(v.string(), v.minLength(1), v.maxLength(64), shownText),
      }),
    ),
    v.maxLength(256),
  ),
})

/** Where a domain serves it: `https://{domain}/.well-known/fob.json`. */
export const makerPinPath = '/.well-known/fob.json'

export type MakerPin = v.InferOutput<typeof schema>
export type MakerPinFailure = { readonly kind: 'malformedPin'; readonly detail: string }

export function parseMakerPin(json: unknown): Result<MakerPin, MakerPinFailure> {
  const parsed = v.safeParse(schema, json)
  if (parsed.success) return ok(parsed.output)
  const [issue] = parsed.issues
  return fail({ kind: 'malformedPin', detail: `${v.getDotPath(issue) ?? 'document'}: ${issue.message}` })
}

/** The QR code's text: the JSON document itself. */
export function parseMakerQr(text: string): Result<MakerPin, MakerPinFailure> {
  if (text.length > 8192) return fail({ kind: 'malformedPin', detail: 'longer than 8192 characters' })
  try {
    return parseMakerPin(JSON.parse(text))
  } catch {
    return fail({ kind: 'malformedPin', detail: 'not JSON' })
  }
}
