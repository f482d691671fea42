// The power goes at each write of each stored change: no counter goes back, nothing holds twice, no use is free.
import { describe, expect, it } from 'vitest'
import type { MemoryFlash } from '../../../device/flash.ts'
import { FobService } from '../../../device/fobService.ts'
import type { SmpReply } from '../../../device/smpDispatch.ts'
import { concat } from '../../../src/core/bytes.ts'
import { hashTypedData } from '../../../src/core/eip712.ts'
import { devicePublicKey } from '../../../src/core/identity.ts'
import { verifyChallenge } from '../../../src/core/lock/challenge.ts'
import { encodeConfig } from '../../../src/core/lock/config.ts'
import { grantDigest } from '../../../src/core/lock/grant.ts'
import { encodeOpen, openDigest, SessionAction } from '../../../src/core/lock/openMessage.ts'
import { decodeResult } from '../../../src/core/lock/openResult.ts'
import { ownerKeyChangeTypedData, pairingTypedData } from '../../../src/core/lock/pairing.ts'
import { encodeOwnerKeyOrder, encodePairing } from '../../../src/core/lock/pairingMessage.ts'
import { deriveSessionKeys, seal, unseal } from '../../../src/core/lock/sessionCipher.ts'
import { signDigest } from '../../../src/core/p256.ts'
import { configTypedData } from '../../../src/core/registry/deviceStatements.ts'
import { modelIdOf } from '../../../src/core/registry/modelId.ts'
import { type CborMap, readBytes } from '../../../src/core/smp/cbor.ts'
import { FobCommand } from '../../../src/core/smp/fob.ts'
import { FailingFlash, PowerCut } from '../device/failingFlash.ts'
import { flashWith, IDENTITY, testImage } from '../device/fixtures.ts'
import { ManualTimer } from '../device/manualTimer.ts'
import {
  DEVICE_PUBLIC_KEY,
  DOMAIN,
  fresh,
  LockWorld,
  NO_MARKET,
  NOW,
  OWNER,
  PHONE,
  STRANGER,
} from './lockWorld.ts'

const { deviceId } = await LockWorld.start()
/** The owner's own session, as one that manages. */
const OWNERS = {
  rights: {
    action: SessionAction.manage,
    grant: (await LockWorld.start()).grant(),
    grantDigest: fresh(32),
    domain: { chainId: DOMAIN.chainId, market: NO_MARKET },
    signer: OWNER.publicKey,
    isOwner: true,
  },
  terms: null,
}

/** The firmware's Fob group after a boot, with one connection; `opened` counts what the bolt did. */
class Firmware {
  readonly service: FobService
  readonly #group: ReturnType<FobService['connection']>
  readonly #inside: ReturnType<ReturnType<FobService['insideSession']>>
  opened = 0

  constructor(flash: ConstructorParameters<typeof FobService>[0]['flash']) {
    this.service = new FobService({
      ...IDENTITY,
      flash,
      timer: new ManualTimer(),
      claimCodeKey: null,
      hasButton: true,
      noise: undefined,
      open: () => {
        this.opened++
        return true
      },
      onStored: () => {},
    })
    const memory = this.service.beginConnection()
    this.#group = this.service.connection({ bufSize: 2475, memory, answerManaged: () => undefined })
    this.#inside = this.service.insideSession(2475, memory)(OWNERS)
  }

  ask(op: 'read' | 'write', command: number, body: CborMap): CborMap {
    return bodyOf(this.#group.commands.get(command)?.[op]?.(body))
  }

  send(command: number, message: Uint8Array): CborMap {
    return this.ask('write', command, { o: 0, l: message.length, d: message })
  }

  pair(): void {
    const nonce = readBytes(this.ask('read', FobCommand.pairing, {}), 'n') ?? new Uint8Array()
    const pairingCounter = this.service.state.pairingCounter + 1
    const pairing = { deviceId, ownerKey: OWNER.publicKey, nonce, pairingCounter }
    const signature = signDigest(hashTypedData(pairingTypedData(DOMAIN, pairing)), OWNER.secret)
    this.service.pairing.pressButton()
    this.send(FobCommand.pairing, encodePairing({ ...pairing, domain: DOMAIN, signature, proof: null }))
  }

  changeOwner(pairingCounter: number): CborMap {
    const statement = { deviceId, newOwnerKey: STRANGER.publicKey, pairingCounter }
    const signature = signDigest(hashTypedData(ownerKeyChangeTypedData(DOMAIN, statement)), OWNER.secret)
    return this.send(FobCommand.ownerKey, encodeOwnerKeyOrder({ ...statement, signature }))
  }

  config(version: number): CborMap {
    const terms = {
      ...{ version, epoch: version, market: NO_MARKET, issuerKey: OWNER.publicKey },
      attestors: { threshold: 0, keys: [] },
    }
    const digest = hashTypedData(configTypedData(DOMAIN, { ...terms, deviceId }))
    const signature = signDigest(digest, OWNER.secret)
    return this.send(FobCommand.config, encodeConfig({ config: terms, signature }))
  }

  claim(): CborMap {
    const claim = { ow: fresh(20), ac: fresh(20), mi: modelBytes(), dl: NOW }
    return bodyOf(this.#inside.commands.get(FobCommand.claim)?.write?.(claim))
  }

  open(requestId: Uint8Array<ArrayBuffer>): ReturnType<typeof decodeResult> {
    const challenge = verifyChallenge(this.ask('read', FobCommand.challenge, {}), DOMAIN, DEVICE_PUBLIC_KEY)
    if (!challenge) return undefined
    const { nonce, ephemeralKey: deviceKey } = challenge.challenge
    const secret = fresh(32)
    const phoneKey = devicePublicKey(secret)
    const keys = deriveSessionKeys(secret, deviceKey, challenge.digest, phoneKey)
    if (!keys) return undefined
    const grant = { ...GRANT, epoch: this.service.state.epoch }
    const digest = grantDigest({ chainId: DOMAIN.chainId, market: NO_MARKET }, grant)
    const action = SessionAction.open
    const statement = { deviceId, nonce, deviceKey, phoneKey, action, grantDigest: digest, requestId }
    const plain = encodeOpen({
      ...{ action, requestId, grant },
      userKey: PHONE.publicKey,
      userSignature: signDigest(openDigest(DOMAIN, statement), PHONE.secret),
      authorisation: { kind: 3, signature: signDigest(digest, OWNER.secret) },
    })
    const answer = this.send(
      FobCommand.open,
      concat(phoneKey, seal(keys.toDevice, 'open', 0, plain, phoneKey)),
    )
    const result = unseal(keys.toPhone, 'result', 0, readBytes(answer, 'r') ?? new Uint8Array())
    return result && decodeResult(result)
  }
}

const GRANT = (await LockWorld.start()).grant({ maxUses: 2 })

function bodyOf(reply: SmpReply | undefined): CborMap {
  return reply?.kind === 'body' ? reply.body : { rc: reply?.rc ?? 1 }
}

const modelBytes = () =>
  Uint8Array.from(
    (modelIdOf(IDENTITY.model).slice(2).match(/../g) ?? []).map(pair => Number.parseInt(pair, 16)),
  )

/** A flash with an owner, its settings so full that the next changes turn the banks. */
function ownedFlash(rounds: number): MemoryFlash {
  const flash = flashWith(testImage())
  const firmware = new Firmware(flash)
  firmware.pair()
  for (let i = 0; i < rounds; i++) firmware.service.state.next(5)
  return flash
}

/** The same of a device that nobody has paired. */
function freeFlash(rounds: number): MemoryFlash {
  const flash = flashWith(testImage())
  const { state } = new Firmware(flash).service
  // A pairing takes as much room as seven of these.
  for (let i = 0; i < rounds + 7; i++) state.next(5)
  return flash
}

/** Whether the second bank was ever begun. */
const hasTurned = (flash: MemoryFlash): boolean =>
  flash.read('settings', flash.size('settings') / 2, 4).join() === '70,79,66,83'

/** `act` with the power cut at each of its flash operations, then `check` on what the next boot finds. Whether a bank turned. */
function atEveryCut(
  make: () => MemoryFlash,
  act: (firmware: Firmware) => void,
  check: (after: Firmware, wasCut: boolean, before: Firmware) => void,
): boolean {
  for (let cut = 0; cut < 100; cut++) {
    const flash = make()
    let wasCut = false
    let before: Firmware | undefined
    try {
      before = new Firmware(new FailingFlash(flash, cut))
      act(before)
    } catch (error) {
      if (!(error instanceof PowerCut)) throw error
      wasCut = true
    }
    const after = new Firmware(flash)
    if (before) check(after, wasCut, before)
    if (!wasCut) return hasTurned(flash)
  }
  throw new Error('it never ends')
}

// 16 KiB are 1,024 changes of 16 bytes, less what the pairing took: near that the next change has to turn the bank.
describe.each([
  ['in a fresh bank', 0],
  ['before the turn of a bank', 1000],
  ['at the turn of a bank', 1011],
  ['after it', 1019],
])('counter roll-back by a power cut at every write, %s: a cut', (_, rounds) => {
  it('in a pairing leaves the device free, or its owner’s', () => {
    const turned = atEveryCut(
      () => freeFlash(rounds),
      firmware => firmware.pair(),
      (after, wasCut) => {
        const { owner, pairingCounter } = after.service.state
        expect(pairingCounter).toBe(owner ? 1 : 0)
        if (!wasCut) expect(owner?.key).toEqual(OWNER.publicKey)
        after.pair()
        expect(after.service.state.owner?.key).toEqual(OWNER.publicKey)
      },
    )
    if (rounds >= 1011) expect(turned).toBe(true)
  })

  it('in a change of owner leaves one of both, and the word is not taken twice', () => {
    atEveryCut(
      () => ownedFlash(rounds),
      firmware => firmware.changeOwner(2),
      (after, wasCut) => {
        const { owner, pairingCounter } = after.service.state
        if (!wasCut) expect(pairingCounter).toBe(2)
        expect(owner?.key).toEqual(pairingCounter === 2 ? STRANGER.publicKey : OWNER.publicKey)
        after.changeOwner(2)
        expect(after.service.state.pairingCounter).toBe(2)
        expect(after.changeOwner(2)).toEqual({ rc: 9 })
      },
    )
  })

  it('in a Config leaves the old or the new one, and the next one follows', () => {
    atEveryCut(
      () => ownedFlash(rounds),
      firmware => {
        firmware.config(1)
        firmware.config(2)
      },
      (after, wasCut) => {
        const { configVersion, epoch, config } = after.service.state
        expect(epoch).toBe(configVersion)
        expect(config?.config.version ?? 0).toBe(configVersion)
        if (!wasCut) expect(configVersion).toBe(2)
        for (let version = configVersion + 1; version <= 3; version++) {
          expect(readBytes(after.config(version), 'sg')?.length).toBe(64)
        }
      },
    )
  })

  it('in a claim never lets a counter be signed twice', () => {
    let signed = 0
    atEveryCut(
      () => {
        signed = 0
        return ownedFlash(rounds)
      },
      firmware => {
        for (let i = 0; i < 3; i++) signed = Number(firmware.claim().n)
      },
      after => {
        expect(Number(after.claim().n)).toBeGreaterThan(signed)
      },
    )
  })

  it('in an opening never moves the bolt without its use being counted', () => {
    const statuses = new Set<string>()
    const turned = atEveryCut(
      () => ownedFlash(rounds),
      firmware => firmware.open(FIRST),
      (after, wasCut, before) => {
        // The same request again: told truthfully, at most carried out now for the first time.
        const again = after.open(FIRST)
        expect(again).toBeDefined()
        statuses.add(`${again?.status} ${again?.isRepeated}`)
        if (again?.isRepeated) expect(after.opened).toBe(0)
        else expect(before.opened).toBe(0)
        if (!wasCut) expect(again).toMatchObject({ isRepeated: true, status: 'done' })
        // Two uses are granted, so the bolt moves twice at most, whatever was cut.
        for (let i = 0; i < 3; i++) after.open(fresh(16))
        expect(before.opened + after.opened).toBeLessThanOrEqual(2)
        expect(after.open(fresh(16))?.status).toBe('usesSpent')
      },
    )
    if (rounds >= 1000) expect(turned).toBe(true)
    expect(statuses).toContain('interrupted true')
    expect(statuses).toContain('done false')
    expect(statuses).toContain('done true')
  })

  it('in booting never lets a boot counter repeat', () => {
    const flash = ownedFlash(rounds)
    let last = 0
    for (let boot = 0; boot < 6; boot++) {
      for (const cut of [0, 1, 2, 3]) {
        try {
          last = Math.max(last, new Firmware(new FailingFlash(flash, cut)).service.state.counter(4))
        } catch (error) {
          if (!(error instanceof PowerCut)) throw error
        }
      }
      const counter = new Firmware(flash).service.state.counter(4)
      expect(counter).toBeGreaterThan(last)
      last = counter
    }
  })
})

const FIRST = fresh(16)
