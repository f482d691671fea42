// The app, and what surrounds it, for every component below App.
import { createContext, use } from 'react'
import type { Fob } from '../app/fob.ts'
import type { Readable } from '../app/observable.ts'

/** What the frame around the app tells and does: a newer build waiting, this build's name. */
export interface Frame {
  readonly appUpdate: Readable<'none' | 'ready'>
  readonly applyAppUpdate: () => void
  readonly version: string
}

export const FobContext = createContext<Fob | null>(null)
export const FrameContext = createContext<Frame | null>(null)

export function useFob(): Fob {
  const fob = use(FobContext)
  if (fob === null) throw new Error('useFob outside of App')
  return fob
}

export function useFrame(): Frame {
  const frame = use(FrameContext)
  if (frame === null) throw new Error('useFrame outside of App')
  return frame
}
