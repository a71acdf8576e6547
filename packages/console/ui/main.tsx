import './styles/tokens.css'
import './styles/base.css'
import './styles/shell.css'
import './styles/table.css'
import './styles/now.css'
import './styles/runs.css'
import './styles/run.css'
import './styles/span.css'
import './styles/graph.css'
import './styles/more-pages.css'
import './styles/alerts.css'
import 'uplot/dist/uPlot.min.css'
import { render, type ComponentChild } from 'preact'
import { startLive } from './app/live.ts'
import { path, startRouter } from './app/router.ts'
import { Shell, type NavEntry } from './app/shell.tsx'
import { startShortcuts } from './app/shortcuts.ts'
import { startTheme } from './app/theme.ts'
import { AlertsPage } from './pages/alerts/alerts-page.tsx'
import { AuditPage } from './pages/audit/audit-page.tsx'
import { AgentPage } from './pages/agents/agent-page.tsx'
import { AgentsPage } from './pages/agents/agents-page.tsx'
import { ActorPage, ActorsPage } from './pages/actors/actors-page.tsx'
import { BusinessPage } from './pages/business/business-page.tsx'
import { ComparePage } from './pages/compare/compare-page.tsx'
import { CostPage } from './pages/cost/cost-page.tsx'
import { FeedbackPage } from './pages/feedback/feedback-page.tsx'
import { HealthPage } from './pages/health/health-page.tsx'
import { LogsPage } from './pages/logs/logs-page.tsx'
import { MetricsPage } from './pages/metrics/metrics-page.tsx'
import { NowPage } from './pages/now/now-page.tsx'
import { RunPage } from './pages/run/run-page.tsx'
import { RunsPage } from './pages/runs/runs-page.tsx'
import { AnomaliesPage } from './pages/signals/anomalies-page.tsx'
import { SignalsPage } from './pages/signals/signals-page.tsx'
import { SettingsPage } from './pages/settings/settings-page.tsx'
import { WorkersPage } from './pages/work/workers-page.tsx'

const NAV: readonly NavEntry[] = [
  { to: '/', name: 'Now', key: 'n' },
  { to: '/runs', name: 'Runs', key: 'r' },
  { to: '/agents', name: 'Agents', key: 'a' },
  { to: '/sessions', name: 'Sessions', key: 'p' },
  { to: '/cost', name: 'Cost', key: 'c' },
  { to: '/metrics', name: 'Metrics', key: 'm' },
  { to: '/logs', name: 'Logs', key: 'o' },
  { to: '/signals', name: 'Signals', key: 'g' },
  { to: '/health', name: 'Health', key: 'h' },
  { to: '/settings', name: 'Settings', key: 's' },
]

/** What draws each first segment of a path, and with a second one the page of one thing. */
const PAGES: Readonly<Record<string, (name: string) => ComponentChild>> = {
  '': () => <NowPage />,
  runs: (id) => (id ? <RunPage traceId={id} key={id} /> : <RunsPage />),
  compare: () => <ComparePage />,
  agents: (name) => (name ? <AgentPage name={name} key={name} /> : <AgentsPage />),
  sessions: (id) => (id ? <ActorPage actor="session" id={id} key={id} /> : <ActorsPage actor="session" />),
  users: (id) => (id ? <ActorPage actor="user" id={id} key={id} /> : <ActorsPage actor="user" key="users" />),
  cost: () => <CostPage />,
  metrics: () => <MetricsPage />,
  logs: () => <LogsPage />,
  health: () => <HealthPage />,
  signals: () => <SignalsPage />,
  alerts: () => <AlertsPage />,
  audit: () => <AuditPage />,
  anomalies: () => <AnomaliesPage />,
  workers: () => <WorkersPage />,
  business: () => <BusinessPage />,
  feedback: () => <FeedbackPage />,
  settings: () => <SettingsPage />,
}

function NoPage() {
  return (
    <div class="page">
      <h1>There is no page here</h1>
      <p class="soft">
        {path.value} is not an address of the console. <a href="/">Now</a> and <a href="/runs">Runs</a> are.
      </p>
    </div>
  )
}

function Page() {
  const [, first = '', second = ''] = path.value.split('/')
  const draw = Object.hasOwn(PAGES, first) ? PAGES[first] : undefined
  return draw ? <>{draw(decoded(second))}</> : <NoPage />
}

/** A segment that is no valid percent-encoding is taken as it stands. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

startTheme()
startRouter()
startShortcuts()
startLive()
render(
  <Shell nav={NAV}>
    <Page />
  </Shell>,
  document.getElementById('app')!,
)
