/**
 * Compiles a list of hosts: `api.example.com`, `localhost:8080`, `[::1]:8080`, `*.example.com` (any host below it).
 *
 * @throws RangeError for an entry that is no host, or that would stand for every host
 */
export function hostList(entries: readonly string[]): (host: string, port: number | undefined) => boolean {
  const rules = entries.map(parse)
  return (host, port) => {
    const name = host
      .toLowerCase()
      .replace(/^\[|\]$/g, '')
      .replace(/\.$/, '')
    return rules.some((rule) => (rule.port === undefined || rule.port === port) && rule.matches(name))
  }
}

function parse(entry: string): { port: number | undefined; matches(host: string): boolean } {
  const found = /^(\*\.)?(\[[0-9a-f:.]+\]|[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?)(?::(\d{1,5}))?$/.exec(
    entry.trim().toLowerCase(),
  )
  if (found === null) {
    throw new RangeError(`"${entry}" is no host: write example.com, example.com:8080, [::1]:8080 or *.example.com`)
  }
  const [, below, written = '', port] = found
  const host = written.replace(/^\[|\]$/g, '')
  return {
    port: port === undefined ? undefined : Number(port),
    matches: below === undefined ? (name) => name === host : (name) => name.endsWith(`.${host}`),
  }
}
