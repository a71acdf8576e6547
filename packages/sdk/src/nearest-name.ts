/** Slips between two words: a letter too many, too few, another one, or two that changed places. */
function slips(one: string, other: string): number {
  let before: number[] = []
  let last = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (let row = 1; row <= one.length; row++) {
    const now = [row]
    for (let column = 1; column <= other.length; column++) {
      const same = one[row - 1] === other[column - 1]
      const swapped = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1]
      now[column] = Math.min(
        last[column]! + 1,
        now[column - 1]! + 1,
        last[column - 1]! + (same ? 0 : 1),
        swapped ? before[column - 2]! + 1 : Infinity,
      )
    }
    before = last
    last = now
  }
  return last[other.length]!
}

/** Longer words are nobody's slip of the names that there are, and would take long to compare. */
const LONGEST = 64

/** The name that was probably meant: at most two slips away, or one where the word is short; otherwise undefined. */
export function nearestName(word: string, names: readonly string[]): string | undefined {
  if (word.length > LONGEST) return undefined
  let nearest: string | undefined
  let fewest = word.length > 4 ? 2.5 : 1.5
  for (const name of names) {
    const count = slips(word, name)
    if (count < fewest) {
      fewest = count
      nearest = name
    }
  }
  return nearest
}

/** `; did you mean "profile"?`, for the end of a message, where a name is that near; otherwise nothing. */
export function didYouMean(word: string, names: readonly string[]): string {
  const name = nearestName(word, names)
  return name === undefined ? '' : `; did you mean ${JSON.stringify(name)}?`
}
