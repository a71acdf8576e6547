/** Loaded only where `OTEL_PROPAGATORS` names b3 or b3multi. */
export { B3InjectEncoding, B3Propagator } from '@opentelemetry/propagator-b3'
