export type { Detector, Severity, Verdict } from './detector.ts'
export { severityOf } from './detector.ts'
export { zScoreDetector, type ZScoreOptions, type ZScoreState } from './z-score.ts'
export {
  adaptivePercentileDetector,
  adaptiveThreshold,
  type AdaptivePercentileOptions,
  type AdaptivePercentileState,
} from './adaptive-percentile.ts'
export {
  averagePathLength,
  growTree,
  isolationScore,
  pathLength,
  type IsolationForestOptions,
  type IsolationTree,
} from './isolation-forest.ts'
export {
  isolationForestDetector,
  isolationForestSummary,
  type IsolationForestDetectorOptions,
  type IsolationForestState,
  type IsolationForestSummary,
} from './isolation-forest-detector.ts'
export { nextRandom, type RandomState } from './random.ts'
export { newNoveltyDetector, updateNovelty, type NoveltyDetectorState } from './novelty-detector.ts'
export { newShift, updateShift, type ShiftChange, type ShiftOptions, type ShiftState } from './shift.ts'
export { newShare, updateShare, type ShareChange, type ShareOptions, type ShareState } from './share.ts'
export { FleetWatch, type FleetSummary, type FleetWatchOptions } from './fleet-watch.ts'
export type { GaugeOptions } from './agent-watch.ts'
export type { Incident, IncidentHandlers } from './incidents.ts'
export type { Observation, Signal, SignalChange } from './observation.ts'
export type { SignalSetting } from './signal-feed.ts'
