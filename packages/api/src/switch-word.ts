const WORDS: Readonly<Record<string, boolean>> = {
  true: true,
  1: true,
  yes: true,
  on: true,
  false: false,
  0: false,
  no: false,
  off: false,
}

/**
 * What a variable of ours says that switches something: `true`, `1`, `yes`, `on`, or their opposites, in any case;
 * undefined for every other text. OpenTelemetry's own variables take `true` and `false` alone.
 */
export function switchWord(text: string | undefined): boolean | undefined {
  const word = text?.trim().toLowerCase()
  return word !== undefined && Object.hasOwn(WORDS, word) ? WORDS[word] : undefined
}
