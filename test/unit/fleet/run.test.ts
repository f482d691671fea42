// The run of a fleet as a reducer: whatever happens in whatever order, and wherever the tab dies, nobody is lost or done twice.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anchorsAbi } from '../../../contracts/generated/Anchors.ts'
import { leafHash, merkleRoot } from '../../../src/core/anchors/merkleTree.ts'
import { fromHex, toHex, utf8 } from '../../../src/core/bytes.ts'
import { csv } from '../../../src/core/csv.ts'
import { anchorCall, reportLogId } from '../../../src/core/fleet/anchorCall.ts'
import { countStates, isSettled, reportCsv, reportRoot } from '../../../src/core/fleet/report.ts'
import {
  afterInterruption,
  type FleetEvent,
  type FleetOutcome,
  type FleetRun,
  isAgreed,
  maxTries,
  nextOf,
  startRun,
  stepRun,
} from '../../../src/core/fleet/run.ts'
import { deviceOfSticker } from '../../../src/core/fleet/sticker.ts'
import { readStoredRun } from '../../../src/core/fleet/storedRun.ts'
import { readCall } from '../../../src/core/wallet/abiShape.ts'
import { image, manifestOf } from '../../fixtures/appWorld.ts'
import { demoEvidence, demoModel } from '../../fixtures/release.ts'

const version = { major: 1, minor: 1, revision: 0, build: 0 }
const now = 1_800_000_000
const failure = { kind: 'outOfReach', reason: null, detail: 'no answer' }

const start = (count: number, toChoose: readonly number[] = []): FleetRun =>
  startRun({
    id: 'run',
    kind: 'update',
    items: Array.from({ length: count }, (_, index) => ({
      key: `d${String(index)}`,
      name: `Door ${String(index)}`,
      deviceId: null,
      model: demoModel,
      from: null,
      to: version,
      cid: index % 2 === 0 ? 'even' : 'odd',
      needsChoice: toChoose.includes(index),
    })),
    files: [{ cid: 'even', size: 10, peers: [] }],
    agreed: [],
    now,
  })

const outcomes: readonly FleetOutcome[] = [
  { kind: 'updated', attempt: 'a', from: null, to: version, evidence: demoEvidence, confirm: [] },
  { kind: 'upToDate', version, evidence: demoEvidence },
  { kind: 'wouldUpdate', from: null, to: version, evidence: demoEvidence, confirm: ['remembered'] },
  { kind: 'failed', failure, attempt: null },
  { kind: 'away', failure },
  { kind: 'needsChoice' },
  { kind: 'held', failure: 'walletLocked' },
  { kind: 'skipped' },
]

const events = (count: number): fc.Arbitrary<FleetEvent> => {
  const key = fc.nat({ max: count }).map(index => `d${String(index)}`)
  return fc.oneof(
    fc.record({ kind: fc.constantFrom('begin', 'chosen', 'first', 'skip', 'retry'), key }),
    fc.record({ kind: fc.constant('outcome'), key, outcome: fc.constantFrom(...outcomes) }),
    fc.constantFrom<FleetEvent>(
      { kind: 'pause' },
      { kind: 'goOn' },
      { kind: 'end' },
      { kind: 'retryFailed' },
      { kind: 'agree', fileHash: '0xab' },
      { kind: 'fileMissing', cid: 'even', failure },
    ),
  ) as fc.Arbitrary<FleetEvent>
}

const stored = (run: FleetRun): FleetRun => {
  const read = readStoredRun(JSON.parse(JSON.stringify(run)))
  if (!read) throw new Error('a run that can’t be read again')
  return read
}

describe('a run of many devices', () => {
  it('keeps every device, gives the radio to one, and never takes back what was read back from a device', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.array(events(6), { maxLength: 60 }), (count, list) => {
        let run = start(count)
        for (const event of list) {
          const before = run
          run = stepRun(run, event, now)
          expect(run.items.map(({ key }) => key)).toEqual(before.items.map(({ key }) => key))
          const active = run.items.filter(({ state }) => state === 'active')
          expect(active.map(({ key }) => key)).toEqual(run.active === null ? [] : [run.active])
          before.items.forEach((item, index) => {
            if (item.state === 'updated' || item.state === 'upToDate') expect(run.items[index]).toBe(item)
          })
          const isOver = run.items.every(isSettled)
          expect(run.status === 'ended').toBe(isOver)
          expect(run.endedAt !== null).toBe(isOver)
          // Somebody's turn, somebody's tap, the person's wish, or the end: never nothing to do and nothing said.
          const goesOn = run.active !== null || nextOf(run) !== null
          expect(goesOn || run.status !== 'running').toBe(true)
        }
      }),
      { numRuns: 300 },
    )
  })

  it('goes on from the store wherever the tab dies, and comes to an end with everybody settled', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat({ max: 5 })),
        fc.array(fc.tuple(fc.constantFrom(...outcomes), fc.boolean()), { minLength: 60, maxLength: 60 }),
        (toChoose, answers) => {
          let run = start(6, toChoose)
          for (const [outcome, dies] of answers) {
            if (dies) run = afterInterruption(stored(run))
            if (run.status === 'paused') run = stepRun(run, { kind: 'goOn' }, now)
            const next = nextOf(run)
            if (next?.kind === 'choose') run = stepRun(run, { kind: 'chosen', key: next.key }, now)
            else if (next) run = stepRun(run, { kind: 'begin', key: next.key }, now)
            if (dies) run = afterInterruption(stored(run))
            if (run.active !== null) run = stepRun(run, { kind: 'outcome', key: run.active, outcome }, now)
          }
          // From here on everything answers: at most a choice, a begin and an outcome for each.
          for (let steps = 0; steps < 30 && run.status !== 'ended'; steps++) {
            if (run.status === 'paused') run = stepRun(run, { kind: 'goOn' }, now)
            const next = nextOf(run)
            if (next?.kind === 'choose') run = stepRun(run, { kind: 'chosen', key: next.key }, now)
            else if (next) run = stepRun(run, { kind: 'begin', key: next.key }, now)
            const [outcome] = outcomes
            if (run.active !== null && outcome)
              run = stepRun(run, { kind: 'outcome', key: run.active, outcome }, now)
          }
          expect(run.status).toBe('ended')
          const { queued, active, ...settled } = countStates(run)
          expect(queued + active).toBe(0)
          expect(Object.values(settled).reduce((sum, count) => sum + count, 0)).toBe(6)
        },
      ),
      { numRuns: 200 },
    )
  })

  it('visits those who need no tap first, then those who were not found, and asks for a tap last', () => {
    let run = start(3, [0])
    expect(nextOf(run)).toEqual({ kind: 'visit', key: 'd1' })
    run = stepRun(run, { kind: 'begin', key: 'd1' }, now)
    expect(nextOf(run)).toBeNull()
    run = stepRun(run, { kind: 'outcome', key: 'd1', outcome: { kind: 'away', failure } }, now)
    expect(nextOf(run)).toEqual({ kind: 'visit', key: 'd2' })
    run = stepRun(run, { kind: 'skip', key: 'd2' }, now)
    expect(nextOf(run)).toEqual({ kind: 'visit', key: 'd1' })
    run = stepRun(run, { kind: 'skip', key: 'd1' }, now)
    expect(nextOf(run)).toEqual({ kind: 'choose', key: 'd0' })
    run = stepRun(run, { kind: 'chosen', key: 'd0' }, now)
    expect(nextOf(run)).toEqual({ kind: 'visit', key: 'd0' })
  })

  it('gives up on a device that is not found again and again, and takes it up when the person asks', () => {
    let run = start(1)
    for (let tries = 0; tries < maxTries; tries++) {
      expect(run.status).toBe('running')
      run = stepRun(run, { kind: 'begin', key: 'd0' }, now)
      run = stepRun(run, { kind: 'outcome', key: 'd0', outcome: { kind: 'away', failure } }, now)
    }
    expect(run).toMatchObject({ status: 'ended', endedAt: now, items: [{ state: 'failed', failure }] })
    run = stepRun(run, { kind: 'retryFailed' }, now)
    expect(run).toMatchObject({
      status: 'running',
      endedAt: null,
      items: [{ state: 'queued', failure: null }],
    })
  })

  it('stands still, with the device still waiting, on what every device would meet', () => {
    let run = stepRun(start(2), { kind: 'begin', key: 'd0' }, now)
    run = stepRun(run, { kind: 'outcome', key: 'd0', outcome: { kind: 'held', failure: 'radioOff' } }, now)
    expect(run).toMatchObject({ status: 'paused', held: 'radioOff', active: null })
    expect(nextOf(run)).toBeNull()
    expect(nextOf(stepRun(run, { kind: 'goOn' }, now))).toEqual({ kind: 'visit', key: 'd0' })
  })

  it('begins nobody whose file can’t be had', () => {
    const run = stepRun(start(3), { kind: 'fileMissing', cid: 'even', failure }, now)
    expect(run.items.map(({ state }) => state)).toEqual(['failed', 'queued', 'failed'])
  })

  it('agrees for all devices to this file on a remembered reading, and to nothing else', () => {
    const manifest = manifestOf(image(1))
    const run = stepRun(start(1), { kind: 'agree', fileHash: manifest.fileHash }, now)
    const plan = { model: demoModel, manifest, evidence: demoEvidence, from: null }
    expect(isAgreed(run, { ...plan, confirm: ['remembered'] })).toBe(true)
    expect(isAgreed(run, { ...plan, confirm: ['remembered', 'modelChosen'] })).toBe(false)
    expect(isAgreed(run, { ...plan, confirm: ['unproven'] })).toBe(false)
    const other = { ...manifest, fileHash: `0x${'11'.repeat(32)}` as const }
    expect(isAgreed(run, { ...plan, manifest: other, confirm: ['remembered'] })).toBe(false)
  })
})

describe('a stored run', () => {
  it('is refused where a part is missing or of another type, whatever the part', () => {
    const whole = JSON.parse(JSON.stringify(stepRun(start(2), { kind: 'begin', key: 'd1' }, now)))
    expect(readStoredRun(whole)).toEqual(whole)
    for (const key of Object.keys(whole)) {
      const { [key]: _, ...rest } = whole
      expect(readStoredRun(rest), key).toBeUndefined()
      expect(readStoredRun({ ...whole, [key]: Symbol.iterator }), key).toBeUndefined()
    }
    expect(readStoredRun({ ...whole, active: 'd0' })).toBeUndefined()
    expect(readStoredRun({ ...whole, active: null })).toBeUndefined()
  })

  it('is read without throwing from anything', () => {
    fc.assert(
      fc.property(fc.anything(), value => {
        expect(readStoredRun(value)).toBeUndefined()
      }),
      { numRuns: 200 },
    )
  })
})

describe('a sticker', () => {
  const id = `0x${'a1'.repeat(32)}` as const
  const devices = [
    { key: 'one', name: 'Front door', deviceId: id },
    { key: 'two', name: 'Cellar', deviceId: null },
    { key: 'three', name: 'Twin', deviceId: null },
    { key: 'four', name: 'twin', deviceId: null },
  ]

  it.each([id, id.slice(2).toUpperCase(), `https://fob.example/device/${id}?x=1`, ` ${id}\n`, 'front DOOR '])(
    'of a known device is recognised: %s',
    text => {
      expect(deviceOfSticker(text, devices)?.key).toBe('one')
    },
  )

  it.each(['', 'Front', 'twin', `0x${'a2'.repeat(32)}`, `${id}ff`, `0x${'a1'.repeat(31)}`])(
    'of anything else is not: %s',
    text => {
      expect(deviceOfSticker(text, devices)).toBeUndefined()
    },
  )

  it('is read without throwing, whatever the text', () => {
    fc.assert(fc.property(fc.string(), text => deviceOfSticker(text, devices)?.key !== 'three'))
  })
})

describe('the table of a run', () => {
  it('has a row for each device, as wide as its head, and no cell that a spreadsheet would run', () => {
    const heads = Array.from({ length: 17 }, (_, index) => `c${String(index)}`)
    let run = start(3)
    run = {
      ...run,
      items: run.items.map((item, index) => (index === 0 ? { ...item, name: '=1+1,"x"' } : item)),
    }
    for (const outcome of outcomes.slice(0, 3)) {
      run = stepRun(run, { kind: 'begin', key: nextOf(run)?.key ?? '' }, now)
      run = stepRun(run, { kind: 'outcome', key: run.active ?? '', outcome }, now)
    }
    const lines = reportCsv(run, heads).split('\r\n')
    expect(lines).toHaveLength(5)
    expect(lines[0]?.split(',')).toHaveLength(17)
    expect(lines[2]?.split(',')).toHaveLength(17)
    expect(lines[1]).toContain(`"'=1+1,""x"""`)
    expect(lines[1]).toContain(`1.1.0,updated,`)
    expect(lines[1]).toContain(`${demoEvidence.level} `)
    expect(lines[1]).toContain(demoEvidence.block.hash)
    expect(lines[1]).toContain('2027-01-15T08:00:00.000Z')
    expect(lines[3]).toContain('wouldUpdate')
    expect(lines[3]).toContain('remembered')
  })

  it('has a root that anybody can make from the saved file, in whatever language, and that no changed line has', () => {
    const run = start(5)
    const saved = reportCsv(run, ['设备']).split('\r\n').slice(1, -1)
    expect(reportRoot(run)).toBe(toHex(merkleRoot(saved.map(line => leafHash(utf8(line))))))
    for (const index of run.items.keys()) {
      const items = run.items.map((item, at) => (at === index ? { ...item, name: 'Another' } : item))
      expect(reportRoot({ items })).not.toBe(reportRoot(run))
      expect(reportRoot({ items: run.items.toSpliced(index, 1) })).not.toBe(reportRoot(run))
    }
  })

  it('is anchored by the call that the contract knows: its own log, its root, its number of lines', () => {
    const run = start(4)
    const call = readCall(anchorsAbi, fromHex(anchorCall(run)) ?? new Uint8Array())
    expect(call?.name).toBe('anchor')
    expect(call?.arguments.map(({ value }) => value)).toEqual([
      reportLogId(reportRoot(run)),
      reportRoot(run),
      4n,
    ])
    expect(reportLogId(reportRoot(start(3)))).not.toBe(reportLogId(reportRoot(run)))
  })

  it('keeps every text whole between its quotes', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1, maxLength: 4 }), cells => {
        const read = readRow(csv([cells])).map((cell, index) => {
          const original = cells[index] ?? ''
          return /^[=+\-@\t\r]/.test(original) ? cell.slice(1) : cell
        })
        expect(read).toEqual(cells)
      }),
      { numRuns: 200 },
    )
  })
})

/** RFC 4180, one record. */
function readRow(text: string): readonly string[] {
  const cells: string[] = []
  let at = 0
  while (at <= text.length - 2) {
    if (text[at] === '"') {
      let cell = ''
      at++
      while (text[at] !== '"' || text[at + 1] === '"') {
        if (text[at] === '"') at++
        cell += text[at] ?? ''
        at++
      }
      cells.push(cell)
      at += 2
    } else {
      const end = text.slice(at).search(/,|\r\n/) + at
      cells.push(text.slice(at, end))
      at = end + 1
    }
    if (text[at - 1] === '\r') break
  }
  return cells
}
