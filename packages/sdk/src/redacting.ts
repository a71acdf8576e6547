// Loaded with the first baggage that leaves.
export { redactingPropagator } from '@agentel/processor-redaction'
