// How parts of a text are joined in each language: Chinese has marks of its own, and no space after them.
import type { Language } from './formats.ts'

/** `label: text`. */
export const labelled = (label: string, text: string, language: Language): string =>
  language === 'zh' ? `${label}：${text}` : `${label}: ${text}`

/** `one, two`. */
export const clauses = (parts: readonly string[], language: Language): string =>
  parts.join(language === 'zh' ? '，' : ', ')

/** `One. Two.`: the last one ends as it was given. */
export const sentences = (parts: readonly string[], language: Language): string =>
  parts.join(language === 'zh' ? '。' : '. ')

/** `Label (unit)`. */
export const withUnit = (label: string, unit: string, language: Language): string =>
  language === 'zh' ? `${label}（${unit}）` : `${label} (${unit})`
