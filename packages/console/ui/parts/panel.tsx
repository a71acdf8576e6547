import type { ComponentChildren } from 'preact'

interface PanelProps {
  readonly title: ComponentChildren
  /** At the right of the head, e.g. a link to all. */
  readonly more?: ComponentChildren
  readonly class?: string
  readonly children: ComponentChildren
}

/** A titled box. */
export function Panel({ title, more, class: extra = '', children }: PanelProps) {
  return (
    <section class={`panel ${extra}`}>
      <header>
        <h2>{title}</h2>
        {more && <span class="more clip">{more}</span>}
      </header>
      {children}
    </section>
  )
}
