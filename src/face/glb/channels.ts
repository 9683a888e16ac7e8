import { SimroomError } from '../../core/errors';
import { ARKIT_NAMES, SHAPES } from '../names';
import { shapeOf } from '../sources/spelling';
import type { Gltf } from './document';
import { EXPRESSION_NAMES, expressionOf, raisedBy, type Drive } from './expressions';
import { countAt, isObject, numberAt, objectAt, textAt, type Json } from './json';
import { MOST, shown, tooMuch } from './limits';

/** Something that a file's head can do, and what of ours drives it. */
export interface Channel {
  /** ARKit's name, or VRM's for an expression. */
  readonly name: string;
  readonly drive: Drive;
}

/** A morph target that takes part in a channel. */
export interface Bind {
  readonly mesh: number;
  readonly target: number;
  readonly channel: number;
  /** Of the target, when the channel is at 1. */
  readonly scale: number;
}

export interface Channels {
  readonly channels: readonly Channel[];
  readonly binds: readonly Bind[];
  /** Names of morph targets that drive nothing. */
  readonly unused: readonly string[];
}

/** An expression of a VRM, or a morph target: both have a name and targets. */
interface Candidate {
  readonly name: string;
  readonly targets: readonly Omit<Bind, 'channel'>[];
}

/** Names that are listed where none is known. */
const LISTED = 16;

/**
 * Finds out what the morph targets of a file are for: by ARKit's names in any spelling, then by the expressions of a VRM.
 * An expression is left out where ARKit's own shapes do what it stands for.
 *
 * @throws SimroomError `head-without-shapes`
 */
export function readChannels(gltf: Gltf): Channels {
  const targets = namedTargets(gltf);
  const expressions = [...vrm0Expressions(gltf), ...vrm1Expressions(gltf)];
  if (expressions.length > MOST.expressions)
    throw tooMuch(expressions.length, MOST.expressions, 'expressions');

  const byName = new Map<string, { drive: Drive; binds: Omit<Bind, 'channel'>[] }>();
  const used = new Set<Candidate>();
  const take = (candidate: Candidate, name: string, drive: Drive, whole: boolean): void => {
    used.add(candidate);
    const channel = byName.get(name) ?? { drive, binds: [] };
    byName.set(name, channel);
    for (const bind of candidate.targets) {
      // Of two targets of a mesh by one name the first counts; an expression has several on purpose.
      if (!whole && channel.binds.some(({ mesh }) => mesh === bind.mesh)) continue;
      channel.binds.push(bind);
    }
  };

  for (const target of targets) {
    const shape = shapeOf(target.name);
    const name = ARKIT_NAMES[shape];
    if (name !== undefined) take(target, name, [[shape, 1]], false);
  }
  const covered = new Set([...byName.values()].flatMap(({ drive }) => raisedBy(drive)));
  for (const expression of expressions) {
    const shape = shapeOf(expression.name);
    const name = ARKIT_NAMES[shape];
    if (name === undefined || covered.has(shape)) continue;
    take(expression, name, [[shape, 1]], true);
    covered.add(shape);
  }
  // Those for one shape first: they are better than those for several, say a blink of both eyes.
  const ordered = [...expressions, ...targets].flatMap((candidate) => {
    const known = used.has(candidate) ? null : expressionOf(candidate.name);
    return known ? [{ candidate, ...known, raised: raisedBy(known.drive) }] : [];
  });
  ordered.sort((a, b) => a.raised.length - b.raised.length);
  /** Whether a name stands for an expression, whose targets belong together. */
  const taken = new Map<string, boolean>();
  for (const { candidate, name, drive, raised } of ordered) {
    const whole = expressions.includes(candidate);
    const before = taken.get(name);
    // Targets by one name on several meshes are one channel.
    if (before === undefined ? raised.some((shape) => covered.has(shape)) : before || whole) continue;
    taken.set(name, whole);
    take(candidate, name, drive, whole);
    if (raised.length === 1) for (const shape of raised) covered.add(shape);
  }

  const channels: Channel[] = [];
  const binds: Bind[] = [];
  for (const [name, { drive, binds: all }] of byName) {
    const of = all.filter((bind) => pointsSomewhere(gltf, bind));
    if (of.length === 0) continue;
    for (const bind of of) binds.push({ ...bind, channel: channels.length });
    channels.push({ name, drive });
  }
  const unused = targets.filter((target) => !used.has(target)).map(({ name }) => shown(name));
  if (channels.length === 0) throw shapeless(targets.length, unused);
  return { channels, binds, unused };
}

function namedTargets(gltf: Gltf): readonly Candidate[] {
  return gltf.meshes.flatMap(({ targetNames, primitives }, mesh) => {
    const count = primitives.reduce((most, { targets }) => Math.max(most, targets.length), 0);
    return targetNames
      .slice(0, count)
      .map((name, target): Candidate => ({ name, targets: [{ mesh, target, scale: 1 }] }));
  });
}

/** VRM 0: groups of binds by mesh, weights in percent. */
function vrm0Expressions(gltf: Gltf): readonly Candidate[] {
  const groups = objectAt(objectAt(objectAt(gltf.json, 'extensions'), 'VRM'), 'blendShapeMaster')[
    'blendShapeGroups'
  ];
  return (Array.isArray(groups) ? groups.filter(isObject) : []).map((group): Candidate => {
    const preset = textAt(group, 'presetName');
    return {
      name: preset === null || preset === 'unknown' ? (textAt(group, 'name') ?? '') : preset,
      targets: entries(group['binds']).map((bind) => ({
        mesh: countAt(bind, 'mesh'),
        target: countAt(bind, 'index'),
        scale: share(numberAt(bind, 'weight', 100) / 100),
      })),
    };
  });
}

/** VRM 1: binds by node, weights from 0 to 1. */
function vrm1Expressions(gltf: Gltf): readonly Candidate[] {
  const expressions = objectAt(objectAt(objectAt(gltf.json, 'extensions'), 'VRMC_vrm'), 'expressions');
  return ['preset', 'custom'].flatMap((kind) =>
    Object.entries(objectAt(expressions, kind)).flatMap(([name, expression]): Candidate[] => {
      if (!isObject(expression)) return [];
      const targets = entries(expression['morphTargetBinds']).map((bind) => ({
        mesh: gltf.nodes[countAt(bind, 'node')]?.mesh ?? -1,
        target: countAt(bind, 'index'),
        scale: share(numberAt(bind, 'weight', 1)),
      }));
      return [{ name, targets }];
    }),
  );
}

function entries(list: unknown): readonly Json[] {
  if (!Array.isArray(list)) return [];
  if (list.length > MOST.targets) throw tooMuch(list.length, MOST.targets, 'morph targets in one expression');
  return list.filter(isObject);
}

/** Expressions may speak of targets that an author has removed since. */
function pointsSomewhere(gltf: Gltf, { mesh, target }: Omit<Bind, 'channel'>): boolean {
  return gltf.meshes[mesh]?.primitives.some(({ targets }) => target < targets.length) === true;
}

function share(weight: number): number {
  return Math.min(1, Math.max(0, weight));
}

/** What there is, and what is looked for. */
function shapeless(targets: number, unused: readonly string[]): SimroomError {
  const named = unused.filter((name) => name !== '');
  const has =
    targets === 0 && named.length === 0
      ? 'no named morph targets (shape keys)'
      : `${targets} morph targets, none of them known: ${named.slice(0, LISTED).join(', ')}${named.length > LISTED ? ', ...' : ''}`;
  return new SimroomError(
    'head-without-shapes',
    `This head cannot move: it has ${has}. Give it morph targets by ARKit's ${SHAPES} names (jawOpen, eyeBlinkLeft, ` +
      `mouthSmileLeft, ...) or VRM expressions (${EXPRESSION_NAMES.slice(0, 8).join(', ')}, ...), and export it again with them.`,
  );
}
