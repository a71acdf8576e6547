export { criticalPath } from './critical-path.ts'
export { type Attempt, explainFailure, type Explanation, type Step } from './explain-failure.ts'
export { type Failure, findFailure } from './failure.ts'
export {
  type AskModel,
  type FeedbackTheme,
  feedbackThemes,
  type FeedbackThemes,
  FeedbackThemesError,
  type RatedComment,
  type ThemeOptions,
} from './feedback-themes.ts'
export {
  type ActingSpan,
  effectiveAgents,
  findInteractions,
  type Interaction,
  type InteractionKind,
  USER,
} from './interactions.ts'
export { type EventSpan, type EventStage, transactionStages, type TransactionStage } from './transaction-stages.ts'
export { buildSpanTree, type SpanTree, type TreeSpan } from './span-tree.ts'
export { type ToolDependency, toolDependencies } from './tool-dependencies.ts'
