// One line of the bench: a value, and a reference that was measured in the same run, because only their ratio travels
// from one machine to another.

export interface Row {
  readonly name: string
  readonly value: number
  /** Of the value and of the reference. */
  readonly unit: string
  readonly reference: Reference
  readonly better: 'lower' | 'higher'
  /** Measurements that value and reference are the medians of; 1 where the same comes out every time. */
  readonly runs: number
}

interface Reference {
  readonly name: string
  readonly value: number
}

export interface Group {
  /** The heading in the table. */
  readonly name: string
  /** Why it can't be measured on this machine, in one line; undefined where it can. */
  obstacle?(): string | undefined
  /** Rejects where something could not be measured. Whatever it starts, it ends. */
  run(): Promise<readonly Row[]>
}

export const ratioOf = ({ value, reference }: Row): number => value / reference.value
