// A lock that is let: its owner's Config with issuer, Market and attestors, a renter's grant, and what a tap tells apart.
import { type Grant, GrantAction } from '../../../src/core/lock/grant.ts'
import { FobCommand } from '../../../src/core/smp/fob.ts'
import { SmpGroup, type SmpMessage, SmpOp } from '../../../src/core/smp/message.ts'
import { LockWorld, must, NOW, RENTER, type SessionChange, testKey } from './lockWorld.ts'
import { Tap } from './tap.ts'

/** Three attestors, by their places in the Config. */
export const ATTESTORS = [testKey(40), testKey(41), testKey(42)] as const
/** Two of them together tell the time, and let in. */
export const TWO_OF_THREE = {
  threshold: 2,
  keys: ATTESTORS.map(({ publicKey }) => publicKey),
  mayOpen: true,
} as const

/** A paired lock with such a Config, whose clock is right. */
export async function letLock(...options: Parameters<typeof LockWorld.paired>): Promise<LockWorld> {
  const world = await LockWorld.paired(...options)
  must(await world.deliver({ attestors: TWO_OF_THREE }))
  world.device.takeTime(NOW)
  return world
}

/** A renter's paid grant. */
export const rented = (grant: Partial<Grant> = {}): SessionChange => ({
  by: 'issuer',
  userKey: RENTER,
  grant: {
    orderId: 7n,
    actions: GrantAction.open,
    maxUses: 0,
    notBefore: NOW - 100,
    notAfter: NOW + 7200,
    ...grant,
  },
})

/** The world's next connection, with a tap in it. */
export async function tapped(world: LockWorld): Promise<Tap> {
  let tap = new Tap(world.transport)
  await world.reconnect(transport => {
    tap = new Tap(transport)
    return tap
  })
  return tap
}

const isOf =
  (command: number, op: number) =>
  (message: SmpMessage): boolean =>
    message.group === SmpGroup.fob && message.command === command && message.op === op

export const isChallenge = isOf(FobCommand.challenge, SmpOp.readResponse)
export const isOpen = isOf(FobCommand.open, SmpOp.write)
export const isResult = isOf(FobCommand.open, SmpOp.writeResponse)
export const isTimeTold = isOf(FobCommand.time, SmpOp.write)
