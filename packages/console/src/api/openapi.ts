import { ROUTES } from './routes.ts'

/** The OpenAPI 3.1 document of the API. */
export function openApiDocument(version: string): object {
  const paths = Object.fromEntries(
    ROUTES.map(({ path, summary }) => {
      const names = [...path.matchAll(/\{([^}]+)\}/g)].map((m) => m[1]!)
      return [
        path,
        {
          get: {
            summary,
            parameters: names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
            responses: {
              '200': { description: summary, content: { 'application/json': {} } },
              default: { description: 'A refusal or failure, with its reason' },
            },
          },
        },
      ]
    }),
  )
  return { openapi: '3.1.0', info: { title: 'agentel console', version }, paths }
}
