import { openOwnFile } from '../src/index.ts'

/** Opens a row of new files, each at the moment at which others do the same: `opener.ts FOLDER FILES START`. */
const [folder, files, start] = process.argv.slice(2)
for (let index = 0; index < Number(files); index++) {
  const at = Number(start) + index * 15
  while (Date.now() < at);
  const database = openOwnFile(`${folder}/together-${index}.db`, { patience: 1000 })
  database.exec('CREATE TABLE IF NOT EXISTS rows (id INTEGER PRIMARY KEY) STRICT; INSERT INTO rows DEFAULT VALUES')
  database.close()
}
