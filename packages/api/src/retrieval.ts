import { SpanKind } from '@opentelemetry/api'
import {
  ATTR_GEN_AI_DATA_SOURCE_ID,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_PROVIDER_NAME,
  ATTR_GEN_AI_REQUEST_MODEL,
  ATTR_GEN_AI_RETRIEVAL_DOCUMENTS,
  ATTR_GEN_AI_RETRIEVAL_QUERY_TEXT,
  ATTR_GEN_AI_RETRIEVAL_TOP_K,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  GEN_AI_OPERATION_NAME_VALUE_RETRIEVAL,
} from '@agentel/semconv'
import { type Handle, type Runner, type SpanOptions, type Starter, type Wrapper, defineConcept } from './concept.ts'
import { setContent, setText } from './record-content.ts'

/** A search for documents. */
export interface RetrievalOptions extends SpanOptions {
  /** Index, collection or store. */
  readonly dataSourceId?: string
  readonly provider?: string
  /** Embedding model, where one is asked. */
  readonly model?: string
  readonly topK?: number
  readonly server?: { readonly address: string; readonly port?: number }
  /** Content. */
  readonly query?: string
}

/** A search under way. */
export interface RetrievalHandle extends Handle {
  /** What was found. Content. */
  documents(found: readonly { readonly id?: string; readonly score?: number }[]): void
}

const concept = defineConcept<RetrievalOptions, Pick<RetrievalHandle, 'documents'>>({
  key: 'dataSourceId',
  named: false,
  describe: ({ dataSourceId, provider, model, topK, server }) => ({
    name: dataSourceId === undefined ? 'retrieval' : `retrieval ${dataSourceId}`,
    kind: SpanKind.CLIENT,
    attributes: {
      [ATTR_GEN_AI_OPERATION_NAME]: GEN_AI_OPERATION_NAME_VALUE_RETRIEVAL,
      [ATTR_GEN_AI_DATA_SOURCE_ID]: dataSourceId,
      [ATTR_GEN_AI_PROVIDER_NAME]: provider,
      [ATTR_GEN_AI_REQUEST_MODEL]: model,
      [ATTR_GEN_AI_RETRIEVAL_TOP_K]: topK,
      [ATTR_SERVER_ADDRESS]: server?.address,
      [ATTR_SERVER_PORT]: server?.port,
    },
  }),
  begin(operation, { query }) {
    setText(operation, ATTR_GEN_AI_RETRIEVAL_QUERY_TEXT, query)
    return {
      methods: {
        documents(found) {
          // Only id and score: the text of a document has no place in the schema.
          setContent(
            operation,
            ATTR_GEN_AI_RETRIEVAL_DOCUMENTS,
            found.map(({ id, score }) => ({ id, score })),
          )
        },
      },
    }
  },
})

/**
 * A search for documents: span `retrieval {dataSourceId}`.
 *
 * @example
 * const found = await retrieval({ dataSourceId: 'handbook', topK: 5, query }, () => index.search(query, 5))
 */
export const retrieval: Runner<RetrievalOptions, RetrievalHandle> = concept.run
/** Starts a search by hand; see {@link retrieval}. */
export const startRetrieval: Starter<RetrievalOptions, RetrievalHandle> = concept.start
/** Makes every call of a function a search; see {@link retrieval}. */
export const wrapRetrieval: Wrapper<RetrievalOptions> = concept.wrap
