import { BadQuery } from '../query/bad-query.ts'
import type { Action } from './actions.ts'

type Body = Readonly<Record<string, unknown>>

const MAX_TEXT = 500

async function objectOf(body: () => Promise<unknown>): Promise<Body> {
  const value = await body()
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new BadQuery('the body is not an object')
  return value as Body
}

function textOf(body: Body, name: string): string {
  const value = body[name]
  if (typeof value !== 'string' || value.trim() === '' || value.length > MAX_TEXT)
    throw new BadQuery(`${name}: give a text of 1 to ${MAX_TEXT} characters`)
  return value
}

const optional = (body: Body, name: string): Record<string, string> =>
  body[name] === undefined || body[name] === null ? {} : { [name]: textOf(body, name) }

function labelsOf(body: Body): { labels?: Record<string, string> } {
  const { labels } = body
  if (labels === undefined || labels === null) return {}
  const isMap = typeof labels === 'object' && !Array.isArray(labels)
  if (!isMap || Object.values(labels).some((value) => typeof value !== 'string'))
    throw new BadQuery('labels: give an object of texts')
  return { labels: labels as Record<string, string> }
}

function untilOf({ until }: Body): number {
  if (typeof until !== 'number' || !(until > Date.now()))
    throw new BadQuery('until: give milliseconds since 1970, in the future')
  return until
}

async function deedOf(body: () => Promise<unknown>): Promise<{ id: string; by: string }> {
  const given = await objectOf(body)
  return { id: textOf(given, 'id'), by: textOf(given, 'by') }
}

/** What people do about alerts. */
export const ALERT_ACTIONS: readonly Action[] = [
  {
    method: 'POST',
    path: '/api/alerts/acknowledge',
    takes: 'AlertDeed',
    gives: 'DeedDone',
    summary: 'Somebody looks after an alert',
    run: async ({ actions, body }) => ({ done: actions.alerts.acknowledge(await deedOf(body)) }),
  },
  {
    method: 'POST',
    path: '/api/alerts/resolve',
    takes: 'AlertDeed',
    gives: 'DeedDone',
    summary: 'Somebody closes an alert',
    run: async ({ actions, body }) => ({ done: actions.alerts.resolve(await deedOf(body)) }),
  },
  {
    method: 'POST',
    path: '/api/alerts/silences',
    takes: 'SilenceRequest',
    gives: 'Silence',
    summary: 'Tells nobody of some alerts for a while',
    async run({ actions, body }) {
      const given = await objectOf(body)
      return actions.alerts.silence({
        ...optional(given, 'rule'),
        ...labelsOf(given),
        until: untilOf(given),
        by: textOf(given, 'by'),
        ...optional(given, 'reason'),
      })
    },
  },
  {
    method: 'POST',
    path: '/api/alerts/silences/end',
    takes: 'SilenceEnd',
    gives: 'DeedDone',
    summary: 'Ends a silence early',
    run: async ({ actions, body }) => ({ done: actions.alerts.endSilence(await deedOf(body)) }),
  },
]
