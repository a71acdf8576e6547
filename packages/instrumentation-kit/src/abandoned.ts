import { guard } from '@agentel/api'

/** What ends when its object was collected without having been read to the end. */
export interface Abandonable {
  /** The object that the application held is gone. Must not keep that object alive. */
  abandoned(): void
}

const registry = new FinalizationRegistry<Abandonable>((call) => {
  guard('abandoned', () => call.abandoned())
})

/** Ends `call` when `object` is collected. */
export function endWhenCollected(object: object, call: Abandonable): void {
  registry.register(object, call, call)
}

/** Forgets every object that `call` was tied to: it ended, or another object stands for it now. */
export function keepOpen(call: Abandonable): void {
  registry.unregister(call)
}
