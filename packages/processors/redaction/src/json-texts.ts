function parsed(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A text with each of the texts in it replaced: itself, or those within it when it is JSON. */
export function mapTexts(text: string, replace: (part: string) => string): string {
  const json = parsed(text)
  if (json === undefined) return replace(text)
  let changed = false
  const mapped = JSON.stringify(json, (_, value: unknown) => {
    if (typeof value !== 'string') return value
    const replaced = mapTexts(value, replace)
    changed ||= replaced !== value
    return replaced
  })
  // Written anew only if need be: its spaces are the writer's.
  return changed ? mapped : text
}
