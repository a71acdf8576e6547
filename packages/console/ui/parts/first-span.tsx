/** What a page says before anything has arrived: the exact lines that send a first span to this console. */
import { useState } from 'preact/hooks'
import type { ConsoleStatus } from '../../src/api/contract.ts'
import { useResource } from '../app/resource.ts'
import { go, href } from '../app/router.ts'
import { sendTestSpan } from '../app/test-span.ts'
import { CopyButton } from './copy-button.tsx'

interface Way {
  readonly name: string
  readonly lines: string
}

function ways(http: string): readonly Way[] {
  const env = `export OTEL_EXPORTER_OTLP_ENDPOINT=${http}\nexport OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf`
  return [
    {
      name: 'Node',
      lines: `npm install @agentel/sdk\nOTEL_EXPORTER_OTLP_ENDPOINT=${http} \\\n  node --import @agentel/sdk/register app.js`,
    },
    { name: 'Any OpenTelemetry SDK', lines: `${env}\nexport OTEL_SERVICE_NAME=my-agent` },
    {
      name: 'Python',
      lines: `pip install opentelemetry-distro opentelemetry-exporter-otlp-proto-http\n${env}\nopentelemetry-instrument python app.py`,
    },
    {
      name: 'One span by hand',
      lines: `now=$(date +%s)000000000\ncurl ${http}/v1/traces -H 'content-type: application/json' -d '{"resourceSpans":[{"scopeSpans":[{"spans":[{
  "traceId":"'$(openssl rand -hex 16)'","spanId":"'$(openssl rand -hex 8)'","name":"hello","kind":1,
  "startTimeUnixNano":"'$now'","endTimeUnixNano":"'$now'"}]}]}]}'`,
    },
  ]
}

/** Tries the way without any program. */
function TestSpan() {
  const [refused, setRefused] = useState<string | null>(null)
  const send = () =>
    sendTestSpan().then(
      (traceId) => go(href(`/runs/${traceId}`)),
      (error: Error) => setRefused(error.message),
    )
  return (
    <p>
      <button type="button" class="button" onClick={send}>
        Send a test span from this page
      </button>
      {refused && <span class="error-text"> {refused}</span>}
    </p>
  )
}

/** @param what the page would show, in the plural */
export function FirstSpan({ what }: { what: string }) {
  const status = useResource<ConsoleStatus>('/api/status')
  const http = status.data?.endpoints.http ?? location.origin
  const older = (status.data?.store.traces ?? 0) > 0
  return (
    <div class="page first-span">
      <h1>{older ? `No ${what} in this time range` : `No ${what} yet`}</h1>
      <p class="soft">
        {older ? 'Choose a longer range above, or send something new. ' : ''}
        This console listens for OTLP at <code>{http}</code> (HTTP)
        {status.data?.endpoints.grpc && (
          <>
            {' '}
            and <code>{status.data.endpoints.grpc}</code> (gRPC)
          </>
        )}
        . The first span shows here within a second.
      </p>
      <TestSpan />
      <div class="ways">
        {ways(http).map(({ name, lines }) => (
          <section class="panel">
            <header>
              <h2>{name}</h2>
              <span class="more">
                <CopyButton text={lines} label="Copy" class="quiet" />
              </span>
            </header>
            <pre tabIndex={0}>{lines}</pre>
          </section>
        ))}
      </div>
    </div>
  )
}
