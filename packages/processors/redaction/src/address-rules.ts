import { isIPv6 } from 'node:net'
import { found, isAlphanumeric, matchEnd, runEnd, type Scan } from './scan-state.ts'

const MAX_LOCAL_PART = 64
const DOMAIN = /[A-Za-z0-9\u00c0-\uffff-]{1,63}(?:\.[A-Za-z0-9\u00c0-\uffff-]{1,63}){1,6}/y

function isLocalCode(code: number): boolean {
  if (code >= 48 && code <= 57) return true
  const folded = code | 32
  if (folded >= 97 && folded <= 122) return true
  // . _ % + - and all letters beyond ASCII
  return code === 46 || code === 95 || code === 37 || code === 43 || code === 45 || code >= 0xc0
}

function localStart(scan: Scan, index: number): number {
  const least = Math.max(scan.floor, index - MAX_LOCAL_PART)
  let start = index
  while (start > least && isLocalCode(scan.text.charCodeAt(start - 1))) start--
  return start
}

const MAX_USER_INFO = 200

/** Where the `user:password` of an address begins that ends at the `@`; -1 when there is none. */
function userInfoStart(scan: Scan, index: number): number {
  const { text, floor } = scan
  const least = Math.max(floor, index - MAX_USER_INFO)
  let colon = false
  for (let at = index - 1; at >= least; at--) {
    const code = text.charCodeAt(at)
    if (code === 47) return colon && text.startsWith('://', at - 2) && at + 1 < index ? at + 1 : -1
    if (code <= 32 || code === 34 || code === 39 || code === 64) return -1
    if (code === 58) colon = true
  }
  return -1
}

/** E-mail addresses, and passwords in URLs, at their `@`. */
export function onAt(scan: Scan, index: number): number {
  const { text } = scan
  const next = runEnd(text, index)
  if (next !== index + 1) return next
  const userInfo = userInfoStart(scan, index)
  if (userInfo !== -1) return found(scan, userInfo, index, 'credential')
  const start = localStart(scan, index)
  if (start === index) return next
  const end = matchEnd(DOMAIN, text, next)
  if (end === -1) return next
  const topLevel = text.slice(text.lastIndexOf('.', end - 1) + 1, end)
  if (topLevel.length < 2 || !/^[A-Za-z\u00c0-\uffff]/.test(topLevel)) return end
  // git@github.com:owner/name is where a repository is, not whom to write to.
  if (text[end] === ':' && text.slice(start, index) === 'git') return end
  return found(scan, start, end, 'email')
}

const HEX_GROUPS = /[0-9A-Fa-f:]{2,39}(?![0-9A-Za-z:_])/y

/** Whether there is a hexadecimal digit. */
export function isHex(text: string, index: number): boolean {
  const code = text.charCodeAt(index)
  return (code >= 48 && code <= 57) || ((code | 32) >= 97 && (code | 32) <= 102)
}

const MAX_IPV6 = 39

/** IPv6 addresses at a colon that four groups follow or another colon; -1 when there is none. */
export function onIpv6(scan: Scan, index: number): number {
  const { text } = scan
  let start = index
  while (start > index - MAX_IPV6 && (isHex(text, start - 1) || text.charCodeAt(start - 1) === 58)) start--
  if (isAlphanumeric(text, start - 1)) return -1
  const end = matchEnd(HEX_GROUPS, text, start)
  if (end === -1) return -1
  const address = text.slice(start, end)
  // dead::beef could be a path in a program; ::1 says nothing about anybody.
  if (address.length < 6 || !/\d/.test(address) || !isIPv6(address)) return -1
  return found(scan, start, end, 'ip')
}
