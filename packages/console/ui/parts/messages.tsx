/** Messages of a conversation, each part in the form it has: text, reasoning, a tool call, its answer, a file. */
import type { Message, MessagePart } from '../../src/api/contract.ts'
import { bytes } from '../format/quantity.ts'
import { JsonText, LongText, printed } from './long-text.tsx'

function ToolPart({ sign, name, id, value }: { sign: string; name: string; id: string | undefined; value: unknown }) {
  return (
    <div class="tool-part type-tool">
      <p>
        <span class="sign">{sign}</span> <b>{name}</b> {id && <span class="faint mono">{id}</span>}
      </p>
      {value !== undefined && value !== null && <JsonText value={value} />}
    </div>
  )
}

function Part({ part }: { part: MessagePart }) {
  switch (part.type) {
    case 'text':
      return <LongText text={String(part.content ?? '')} />
    case 'reasoning':
      return (
        <details class="reasoning">
          <summary>Reasoning</summary>
          <LongText text={String(part.content ?? '')} />
        </details>
      )
    case 'tool_call':
      return <ToolPart sign="→" name={part.name ?? 'tool'} id={part.id} value={part.arguments} />
    case 'tool_call_response':
      return (
        <ToolPart sign="←" name={part.name ?? 'result'} id={part.id} value={part.response ?? part.content ?? null} />
      )
    case 'blob':
      return (
        <p class="soft">
          {String(part.mime_type ?? part.modality ?? 'binary')} content,{' '}
          {bytes(Math.floor((part.content?.length ?? 0) * 0.75))}
        </p>
      )
    case 'uri':
    case 'file':
      // Shown as text: a link would take the reader, and his referrer, to an address that a model chose.
      return (
        <p class="mono">
          {part.type} {String(part.uri ?? part.file_id ?? '')}
        </p>
      )
    default:
      return (
        <div>
          <p class="soft">{part.type}</p>
          <JsonText value={part} />
        </div>
      )
  }
}

/** Parts under each other. */
export function Parts({ parts }: { parts: readonly MessagePart[] }) {
  return (
    <>
      {parts.map((part) => (
        <Part part={part} />
      ))}
    </>
  )
}

/** One message with its role. */
export function MessageBlock({ message }: { message: Message }) {
  return (
    <div
      class={`message role-${/^(system|developer|user|assistant|tool)$/.test(message.role) ? message.role : 'other'}`}
    >
      <p class="role">
        <span>{message.name ? `${message.role} · ${message.name}` : message.role}</span>
        {message.finishReason && message.finishReason !== 'stop' && <span class="chip">{message.finishReason}</span>}
      </p>
      <Parts parts={message.parts} />
    </div>
  )
}

/** A message as plain text, for copying. */
export function messageText(message: Message): string {
  return message.parts
    .map((part) =>
      part.type === 'tool_call'
        ? `→ ${part.name ?? 'tool'}(${printed(part.arguments)})`
        : part.type === 'tool_call_response'
          ? `← ${printed(part.response ?? part.content)}`
          : String(part.content ?? printed(part)),
    )
    .join('\n')
}
