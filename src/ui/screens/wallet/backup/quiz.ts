// Which words of the phrase are asked for, and what there is to pick from.

const ASKED = 3
const OPTIONS = 9

export interface Quiz {
  /** Indices from 0, ascending. */
  readonly places: readonly number[]
  /** Different words of the phrase, the asked ones among them, in no order. */
  readonly options: readonly string[]
}

/** Random numbers of 32 bits that `makeQuiz` takes for a phrase of `words` words. */
export const quizRandoms = (words: number): number => words * 2 + OPTIONS

export function makeQuiz(phrase: readonly string[], random: Uint32Array): Quiz {
  const draw = drawer(random)
  const places = shuffled(
    phrase.map((_, index) => index),
    draw,
  )
    .slice(0, ASKED)
    .sort((a, b) => a - b)
  const asked = new Set(places.map(index => phrase[index] ?? ''))
  const others = shuffled(
    [...new Set(phrase)].filter(word => !asked.has(word)),
    draw,
  )
  return { places, options: shuffled([...asked, ...others.slice(0, OPTIONS - asked.size)], draw) }
}

function drawer(random: Uint32Array): (below: number) => number {
  let next = 0
  return below => {
    const value = random[next++]
    if (value === undefined) throw new RangeError('too few random numbers')
    // Below 24 of 2^32: the bias is far below anything that matters here.
    return value % below
  }
}

/** Fisher and Yates. */
function shuffled<T>(items: readonly T[], draw: (below: number) => number): T[] {
  const result = [...items]
  for (let last = result.length - 1; last > 0; last -= 1) {
    const other = draw(last + 1)
    const moved = result[last] as T
    result[last] = result[other] as T
    result[other] = moved
  }
  return result
}
