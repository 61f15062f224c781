import { forms, type Form, type Name, type Names } from './names.ts'

/** A rectangle over the canvas, in CSS pixels. */
export interface Box {
  x: number
  y: number
  width: number
  height: number
}

/** What the names stand around, as the camera sees it; in CSS pixels. */
export interface Scene {
  upright: boolean
  /** Of each column, neurons included. */
  boxes: Box[]
  /** What no name may cover. */
  obstacles: Box[]
  /** Where the name of each column would stand: the middle of its lower edge, or in an upright network the middle of its height. */
  anchors: { x: number; y: number }[]
  /** Of columns beside each other in a lying network: the uppermost has its name above, the lowest below. */
  sides: ('above' | 'between' | 'below')[]
  left: number
  top: number
  right: number
  bottom: number
}

export interface PlacedName extends Box {
  name: Name
  form: Form
  /** From a name that stands further away to its column, or along the columns that it names. */
  lines: Box[]
}

export type SizeOf = (name: Name, form: Form) => { width: number; height: number } | null

/** Between a column and its name, between two names in a row, and between two rows. */
const gap = 6
const apart = 4
const rowGap = 3
/** Beside the columns of an upright network: where the names begin, and the width of a level of groups. */
export const indent = 8
export const groupWidth = 18

/** A column whose name is shown even where it takes the room of others: the one that is pointed at. */
export type Wanted = number | null

/** As many names, and as full, as there is room for; none covers another or a column. In the order of the columns. */
export function placeNames({ sets, groups }: Names, sizeOf: SizeOf, scene: Scene, wanted: Wanted = null): PlacedName[] {
  const place = scene.upright ? beside : above
  const fullest: [form: Form, rows: number][] = scene.upright
    ? [['wrapped', 1]]
    : [
        ['full', 1],
        ['full', 2],
        ['wrapped', 1],
        ['wrapped', 2],
      ]
  const fewest = sets.at(-1)!
  const attempts = [
    ...sets.flatMap((set) => fullest.map(([form, rows]) => ({ set, form, ofButtons: form, rows }))),
    ...(['short', 'glyph'] as Form[]).flatMap((ofButtons) =>
      [1, 2].map((rows) => ({ set: fewest, form: 'short' as Form, ofButtons, rows })),
    ),
  ]
  for (const { set, form, ofButtons, rows } of attempts) {
    const ground = new Ground(scene)
    if (set.every((name) => place(ground, name, sizeOf, name.toggle ? ofButtons : form, rows)) && brackets(ground, groups, sizeOf))
      return reveal(ground, sets[0]!, sizeOf, wanted)
  }
  // Buttons come first, then the outermost columns, then names not seen before; as many as leave room for the open groups.
  const rank = ({ first, last, isRepeat, toggle }: Name) =>
    toggle ? 0 : first === 0 || last === scene.boxes.length - 1 ? 1 : !isRepeat ? 2 : 3
  const ranked = fewest.toSorted((a, b) => rank(a) - rank(b))
  for (let count = ranked.length; ; count--) {
    const ground = new Ground(scene)
    for (const name of ranked.slice(0, count)) place(ground, name, sizeOf, name.toggle ? 'glyph' : 'short', 2)
    if (brackets(ground, groups, sizeOf) || count === 0) return reveal(ground, sets[0]!, sizeOf, wanted)
  }
}

/** What is taken of the picture. */
class Ground {
  readonly scene: Scene
  readonly placed: PlacedName[]

  constructor(scene: Scene, placed: readonly PlacedName[] = []) {
    this.scene = scene
    this.placed = [...placed]
  }

  isFree(box: Box): boolean {
    const { left, right, top, bottom, obstacles } = this.scene
    const isInside = box.x >= left - 1 && box.x + box.width <= right + 1 && box.y >= top && box.y + box.height <= bottom
    return isInside && !obstacles.some((other) => overlaps(box, other)) && !this.namesAt(box)
  }

  namesAt(box: Box): boolean {
    const between = this.scene.upright ? 1 : apart
    return this.placed.some((other) => overlaps(wider(other, between), box) || other.lines.some((line) => overlaps(wider(line, 1), box)))
  }

  /** The highest of the columns between two places, and the highest of the names there. */
  columnsAt(x: number, width: number): number {
    return highest(this.scene.obstacles, x, width)
  }
  rowsAt(x: number, width: number): number {
    return highest(this.placed, x - apart, width + 2 * apart)
  }
}

/** As the heading of a column of a table, in the first row in which it fits. */
function above(ground: Ground, name: Name, sizeOf: SizeOf, form: Form, rows: number): boolean {
  const size = sizeOf(name, form)
  if (!size) return false
  const { scene } = ground
  const { anchors, sides, boxes } = scene
  const [from, to] = [anchors[name.first]!, anchors[name.last]!]
  const x = within((from.x + to.x) / 2 - size.width / 2, scene, size.width)
  if (sides[name.first] !== 'above') return lower(ground, name, { ...size, x, y: 0 }, form, boxes[name.first]!)
  const isRun = name.kind === 'run'
  const [left, right] = isRun ? [Math.min(x, from.x), Math.max(x + size.width, to.x)] : [x, x + size.width]
  const floor = Math.min(from.y, to.y, ground.columnsAt(left, right - left)) - gap - (isRun ? 3 : 0)
  for (let row = 0, y = floor - size.height; row < rows; row++) {
    const box = { x, y, ...size }
    const foot = ground.columnsAt(from.x - 2, 4) - 2
    const lines: Box[] = isRun
      ? [{ x: from.x, width: Math.max(1, to.x - from.x), y: y + size.height + 2, height: 1 }]
      : row > 0
        ? [{ x: from.x, width: 1, y: y + size.height, height: Math.max(0, foot - y - size.height) }]
        : []
    if (ground.isFree(box) && !lines.some((one) => ground.namesAt(one))) {
      ground.placed.push({ ...box, name, form, lines })
      return true
    }
    y = Math.min(y, ground.rowsAt(left, right - left) - rowGap - size.height - (isRun ? 3 : 0))
  }
  return false
}

/** Of a column under another: close above it, or below it. */
function lower(ground: Ground, name: Name, at: Box, form: Form, column: Box): boolean {
  const places = [column.y - 2 - at.height, ...(ground.scene.sides[name.first] === 'below' ? [column.y + column.height + gap] : [])]
  const y = places.find((place) => ground.isFree({ ...at, y: place }))
  if (y === undefined) return false
  ground.placed.push({ ...at, y, name, form, lines: [] })
  return true
}

/** At the left of an upright network, at the height of its column or a little lower. */
function beside(ground: Ground, name: Name, sizeOf: SizeOf, form: Form): boolean {
  const size = sizeOf(name, form)
  if (!size) return false
  const { scene } = ground
  const [from, to] = [scene.anchors[name.first]!, scene.anchors[name.last]!]
  const x = scene.left + indent
  const wish = Math.min(Math.max((from.y + to.y) / 2 - size.height / 2, scene.top), scene.bottom - size.height)
  for (const shift of [0, 0.25, -0.25, 0.5, -0.5, 0.75, 1, 1.25, 1.5, 2, 2.5, 3]) {
    // Beside each other the columns have one height: there their names stand one below the other.
    if (Math.abs(shift) > 0.5 && scene.anchors.every(({ y }, i) => i === name.first || Math.abs(y - from.y) > 1)) break
    const box = { x, y: wish + shift * size.height, ...size }
    if (!ground.isFree(box)) continue
    const lines = name.kind === 'run' ? [{ x: x - 4, width: 1, y: from.y, height: to.y - from.y }] : []
    ground.placed.push({ ...box, name, form, lines })
    return true
  }
  return false
}

/** Open groups: a line along the columns of each, with its button; groups of one level share a form and a row. False when one finds no room. */
function brackets(ground: Ground, groups: readonly Name[], sizeOf: SizeOf): boolean {
  const levels = Math.max(-1, ...groups.map(({ level }) => level))
  let isWhole = true
  for (let level = 0; level <= levels; level++) {
    const own = groups.filter((group) => group.level === level)
    const tries = (ground.scene.upright ? (['glyph'] as const) : (['full', 'glyph'] as const)).map((form) => {
      const trial = new Ground(ground.scene, ground.placed)
      const base = Math.min(...own.map((group) => baseOf(trial, group, sizeOf(group, form)?.width ?? 0)))
      const fits = own.filter((group) => bracket(trial, group, form, sizeOf, base)).length
      return { trial, fits }
    })
    const best = tries.find(({ fits }) => fits === own.length) ?? tries.at(-1)!
    isWhole &&= best.fits === own.length
    ground.placed.push(...best.trial.placed.slice(ground.placed.length))
  }
  return isWhole
}

function reachOf({ anchors }: Scene, { first, last }: Name) {
  const [from, to] = [anchors[first]!, anchors[last]!]
  return { from, to, left: Math.min(from.x, to.x) - 6, right: Math.max(from.x, to.x) + 6 }
}

/** Above what stands along a group in a lying network. */
function baseOf(ground: Ground, group: Name, width: number): number {
  const { from, to, left, right } = reachOf(ground.scene, group)
  const [x, reach] = [Math.min(left, (left + right - width) / 2), Math.max(right - left, width)]
  return Math.min(ground.columnsAt(x, reach), ground.rowsAt(x, reach), from.y, to.y) - rowGap - 2
}

function bracket(ground: Ground, group: Name, form: Form, sizeOf: SizeOf, base: number): boolean {
  const size = sizeOf(group, form)
  if (!size) return false
  const { scene } = ground
  const { from, to, left, right } = reachOf(scene, group)
  if (!scene.upright) {
    const x = within((left + right - size.width) / 2, scene, size.width)
    const box = { x, y: base - size.height, ...size }
    if (!ground.isFree(box)) return false
    ground.placed.push({ ...box, name: group, form, lines: [{ x: left, width: right - left, y: base, height: 1 }] })
    return true
  }
  const beyond = Math.min(scene.right, ...scene.boxes.map(({ x }) => x))
  const box = { x: beyond - (group.level + 1) * groupWidth, y: (from.y + to.y - size.height) / 2, ...size }
  if (!ground.isFree(box)) return false
  const middle = box.x + size.width / 2
  const lines = [
    { x: middle, width: 1, y: from.y - 4, height: box.y - from.y + 4 },
    { x: middle, width: 1, y: box.y + size.height, height: to.y + 4 - box.y - size.height },
  ].filter(({ height }) => height > 0)
  ground.placed.push({ ...box, name: group, form, lines })
  return true
}

/** Adds the name of the column under the pointer and removes the names that it covers. */
function reveal(ground: Ground, columns: readonly Name[], sizeOf: SizeOf, wanted: Wanted): PlacedName[] {
  const name = wanted === null ? undefined : columns[wanted]
  if (!name || ground.placed.some((placed) => placed.name.kind === 'column' && placed.name.first === wanted)) return ground.placed
  for (const form of forms) {
    const alone = new Ground(ground.scene)
    if (!(ground.scene.upright ? beside : above)(alone, name, sizeOf, form === 'full' && ground.scene.upright ? 'wrapped' : form, 1))
      continue
    const [own] = alone.placed
    const others = ground.placed.filter((other) => !overlaps(wider(other), own!) && !other.lines.some((line) => overlaps(line, own!)))
    return [...others, own!]
  }
  return ground.placed
}

/** How many of `allowance` more CSS pixels above the network the names would use. */
export function missingAbove(names: Names, sizeOf: SizeOf, scene: Scene, allowance: number): number {
  if (scene.upright) return 0
  const placed = placeNames(names, sizeOf, { ...scene, top: scene.top - allowance })
  return Math.max(0, ...placed.map(({ y }) => scene.top - y))
}

const within = (x: number, { left, right }: Scene, width: number): number => Math.max(Math.min(x, right - width), left)

const wider = ({ x, y, width, height }: Box, by = apart): Box => ({ x: x - by, y, width: width + 2 * by, height })

const highest = (boxes: readonly Box[], x: number, width: number): number =>
  boxes.reduce((top, box) => (box.x < x + width && x < box.x + box.width ? Math.min(top, box.y) : top), Infinity)

export const overlaps = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
