import type Anthropic from '@anthropic-ai/sdk'
import type { Scenario } from '@agentel/testing/contract'
import { CHAT, say, sayStreamed } from './requests.ts'
import type { Sdk } from './suite.ts'

/** What ends a process, or must not. */
export const endings: readonly Scenario<Anthropic, Sdk>[] = [
  {
    name: 'a failing call that nobody awaits ends the process',
    spans: [{ ...CHAT, error: '400' }],
    run: ({ client }) => void client.messages.create(say('fault invalid_request')),
  },
  {
    name: 'a process ends after a call that nobody awaits',
    spans: [CHAT],
    run: ({ client }) => void client.messages.create(say('count')).then(() => console.log('answered')),
  },
  {
    name: 'a process ends after a stream that was left early',
    spans: [CHAT],
    run: async ({ client }) => {
      for await (const event of await client.messages.create(sayStreamed('count'))) {
        console.log(event.type)
        break
      }
    },
  },
]
