// The messages of paying for blocks in the person's language. Only its screens import this.
import { use } from 'react'
import { type ChannelsMessages, channelsEn } from './channelsEn.ts'
import { useFormats } from './useMessages.tsx'

let chinese: Promise<ChannelsMessages> | null = null

/** English stands in where the Chinese file can't be had. */
function loadChinese(): Promise<ChannelsMessages> {
  chinese ??= import('./channelsZh.ts').then(
    module => module.channelsZh,
    () => channelsEn,
  )
  return chinese
}

/** Suspends while the language is being loaded. */
export function useChannelsMessages(): ChannelsMessages {
  const { language } = useFormats()
  return language === 'zh' ? use(loadChinese()) : channelsEn
}
