import { type Message, type Recording, turnCollector } from './recording.ts'

/** A conversation of the "Who&When" data set: several experts and a terminal that runs their code. */
export interface WhoAndWhenFile {
  question: string
  question_ID: string
  is_correct: boolean
  system_prompt: Readonly<Record<string, string>>
  history: readonly { role: string; name: string; content: string }[]
}

const TERMINAL = 'Computer_terminal'

/** Reads a conversation: every message is a chat of its expert, every message of the terminal a tool's result. */
export function readWhoAndWhen(file: WhoAndWhenFile): Recording {
  const collector = turnCollector()
  let speaker = ''
  for (const [step, { name, content }] of file.history.entries()) {
    if (name === TERMINAL) {
      const code = file.history[step - 1]?.content ?? ''
      const exit = /^exitcode: (\d+)/.exec(content)?.[1]
      const errorType = exit === undefined || exit === '0' ? undefined : exit
      collector.add(speaker, {
        kind: 'tool',
        step,
        name,
        callId: undefined,
        arguments: JSON.stringify({ code }),
        result: content,
        errorType,
      })
      continue
    }
    speaker = name
    const reply = { text: content, toolCalls: [] }
    collector.add(name, { kind: 'chat', step, input: inputOf(file, step, name), reply })
  }
  return {
    id: file.question_ID,
    collection: 'who_and_when',
    title: file.question,
    userId: undefined,
    turns: collector.turns,
    solved: file.is_correct,
  }
}

/** What an expert saw: its instructions, the question, its own messages as its own, those of others by name. */
function inputOf(file: WhoAndWhenFile, step: number, agent: string): Message[] {
  const before = file.history.slice(0, step).map(({ name, content }): Message => {
    return name === agent ? { role: 'assistant', content } : { role: 'user', name, content }
  })
  const instructions = file.system_prompt[agent] ?? ''
  return [{ role: 'system', content: instructions }, { role: 'user', content: file.question }, ...before]
}
