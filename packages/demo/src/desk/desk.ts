import { decision, handoff, sendMessage, withIdentity, workflow } from '@agentel/api'
import { archive } from './archive.ts'
import { criticise, type Review } from './critic.ts'
import { objectionTo } from './guardrail.ts'
import { makePlan } from './planner.ts'
import type { Question } from './questions.ts'
import { readAnswer } from './reader.ts'
import type { ResearchRequest } from './researcher-server.ts'
import { write } from './writer.ts'

/** How a question was dealt with. */
export interface Answer {
  kind: 'answered' | 'refused'
  text: string
  /** What the reader gave for it, 1 to 5; most give nothing. */
  rating?: number
}

/** A desk that works on questions. */
export interface Desk {
  answer(question: Question): Promise<Answer>
}

/** A desk whose researcher is reached at this address. */
export function openDesk(researcherUrl: string): Desk {
  const researchAll = (from: string, steps: readonly string[], { team }: Question) =>
    Promise.all(steps.map((step) => askResearcher(researcherUrl, { from, step, team })))

  async function work(question: Question): Promise<Answer> {
    const began = performance.now()
    const objection = await objectionTo(question.text)
    if (objection !== undefined) return { kind: 'refused', text: objection }
    const steps = await makePlan(question.text)
    const findings = await handoff({ source: 'planner', target: 'researcher', context: { steps } }, () =>
      researchAll('planner', steps, question),
    )
    const review = await handoff({ source: 'researcher', target: 'critic', context: { findings } }, () =>
      criticise(question.text, findings),
    )
    if (nextStep(review) === 'research_more') {
      const more = `Second round, look for another source: ${question.text}`
      const found = await handoff(
        { source: 'critic', target: 'researcher', mode: 'return_to_caller', context: { remarks: review.remarks } },
        () => researchAll('critic', [more], question),
      )
      findings.push(...found)
    }
    const text = await handoff({ source: 'critic', target: 'writer', mode: 'pass_control' }, () =>
      write(question.text, findings),
    )
    await archive(text)
    const opinion = readAnswer(question, performance.now() - began)
    return { kind: 'answered', text, ...(opinion && { rating: opinion.rating }) }
  }

  return {
    answer(question) {
      const { userId, sessionId, team } = question
      const identity = { userId, sessionId, conversationId: sessionId, tags: [team] }
      return withIdentity(identity, () =>
        workflow({ name: 'research_desk' }, async (run) => {
          run.input([textMessage('user', question.text)])
          const answer = await work(question)
          run.output([textMessage('assistant', answer.text)])
          return answer
        }),
      )
    },
  }
}

/** A message in the schema of OpenTelemetry's conventions. */
function textMessage(role: string, content: string) {
  return { role, parts: [{ type: 'text', content }] }
}

/** Whether the findings are good enough. */
function nextStep({ verdict, confidence, remarks }: Review): 'write' | 'research_more' {
  return decision('next_step', (choice) => {
    const outcome = verdict === 'accept' ? 'write' : 'research_more'
    choice.decide({ outcome, confidence, options: ['write', 'research_more'], reason: remarks })
    return outcome
  })
}

/** The researcher is another process: the trace, and whose work it is, go with the request. */
function askResearcher(url: string, request: ResearchRequest): Promise<string> {
  const body = JSON.stringify(request)
  const headers = { 'content-type': 'application/json' }
  const message = {
    source: request.from,
    target: 'researcher',
    type: 'research_step',
    body,
    carrier: headers,
    isRequest: true,
  }
  return sendMessage(message, async () => {
    const response = await fetch(url, { method: 'POST', headers, body })
    const answer = (await response.json()) as { finding?: string; error?: string }
    if (!response.ok) throw new Error(`the researcher failed: ${answer.error}`)
    return answer.finding ?? ''
  })
}
