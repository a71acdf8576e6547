import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'

async function runExample(folder: string, args: readonly string[], variables: NodeJS.ProcessEnv = {}): Promise<string> {
  const { OPENAI_API_KEY: _, ...env } = process.env
  const { stdout } = await promisify(execFile)(process.execPath, ['--conditions=@agentel/source', ...args], {
    cwd: fileURLToPath(new URL(`../examples/${folder}`, import.meta.url)),
    env: { ...env, ...variables },
  })
  return stdout
}

/** Runs an example under `--import`, its spans printed. */
function runObserved(folder: string, file: string, variables: NodeJS.ProcessEnv = {}): Promise<string> {
  return runExample(folder, ['--import', '@agentel/sdk/register', file], {
    OTEL_TRACES_EXPORTER: 'console',
    OTEL_METRICS_EXPORTER: 'none',
    OTEL_LOGS_EXPORTER: 'none',
    ...variables,
  })
}

/** The names of the spans that the console exporter printed, in the order of their ends. */
function spanNames(output: string): string[] {
  return [...output.matchAll(/^ {2}traceState: .*\n {2}name: '(.+)',$/gm)].map(([, name]) => name ?? '')
}

describe('the examples', () => {
  it('run an agent with a tool under --import, with one span for each step', async () => {
    const output = await runObserved('openai-agent', 'agent.ts')
    expect(output).toContain('Take an umbrella: rain in Bergen from nine to five.')
    expect(spanNames(output)).toEqual([
      'chat gpt-4o-mini',
      'execute_tool forecast',
      'chat gpt-4o-mini',
      'invoke_agent weather_adviser',
    ])
    expect(output).toContain("'user.id': 'kari'")
  })

  it('run a graph that waits for a person under --import, with one span for each step', async () => {
    const output = await runObserved('langgraph', 'desk.ts')
    expect(output).toContain('May I send this? Cancel the picnic: rain in Bergen from nine to five.')
    expect(output).toContain('Sent.')
    const end = ['task send', 'invoke_workflow picnic_desk']
    expect(spanNames(output)).toEqual([
      'chat gpt-4o-mini',
      'task ask',
      'execute_tool forecast',
      'task look',
      'chat gpt-4o-mini',
      'task ask',
      'invoke_workflow adviser',
      'task advise',
      ...end,
      ...end,
    ])
    expect(output).toContain("'gen_ai.conversation.id': 'picnic-17'")
  })

  it('run the AI SDK with a tool under --import, with one span for each step', async () => {
    const output = await runObserved('ai-sdk', 'adviser.ts')
    expect(output).toContain('Take an umbrella: rain in Bergen from nine to five.')
    expect(spanNames(output)).toEqual([
      'chat gpt-4o-mini',
      'execute_tool forecast',
      'chat gpt-4o-mini',
      'invoke_agent weather_adviser',
    ])
  })

  it('run agents that hand over and an MCP server under --import, with one span for each step', async () => {
    const output = await runObserved('agents-and-mcp', 'desk.ts', {
      // The Agents SDK traces nothing where this is "test".
      NODE_ENV: 'production',
    })
    expect(output).toContain('Take an umbrella: rain in Bergen from nine to five.')
    expect(spanNames(output)).toEqual([
      'initialize',
      'chat gpt-4o-mini',
      'transfer Adviser',
      'invoke_agent Desk',
      'tools/list',
      'chat gpt-4o-mini',
      'execute_tool forecast',
      'tools/list',
      'chat gpt-4o-mini',
      'invoke_agent Adviser',
      'invoke_workflow weather desk',
    ])
  })

  it('put our parts into an OpenTelemetry set-up that exists, with spans, cost and metrics', async () => {
    const output = await runExample('existing-setup', ['--import', './telemetry.ts', 'app.ts'])
    expect(spanNames(output)).toEqual(['chat gpt-4o-mini'])
    expect(output).toContain("'agentel.cost.amount'")
    expect(output).toContain("name: 'gen_ai.client.inference.duration'")
  })
})
