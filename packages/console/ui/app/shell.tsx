/** The frame of every page: navigation, time range, search, live light, theme, help. */
import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { count, plural } from '../format/quantity.ts'
import { entryOf, nameOfPage } from '../parts/section-tabs.tsx'
import { compareFrom } from './comparison.ts'
import { connection, paused, spansPerSecond, storeFault, togglePause, waitingCount } from './live.ts'
import { RANGES, range } from './range.ts'
import { go, href, path, query, setQuery } from './router.ts'
import { shortcuts, useShortcuts } from './shortcuts.ts'
import { nextTheme, theme } from './theme.ts'
import { readExpression } from './run-filter.ts'

/** Entries of the navigation. */
export interface NavEntry {
  readonly to: string
  readonly name: string
  /** Second key after `g`. */
  readonly key: string
}

const lightText = () =>
  paused.value
    ? waitingCount.value > 0
      ? `${count(waitingCount.value)} new`
      : 'paused'
    : connection.value === 'live'
      ? 'live'
      : connection.value === 'lost'
        ? 'not connected'
        : 'connecting'

function Connection() {
  const state = paused.value ? 'paused' : connection.value
  return (
    <button
      type="button"
      class={`button connection ${state}`}
      onClick={togglePause}
      aria-pressed={paused.value}
      title={paused.value ? 'Paused; nothing is lost. Go on (space)' : 'Pause what moves (space)'}
    >
      <span class="light" />
      <span>{lightText()}</span>
      {!paused.value && spansPerSecond.value !== null && (
        <span class="rate faint num">{count(spansPerSecond.value)}/s</span>
      )}
    </button>
  )
}

function Search() {
  const field = useRef<HTMLInputElement>(null)
  useShortcuts([{ key: '/', does: 'search runs', run: () => field.current?.focus() }])
  const submit = (event: Event) => {
    event.preventDefault()
    const text = field.current?.value.trim() ?? ''
    if (/^[0-9a-f]{32}$/i.test(text)) return go(href(`/runs/${text.toLowerCase()}`))
    const onList = path.value === '/runs'
    const found = readExpression(text, onList ? query.value : new URLSearchParams())
    if (onList) setQuery(found)
    else go(href('/runs', found))
  }
  return (
    <form class="top-search" role="search" onSubmit={submit}>
      <input
        ref={field}
        class="field"
        type="search"
        aria-label="Search runs by words in their content, names and errors, or by trace id"
        placeholder="Search runs"
        title="Words, or filters: status:error agent:writer cost>0.05 duration>10s -model:gpt-4o"
        value={query.value.get('text') ?? ''}
      />
      <kbd aria-hidden="true">/</kbd>
    </form>
  )
}

function Help({ nav }: { nav: readonly NavEntry[] }) {
  const dialog = useRef<HTMLDialogElement>(null)
  useShortcuts([
    { key: '?', does: 'show this list', run: () => dialog.current?.showModal() },
    { key: ' ', does: 'pause or go on', run: togglePause },
    { key: 't', does: 'change the theme', run: nextTheme },
    ...nav.map(({ key, name, to }) => ({ key, does: `go to ${name}`, run: () => go(href(to)) })),
  ])
  return (
    <>
      <button
        type="button"
        class="button quiet help"
        title="Keys (?)"
        aria-label="Keys"
        onClick={() => dialog.current?.showModal()}
      >
        ?
      </button>
      <dialog
        class="sheet"
        ref={dialog}
        aria-label="Keys"
        onClick={(event) => event.target === dialog.current && dialog.current?.close()}
      >
        <h2>Keys</h2>
        <div class="keys">
          {shortcuts.value
            .flat()
            .map(({ key, does }) => [<kbd>{key === ' ' ? 'space' : key}</kbd>, <span>{does}</span>])}
        </div>
        <p class="note">
          <button type="button" class="button" onClick={() => dialog.current?.close()}>
            Close
          </button>
        </p>
      </dialog>
    </>
  )
}

const THEME_SIGNS = { system: '◐', light: '☀', dark: '☾' }

function Top({ nav, here }: { nav: readonly NavEntry[]; here: string }) {
  const entries = useRef<HTMLElement>(null)
  useEffect(() => {
    // On a narrow window the entries scroll sideways: the present one must be among those in sight.
    entries.current?.querySelector('[aria-current]')?.scrollIntoView({ inline: 'center', block: 'nearest' })
  }, [here])
  return (
    <header class="top">
      <a class="brand" href={href('/')} aria-label="agentel">
        <img src="/assets/icon.svg" alt="" />
        <span>agentel</span>
      </a>
      <nav class="nav" aria-label="Pages" ref={entries}>
        {nav.map(({ to, name }) => (
          <a href={href(to)} {...(to === here && { 'aria-current': 'page' as const })}>
            {name}
          </a>
        ))}
      </nav>
      <Search />
      <select
        class="field"
        aria-label="Time range"
        value={range.value}
        onChange={(event) => setQuery({ range: event.currentTarget.value })}
      >
        {RANGES.map(([value, name]) => (
          <option value={value}>{name}</option>
        ))}
      </select>
      <Connection />
      <button
        type="button"
        class="button quiet"
        onClick={nextTheme}
        title={`Theme: ${theme.value} (t)`}
        aria-label={`Theme: ${theme.value}`}
      >
        {THEME_SIGNS[theme.value]}
      </button>
      <Help nav={nav} />
    </header>
  )
}

function ComparisonToast() {
  if (!compareFrom.value) return null
  return (
    <p class="toast" role="status">
      Shift-click the run to compare with.{' '}
      <button type="button" class="button quiet" onClick={() => (compareFrom.value = null)}>
        Never mind
      </button>
    </p>
  )
}

/** @param children the page */
export function Shell({ nav, children }: { nav: readonly NavEntry[]; children: ComponentChildren }) {
  const here = `/${path.value.split('/')[1] ?? ''}`
  useEffect(() => {
    document.title = `${nav.find(({ to }) => to === here)?.name ?? nameOfPage(here) ?? (here === '/compare' ? 'Compare' : 'Not found')} · agentel`
  }, [here])
  return (
    <div class="shell">
      <Top nav={nav} here={entryOf(here)} />
      <main tabIndex={-1}>
        {storeFault.value && (
          <p class="notice bad" role="alert">
            Nothing is being stored: {storeFault.value}
          </p>
        )}
        {children}
      </main>
      <ComparisonToast />
      <span class="hidden" role="status" aria-live="polite">
        {paused.value ? `Paused, ${plural(waitingCount.value, 'new run')}` : ''}
      </span>
    </div>
  )
}
