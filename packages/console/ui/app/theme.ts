/** Dark, light, or as the system says. Colours themselves are `light-dark()` pairs in styles/tokens.css. */
import { effect, signal } from '@preact/signals'

export type Theme = 'system' | 'light' | 'dark'

const KEY = 'agentel.theme'
const stored = localStorage.getItem(KEY)
export const theme = signal<Theme>(stored === 'light' || stored === 'dark' ? stored : 'system')

/** Keeps the document and the browser's memory in step with the signal. */
export function startTheme(): void {
  effect(() => {
    const chosen = theme.value
    if (chosen === 'system') {
      delete document.documentElement.dataset.theme
      localStorage.removeItem(KEY)
    } else {
      document.documentElement.dataset.theme = chosen
      localStorage.setItem(KEY, chosen)
    }
  })
}

/** System, light, dark, and round again. */
export function nextTheme(): void {
  theme.value = theme.value === 'system' ? 'light' : theme.value === 'light' ? 'dark' : 'system'
}

/** The computed value of a CSS custom property, for canvas. */
export const token = (name: string): string => {
  const probe = document.createElement('i')
  probe.style.color = `var(${name})`
  document.body.append(probe)
  const colour = getComputedStyle(probe).color
  probe.remove()
  return colour
}
