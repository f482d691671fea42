// What an exception says to a person.
import { BaseError } from 'viem'

/** viem's full messages quote URLs, which may hold an endpoint's key, and whole requests; the short ones do not. */
export function describeError(error: unknown): string {
  if (error instanceof BaseError) {
    const cause = error.walk()
    const root = cause instanceof BaseError ? cause.shortMessage : cause instanceof Error ? cause.message : ''
    return root === '' || root === error.shortMessage ? error.shortMessage : `${error.shortMessage} ${root}`
  }
  return error instanceof Error ? error.message : String(error)
}
