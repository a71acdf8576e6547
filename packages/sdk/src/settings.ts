import { applyConfig } from './apply-config.ts'
import { readConfig } from './config-reader.ts'
import type { FileSettings } from './config-file.ts'
import { envString, type Environment } from './environment-reader.ts'
import type { AgentelConfig, ConfigOptions } from './generated/config-fields.ts'
import { readOtelEnvironment } from './otel-environment.ts'
import type { OtelSettings } from './otel-settings.ts'
import { requireSibling } from './require-sibling.ts'

export { configFields, profileDefaults, type ConfigField } from './generated/config-fields.ts'
export { exporterUrl } from './exporter-url.ts'
export { didYouMean } from './nearest-name.ts'
export { StartError } from './start-error.ts'

/** All that a start goes by. */
export interface Settings {
  readonly config: AgentelConfig
  readonly otel: OtelSettings
  /** Views for the SDK's own instruments, as it takes them. Not typed, so that its types are not needed here. */
  readonly views: readonly object[]
}

/** The file of `OTEL_CONFIG_FILE`, which then stands in the place of all other `OTEL_*`; else those. */
function readOtel(env: Environment): FileSettings {
  const file = envString(env, 'OTEL_CONFIG_FILE')
  if (file === undefined) return { otel: readOtelEnvironment(env), section: undefined, views: [] }
  return fileSettings(file)
}

function fileSettings(file: string): FileSettings {
  return requireSibling<typeof import('./config-file.ts')>('config-file').readConfigFile(file)
}

/**
 * The options alone, without what `OTEL_*` says: for a program that shares the configuration and sends nothing.
 *
 * @throws {StartError} for the first thing that is wrong
 */
export function resolveConfig(options: ConfigOptions, env: Environment): AgentelConfig {
  const file = envString(env, 'OTEL_CONFIG_FILE')
  return readConfig({ options, env, file: file === undefined ? undefined : fileSettings(file).section })
}

/**
 * Options, environment and file, read, checked and merged; nothing is started.
 *
 * @throws {StartError} for the first thing that is wrong
 */
export function resolveSettings(options: ConfigOptions, env: Environment): Settings {
  const { otel, section, views } = readOtel(env)
  const config = readConfig({ options, env, file: section })
  return { config, otel: applyConfig(otel, config), views }
}
