/** uPlot, loaded when it is first wanted. */
import type uPlot from 'uplot'

/** uPlot formats numbers in the browser's language as it loads, and a Chromium in a POSIX locale names one that is none. */
function ensureLanguage(): void {
  try {
    Intl.getCanonicalLocales(navigator.language)
  } catch {
    Object.defineProperty(navigator, 'language', { value: 'en-US', configurable: true })
  }
}

export async function loadPlot(): Promise<typeof uPlot> {
  ensureLanguage()
  return (await import('uplot')).default
}
