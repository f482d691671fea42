// A decoded request in the person's words: one line that says what happens, and every value that it is made of.
import type { Sentence } from '../../../../core/wallet/sentence.ts'
import type { Formats } from '../../../i18n/formats.ts'
import type { WalletMessages } from '../../../i18n/walletEn.ts'
import { detailsOf } from './sentenceDetails.ts'
import { partsOf } from './sentenceParts.ts'
import { type Detail, type Names, Speaker } from './speaker.ts'

export interface Description {
  readonly what: string
  readonly confirm: string
  readonly note: string | null
  readonly details: readonly Detail[]
}

export function describeSentence(
  sentence: Sentence,
  words: WalletMessages,
  formats: Formats,
  names: Names,
): Description {
  const say = new Speaker(words.sentenceWords, formats, names)
  const { what, confirm, note } = words.sentences[sentence.kind](partsOf(sentence, say))
  return { what, confirm, note: note ?? null, details: detailsOf(sentence, say) }
}
