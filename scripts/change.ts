/** How a mutant changes its file: JavaScript before the first line, or one text in place of another. */
export type Change = { readonly before: string } | { readonly from: string; readonly to: string }

/** A file's text with the change, on the same lines. */
export function mutated(source: string, change: Change): string {
  return 'before' in change ? `${change.before} ${source}` : source.replace(change.from, () => change.to)
}
