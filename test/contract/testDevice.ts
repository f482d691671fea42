// A device as the DeviceRegistry meets it: a P-256 key that signs claims, hand-overs and Configs.
import { keccak256, stringToBytes } from 'viem'
import type { Address, Bytes, Hex } from '../../src/core/bytes.ts'
import { toHex } from '../../src/core/bytes.ts'
import { type DeviceId, deviceIdOf, devicePublicKey } from '../../src/core/identity.ts'
import { signDigest } from '../../src/core/p256.ts'
import {
  claimDigest,
  configTakenDigest,
  type DeviceClaim,
  type DeviceConfig,
  type HandOver,
  handOverDigest,
  packAttestorKeys,
  packThreshold,
  type StatementDomain,
} from '../../src/core/registry/deviceStatements.ts'

/** As the contract takes it. */
export interface DeviceSignature {
  readonly x: Hex
  readonly y: Hex
  readonly r: Hex
  readonly s: Hex
}

export interface TestDevice {
  readonly deviceId: DeviceId
  /** x || y, 64 bytes. */
  readonly publicKey: Bytes
  readonly modelId: Hex
  /** Signs any 32-byte digest, as a device never does. */
  sign(digest: Uint8Array): DeviceSignature
  signClaim(domain: StatementDomain, claim: DeviceClaim): DeviceSignature
  signHandOver(domain: StatementDomain, handOver: HandOver): DeviceSignature
  signTaken(domain: StatementDomain, config: DeviceConfig): DeviceSignature
}

/** The same device for the same name. */
export function testDevice(name: string): TestDevice {
  const secretKey = keccak256(stringToBytes(`device ${name}`), 'bytes')
  const publicKey = devicePublicKey(secretKey)
  const sign = (digest: Uint8Array) => signatureOf(publicKey, signDigest(digest, secretKey))
  return {
    deviceId: deviceIdOf(publicKey),
    publicKey,
    modelId: keccak256(stringToBytes('model')),
    sign,
    signClaim: (domain, claim) => sign(claimDigest(domain, claim)),
    signHandOver: (domain, handOver) => sign(handOverDigest(domain, handOver, 'device')),
    signTaken: (domain, config) => sign(configTakenDigest(domain, config)),
  }
}

/** From x || y and r || s of 64 bytes each. */
const signatureOf = (publicKey: Uint8Array, signature: Uint8Array): DeviceSignature => ({
  x: toHex(publicKey.subarray(0, 32)),
  y: toHex(publicKey.subarray(32)),
  r: toHex(signature.subarray(0, 32)),
  s: toHex(signature.subarray(32)),
})

/** A Config as the contract's struct. */
export const configArgument = ({ version, issuerKey, attestors, epoch, market }: DeviceConfig) => ({
  version,
  issuerX: toHex(issuerKey.subarray(0, 32)),
  issuerY: toHex(issuerKey.subarray(32)),
  attestorThreshold: packThreshold(attestors),
  attestorKeys: toHex(packAttestorKeys(attestors.keys)),
  epoch,
  market,
})

/** Viem's accounts are checksummed; core's are in lower case. */
export const lower = (address: Hex): Address => `0x${address.slice(2).toLowerCase()}`
