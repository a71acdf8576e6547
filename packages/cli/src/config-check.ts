import { checkConfigFile, unsetVariables } from '@agentel/sdk/check-config-file'
import { EXIT, type Output } from './frame/output.ts'

/** `agentel config check FILE`: what is wrong in a configuration file, with key path and line. @returns the exit code */
export function runConfigCheck(file: string, json: boolean, output: Output): number {
  const findings = checkConfigFile(file)
  const unset = findings.length === 0 ? unsetVariables(file, process.env) : []
  const code = findings.length === 0 ? EXIT.ok : EXIT.problem
  if (json) {
    output.line(JSON.stringify({ file, ok: findings.length === 0, findings, unset }, null, 2))
    return code
  }
  for (const { path, line, column, message } of findings) {
    const place = line === undefined ? file : `${file}:${line}:${column}`
    output.line(`${place}  ${path === '' || message.startsWith(path) ? message : `${path} ${message}`}`)
  }
  if (findings.length === 0) output.line(`${file} is right`)
  for (const { name, path, line } of unset) {
    output.line(`${file}:${line}  ${path} takes ${name}, which is not set here and has no default`)
  }
  return code
}
