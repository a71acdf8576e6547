/** Pages that belong together, beside the title of each. */
import { href, path } from '../app/router.ts'

/** Pages of one entry of the navigation. The first one is the entry itself. */
export const SECTIONS: readonly (readonly (readonly [to: string, name: string])[])[] = [
  [
    ['/agents', 'Agents'],
    ['/workers', 'Workers and events'],
  ],
  [
    ['/sessions', 'Sessions'],
    ['/users', 'Users'],
    ['/feedback', 'Feedback'],
  ],
  [
    ['/cost', 'Cost'],
    ['/business', 'Business'],
  ],
  [
    ['/logs', 'Logs'],
    ['/audit', 'Audit'],
  ],
  [
    ['/signals', 'All signals'],
    ['/alerts', 'Alerts'],
    ['/anomalies', 'Anomalies'],
  ],
]

/** The entry of the navigation that a page belongs to. */
export const entryOf = (page: string): string =>
  SECTIONS.find((section) => section.some(([to]) => to === page))?.[0]?.[0] ?? page

/** The name of a page that stands in a section. */
export const nameOfPage = (page: string): string | undefined => SECTIONS.flat().find(([to]) => to === page)?.[1]

/** Nothing on a page that stands alone. */
export function SectionTabs() {
  const here = `/${path.value.split('/')[1] ?? ''}`
  const section = SECTIONS.find((pages) => pages.some(([to]) => to === here))
  if (!section) return null
  return (
    <nav class="segments section-tabs" aria-label="In this section">
      {section.map(([to, name]) => (
        <a href={href(to)} {...(to === here && { 'aria-current': 'page' as const })}>
          {name}
        </a>
      ))}
    </nav>
  )
}
