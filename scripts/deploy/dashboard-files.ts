/** The dashboards of Grafana, as the files that are provisioned. */
import { agents, toolsDashboard } from './dashboards/agents.ts'
import { costDashboard } from './dashboards/cost.ts'
import { collector, resources } from './dashboards/machinery.ts'
import { overview } from './dashboards/overview.ts'
import { buildDashboard, type Dashboard } from './dashboards/panels.ts'
import { anomaliesAndAlerts, businessAndSessions, workersAndEvents } from './dashboards/watching.ts'

/** All of them. */
export const dashboards: readonly Dashboard[] = [
  overview,
  agents,
  costDashboard,
  toolsDashboard,
  anomaliesAndAlerts,
  businessAndSessions,
  workersAndEvents,
  resources,
  collector,
]

/** Text by path from the root of the repository. */
export function dashboardFiles(): Record<string, string> {
  return Object.fromEntries(
    dashboards.map((one) => [
      `deploy/grafana/dashboards/${one.uid}.json`,
      `${JSON.stringify(buildDashboard(one), null, 2)}\n`,
    ]),
  )
}
