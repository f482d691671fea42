// Asking, looking and signing, without a screen: what a person may tap, close or leave in between.
import { describe, expect, test } from 'vitest'
import type { PaymentView, Proposal } from '../../../src/app/wallet/wallet.ts'
import { fail, ok, type Result } from '../../../src/core/result.ts'
import { DeviceTask } from '../../../src/ui/screens/wallet/deviceTask.ts'
import { type Look, Signing, toSend, toSign } from '../../../src/ui/screens/wallet/signing/signing.ts'
import type { ShownFailure } from '../../../src/ui/screens/wallet/WalletFailure.tsx'

const proposalOf = (id: string, isExternal = false) =>
  ({
    id,
    from: { name: isExternal ? { kind: 'external', walletName: 'Other' } : { kind: 'owner' } },
  }) as Proposal
const paymentOf = ({ id }: Proposal) => ({ id: `of ${id}` }) as PaymentView

/** Something that ends when the test says so. */
function later<T>() {
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  return { promise, resolve, reject }
}

const settled = () => new Promise<void>(resolve => setTimeout(resolve))

function screen({ unlock = async () => true }: { unlock?: () => Promise<boolean> } = {}) {
  const task = new DeviceTask(unlock)
  const signing = new Signing(task, unlock)
  const confirmed: string[] = []
  const sent: string[] = []
  /** The wallet's answer to what is signed; at once, unless a test says otherwise. */
  let answer = (proposal: Proposal): Promise<Result<PaymentView, ShownFailure>> =>
    Promise.resolve(ok(paymentOf(proposal)))
  const lookAt = (proposal: Proposal): Look =>
    toSend(
      proposal,
      value => {
        confirmed.push(value.id)
        return answer(value)
      },
      ({ id }) => sent.push(id),
    )
  return {
    task,
    signing,
    confirmed,
    sent,
    lookAt,
    ask: (id: string, isExternal = false) => signing.ask(async () => ok(lookAt(proposalOf(id, isExternal)))),
    answerWith(next: typeof answer) {
      answer = next
    },
    leave() {
      task.setThere(false)
      signing.setThere(false)
    },
    now: () => {
      const { look, ...rest } = signing.state.get()
      return { look: look?.proposal.id ?? null, ...rest }
    },
  }
}

describe('what was asked for', () => {
  test('is looked at, signed once, and its payment is known', async () => {
    const { ask, now, signing, confirmed, sent } = screen()
    await ask('a')
    expect(now()).toMatchObject({ look: 'a', isSigning: false, failure: null, paymentId: null })
    await signing.sign('normal')
    expect(now()).toMatchObject({ look: null, isSigning: false, paymentId: 'of a' })
    expect([confirmed, sent]).toEqual([['a'], ['of a']])
  })

  test('is not looked at when it could not be proposed; the screen says why, until it is asked for again', async () => {
    const { ask, now, signing, task } = screen()
    await signing.ask(async () => fail({ kind: 'notEnough' }))
    expect(now().look).toBeNull()
    expect(task.state.get()).toEqual({ isBusy: false, failure: { kind: 'notEnough' } })
    const asking = ask('a')
    expect(task.state.get().failure).toBeNull()
    await asking
    expect(now().look).toBe('a')
  })

  test('is not asked for while the wallet stays shut', async () => {
    const { signing, now, task } = screen({ unlock: async () => false })
    let asked = 0
    await signing.ask(async () => {
      asked += 1
      return fail({ kind: 'notEnough' })
    })
    expect(asked).toBe(0)
    expect(now().look).toBeNull()
    expect(task.state.get()).toEqual({ isBusy: false, failure: null })
  })

  test('may need no vault until it is signed', async () => {
    let unlocks = 0
    const { signing, now, lookAt } = screen({
      unlock: async () => {
        unlocks += 1
        return true
      },
    })
    await signing.ask(async () => ok(lookAt(proposalOf('a'))), false)
    expect([now().look, unlocks]).toEqual(['a', 0])
    await signing.sign(null)
    expect(unlocks).toBe(1)
  })

  test('gives way to what was asked for after it, whichever comes first', async () => {
    const { signing, ask, now, lookAt } = screen()
    const first = later<Result<Look, ShownFailure>>()
    const asking = signing.ask(() => first.promise)
    await ask('b')
    first.resolve(ok(lookAt(proposalOf('a'))))
    await asking
    expect(now().look).toBe('b')
  })

  test('is busy until all of it has ended, also where that is by a fault of our own', async () => {
    const { task } = screen()
    const [one, other] = [later<Result<null, ShownFailure>>(), later<Result<null, ShownFailure>>()]
    const runs = [task.run(() => one.promise), task.run(() => other.promise)]
    await settled()
    one.resolve(ok(null))
    await runs[0]
    expect(task.state.get().isBusy).toBe(true)
    other.reject(new Error('a fault'))
    await expect(runs[1]).rejects.toThrow('a fault')
    expect(task.state.get().isBusy).toBe(false)
  })
})

describe('a look', () => {
  test('signs once for two taps', async () => {
    const { signing, ask, answerWith, confirmed } = screen()
    await ask('a')
    const sending = later<Result<PaymentView, ShownFailure>>()
    answerWith(() => sending.promise)
    const taps = [signing.sign('normal'), signing.sign('normal')]
    await settled()
    sending.resolve(ok(paymentOf(proposalOf('a'))))
    await Promise.all(taps)
    await signing.sign('normal')
    expect(confirmed).toEqual(['a'])
  })

  test('says why it was not signed, and can be signed after all', async () => {
    const { signing, ask, answerWith, now, sent, task } = screen()
    await ask('a')
    answerWith(async () => fail({ kind: 'sendingElsewhere' }))
    await signing.sign('normal')
    expect(now()).toMatchObject({ look: 'a', isSigning: false, failure: { kind: 'sendingElsewhere' } })
    expect([sent, task.state.get().failure]).toEqual([[], null])
    answerWith(async proposal => ok(paymentOf(proposal)))
    await signing.sign('normal')
    expect(now()).toMatchObject({ look: null, failure: null, paymentId: 'of a' })
  })

  test('that is too old is asked for afresh; if that fails it stays, and the failure is said', async () => {
    const { signing, now, lookAt, task } = screen()
    const answers: Result<Look, ShownFailure>[] = [
      ok(lookAt(proposalOf('a'))),
      fail({ kind: 'unreachable' }),
      ok(lookAt(proposalOf('b'))),
    ]
    await signing.ask(async () => answers.shift() ?? fail({ kind: 'asked once more' }))
    signing.again()
    await settled()
    expect([now().look, task.state.get().failure]).toEqual(['a', { kind: 'unreachable' }])
    signing.again()
    await settled()
    expect([now().look, task.state.get().failure]).toEqual(['b', null])
  })

  test('takes with it what was said in it, by signing as by closing', async () => {
    for (const act of ['sign', 'close'] as const) {
      const { signing, now, lookAt, task } = screen()
      const answers = [ok(lookAt(proposalOf('a')))]
      await signing.ask(async () => answers.shift() ?? fail({ kind: 'unreachable' }))
      signing.again()
      await settled()
      expect(task.state.get().failure).toEqual({ kind: 'unreachable' })
      if (act === 'sign') await signing.sign('normal')
      else signing.close()
      expect([now().look, task.state.get().failure]).toEqual([null, null])
    }
  })

  test('stays closed, also when a fresh one was being asked for', async () => {
    const { signing, ask, now, lookAt } = screen()
    await ask('a')
    const fresh = later<Result<Look, ShownFailure>>()
    const asking = signing.ask(() => fresh.promise)
    signing.close()
    fresh.resolve(ok(lookAt(proposalOf('b'))))
    await asking
    expect(now().look).toBeNull()
  })

  test('signs nothing once it was closed, or its screen left, while the wallet was asked to be opened', async () => {
    for (const go of ['close', 'leave'] as const) {
      const unlocking = later<boolean>()
      const { signing, lookAt, now, confirmed, leave } = screen({ unlock: () => unlocking.promise })
      signing.show(lookAt(proposalOf('a')))
      const signed = signing.sign('normal')
      if (go === 'close') signing.close()
      else leave()
      unlocking.resolve(true)
      await signed
      expect(confirmed).toEqual([])
      expect(now()).toMatchObject({ isSigning: false, isFinishing: false, paymentId: null })
    }
  })

  test('closed while it is being signed keeps the screen busy, which then says how it ended', async () => {
    for (const end of ['sent', 'failed'] as const) {
      const { signing, ask, answerWith, now, sent, task } = screen()
      await ask('a')
      const sending = later<Result<PaymentView, ShownFailure>>()
      answerWith(() => sending.promise)
      const signed = signing.sign('normal')
      await settled()
      signing.close()
      expect(now()).toMatchObject({ look: null, isFinishing: true })
      sending.resolve(end === 'sent' ? ok(paymentOf(proposalOf('a'))) : fail({ kind: 'vaultLocked' }))
      await signed
      expect(now()).toMatchObject({ isFinishing: false, paymentId: end === 'sent' ? 'of a' : null })
      expect(sent).toEqual(end === 'sent' ? ['of a'] : [])
      expect(task.state.get().failure).toEqual(end === 'sent' ? null : { kind: 'vaultLocked' })
    }
  })

  test('of another wallet needs no vault, and keeps nobody who closes it', async () => {
    const { signing, lookAt, answerWith, now, sent, confirmed } = screen({ unlock: async () => false })
    signing.show(lookAt(proposalOf('a', true)))
    const sending = later<Result<PaymentView, ShownFailure>>()
    answerWith(() => sending.promise)
    const signed = signing.sign(null)
    await settled()
    expect(confirmed).toEqual(['a'])
    signing.close()
    expect(now()).toMatchObject({ look: null, isSigning: false, isFinishing: false })
    sending.resolve(ok(paymentOf(proposalOf('a'))))
    await signed
    expect([now().paymentId, sent]).toEqual(['of a', ['of a']])
  })

  test('that another wallet answers late closes no newer one, and says nothing into it', async () => {
    for (const end of [ok(paymentOf(proposalOf('a'))), fail({ kind: 'injectedRefused' })]) {
      const { signing, ask, answerWith, now, sent, task } = screen()
      await ask('a', true)
      const sending = later<Result<PaymentView, ShownFailure>>()
      answerWith(() => sending.promise)
      const signed = signing.sign(null)
      await settled()
      signing.close()
      await ask('b', true)
      sending.resolve(end)
      await signed
      expect(now()).toMatchObject({ look: 'b', failure: null, paymentId: null })
      expect([sent, task.state.get().failure]).toEqual([[], null])
    }
  })

  test('leads to the next of several without asking', async () => {
    const { signing, now, lookAt, sent } = screen()
    const permit = toSign(
      proposalOf('permit'),
      async ({ id }) => ok(`${id} signed`),
      text => signing.show(lookAt(proposalOf(text))),
    )
    await signing.ask(async () => ok(permit))
    await signing.sign(null)
    expect(now()).toMatchObject({ look: 'permit signed', isSigning: false, paymentId: null })
    await signing.sign('fast')
    expect([now().look, sent]).toEqual([null, ['of permit signed']])
  })
})

describe('a screen that was left', () => {
  test('begins nothing once the wallet is opened', async () => {
    const unlocking = later<boolean>()
    const { signing, leave } = screen({ unlock: () => unlocking.promise })
    let asked = 0
    const asking = signing.ask(async () => {
      asked += 1
      return fail({ kind: 'notEnough' })
    })
    leave()
    unlocking.resolve(true)
    await asking
    expect(asked).toBe(0)
  })

  test('is led nowhere by what ends afterwards', async () => {
    const { signing, ask, answerWith, leave, sent, lookAt, now, task } = screen()
    await ask('a')
    const sending = later<Result<PaymentView, ShownFailure>>()
    answerWith(() => sending.promise)
    const signed = signing.sign('normal')
    await settled()
    leave()
    sending.resolve(ok(paymentOf(proposalOf('a'))))
    await signed
    expect(sent).toEqual([])

    const slow = screen()
    const proposing = later<Result<Look, ShownFailure>>()
    const asking = slow.signing.ask(() => proposing.promise)
    await settled()
    slow.leave()
    proposing.resolve(ok(lookAt(proposalOf('b'))))
    await asking
    expect(slow.now().look).toBeNull()
    expect([now().isSigning, task.state.get().isBusy]).toEqual([false, false])
  })
})
