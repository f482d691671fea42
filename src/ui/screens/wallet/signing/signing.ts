// From asking for a proposal to its signature: asked for, looked at, signed once, and its payment known by its id.
import { Observable } from '../../../../app/observable.ts'
import type { PaymentView, Proposal, Speed } from '../../../../app/wallet/wallet.ts'
import { ok, type Result } from '../../../../core/result.ts'
import type { ShownFailure } from '../WalletFailure.tsx'

/** A proposal that is to be looked at, and how it is signed, and sent where there is something to send. */
export interface Look {
  readonly proposal: Proposal
  /** `speed` is null where the proposal has no fees. */
  readonly sign: (speed: Speed | null) => Promise<Result<Signed, ShownFailure>>
}

interface Signed {
  /** null where nothing was sent. */
  readonly paymentId: string | null
  /** What the screen does then, if it is still there and nothing else was asked for. */
  readonly goOn: () => void
}

type Asked = Promise<Result<Look, ShownFailure>>
export type Confirm = (proposal: Proposal, speed: Speed | null) => Promise<Result<PaymentView, ShownFailure>>

/** A transaction. */
export function toSend(
  proposal: Proposal,
  confirm: Confirm,
  onSent: (payment: PaymentView) => void = () => {},
): Look {
  return {
    proposal,
    async sign(speed) {
      const sent = await confirm(proposal, speed)
      return sent.ok ? ok({ paymentId: sent.value.id, goOn: () => onSent(sent.value) }) : sent
    },
  }
}

/** A statement: signed, and nothing is sent. */
export function toSign<T>(
  proposal: Proposal,
  confirm: (proposal: Proposal) => Promise<Result<T, ShownFailure>>,
  onSigned: (value: T) => void,
): Look {
  return {
    proposal,
    async sign() {
      const signed = await confirm(proposal)
      return signed.ok ? ok({ paymentId: null, goOn: () => onSigned(signed.value) }) : signed
    },
  }
}

interface SigningState {
  /** What is looked at; null where nothing is. */
  readonly look: Look | null
  readonly isSigning: boolean
  /** Why it was not signed. */
  readonly failure: ShownFailure | null
  /** It was closed while it was being signed, and can’t be called back: until it is known how that ended. */
  readonly isFinishing: boolean
  /** What was sent last. */
  readonly paymentId: string | null
}

/** Carries out what is asked for, and says why not; its failures are shown where the sheet is not. */
interface Runs {
  run(task: () => Asked, needsVault?: boolean): Promise<{ readonly value: Look } | undefined>
  fail(failure: ShownFailure): void
  clear(): void
}

export class Signing {
  readonly state = new Observable<SigningState>({
    look: null,
    isSigning: false,
    failure: null,
    isFinishing: false,
    paymentId: null,
  })
  readonly #task: Runs
  readonly #unlock: () => Promise<boolean>
  #isThere = true
  /** Counts what was asked for: only the last of it is looked at. */
  #round = 0
  /** False once the person has closed what they had asked for. */
  #isWanted = false
  #finishing: Look | null = null
  #again: () => void = () => {}

  constructor(task: Runs, unlock: () => Promise<boolean>) {
    this.#task = task
    this.#unlock = unlock
  }

  async ask(propose: () => Asked, needsVault = true): Promise<void> {
    this.#round += 1
    const round = this.#round
    this.#isWanted = true
    this.#again = () => void this.ask(propose, needsVault)
    const asked = await this.#task.run(propose, needsVault)
    if (asked && this.#isLast(round) && this.#isWanted) this.show(asked.value)
  }

  /** A fresh proposal of the same, for one that was looked at for too long. */
  again(): void {
    this.#again()
  }

  /** The next of several, which was not asked for by itself. */
  show(look: Look): void {
    this.#change({ look, isSigning: false, failure: null })
  }

  async sign(speed: Speed | null): Promise<void> {
    const { look, isSigning } = this.state.get()
    // A second tap signs nothing.
    if (look === null || isSigning) return
    const round = this.#round
    this.#task.clear()
    this.#change({ isSigning: true, failure: null })
    try {
      if (!isExternal(look) && !(await this.#unlock())) return
      // Closed or left while the wallet was asked to be opened: it is not signed any more.
      if (!this.#isShown(look) || !this.#isThere) return
      const signed = await look.sign(speed)
      if (signed.ok) this.#onSigned(look, signed.value, round)
      else if (this.#isShown(look)) this.#change({ failure: signed.error })
      else if (this.#isLast(round)) this.#task.fail(signed.error)
    } finally {
      if (this.#isShown(look)) this.#change({ isSigning: false })
      if (this.#finishing === look) this.#change({ isFinishing: false })
    }
  }

  close(): void {
    this.#isWanted = false
    const { look, isSigning } = this.state.get()
    if (look === null) return
    // It was read in the sheet.
    this.#task.clear()
    // Another wallet may never answer: the person can go on without it.
    const isFinishing = isSigning && !isExternal(look)
    if (isFinishing) this.#finishing = look
    this.#change({ look: null, isSigning: false, failure: null, isFinishing })
  }

  /** The screen is there, or is gone. */
  setThere(isThere: boolean): void {
    this.#isThere = isThere
  }

  #onSigned(look: Look, { paymentId, goOn }: Signed, round: number): void {
    if (this.#isShown(look)) this.#change({ look: null, isSigning: false })
    if (!this.#isLast(round)) return
    if (paymentId !== null) this.#change({ paymentId })
    goOn()
  }

  #isShown(look: Look): boolean {
    return this.state.get().look === look
  }

  #isLast(round: number): boolean {
    return this.#isThere && this.#round === round
  }

  #change(change: Partial<SigningState>): void {
    this.state.update(state => ({ ...state, ...change }))
  }
}

const isExternal = ({ proposal }: Look): boolean => proposal.from.name.kind === 'external'
