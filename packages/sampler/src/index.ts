export { type SamplerLike, type SamplingResultLike, alwaysRecord } from './always-record.ts'
