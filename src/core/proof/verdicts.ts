// What each endpoint did in one reading, and who may still be asked.
import type { EndpointVerdict } from '../registry/evidence.ts'
import type { Endpoint } from './endpoint.ts'

export class Verdicts {
  readonly #byHost = new Map<string, EndpointVerdict>()

  constructor(verdicts: readonly EndpointVerdict[] = []) {
    for (const verdict of verdicts) this.#byHost.set(verdict.host, verdict)
  }

  set(endpoint: Endpoint, verdict: EndpointVerdict['verdict'], detail?: string): void {
    const { host } = endpoint
    this.#byHost.set(host, detail === undefined ? { host, verdict } : { host, verdict, detail })
  }

  has(endpoint: Endpoint, ...verdicts: EndpointVerdict['verdict'][]): boolean {
    const verdict = this.#byHost.get(endpoint.host)?.verdict
    return verdict !== undefined && verdicts.includes(verdict)
  }

  list(): readonly EndpointVerdict[] {
    return [...this.#byHost.values()]
  }

  some(...verdicts: EndpointVerdict['verdict'][]): boolean {
    return this.list().some(({ verdict }) => verdicts.includes(verdict))
  }

  count(verdict: EndpointVerdict['verdict']): number {
    return this.list().filter(each => each.verdict === verdict).length
  }

  /** Whether somebody was caught with what an honest endpoint of this chain can't say. */
  someoneLied(): boolean {
    return this.some('wrongChain', 'badHeader', 'badProof')
  }

  /**
   * Endpoints that may be asked for data about the agreed block, those that gave no trouble so far first; what they say is
   * verified, or said to be unproven.
   */
  usable(endpoints: readonly Endpoint[]): readonly Endpoint[] {
    const hasTrouble = ({ host }: Endpoint) => Number(this.#byHost.get(host)?.detail !== undefined)
    return endpoints
      .filter(each => !this.has(each, 'unreachable', 'wrongChain', 'badHeader', 'badProof', 'disagreed'))
      .toSorted((a, b) => hasTrouble(a) - hasTrouble(b))
  }
}
