// The devices' signatures on chain: the contract takes exactly what core takes, and is not deployed where it can't check.
import { p256 } from '@noble/curves/nist.js'
import { bytesToNumberBE } from '@noble/curves/utils.js'
import { sha256 } from '@noble/hashes/sha2.js'
import fc from 'fast-check'
import { type Address, concat, encodeFunctionData, type Hex, numberToHex, pad } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fromHex } from '../../src/core/bytes.ts'
import { devicePublicKey } from '../../src/core/identity.ts'
import { isDigestSignedBy } from '../../src/core/p256.ts'
import { claimDigest } from '../../src/core/registry/deviceStatements.ts'
import { startChain, type TestChain } from '../chain.ts'
import { compileProbe } from './compileProbe.ts'
import { deployContract } from './deployed.ts'
import {
  claimOf,
  type DeviceRegistry,
  deployDeviceRegistry,
  type Person,
  startDeviceRegistry,
} from './deviceRegistry.ts'
import { type DeviceSignature, testDevice } from './testDevice.ts'

const { Fn, Fp, BASE } = p256.Point
const order = Fn.ORDER
const word = (value: bigint): Hex => numberToHex(value, { size: 32 })

function isTakenByCore(digest: Uint8Array, { x, y, r, s }: DeviceSignature): boolean {
  const bytes = fromHex(concat([x, y, r, s])) ?? new Uint8Array()
  return isDigestSignedBy(bytes.subarray(0, 64), digest, bytes.subarray(64))
}

describe('a device’s signature', () => {
  let registry: DeviceRegistry
  let owner: Person
  beforeAll(async () => {
    registry = await startDeviceRegistry()
    const [first] = registry.people
    if (!first) throw new Error('the chain has too few accounts')
    owner = first
  })
  afterAll(() => registry?.stop())

  /** A claim by the device of this name, with its true signature; `send` tries it with another. */
  function signedClaim(name: string) {
    const device = testDevice(name)
    const claim = claimOf(owner.address, device)
    const { account, modelId, counter, deadline } = claim
    return {
      signature: device.signClaim(registry.domain, claim),
      digest: claimDigest(registry.domain, claim),
      send: (signature: DeviceSignature) =>
        registry.attempt(owner.address, 'claim', [account, modelId, counter, deadline, signature]),
    }
  }

  test('with high s is refused, though ECDSA itself holds it for valid', async () => {
    const { send, signature, digest } = signedClaim('high s')
    const high = { ...signature, s: word(order - BigInt(signature.s)) }
    const [compact, publicKey] = [concat([high.r, high.s]), concat(['0x04', high.x, high.y])].map(fromHex)
    if (!compact || !publicKey) throw new Error('not hexadecimal')
    const loose = { prehash: true, lowS: false, format: 'compact' } as const
    expect(p256.verify(compact, digest, publicKey, loose)).toBe(true)
    expect([await send(signature), await send(high)]).toEqual(['done', 'InvalidDeviceSignature'])
  })

  test.each<[string, (signature: DeviceSignature) => Partial<DeviceSignature>]>([
    ['r of 0', () => ({ r: word(0n) })],
    ['s of 0', () => ({ s: word(0n) })],
    ['r of the order', () => ({ r: word(order) })],
    ['s of the order', () => ({ s: word(order) })],
    ['r and s of 0', () => ({ r: word(0n), s: word(0n) })],
    ['r and s exchanged', ({ r, s }) => ({ r: s, s: r })],
    ['every bit set', () => ({ r: word(2n ** 256n - 1n), s: word(2n ** 256n - 1n) })],
    ['a key at infinity', () => ({ x: word(0n), y: word(0n) })],
    ['a key off the curve', ({ y }) => ({ y: word(BigInt(y) ^ 1n) })],
    ['the mirrored key', ({ y }) => ({ y: word(Fp.ORDER - BigInt(y)) })],
    ['a key beyond the field', () => ({ x: word(Fp.ORDER), y: word(Fp.ORDER) })],
  ])('with %s is refused', async (name, change) => {
    const { send, signature } = signedClaim(name)
    expect(await send({ ...signature, ...change(signature) })).toBe('InvalidDeviceSignature')
    expect(await send(signature)).toBe('done')
  })

  test('with any one bit of it or of its key flipped is refused', async () => {
    const { send, signature, digest } = signedClaim('flipped')
    const part = fc.constantFrom('x', 'y', 'r', 's')
    await fc.assert(
      fc.asyncProperty(part, fc.nat(255), async (part, bit) => {
        const changed = { ...signature, [part]: word(BigInt(signature[part]) ^ (1n << BigInt(bit))) }
        expect(isTakenByCore(digest, changed)).toBe(false)
        expect(await send(changed)).toBe('InvalidDeviceSignature')
      }),
      { numRuns: 200 },
    )
  })

  test('is taken on chain exactly if core takes it', async () => {
    const outcomes = new Set<string>()
    await fc.assert(
      fc.asyncProperty(
        fc.string(),
        fc.boolean(),
        fc.option(fc.bigInt({ min: 0n, max: order }), { freq: 4 }),
        async (name, isHigh, otherR) => {
          const { send, signature, digest } = signedClaim(name)
          const s = isHigh ? word(order - BigInt(signature.s)) : signature.s
          const changed = { ...signature, s, r: otherR === null ? signature.r : word(otherR) }
          const outcome = await send(changed)
          outcomes.add(outcome)
          expect(outcome).toBe(isTakenByCore(digest, changed) ? 'done' : 'InvalidDeviceSignature')
        },
      ),
      { numRuns: 60 },
    )
    expect(outcomes.size).toBe(2)
  })

  test('is low up to the very half of the order', async () => {
    const { client, deployer } = registry
    const { abi, bytecode } = compileProbe(
      `import {P256} from "./lib/P256.sol";
       contract Probe {
         function isSigned(bytes32 digest, P256.Signature calldata signature) external view returns (bool) {
           return P256.isSigned(digest, signature);
         }
       }`,
      'P256.sol',
    )
    const address = await deployContract(client, deployer.address, { abi, bytecode })
    const digest = sha256(Uint8Array.of(1, 2, 3))
    const z = Fn.create(bytesToNumberBE(sha256(digest)))
    // s = (z + r d) / k, solved for the secret d: a signature with any s that one likes.
    const signedWith = (s: bigint): DeviceSignature => {
      const k = 0x1234567890abcdefn
      const r = Fn.create(BASE.multiply(k).toAffine().x)
      const d = Fn.mul(Fn.sub(Fn.mul(s, k), z), Fn.inv(r))
      const publicKey = devicePublicKey(Fn.toBytes(d))
      const x = word(bytesToNumberBE(publicKey.subarray(0, 32)))
      const y = word(bytesToNumberBE(publicKey.subarray(32)))
      return { x, y, r: word(r), s: word(s) }
    }
    const half = (order - 1n) / 2n
    for (const [s, isLow] of [
      [1n, true],
      [half - 1n, true],
      [half, true],
      [half + 1n, false],
      [order - 1n, false],
    ] as const) {
      const signature = signedWith(s)
      expect(isTakenByCore(digest, signature)).toBe(isLow)
      const args = [numberToHex(bytesToNumberBE(digest), { size: 32 }), signature]
      const data = encodeFunctionData({ abi, functionName: 'isSigned', args })
      expect((await client.call({ to: address, data })).data).toBe(pad(isLow ? '0x01' : '0x00'))
    }
  })
})

describe('deploying where 0x100 is not P-256', () => {
  const precompile = '0x0000000000000000000000000000000000000100'
  /** RFC 6979, A.2.5: the r of the vector that the constructor tries. */
  const knownR = 'f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367'

  let chain: TestChain
  let deployer: Address
  beforeAll(async () => {
    // Prague is the fork before the precompile, so there is nothing at 0x100 but what a test puts there.
    chain = await startChain([], 'prague')
    const [first] = chain.accounts
    if (!first) throw new Error('the chain has no accounts')
    deployer = first.address
  })
  afterAll(() => chain?.stop())

  /**
   * A contract that knows just the constructor's vector. It gives `value` for it, if the input has 160 bytes, and 0 for
   * everything else, as the first bytes of an answer of `length` bytes; `end` is RETURN or REVERT.
   */
  const actor = ({ value = '01', length = '20', end = 'f3' } = {}): Hex =>
    `0x6020357f${knownR}143660a0140260${value}0260005260${length}6000${end}`

  const deployWith = async (code: Hex) => {
    await chain.client.setCode({ address: precompile, bytecode: code })
    return deployDeviceRegistry(chain.client, deployer)
  }

  test.each<[string, Hex]>([
    ['nothing, as before the fork', '0x'],
    ['a contract that returns nothing', '0x00'],
    ['a contract that says yes to everything', '0x600160005260206000f3'],
    ['a contract that says no to everything', '0x600060005260206000f3'],
    ['a contract that answers 2', actor({ value: '02' })],
    ['a contract that answers with 31 bytes', actor({ length: '1f' })],
    ['a contract that answers with 33 bytes', actor({ length: '21' })],
    ['a contract that answers with two words', actor({ length: '40' })],
    ['a contract that fails with the right answer', actor({ end: 'fd' })],
    ['a contract that runs out of gas', '0x5b600056'],
  ])('is refused: %s', async (_, code) => {
    await expect(deployWith(code)).rejects.toThrow('P256Missing()')
  })

  test('is possible where it answers the constructor’s questions rightly, for 160 bytes of input', async () => {
    expect(await deployWith(actor())).toMatch(/^0x/)
  })
})
