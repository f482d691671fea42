// Passkeys that open the vault: WebAuthn with the PRF extension (WebAuthn Level 3, 10.1.4).
import type { PasskeyFailure } from '../../app/ports/vault.ts'
import { type Bytes, bytesEqual } from '../../core/bytes.ts'
import { fail, ok, type Result } from '../../core/result.ts'

export interface PasskeyAnswer {
  readonly credentialId: Bytes
  /** What the authenticator's PRF makes of the salt: 32 bytes, secret, to be overwritten. */
  readonly prf: Bytes
}

export interface Passkeys {
  isAvailable(): Promise<boolean>
  /** Makes a passkey; asks a second time where the authenticator gives PRF output only at sign-in. */
  create(options: {
    readonly label: string
    /** 32 bytes. */
    readonly salt: Bytes
    readonly existing: readonly Bytes[]
  }): Promise<Result<PasskeyAnswer, PasskeyFailure>>
  /** Asks for any one of these passkeys. */
  ask(
    slots: readonly { readonly credentialId: Bytes; readonly salt: Bytes }[],
  ): Promise<Result<PasskeyAnswer, PasskeyFailure>>
}

const TIMEOUT_MS = 120_000
/** COSE: ES256, EdDSA, RS256. Its signatures are not used; every authenticator has one of them. */
const ALGORITHMS = [-7, -8, -257] as const

export function createPasskeys(
  credentials: Pick<CredentialsContainer, 'create' | 'get'> | undefined,
  randomBytes: (length: number) => Bytes,
): Passkeys {
  async function ask(
    slots: readonly { readonly credentialId: Bytes; readonly salt: Bytes }[],
  ): Promise<Result<PasskeyAnswer, PasskeyFailure>> {
    if (!credentials) return fail({ kind: 'passkeyUnavailable' })
    try {
      const credential = await credentials.get({
        publicKey: {
          challenge: randomBytes(32),
          timeout: TIMEOUT_MS,
          userVerification: 'required',
          allowCredentials: slots.map(({ credentialId }) => ({ type: 'public-key', id: credentialId })),
          extensions: {
            prf: {
              evalByCredential: Object.fromEntries(
                slots.map(({ credentialId, salt }) => [base64Url(credentialId), { first: salt }]),
              ),
            },
          },
        },
      })
      return answer(credential)
    } catch (error) {
      return fail(failureOf(error))
    }
  }

  return {
    async isAvailable() {
      return credentials !== undefined
    },
    async create({ label, salt, existing }) {
      if (!credentials) return fail({ kind: 'passkeyUnavailable' })
      try {
        const credential = await credentials.create({
          publicKey: {
            rp: { name: 'Fob' },
            // Random: a fixed one would replace the passkey that opens another vault of the same origin.
            user: { id: randomBytes(32), name: label, displayName: label },
            challenge: randomBytes(32),
            pubKeyCredParams: ALGORITHMS.map(alg => ({ type: 'public-key', alg })),
            timeout: TIMEOUT_MS,
            // An authenticator's PRF with and without verification are two functions: always with.
            authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
            excludeCredentials: existing.map(id => ({ type: 'public-key', id })),
            attestation: 'none',
            extensions: { prf: { eval: { first: salt } } },
          },
        })
        if (!isPublicKey(credential)) return fail({ kind: 'passkeyCancelled' })
        const { prf } = credential.getClientExtensionResults()
        if (prf?.results) return answer(credential)
        if (!prf?.enabled) return fail({ kind: 'passkeyWithoutPrf' })
        return await ask([{ credentialId: new Uint8Array(credential.rawId), salt }])
      } catch (error) {
        return fail(failureOf(error))
      }
    },
    async ask(slots) {
      const answered = await ask(slots)
      if (!answered.ok) return answered
      const { credentialId } = answered.value
      const isAsked = slots.some(slot => bytesEqual(slot.credentialId, credentialId))
      return isAsked ? answered : fail({ kind: 'passkeyUnknown' })
    },
  }
}

/** Of this browser; every call answers `passkeyUnavailable` where it has no WebAuthn, or none for this page. */
export const browserPasskeys = (randomBytes: (length: number) => Bytes): Passkeys =>
  createPasskeys(
    typeof PublicKeyCredential === 'undefined' || isAddress(location.hostname)
      ? undefined
      : navigator.credentials,
    randomBytes,
  )

/** Passkeys belong to a name, never to an IP address (WebAuthn Level 3, 5.1.3, step 7). */
const isAddress = (hostname: string): boolean => /^[\d.]+$|:/.test(hostname)

function answer(credential: Credential | null): Result<PasskeyAnswer, PasskeyFailure> {
  if (!isPublicKey(credential)) return fail({ kind: 'passkeyCancelled' })
  const first = credential.getClientExtensionResults().prf?.results?.first
  if (first === undefined) return fail({ kind: 'passkeyWithoutPrf' })
  const prf = ArrayBuffer.isView(first)
    ? Uint8Array.from(new Uint8Array(first.buffer, first.byteOffset, first.byteLength))
    : new Uint8Array(first)
  if (prf.length !== 32) return fail({ kind: 'passkeyFailed', detail: `PRF output of ${prf.length} bytes` })
  return ok({ credentialId: new Uint8Array(credential.rawId), prf })
}

function isPublicKey(credential: Credential | null): credential is PublicKeyCredential {
  return credential !== null && 'rawId' in credential && 'getClientExtensionResults' in credential
}

/** WebAuthn Level 3, 5.1.3 and 5.1.4: which exceptions mean what. */
function failureOf(error: unknown): PasskeyFailure {
  if (!(error instanceof DOMException)) return { kind: 'passkeyFailed', detail: String(error) }
  switch (error.name) {
    // Also the time-out, and an authenticator that has none of the asked: told alike, on purpose.
    case 'NotAllowedError':
    case 'AbortError':
      return { kind: 'passkeyCancelled' }
    case 'InvalidStateError':
      return { kind: 'passkeyExists' }
    case 'SecurityError':
    case 'NotSupportedError':
      return { kind: 'passkeyUnavailable' }
    default:
      return { kind: 'passkeyFailed', detail: String(error) }
  }
}

function base64Url(bytes: Uint8Array): string {
  const text = btoa(String.fromCharCode(...bytes))
  return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}
