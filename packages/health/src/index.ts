export { bearerOf, hostNamed, isLoopback, sameToken } from './access.ts'
export { createHealthMonitor, type HealthMonitor, type HealthMonitorOptions } from './health-monitor.ts'
export type { HeartbeatOptions, PingOptions, Who } from './watch-components.ts'
export type { ComponentHealth, DependencyHealth, HealthReport, Verdict } from './health-report.ts'
export {
  checkAccess,
  type HealthServer,
  HealthServerError,
  type HealthServerOptions,
  startHealthServer,
} from './health-server.ts'
export type { HealthState } from './health-state.ts'
export type { HealthThresholds } from './thresholds.ts'
export { type Check, type CheckAnswer, createProbe, type Probe, type ProbeOptions, type ProbeResult } from './probe.ts'
export {
  type Dependency,
  type DependencyOptions,
  httpDependency,
  type HttpOptions,
  mcpDependency,
  type McpClientLike,
  otlpDependency,
  type OtlpTarget,
  sqliteDependency,
  tcpDependency,
} from './dependency.ts'
