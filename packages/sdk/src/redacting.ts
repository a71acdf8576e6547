// Loaded with the first baggage that leaves and the first metrics that are collected.
export { metricsRedaction, redactingPropagator } from '@agentel/processor-redaction'
