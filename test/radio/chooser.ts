// Answers the browser's device chooser, as a person would (Chrome DevTools Protocol, domain DeviceAccess).
import type { CDPSession, Page } from 'playwright-core'

export interface ShownDevice {
  readonly id: string
  readonly name: string
}

/** What the person does: takes the device of that name, closes the chooser, or looks at it for ever. */
export type ChooserAnswer = { readonly take: string } | 'cancel' | 'wait'

interface Prompt {
  readonly id: string
  readonly devices: readonly ShownDevice[]
}

/** How long the person waits in milliseconds for a device to show up before closing the chooser. */
const PATIENCE = 15_000

export class Chooser {
  /** Used for every prompt from now on, and for one that is open. */
  answer: ChooserAnswer = 'wait'
  private readonly session: CDPSession
  private readonly answered = new Set<string>()
  private readonly openSince = new Map<string, NodeJS.Timeout>()
  private latest: Prompt | undefined

  private constructor(session: CDPSession) {
    this.session = session
  }

  static async attach(page: Page): Promise<Chooser> {
    const session = await page.context().newCDPSession(page)
    const chooser = new Chooser(session)
    session.on('DeviceAccess.deviceRequestPrompted', prompt => chooser.see(prompt))
    await session.send('DeviceAccess.enable')
    return chooser
  }

  /** What the latest prompt listed, in its last state. */
  get shown(): readonly ShownDevice[] {
    return this.latest?.devices ?? []
  }

  /** Sets the answer; applies it at once to a prompt that is open. */
  setAnswer(answer: ChooserAnswer): void {
    this.answer = answer
    if (this.latest !== undefined) this.see(this.latest)
  }

  /** Prompts come again with every device that shows up, at first mostly empty. */
  private see(prompt: Prompt): void {
    this.latest = prompt
    // A second answer to the same prompt crashes the browser.
    if (this.answered.has(prompt.id) || this.answer === 'wait') return
    if (this.answer === 'cancel') {
      this.close(prompt.id)
      return
    }
    const wanted = this.answer.take
    const device = prompt.devices.find(({ name }) => name === wanted)
    if (device !== undefined) {
      this.settle(prompt.id)
      this.session.send('DeviceAccess.selectPrompt', { id: prompt.id, deviceId: device.id }).catch(ignore)
    } else if (!this.openSince.has(prompt.id)) {
      const giveUp = setTimeout(() => this.close(prompt.id), PATIENCE)
      giveUp.unref()
      this.openSince.set(prompt.id, giveUp)
    }
  }

  private close(id: string): void {
    if (this.answered.has(id)) return
    this.settle(id)
    this.session.send('DeviceAccess.cancelPrompt', { id }).catch(ignore)
  }

  private settle(id: string): void {
    this.answered.add(id)
    clearTimeout(this.openSince.get(id))
  }
}

/** The page may be gone by now, and its prompt with it. */
const ignore = () => undefined
