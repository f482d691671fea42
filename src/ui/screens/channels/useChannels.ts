// Payment channels for the screens: loaded, with the wallet, when one of them is shown.
import { use } from 'react'
import type { Channels } from '../../../app/channels/channels.ts'
import type { Fob } from '../../../app/fob.ts'
import { useFob } from '../../fobContext.ts'

const loading = new WeakMap<Fob, Promise<Channels>>()

/** The same promise each time: React would wait for ever on a new one per render. */
function channelsOf(fob: Fob): Promise<Channels> {
  const known = loading.get(fob)
  if (known !== undefined) return known
  const asked = fob.channels()
  loading.set(fob, asked)
  asked.catch(() => loading.delete(fob))
  return asked
}

/** Suspends until they are there. */
export const useChannels = (): Channels => use(channelsOf(useFob()))
