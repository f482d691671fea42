// A list of a thousand devices: found by what a person types, grouped once each, and searched without making texts anew.
import { describe, expect, it } from 'vitest'
import { findDevices, groupDevices } from '../../../src/ui/screens/devices/deviceList.ts'
import { fleetDevices } from '../../preview/fakeFleet.ts'
import { now } from '../../preview/fixtures.ts'

const devices = fleetDevices(1000)

describe('a list of a thousand devices', () => {
  it('finds by name, model or id, in any case, and everybody by nothing', () => {
    expect(findDevices(devices, ' DOOR 777 ').map(({ record }) => record.name)).toEqual(['Door 777'])
    expect(findDevices(devices, devices[500]?.record.deviceId ?? '')).toEqual([devices[500]])
    expect(findDevices(devices, 'acme outlet')).toHaveLength(200)
    expect(findDevices(devices, '')).toBe(devices)
    expect(findDevices(devices, 'nobody')).toEqual([])
  })

  it('has every device in one group, newest first', () => {
    const groups = groupDevices(devices, new Map(), now)
    const listed = groups.flatMap(([, of]) => of.map(({ view }) => view.record.key))
    expect(new Set(listed).size).toBe(1000)
    expect(listed).toHaveLength(1000)
    for (const [, of] of groups) {
      const seen = of.map(({ view }) => view.record.lastSeenAt)
      expect(seen).toEqual([...seen].sort((a, b) => b - a))
    }
  })

  it('makes the text of each device once, however many letters are typed', () => {
    let made = 0
    const watched = fleetDevices(50).map(view => ({
      ...view,
      record: new Proxy(view.record, {
        get(record, property) {
          if (property === 'name') made++
          return Reflect.get(record, property)
        },
      }),
    }))
    for (const text of ['d', 'do', 'doo', 'door', 'door 4']) findDevices(watched, text)
    expect(made).toBe(50)
  })
})
