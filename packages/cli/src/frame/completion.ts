import type { ArgsDef, CommandDef } from 'citty'
import { subCommandsOf } from './command-line.ts'

/** Shells that a completion script can be made for. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const
export type Shell = (typeof SHELLS)[number]

interface Place {
  /** Words before it, e.g. `config check`; '' for the first. */
  readonly path: string
  readonly words: readonly { readonly word: string; readonly what: string }[]
}

function optionsOf(command: CommandDef): { word: string; what: string }[] {
  return Object.entries((command.args ?? {}) as ArgsDef)
    .filter(([, arg]) => arg.type !== 'positional')
    .map(([name, { description }]) => ({ word: `--${name}`, what: description ?? '' }))
}

/** Everything that may be typed, by what was typed before. */
function placesOf(command: CommandDef, path = ''): Place[] {
  const held = Object.entries(subCommandsOf(command))
  const words = held.map(([word, { meta }]) => ({
    word,
    what: (meta as { description?: string }).description ?? '',
  }))
  const own = { path, words: [...words, ...optionsOf(command), { word: '--help', what: 'Explain the command' }] }
  return [own, ...held.flatMap(([word, inner]) => placesOf(inner, path === '' ? word : `${path} ${word}`))]
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`

function bash(places: readonly Place[]): string {
  const cases = places.map(
    ({ path, words }) => `    ${quoted(path)}) words=${quoted(words.map((w) => w.word).join(' '))} ;;`,
  )
  return `# agentel completion bash > ~/.local/share/bash-completion/completions/agentel
_agentel() {
  local current="\${COMP_WORDS[COMP_CWORD]}" path='' word words
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    [[ $word == -* ]] && break
    path="\${path:+$path }$word"
  done
  case "$path" in
${cases.join('\n')}
    *) words="$(_agentel_options "\${COMP_WORDS[1]}")" ;;
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
  [[ \${#COMPREPLY[@]} -eq 0 ]] && mapfile -t COMPREPLY < <(compgen -f -- "$current")
}
_agentel_options() {
  case "$1" in
${places
  .filter(({ path }) => path !== '' && !path.includes(' '))
  .map(({ path, words }) => `    ${path}) echo ${quoted(words.map((w) => w.word).join(' '))} ;;`)
  .join('\n')}
  esac
}
complete -F _agentel agentel
`
}

function zsh(places: readonly Place[]): string {
  const entry = ({ word, what }: { word: string; what: string }): string =>
    quoted(`${word}:${what.replaceAll(':', '\\:')}`)
  const cases = places.map(({ path, words }) => `    ${quoted(path)}) found=(${words.map(entry).join(' ')}) ;;`)
  return `#compdef agentel
# agentel completion zsh > "\${fpath[1]}/_agentel"
_agentel() {
  local -a found
  local place='' word
  for word in "\${words[@]:1:$((CURRENT - 2))}"; do
    [[ $word == -* ]] && break
    place="\${place:+$place }$word"
  done
  case "$place" in
${cases.join('\n')}
  esac
  if (( \${#found} )); then _describe 'agentel' found; else _files; fi
}
compdef _agentel agentel
`
}

function fish(places: readonly Place[]): string {
  const lines = places.flatMap(({ path, words }) => {
    const inside = path.split(' ').filter(Boolean)
    const condition =
      inside.length === 0
        ? '__fish_use_subcommand'
        : inside.map((word) => `__fish_seen_subcommand_from ${word}`).join('; and ')
    return words.map(({ word, what }) => {
      const given = word.startsWith('--') ? `-l ${word.slice(2)}` : `-f -a ${word}`
      return `complete -c agentel -n ${quoted(condition)} ${given} -d ${quoted(what)}`
    })
  })
  return `# agentel completion fish > ~/.config/fish/completions/agentel.fish\n${lines.join('\n')}\n`
}

/** The completion script of a shell, made from the commands themselves. */
export function completionScript(root: CommandDef, shell: Shell): string {
  const places = placesOf(root)
  return { bash, zsh, fish }[shell](places)
}
