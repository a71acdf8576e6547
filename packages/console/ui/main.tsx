import './styles/tokens.css'
import './styles/base.css'
import './styles/shell.css'
import './styles/table.css'
import './styles/now.css'
import './styles/runs.css'
import './styles/run.css'
import './styles/span.css'
import './styles/graph.css'
import { render } from 'preact'
import { startLive } from './app/live.ts'
import { path, startRouter } from './app/router.ts'
import { Shell, type NavEntry } from './app/shell.tsx'
import { startShortcuts } from './app/shortcuts.ts'
import { startTheme } from './app/theme.ts'
import { AgentPage } from './pages/agents/agent-page.tsx'
import { AgentsPage } from './pages/agents/agents-page.tsx'
import { CostPage } from './pages/cost/cost-page.tsx'
import { NowPage } from './pages/now/now-page.tsx'
import { RunPage } from './pages/run/run-page.tsx'
import { RunsPage } from './pages/runs/runs-page.tsx'
import { SettingsPage } from './pages/settings/settings-page.tsx'

const NAV: readonly NavEntry[] = [
  { to: '/', name: 'Now', key: 'n' },
  { to: '/runs', name: 'Runs', key: 'r' },
  { to: '/agents', name: 'Agents', key: 'a' },
  { to: '/cost', name: 'Cost', key: 'c' },
  { to: '/settings', name: 'Settings', key: 's' },
]

function Page() {
  const [, first = '', second] = path.value.split('/')
  const name = second === undefined ? '' : decodeURIComponent(second)
  if (first === '') return <NowPage />
  if (first === 'runs') return name ? <RunPage traceId={name} key={name} /> : <RunsPage />
  if (first === 'agents') return name ? <AgentPage name={name} key={name} /> : <AgentsPage />
  if (first === 'cost') return <CostPage />
  if (first === 'settings') return <SettingsPage />
  return (
    <div class="page">
      <h1>There is no page here</h1>
      <p class="soft">
        {path.value} is not an address of the console. <a href="/">Now</a> and <a href="/runs">Runs</a> are.
      </p>
    </div>
  )
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
