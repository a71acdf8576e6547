import type { Protocol } from '../protocol.ts'
import { chatRoute } from './chat.ts'
import { completionsRoute } from './completions.ts'
import { embeddingsRoute } from './embeddings.ts'
import { respondFault } from './errors.ts'
import { modelRoutes } from './models.ts'
import { responsesRoutes } from './responses.ts'

/** OpenAI's HTTP protocol. */
export const openaiProtocol: Protocol = {
  routes: [chatRoute, completionsRoute, ...responsesRoutes, embeddingsRoute, ...modelRoutes],
  owns: (pathname) => /^\/v1\/(chat|completions|responses|embeddings|models)\b/.test(pathname),
  requestIdOf: ({ newId }) => newId('req_', 32),
  authorize({ request }, { apiKeys }) {
    const key = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1]
    if (key === undefined) {
      return {
        kind: 'unauthorized',
        message:
          "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY).",
      }
    }
    return apiKeys && !apiKeys.includes(key) ? { kind: 'unauthorized' } : undefined
  },
  respondFault,
  unreadableBody: {
    kind: 'invalid_request',
    message: 'We could not parse the JSON body of your request. The API expects a JSON object.',
  },
  unknownRoute: ({ request, url }) => ({
    error: {
      message: `Invalid URL (${request.method} ${url.pathname})`,
      type: 'invalid_request_error',
      param: null,
      code: null,
    },
  }),
}
