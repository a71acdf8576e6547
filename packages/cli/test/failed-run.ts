import { agent, chat, message, type Step, tool } from './otlp-run.ts'

const offered = JSON.stringify([{ type: 'function', name: 'save', description: 'Saves.', parameters: {} }])
const refused = {
  error: 'the disk is full',
  exception: {
    type: 'DiskError',
    message: 'the disk is full',
    stack: 'DiskError: the disk is full\n    at save (disk.ts:7:1)',
  },
}
const failing = { ...tool('save'), 'error.type': 'DiskError' }
const fetched = (n: number): Step => ({
  name: 'execute_tool fetch',
  below: 4,
  from: 400 + n * 10,
  to: 405 + n * 10,
  attributes: tool('fetch'),
})

/**
 * A desk whose planner looks for something that is not there, which it survives, and hands over to a writer: that one reads
 * eight pages, the last of which is not there, tries three times to save, and fails.
 */
export const FAILED_RUN: readonly Step[] = [
  {
    name: 'invoke_workflow desk',
    from: 0,
    to: 3000,
    attributes: {
      'gen_ai.operation.name': 'invoke_workflow',
      'gen_ai.workflow.name': 'desk',
      'gen_ai.input.messages': message('user', 'Write it down'),
      'user.id': 'ann',
      'session.id': 'ann-1',
      'error.type': 'DiskError',
    },
    error: 'the disk is full',
  },
  { name: 'invoke_agent planner', below: 1, from: 0, to: 200, attributes: agent('planner') },
  {
    name: 'transfer writer',
    below: 1,
    from: 200,
    to: 202,
    attributes: { 'agentel.transfer.source.name': 'planner', 'agentel.transfer.target.name': 'writer' },
  },
  {
    name: 'invoke_agent writer',
    below: 1,
    from: 210,
    to: 3000,
    attributes: { ...agent('writer'), 'error.type': 'DiskError' },
    error: 'the disk is full',
  },
  {
    name: 'chat gpt-4o',
    below: 4,
    from: 210,
    to: 390,
    kind: 3,
    attributes: {
      ...chat('gpt-4o', 1000, 200),
      'gen_ai.request.temperature': 0.5,
      'gen_ai.tool.definitions': offered,
      'gen_ai.input.messages': message('user', 'Write it down'),
    },
  },
  ...Array.from({ length: 7 }, (_, n) => fetched(n)),
  { ...fetched(7), attributes: { ...tool('fetch'), 'error.type': 'NotFound' }, error: 'no such page' },
  {
    name: 'chat gpt-4o',
    below: 4,
    from: 500,
    to: 900,
    kind: 3,
    attributes: { ...chat('gpt-4o', 2000, 100), 'gen_ai.request.max_tokens': 50 },
  },
  { name: 'execute_tool save', below: 4, from: 1000, to: 1100, attributes: failing, ...refused },
  { name: 'execute_tool save', below: 4, from: 1600, to: 1700, attributes: failing, ...refused },
  {
    name: 'execute_tool save',
    below: 4,
    from: 2700,
    to: 2900,
    attributes: { ...failing, 'gen_ai.tool.call.arguments': '{"text":"it"}' },
    ...refused,
  },
  {
    name: 'execute_tool look',
    below: 2,
    from: 50,
    to: 60,
    attributes: { ...tool('look'), 'error.type': 'NotFound' },
    error: 'nothing there',
  },
]
