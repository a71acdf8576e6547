import { faultCounts, resetFaults } from '@agentel/api'
import { createTestTelemetry } from '@agentel/testing/telemetry'
import { SeverityNumber, logs } from '@opentelemetry/api'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { type EditableLogRecord, enricherLogProcessor } from '../src/index.ts'

let edit: (record: EditableLogRecord) => void = () => undefined
const telemetry = createTestTelemetry({
  logRecordProcessors: [
    enricherLogProcessor([
      {
        name: 'bad',
        onLog() {
          throw new Error('a bug')
        },
      },
      { name: 'editor', onLog: (record) => edit(record) },
      { name: 'spans only' },
    ]) as never,
  ],
})
afterEach(() => {
  telemetry.reset()
  resetFaults()
})
afterAll(() => telemetry.shutdown())

describe('enricherLogProcessor', () => {
  it('lets a record be read and changed before it is exported, and no throw reach the application', () => {
    let seen: unknown
    edit = (record) => {
      const { eventName, body, severityNumber, instrumentationScope, resource } = record
      seen = [
        eventName,
        body,
        severityNumber,
        instrumentationScope.name,
        resource.attributes['service.name'],
        { ...record.attributes },
      ]
      record.setAttribute('secret', '[redacted]')
      record.deleteAttribute('gone')
      record.setBody('[redacted]')
    }
    const attributes = { secret: 'sk-1', gone: 1, kept: 2 }
    logs
      .getLogger('app')
      .emit({ eventName: 'my.event', severityNumber: SeverityNumber.INFO, body: 'key sk-1', attributes })
    expect(seen).toEqual(['my.event', 'key sk-1', 9, 'app', 'test', attributes])
    expect(telemetry.logs().map((record) => [record.body, record.attributes])).toEqual([
      ['[redacted]', { secret: '[redacted]', kept: 2 }],
    ])
    expect(faultCounts()).toEqual({ 'bad.onLog': 1 })
  })
})
