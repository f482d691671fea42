// Subscribes a component to one of the app's values.
import { useSyncExternalStore } from 'react'
import type { Readable } from '../app/observable.ts'

export function useReadable<T>(readable: Readable<T>): T {
  return useSyncExternalStore(readable.subscribe, readable.get)
}
