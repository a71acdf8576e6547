import {
  ATTR_AGENTEL_COST_AMOUNT,
  ATTR_AGENTEL_TASK_NAME,
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_WORKFLOW_NAME,
  GEN_AI_OPERATION_NAME_VALUE_INVOKE_WORKFLOW,
} from '@agentel/semconv'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { costBreakdown } from '../src/query/costs.ts'
import type { Reader } from '../src/query/reader.ts'
import { spanId } from './otlp-json.ts'
import { AGENT, CHAT, openStoreFixture, settle, type StoreFixture, traces } from './store-fixture.ts'

let fixture: StoreFixture
beforeEach(() => {
  fixture = openStoreFixture()
})
afterEach(() => fixture.remove())

describe('cost by task', () => {
  const call = (n: number, parent: number, costs: number) => ({
    spanId: spanId(n),
    parent: spanId(parent),
    kind: 3,
    attributes: { ...CHAT, [ATTR_AGENTEL_COST_AMOUNT]: costs },
  })
  const task = (n: number, name: string, parent?: number) => ({
    spanId: spanId(n),
    ...(parent === undefined ? {} : { parent: spanId(parent) }),
    attributes: { [ATTR_AGENTEL_TASK_NAME]: name, 'agentel.cost.sum': 99 },
  })
  const agent = (n: number, parent: number) => ({ spanId: spanId(n), parent: spanId(parent), attributes: AGENT })
  const workflow = (n: number, name: string, parent?: number) => ({
    spanId: spanId(n),
    ...(parent === undefined ? {} : { parent: spanId(parent) }),
    attributes: {
      [ATTR_GEN_AI_OPERATION_NAME]: GEN_AI_OPERATION_NAME_VALUE_INVOKE_WORKFLOW,
      [ATTR_GEN_AI_WORKFLOW_NAME]: name,
    },
  })
  const costsBy = (by: string, read: <R>(query: (reader: Reader) => R) => R) => {
    const { rows, total } = read((reader) => costBreakdown(reader, new URLSearchParams(`by=${by}&from=-1d`)))
    return { rows: rows.map(({ value, cost, calls }) => [value, cost, calls]), total }
  }

  it('is that of the nearest task, whatever lies between, and adds up to the total', () => {
    fixture.run((store, read) => {
      store.ingest([
        traces([task(1, 'report'), agent(2, 1), call(3, 2, 1), task(4, 'summarise', 2), call(5, 4, 2), call(6, 99, 4)]),
      ])
      settle(store)
      expect(costsBy('task', read)).toEqual({
        rows: [
          ['summarise', 2, 1],
          ['report', 1, 1],
          [null, 4, 1],
        ],
        total: 7,
      })
    })
  })

  it('is counted once though the task comes long after its calls, and the trace goes on', () => {
    fixture.run((store, read) => {
      for (const spans of [[call(3, 2, 1)], [agent(2, 1)], [task(1, 'report')], [call(4, 2, 2)], [call(5, 77, 4)]]) {
        store.ingest([traces(spans)])
        settle(store)
      }
      expect(costsBy('task', read)).toEqual({
        rows: [
          ['report', 3, 2],
          [null, 4, 1],
        ],
        total: 7,
      })
    })
  })

  it('is told of workflows apart: of the nearest one, with the tasks within it', () => {
    fixture.run((store, read) => {
      const spans = [
        workflow(1, 'triage'),
        task(2, 'report', 1),
        call(3, 2, 1),
        workflow(4, 'answer', 2),
        call(5, 4, 2),
      ]
      store.ingest([traces([...spans, call(6, 99, 4)])])
      settle(store)
      expect(costsBy('workflow', read)).toEqual({
        rows: [
          ['answer', 2, 1],
          ['triage', 1, 1],
          [null, 4, 1],
        ],
        total: 7,
      })
      expect(costsBy('task', read).rows).toEqual([
        ['report', 3, 2],
        [null, 4, 1],
      ])
    })
  })
})
