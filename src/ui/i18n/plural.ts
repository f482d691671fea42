// English plurals: Chinese has one form and needs none.

const rules = new Intl.PluralRules('en')

/** Picks the form for `count`; `many` is a complete phrase, number included. */
export function plural(count: number, one: string, many: string): string {
  return rules.select(count) === 'one' ? one : many
}
