import type OpenAI from 'openai'
import type { Scenario } from '@agentel/testing/contract'
import { CHAT, CITY, helpersOf, say, sayStreamed } from './requests.ts'
import type { Sdk } from './suite.ts'

/** What ends a process, or must not. */
export const endings: readonly Scenario<OpenAI, Sdk>[] = [
  {
    name: 'a failing call that nobody awaits ends the process',
    spans: [{ ...CHAT, error: '400' }],
    run: ({ client }) => void client.chat.completions.create(say('fault invalid_request')),
  },
  {
    name: 'a failing parse() that nobody awaits ends the process',
    spans: [{ ...CHAT, error: '400' }],
    run: ({ client }) => void helpersOf(client).parse(say('fault invalid_request', { response_format: CITY })),
  },
  {
    name: 'a process ends after a call that nobody awaits',
    spans: [],
    run: ({ client }) => void client.chat.completions.create(say('count')).then(() => console.log('answered')),
  },
  {
    name: 'a process ends after a stream that was left early',
    spans: [CHAT],
    run: async ({ client }) => {
      for await (const chunk of await client.chat.completions.create(sayStreamed('count'))) {
        console.log(chunk.object)
        break
      }
    },
  },
]
