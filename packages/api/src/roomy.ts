import type { Attributes, Span } from '@opentelemetry/api'

/**
 * V8 turns an object into a hash table when its 17th property is set by a key that is only known at run time, which is
 * how an SDK sets attributes: writing and reading 20 of them then costs three times as much. An object whose
 * constructor names properties has room for that many within itself, and stays as it is. The branch is never taken: it
 * is there to be counted. An object made so is a plain one in every other way.
 */
function Roomy(this: Record<string, unknown>, never: boolean): void {
  if (!never) return
  this.a = this.b = this.c = this.d = this.e = this.f = this.g = this.h = 0
  this.i = this.j = this.k = this.l = this.m = this.n = this.o = this.p = 0
  this.q = this.r = this.s = this.t = this.u = this.v = this.w = this.x = 0
}
Roomy.prototype = Object.prototype

const make = Roomy as unknown as new (never: boolean) => Attributes

// The room that the first objects do not use is taken away from all later ones.
for (let index = 0; index < 8; index++) {
  const first = new make(false)
  for (let key = 0; key < 24; key++) first[`room.${key}`] = key
}

/** Gives a span that has just started room for the attributes of a model call; see above. */
export function makeRoom(span: Span): void {
  const holder = span as { attributes?: Attributes }
  const given = holder.attributes
  if (given === undefined || Object.getPrototypeOf(given) !== Object.prototype) return
  const roomy = new make(false)
  for (const key in given) roomy[key] = given[key]
  holder.attributes = roomy
}
