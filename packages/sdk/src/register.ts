/**
 * `node --import @agentel/sdk/register app.js`: starts agentel from the environment alone, before the application's
 * first line. Under `OTEL_SDK_DISABLED=true` or `AGENTEL_DISABLED=true` nothing else is even loaded.
 *
 * @module
 */
import { isDisabled } from './otel-environment.ts'
import { requireSibling } from './require-sibling.ts'

if (!isDisabled(process.env)) requireSibling<typeof import('./index.ts')>('index').startAgentel()
