export { readReport, type Report } from './read-report.ts'
export { renderReport } from './render-report.ts'
