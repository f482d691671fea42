// Serving onward without a world, for looking at its screen.
import { Observable } from '../../src/app/observable.ts'
import { defaultServingRules } from '../../src/app/serving/rules.ts'
import type { HeldFile, Serving, ServingView } from '../../src/app/serving/serving.ts'
import * as fixtures from './fixtures.ts'

export type ServingScenario = Partial<ServingView>

const file = (number: number, change: Partial<HeldFile>): HeldFile => ({
  cid: `bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyk${String(number)}`,
  size: 312_448,
  model: fixtures.lockModel,
  version: fixtures.version(1, 3, 0),
  isNewest: true,
  isRevoked: false,
  isKept: false,
  given: 0,
  ...change,
})

const held: readonly HeldFile[] = [
  file(1, { isKept: true, given: 18_874_368 }),
  file(2, { model: fixtures.vendingModel, size: 1_048_576, given: 65_536 }),
  file(3, { isNewest: false, version: fixtures.version(1, 2, 0) }),
]

/** Fixed, so that pictures of it can be compared. */
const speed = Array.from({ length: 60 }, (_, index) => ({
  at: Math.floor(Date.now() / 1000) - 2 * (60 - index),
  bytesPerSecond:
    index < 8 ? 0 : Math.round(900_000 * (1 + Math.sin(index / 4)) * (index % 11 === 0 ? 0.2 : 1)),
}))

const serving: ServingScenario = {
  rules: { ...defaultServingRules, isOn: true, keptModels: [fixtures.lockModel] },
  status: { kind: 'serving' },
  today: { bytes: 18_939_904, blocks: 289 },
  total: { bytes: 412_000_000, blocks: 6290 },
  peersServed: 4,
  speed,
  held,
}

export const servingScenarios: Readonly<Record<string, ServingScenario>> = {
  servingOff: { held },
  servingOn: serving,
  servingSpent: { ...serving, status: { kind: 'dataSpent' }, today: { bytes: 250_000_000, blocks: 3815 } },
  servingPaid: {
    ...serving,
    rules: { ...defaultServingRules, isOn: true, pricePerUnit: '12500000000000' },
  },
  servingNothing: {
    rules: { ...defaultServingRules, isOn: true },
    status: { kind: 'nothingHeld' },
    held: [],
  },
  servingFailed: {
    ...serving,
    status: { kind: 'servingUnavailable', detail: 'Failed to fetch dynamically imported module' },
    speed: [],
    held: [
      file(4, {
        model: { ...fixtures.lockModel, name: 'W'.repeat(64), hardware: '很长的硬件版本'.repeat(6) },
      }),
      file(5, { isRevoked: true, isNewest: false }),
    ],
    fetching: fixtures.vendingModel,
  },
}

export function createFakeServing(scenario: ServingScenario): Serving {
  const view = new Observable<ServingView>({
    rules: defaultServingRules,
    status: { kind: 'off' },
    today: { bytes: 0, blocks: 0 },
    total: { bytes: 0, blocks: 0 },
    peersServed: 0,
    speed: [],
    held: null,
    fetching: null,
    ...scenario,
  })
  return {
    view,
    async change(rules) {
      view.update(now => ({
        ...now,
        rules: { ...now.rules, ...rules },
        ...(rules.isOn === undefined ? {} : { status: { kind: rules.isOn ? 'serving' : 'off' } }),
      }))
    },
    async keep(model, isKept) {
      view.update(now => ({
        ...now,
        rules: { ...now.rules, keptModels: isKept ? [...now.rules.keptModels, model] : [] },
        held: (now.held ?? []).map(it => (it.model === model ? { ...it, isKept } : it)),
      }))
    },
    async remove(cid) {
      view.update(now => ({ ...now, held: (now.held ?? []).filter(it => it.cid !== cid) }))
    },
  }
}
