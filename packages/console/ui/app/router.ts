/** Where we are: path and query, as signals. All state that a person could want to send to a colleague is in the URL. */
import { computed, signal } from '@preact/signals'

const address = signal(location.pathname + location.search)

/** Path without its query. */
export const path = computed(() => new URL(address.value, location.origin).pathname)
/** Query of the present page. */
export const query = computed(() => new URL(address.value, location.origin).searchParams)

/** Parameters that go along from page to page. */
const GLOBAL = ['range', 'service']

/** What a query may be made of; null and empty leave the parameter out, an array repeats it. */
export type Parameters = Readonly<Record<string, string | number | readonly string[] | null | undefined>>

/** An address in this page that keeps the time range and the service. */
export function href(to: string, parameters: Parameters = {}): string {
  const search = new URLSearchParams()
  for (const name of GLOBAL) {
    const value = query.value.get(name)
    if (value !== null && !(name in parameters)) search.set(name, value)
  }
  append(search, parameters)
  const text = search.toString()
  return text ? `${to}?${text}` : to
}

function append(search: URLSearchParams, parameters: Parameters): void {
  for (const [name, value] of Object.entries(parameters)) {
    search.delete(name)
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== null && one !== undefined && one !== '') search.append(name, String(one))
    }
  }
}

/** Goes to an address of this site. `replace` leaves no entry in the history: for filters as they are typed. */
export function go(to: string, options: { replace?: boolean } = {}): void {
  if (to === location.pathname + location.search) return
  if (options.replace) history.replaceState(null, '', to)
  else history.pushState(null, '', to)
  const moved = new URL(to, location.origin).pathname !== path.value
  address.value = location.pathname + location.search
  if (moved) document.querySelector('main')?.scrollTo(0, 0)
}

/** Changes some parameters of the present page. */
export function setQuery(parameters: Parameters, options: { replace?: boolean } = {}): void {
  const search = new URLSearchParams(query.value)
  append(search, parameters)
  const text = search.toString()
  go(text ? `${path.value}?${text}` : path.value, options)
}

/** Follows links inside the page without loading it anew, and the browser's back and forward. */
export function startRouter(): void {
  addEventListener('popstate', () => {
    address.value = location.pathname + location.search
  })
  document.addEventListener('click', (event) => {
    const anchor = event.target instanceof Element ? event.target.closest('a') : null
    if (!anchor || anchor.target || anchor.hasAttribute('download') || event.defaultPrevented) return
    if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return
    const to = new URL(anchor.href, location.href)
    if (to.origin !== location.origin || to.pathname.startsWith('/api/')) return
    event.preventDefault()
    go(to.pathname + to.search)
  })
}
