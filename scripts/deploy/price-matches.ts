/** How the price table says which model an entry is for. */

/** One of these, or several of them. */
export type Match = { readonly [kind in 'equals' | 'starts_with' | 'ends_with' | 'contains' | 'regex']?: string } & {
  readonly or?: readonly Match[]
  readonly and?: readonly Match[]
}

/** Whether an entry is for a model. */
export function matches(match: Match, model: string): boolean {
  if (match.or !== undefined) return match.or.some((one) => matches(one, model))
  if (match.and !== undefined) return match.and.every((one) => matches(one, model))
  if (match.equals !== undefined) return model === match.equals
  if (match.starts_with !== undefined) return model.startsWith(match.starts_with)
  if (match.ends_with !== undefined) return model.endsWith(match.ends_with)
  if (match.regex !== undefined) return new RegExp(match.regex).test(model)
  return model.includes(match.contains ?? '')
}

/** Names that are enough by themselves. */
export function exactNames(match: Match): string[] {
  if (match.or !== undefined) return match.or.flatMap(exactNames)
  return match.equals === undefined ? [] : [match.equals]
}

/** What is left of it without the exact names for which `known` is true; nothing when it was only these. */
export function withoutNames(match: Match, known: (name: string) => boolean): Match | undefined {
  if (match.equals !== undefined) return known(match.equals) ? undefined : match
  if (match.or === undefined) return match
  const rest = match.or.map((one) => withoutNames(one, known)).filter((one) => one !== undefined)
  return rest.length < 2 ? rest[0] : { or: rest }
}
