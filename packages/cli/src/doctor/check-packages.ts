import type { Check } from './check.ts'
import type { PackageCopy } from './find-packages.ts'

const API = '@opentelemetry/api'

/** Packages that set OpenTelemetry up, or bring processors of their own; what is known of each. */
const HOSTS: Record<string, (copy: PackageCopy) => Omit<Check, 'subject' | 'found'>> = {
  '@opentelemetry/sdk-node': () => ({
    verdict: 'note',
    advice:
      'if the application starts it, give it agentelSpanProcessor(), and wrap a sampler that drops in alwaysRecord() of @agentel/sampler: else dropped calls are not counted',
  }),
  '@opentelemetry/sdk-trace': () => ({ verdict: 'ok' }),
  '@opentelemetry/sdk-trace-base': ({ version }) =>
    isBefore(version, [2, 3])
      ? {
          verdict: 'note',
          advice: 'it never calls onEnding: put agentelSpanProcessor() before simple (synchronous) processors',
        }
      : { verdict: 'ok' },
  '@vercel/otel': () => ({
    verdict: 'note',
    advice: 'it never calls onEnding: put agentelSpanProcessor() first in spanProcessors',
  }),
  '@sentry/node': ({ version }) =>
    isBefore(version, [11, 0])
      ? { verdict: 'note', advice: 'it registers its own tracer provider: add agentelSpanProcessor() to it' }
      : {
          verdict: 'note',
          advice:
            'it registers no tracer provider by default, so agentel can start beside it; with enableOpenTelemetrySetup its provider takes no processors',
        },
}

/** Packages that the doctor looks for, beside the model SDKs. */
export const KNOWN_PACKAGES: readonly string[] = [API, ...Object.keys(HOSTS)]

function isBefore(version: string, [major, minor]: readonly [number, number]): boolean {
  const [ours = 0, next = 0] = version.split('.').map(Number)
  return ours < major || (ours === major && next < minor)
}

function checkApi(copies: readonly PackageCopy[]): Check[] {
  if (copies.length === 0) {
    return [
      {
        subject: 'OpenTelemetry api',
        verdict: 'failure',
        found: `${API} is not installed`,
        advice: `npm install ${API}: agentel takes it from the application, so that there is only one`,
      },
    ]
  }
  const versions = copies.map(({ version }) => version)
  if (copies.length === 1) return [{ subject: 'OpenTelemetry api', verdict: 'ok', found: `one copy, ${versions[0]}` }]
  const same = new Set(versions).size === 1
  return [
    {
      subject: 'OpenTelemetry api',
      verdict: same ? 'note' : 'warning',
      found: `${copies.length} copies: ${copies.map(({ version, folder }) => `${version} in ${folder}`).join('; ')}`,
      advice: same
        ? 'they share what is registered; one copy would start faster'
        : 'a copy that is newer than the one that registers gives no spans at all: npm dedupe, or an override to one version',
    },
  ]
}

/** What the OpenTelemetry packages in the tree mean for agentel. */
export function checkPackages(copies: readonly PackageCopy[]): Check[] {
  const of = (name: string) => copies.filter((copy) => copy.name === name)
  const hosts = Object.entries(HOSTS).flatMap(([name, judge]) =>
    of(name).map((copy): Check => ({ subject: name, found: copy.version, ...judge(copy) })),
  )
  return [...checkApi(of(API)), ...hosts]
}
