// Expected failures are values: every union of errors has a stable `kind`, which the ui translates.

export type Result<T, E extends Failure> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: E }

/** `kind` is stable and is what the ui and tests look at; `detail` is technical text for the log and the "more" view. */
export interface Failure {
  readonly kind: string
  readonly detail?: string
}

export const ok = <T>(value: T): { readonly ok: true; readonly value: T } => ({ ok: true, value })

export const fail = <E extends Failure>(error: E): { readonly ok: false; readonly error: E } => ({
  ok: false,
  error,
})
