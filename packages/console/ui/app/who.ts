/** Who acts on alerts, as this browser's person calls themselves. */
import { signal } from '@preact/signals'

const KEY = 'agentel.who'

/** Empty until it is said. */
export const who = signal(localStorage.getItem(KEY) ?? '')

/** Remembers the name for the next time. */
export function setWho(name: string): void {
  who.value = name
  localStorage.setItem(KEY, name)
}
