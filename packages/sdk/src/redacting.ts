// Loaded with the first baggage that leaves, the first metrics that are collected, the first batch for slow detectors.
export { metricsRedaction, presidioDetector, redactingPropagator, slowChecks } from '@agentel/processor-redaction'
