import { openBudgetStore } from '../src/budget-store.ts'

/** Opens a row of new files, each at the moment at which others do the same: `budget-opener.ts FOLDER FILES START`. */
const [folder, files, start] = process.argv.slice(2)
for (let index = 0; index < Number(files); index++) {
  const at = Number(start) + index * 15
  while (Date.now() < at);
  openBudgetStore(`${folder}/together-${index}.db`).close()
}
