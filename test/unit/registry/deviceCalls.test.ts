// Call data for the device registry: byte for byte what viem makes of the generated ABI.
import fc from 'fast-check'
import { encodeFunctionData } from 'viem'
import { describe, expect, it } from 'vitest'
import { deviceRegistryAbi as abi } from '../../../contracts/generated/DeviceRegistry.ts'
import { toHex } from '../../../src/core/bytes.ts'
import {
  claimCall,
  fileConfigCall,
  handOverCall,
  reportCall,
  setUserCall,
} from '../../../src/core/registry/deviceCalls.ts'
import { packAttestorKeys } from '../../../src/core/registry/deviceStatements.ts'

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const address = bytes(20).map(toHex)
const word = bytes(32).map(toHex)
const signed = fc.record({ publicKey: bytes(64), signature: bytes(64) })
const uint = (bits: number) => fc.integer({ min: 0, max: 2 ** bits - 1 })

const half = (pair: Uint8Array, n: 0 | 1) => toHex(pair.subarray(32 * n, 32 * n + 32))
const argumentOf = ({ publicKey, signature }: { publicKey: Uint8Array; signature: Uint8Array }) => ({
  x: half(publicKey, 0),
  y: half(publicKey, 1),
  r: half(signature, 0),
  s: half(signature, 1),
})

describe('call data', () => {
  it('of claim', () => {
    const claim = fc.record({
      deviceId: word,
      owner: address,
      account: address,
      modelId: word,
      counter: uint(48),
      deadline: uint(40),
    })
    fc.assert(
      fc.property(claim, signed, (values, by) => {
        const { account, modelId, counter, deadline } = values
        const args = [account, modelId, counter, deadline, argumentOf(by)] as const
        expect(toHex(claimCall(values, by))).toBe(encodeFunctionData({ abi, functionName: 'claim', args }))
      }),
    )
  })

  it('of handOver', () => {
    const handOver = fc.record({
      deviceId: word,
      owner: address,
      newOwner: address,
      newAccount: address,
      counter: uint(48),
      deadline: uint(40),
    })
    const consents = fc.record({
      given: fc.uint8Array({ maxLength: 200 }),
      accepted: fc.uint8Array({ maxLength: 200 }),
    })
    fc.assert(
      fc.property(handOver, signed, consents, (values, by, { given, accepted }) => {
        const { newOwner, newAccount, counter, deadline } = values
        const args = [
          newOwner,
          newAccount,
          counter,
          deadline,
          argumentOf(by),
          toHex(given),
          toHex(accepted),
        ] as const
        expect(toHex(handOverCall(values, by, { given, accepted }))).toBe(
          encodeFunctionData({ abi, functionName: 'handOver', args }),
        )
      }),
    )
  })

  it('of fileConfig', () => {
    const config = fc.record({
      deviceId: word,
      version: uint(32),
      issuerKey: bytes(64),
      attestors: fc.record({ threshold: uint(8), keys: fc.array(bytes(64), { maxLength: 8 }) }),
      epoch: uint(32),
      market: address,
    })
    fc.assert(
      fc.property(config, signed, (values, by) => {
        const { version, issuerKey, attestors, epoch, market } = values
        const struct = {
          version,
          issuerX: half(issuerKey, 0),
          issuerY: half(issuerKey, 1),
          attestorThreshold: attestors.threshold,
          attestorKeys: toHex(packAttestorKeys(attestors.keys)),
          epoch,
          market,
        }
        expect(toHex(fileConfigCall(values, by))).toBe(
          encodeFunctionData({ abi, functionName: 'fileConfig', args: [struct, argumentOf(by)] }),
        )
      }),
    )
  })

  it.each(['none', 'lost', 'stolen'] as const)('of report: %s', report => {
    const deviceId = `0x${'ab'.repeat(32)}` as const
    const args = [deviceId, ['none', 'lost', 'stolen'].indexOf(report)] as const
    expect(toHex(reportCall(deviceId, report))).toBe(
      encodeFunctionData({ abi, functionName: 'report', args }),
    )
  })

  it('of setUser', () => {
    fc.assert(
      fc.property(word, address, uint(48), (deviceId, user, expires) => {
        const args = [BigInt(deviceId), user, BigInt(expires)] as const
        expect(toHex(setUserCall(deviceId, user, expires))).toBe(
          encodeFunctionData({ abi, functionName: 'setUser', args }),
        )
      }),
    )
  })
})
