import { nextRandom, type RandomState } from './random.ts'

/** A leaf (feature -1, size) or a split. Trees are arrays: node i splits to `left` and `right`. */
export interface IsolationTree {
  feature: number[]
  threshold: number[]
  left: number[]
  right: number[]
  size: number[]
}

export interface IsolationForestOptions {
  /** Default 100. */
  trees?: number
  /** Points a tree is grown from. Default 256, or all there are. */
  sample?: number
}

const EULER = 0.5772156649015329

/** Mean length of an unsuccessful search in a binary tree of n points: what path lengths are measured by (Liu, Ting, Zhou 2008). */
export function averagePathLength(n: number): number {
  if (n <= 1) return 0
  if (n === 2) return 1
  return 2 * (Math.log(n - 1) + EULER) - (2 * (n - 1)) / n
}

/** Grows one tree from a random sample of the points. */
export function growTree(points: readonly (readonly number[])[], sample: number, random: RandomState): IsolationTree {
  const tree: IsolationTree = { feature: [], threshold: [], left: [], right: [], size: [] }
  const chosen = drawWithoutReplacement(points.length, Math.min(sample, points.length), random).map((i) => points[i]!)
  grow(tree, chosen, 0, Math.ceil(Math.log2(Math.max(2, chosen.length))), random)
  return tree
}

function drawWithoutReplacement(total: number, wanted: number, random: RandomState): number[] {
  const indices = Array.from({ length: total }, (_, i) => i)
  for (let i = 0; i < wanted; i++) {
    const j = i + Math.floor(nextRandom(random) * (total - i))
    const swap = indices[i]!
    indices[i] = indices[j]!
    indices[j] = swap
  }
  return indices.slice(0, wanted)
}

function grow(
  tree: IsolationTree,
  points: readonly (readonly number[])[],
  depth: number,
  limit: number,
  random: RandomState,
): number {
  const node = tree.size.push(points.length) - 1
  tree.feature.push(-1)
  tree.threshold.push(0)
  tree.left.push(-1)
  tree.right.push(-1)
  const split = depth < limit && points.length > 1 ? chooseSplit(points, random) : undefined
  if (!split) return node
  const [feature, threshold] = split
  tree.feature[node] = feature
  tree.threshold[node] = threshold
  tree.left[node] = grow(
    tree,
    points.filter((p) => p[feature]! <= threshold),
    depth + 1,
    limit,
    random,
  )
  tree.right[node] = grow(
    tree,
    points.filter((p) => p[feature]! > threshold),
    depth + 1,
    limit,
    random,
  )
  return node
}

/** A random feature that is not constant here, and a random place within its range. */
function chooseSplit(points: readonly (readonly number[])[], random: RandomState): [number, number] | undefined {
  const dimensions = points[0]!.length
  const start = Math.floor(nextRandom(random) * dimensions)
  for (let k = 0; k < dimensions; k++) {
    const feature = (start + k) % dimensions
    let low = Number.POSITIVE_INFINITY
    let high = Number.NEGATIVE_INFINITY
    for (const point of points) {
      low = Math.min(low, point[feature]!)
      high = Math.max(high, point[feature]!)
    }
    if (high > low) return [feature, low + nextRandom(random) * (high - low)]
  }
  return undefined
}

/** Length of the path that a point takes, with what the points of its leaf would still need. */
export function pathLength(tree: IsolationTree, point: readonly number[]): number {
  let node = 0
  let depth = 0
  while (tree.feature[node]! >= 0) {
    node = point[tree.feature[node]!]! <= tree.threshold[node]! ? tree.left[node]! : tree.right[node]!
    depth++
  }
  return depth + averagePathLength(tree.size[node]!)
}

/** Anomaly score of a point, 0 to 1: 0.5 is usual, near 1 is isolated at once. */
export function isolationScore(forest: readonly IsolationTree[], sample: number, point: readonly number[]): number {
  const mean = forest.reduce((sum, tree) => sum + pathLength(tree, point), 0) / forest.length
  return 2 ** (-mean / averagePathLength(sample))
}
