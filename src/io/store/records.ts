// The tables that are there from the first screen on, with the type of their records and what each is stored under.
import type { DeviceRecord, HistoryEntry, MakerRecord, ReadingRecord, Stores } from '../../app/ports/store.ts'
import type { UpdateState } from '../../core/update/state.ts'

/** The tables, with the type of their records. */
export interface TableRecords {
  devices: DeviceRecord
  makers: MakerRecord
  readings: ReadingRecord
  updates: UpdateState
  history: HistoryEntry
}

export type TableName = keyof TableRecords & keyof Stores

/** The property that is each table's key; a record is stored under it. */
export const keyOf: { readonly [K in TableName]: (record: TableRecords[K]) => string } = {
  devices: record => record.key,
  makers: record => record.address,
  readings: record => record.key,
  updates: record => record.deviceKey,
  history: record => record.id,
}
