export { isBusy, openOwnFile, type OwnFileOptions } from './own-file.ts'
