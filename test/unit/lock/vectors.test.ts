// The test vectors of docs/device-protocol.md: made from fixed keys, compared with the stored file, and checked by other hands.
import { createDecipheriv, createECDH, createHmac, hkdfSync, pbkdf2Sync } from 'node:crypto'
import path from 'node:path'
import { hashTypedData as viemHash } from 'viem'
import { expect, it } from 'vitest'
import { concat, fromHex, toHex, utf8 } from '../../../src/core/bytes.ts'
import { hashTypedData, type TypedData } from '../../../src/core/eip712.ts'
import { deviceIdOf, devicePublicKey } from '../../../src/core/identity.ts'
import { challengeBody, challengeDigest } from '../../../src/core/lock/challenge.ts'
import { claimCodeKey, claimProof, formatClaimCode, makeClaimCode } from '../../../src/core/lock/claimCode.ts'
import { encodeConfig } from '../../../src/core/lock/config.ts'
import { GrantAction, grantTypedData } from '../../../src/core/lock/grant.ts'
import { encodeOpen, openDigest, SessionAction } from '../../../src/core/lock/openMessage.ts'
import { encodeResult, resultDigest } from '../../../src/core/lock/openResult.ts'
import { keyHash, ownershipAnswerBody } from '../../../src/core/lock/ownership.ts'
import {
  factoryResetTypedData,
  ownerKeyChangeTypedData,
  ownerKeyTakenDigest,
  pairingTypedData,
} from '../../../src/core/lock/pairing.ts'
import { encodeOwnerKeyOrder, encodePairing } from '../../../src/core/lock/pairingMessage.ts'
import { deriveSessionKeys, seal } from '../../../src/core/lock/sessionCipher.ts'
import { isDigestSignedBy, signDigest } from '../../../src/core/p256.ts'
import {
  claimDigest,
  configTakenDigest,
  configTypedData,
  handOverDigest,
} from '../../../src/core/registry/deviceStatements.ts'
import { encodeCbor } from '../../../src/core/smp/cbor.ts'
import { encodeMessage, SmpOp, SmpVersion } from '../../../src/core/smp/message.ts'

const FILE = path.resolve(import.meta.dirname, '../../vectors/lock/protocol-v1.json')

const secretOf = (byte: number) => new Uint8Array(32).fill(byte)
const keys = {
  device: 1,
  owner: 2,
  newOwner: 3,
  issuer: 4,
  user: 5,
  deviceEphemeral: 6,
  phoneEphemeral: 7,
  attestor: 8,
}
const secret = Object.fromEntries(Object.entries(keys).map(([name, byte]) => [name, secretOf(byte)]))
const of = (name: keyof typeof keys) => secret[name] ?? new Uint8Array()
const publicKey = (name: keyof typeof keys) => devicePublicKey(of(name))

const domain = { chainId: 31337, registry: `0x${'d1'.repeat(20)}` } as const
const market = `0x${'d2'.repeat(20)}` as const
const deviceId = deviceIdOf(publicKey('device'))
const fixed = (length: number, first: number) => Uint8Array.from({ length }, (_, i) => (first + i) & 0xff)

/** A statement's digest and its signature (RFC 6979, so that it is the same every time). */
function signed(digest: Uint8Array, signer: keyof typeof keys) {
  return { signer, digest: toHex(digest), signature: toHex(signDigest(digest, of(signer))) }
}
const signatureOf = (digest: Uint8Array, signer: keyof typeof keys) => signDigest(digest, of(signer))
const digestOf = (typed: TypedData) => hashTypedData(typed)

const challengeNonce = fixed(16, 0x20)
const requestId = fixed(16, 0x40)
const pairing = { deviceId, ownerKey: publicKey('owner'), nonce: fixed(16, 0x10), pairingCounter: 1 }
const change = { deviceId, newOwnerKey: publicKey('newOwner'), pairingCounter: 2 }
const reset = { deviceId, pairingCounter: 2 }
const terms = {
  version: 1,
  issuerKey: publicKey('issuer'),
  attestors: { threshold: 1, keys: [publicKey('attestor')] },
  epoch: 3,
  market,
}
const grant = {
  deviceId,
  orderId: 1234n,
  userKeyHash: keyHash(publicKey('user')),
  notBefore: 1_800_000_000,
  notAfter: 1_800_086_400,
  weeklyHours: new Uint8Array(21),
  maxUses: 5,
  actions: GrantAction.open | GrantAction.withoutTime,
  epoch: 3,
  seq: 1,
}
const typed = {
  pairing: pairingTypedData(domain, pairing),
  ownerKeyChange: ownerKeyChangeTypedData(domain, change),
  factoryReset: factoryResetTypedData(domain, reset),
  config: configTypedData(domain, { ...terms, deviceId }),
  grant: grantTypedData({ chainId: domain.chainId, market }, grant),
}

function sessionVectors() {
  const challenge = {
    ...{ deviceId, nonce: challengeNonce, bootCounter: 9, time: 1_800_000_100, isTimeCertain: true },
    ...{ epoch: 3, configVersion: 1, ephemeralKey: publicKey('deviceEphemeral') },
  }
  const challengeHash = challengeDigest(domain, challenge)
  const phoneKey = publicKey('phoneEphemeral')
  const session = deriveSessionKeys(of('phoneEphemeral'), challenge.ephemeralKey, challengeHash, phoneKey)
  if (!session) throw new Error('no keys')
  const grantDigest = digestOf(typed.grant)
  const action = SessionAction.open
  const statement = {
    ...{ deviceId, nonce: challengeNonce, deviceKey: challenge.ephemeralKey, phoneKey },
    ...{ action, grantDigest, requestId },
  }
  const userDigest = openDigest(domain, statement)
  const open = encodeOpen({
    ...{ action, requestId, grant },
    userKey: publicKey('user'),
    userSignature: signatureOf(userDigest, 'user'),
    authorisation: { kind: 1, signature: signatureOf(grantDigest, 'issuer') },
  })
  const result = {
    ...{ deviceId, requestId, action, counter: 17, orderId: grant.orderId, grantDigest },
    status: 'done',
  } as const
  const resultHash = resultDigest(domain, result)
  const resultPlain = encodeResult({
    ...result,
    isRepeated: false,
    signature: signatureOf(resultHash, 'device'),
  })
  const request = encodeMessage({
    ...{ op: SmpOp.write, version: SmpVersion.v2, flags: 0, group: 0, sequence: 66, command: 0 },
    payload: encodeCbor({ d: 'fob' }),
  })
  const response = encodeMessage({
    ...{ op: SmpOp.writeResponse, version: SmpVersion.v2, flags: 0, group: 0, sequence: 66, command: 0 },
    payload: encodeCbor({ r: 'fob' }),
  })
  return {
    challenge: {
      ...signed(challengeHash, 'device'),
      body: toHex(encodeCbor(challengeBody(challenge, signatureOf(challengeHash, 'device')))),
    },
    keys: { toDevice: toHex(session.toDevice), toPhone: toHex(session.toPhone) },
    grant: signed(grantDigest, 'issuer'),
    open: {
      ...signed(userDigest, 'user'),
      plain: toHex(open),
      message: toHex(concat(phoneKey, seal(session.toDevice, 'open', 0, open, phoneKey))),
    },
    result: {
      ...signed(resultHash, 'device'),
      plain: toHex(resultPlain),
      sealed: toHex(seal(session.toPhone, 'result', 0, resultPlain)),
    },
    managed: {
      counter: 1,
      request: toHex(request),
      requestBody: toHex(encodeCbor({ c: 1, d: seal(session.toDevice, 'managed', 1, request) })),
      response: toHex(response),
      responseBody: toHex(encodeCbor({ d: seal(session.toPhone, 'managed', 1, response) })),
    },
  }
}

function vectors() {
  const code = makeClaimCode(fixed(11, 5))
  const codeKey = claimCodeKey(code, deviceId)
  const pairingHash = digestOf(typed.pairing)
  const proof = claimProof(codeKey, pairingHash)
  const signature = signatureOf(pairingHash, 'owner')
  const changeHash = digestOf(typed.ownerKeyChange)
  const resetHash = digestOf(typed.factoryReset)
  const configHash = digestOf(typed.config)
  const ownership = {
    ...{ ownerKeyHash: keyHash(publicKey('owner')), domain, pairingCounter: 1, claimCounter: 0 },
    ...{
      configVersion: 1,
      epoch: 3,
      hasButton: true,
      hasClaimCode: true,
      buttonSeconds: 0,
      claimCodeWait: 0,
      longestMessage: 4397,
    },
  }
  const claim = {
    ...{ deviceId, owner: market, account: domain.registry, modelId: toHex(fixed(32, 0x60)) },
    ...{ counter: 1, deadline: 1_800_000_600 },
  }
  const handOver = {
    ...{ deviceId, owner: market, newOwner: domain.registry, newAccount: market },
    ...{ counter: 2, deadline: 1_800_000_600 },
  }
  return {
    about: 'docs/device-protocol.md. Secret keys are 32 equal bytes; all else in hexadecimal.',
    secretKeys: Object.fromEntries(
      Object.entries(keys).map(([name]) => [name, toHex(of(name as keyof typeof keys))]),
    ),
    publicKeys: Object.fromEntries(
      Object.keys(keys).map(name => [name, toHex(publicKey(name as keyof typeof keys))]),
    ),
    domain: { ...domain, market },
    deviceId,
    nonces: { pairing: toHex(pairing.nonce), challenge: toHex(challengeNonce), requestId: toHex(requestId) },
    ownership: {
      challenge: toHex(fixed(32, 0x80)),
      body: toHex(encodeCbor(ownershipAnswerBody(fixed(32, 0x80), deviceId, ownership, of('device')))),
    },
    claimCode: { text: formatClaimCode(code), key: toHex(codeKey), proof: toHex(proof) },
    pairing: {
      ...signed(pairingHash, 'owner'),
      messageByButton: toHex(encodePairing({ ...pairing, domain, signature, proof: null })),
      messageByCode: toHex(encodePairing({ ...pairing, domain, signature, proof })),
      taken: signed(ownerKeyTakenDigest(domain, deviceId, pairing.ownerKey, 1), 'device'),
    },
    ownerKeyChange: {
      ...signed(changeHash, 'owner'),
      message: toHex(encodeOwnerKeyOrder({ ...change, signature: signatureOf(changeHash, 'owner') })),
      taken: signed(ownerKeyTakenDigest(domain, deviceId, change.newOwnerKey, 2), 'device'),
    },
    factoryReset: {
      ...signed(resetHash, 'owner'),
      message: toHex(
        encodeOwnerKeyOrder({
          newOwnerKey: null,
          pairingCounter: 2,
          signature: signatureOf(resetHash, 'owner'),
        }),
      ),
      taken: signed(ownerKeyTakenDigest(domain, deviceId, null, 2), 'device'),
    },
    config: {
      ...signed(configHash, 'owner'),
      message: toHex(encodeConfig({ config: terms, signature: signatureOf(configHash, 'owner') })),
      taken: signed(configTakenDigest(domain, { ...terms, deviceId }), 'device'),
    },
    claim: signed(claimDigest(domain, claim), 'device'),
    handOver: signed(handOverDigest(domain, handOver, 'device'), 'device'),
    session: sessionVectors(),
  }
}

it('are those of the stored file', async () => {
  await expect(`${JSON.stringify(vectors(), null, 2)}\n`).toMatchFileSnapshot(FILE)
})

const bytesOf = (text: string) => fromHex(text) ?? new Uint8Array()

it('have the digests that another EIP-712 implementation computes, and signatures that hold', () => {
  const made = vectors()
  const byName = { ...made, grant: made.session.grant }
  for (const name of ['pairing', 'ownerKeyChange', 'factoryReset', 'config', 'grant'] as const) {
    const { domain: statementDomain, types, primaryType, message } = typed[name]
    // viem takes bytes as hexadecimal.
    const shown = Object.fromEntries(
      Object.entries(message).map(([field, value]) => [
        field,
        value instanceof Uint8Array ? toHex(value) : value,
      ]),
    )
    const hash = viemHash({ domain: statementDomain, types, primaryType, message: shown } as Parameters<
      typeof viemHash
    >[0])
    expect(hash, name).toBe(byName[name].digest)
    const { signer, digest, signature } = byName[name]
    expect(isDigestSignedBy(publicKey(signer), bytesOf(digest), bytesOf(signature)), name).toBe(true)
  }
})

it('have the keys, proofs and ciphertexts that another cryptographic library computes', () => {
  const { session, claimCode, pairing: paired } = vectors()
  const ecdh = createECDH('prime256v1')
  ecdh.setPrivateKey(of('deviceEphemeral'))
  const phoneKey = publicKey('phoneEphemeral')
  const shared = ecdh.computeSecret(concat(Uint8Array.of(4), phoneKey))
  const info = concat(utf8('fob session 1'), phoneKey)
  const both = new Uint8Array(hkdfSync('sha256', shared, bytesOf(session.challenge.digest), info, 32))
  expect(toHex(both)).toBe(session.keys.toDevice + session.keys.toPhone.slice(2))

  const open = (key: Uint8Array, counter: number, bound: Uint8Array, sealed: Uint8Array) => {
    const nonce = new Uint8Array(12)
    nonce[11] = counter
    const decipher = createDecipheriv('aes-128-gcm', key, nonce)
    decipher.setAAD(bound)
    decipher.setAuthTag(sealed.subarray(-16))
    return toHex(concat(decipher.update(sealed.subarray(0, -16)), decipher.final()))
  }
  const toDevice = both.subarray(0, 16)
  const toPhone = both.subarray(16)
  const sealedOpen = bytesOf(session.open.message).subarray(64)
  expect(open(toDevice, 0, concat(utf8('fob open 1'), phoneKey), sealedOpen)).toBe(session.open.plain)
  expect(open(toPhone, 0, utf8('fob result 1'), bytesOf(session.result.sealed))).toBe(session.result.plain)
  const managed = bytesOf(session.managed.requestBody)
  // {"c": 1, "d": bytes}: a1.. map of two, 61 63 01, 61 64 58 LL.
  expect(open(toDevice, 1, utf8('fob managed 1'), managed.subarray(8))).toBe(session.managed.request)

  const salt = concat(utf8('fob claim code 1'), bytesOf(deviceId))
  const key = pbkdf2Sync(claimCode.text.replaceAll('-', ''), salt, 65_536, 32, 'sha256')
  expect(toHex(key)).toBe(claimCode.key)
  const mac = createHmac('sha256', key).update('fob claim proof 1').update(bytesOf(paired.digest)).digest()
  expect(toHex(mac.subarray(0, 16))).toBe(claimCode.proof)
  expect(paired.messageByCode).toBe(paired.messageByButton + claimCode.proof.slice(2))
})
