// Adds a file to a Kubo node through its RPC.
// Source: docs.ipfs.tech, "Kubo RPC API v0 reference", /api/v0/add and /api/v0/id.
import * as v from 'valibot'
import { fail, ok, type Result } from '../../src/core/result.ts'
import { kuboAddParameters } from './firmwareFile.ts'

const addedSchema = v.object({ Name: v.string(), Hash: v.string(), Size: v.string() })
const errorSchema = v.object({ Message: v.string() })

export type KuboFailure =
  | { readonly kind: 'kuboUnreachable'; readonly detail: string }
  /** Kubo answered with an error of its own, in `detail`. */
  | { readonly kind: 'kuboRefused'; readonly detail: string }
  | { readonly kind: 'kuboMalformed'; readonly detail: string }

export interface KuboOptions {
  /** The RPC's base, as in `http://127.0.0.1:5001`. */
  readonly url: string
  /** Value of the Authorization header, for nodes with `API.Authorizations`. */
  readonly authorization?: string
}

/** Adds and pins. Returns the CID that Kubo reports; compare it with `firmwareCid`. */
export async function addToKubo(
  options: KuboOptions,
  name: string,
  bytes: Uint8Array,
): Promise<Result<string, KuboFailure>> {
  const query = new URLSearchParams({ ...kuboAddParameters, pin: 'true', progress: 'false' })
  const form = new FormData()
  form.append('file', new Blob([Uint8Array.from(bytes)], { type: 'application/octet-stream' }), name)
  let response: Response
  let text: string
  try {
    response = await fetch(`${options.url.replace(/\/+$/, '')}/api/v0/add?${query}`, {
      method: 'POST',
      body: form,
      headers: options.authorization === undefined ? {} : { authorization: options.authorization },
      signal: AbortSignal.timeout(120_000),
    })
    text = await response.text()
  } catch (error) {
    return fail({ kind: 'kuboUnreachable', detail: reason(error) })
  }
  // One JSON object per line; an error after the headers comes as a last line of another shape.
  const lines: unknown[] = []
  for (const line of text.split('\n').filter(part => part.trim() !== '')) {
    try {
      lines.push(JSON.parse(line))
    } catch {
      lines.push(line)
    }
  }
  for (const line of lines) {
    const error = v.safeParse(errorSchema, line)
    if (error.success) return fail({ kind: 'kuboRefused', detail: error.output.Message })
  }
  if (!response.ok) return fail({ kind: 'kuboRefused', detail: `${response.status} ${text.slice(0, 200)}` })
  const added = v.safeParse(addedSchema, lines.at(-1))
  if (!added.success) return fail({ kind: 'kuboMalformed', detail: text.slice(0, 200) || 'an empty answer' })
  return ok(added.output.Hash)
}

const reason = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? error.cause.message : error.message
}
