// Reads what `--cpu-prof` wrote: where the time of the counted moments went.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const topMax = 30;
const placesMax = 12;
const spellsMax = 8;
const functionsOfSpellMax = 8;
const notWork = new Set(['(idle)', '(root)']);

/** A file as the eye wants it: `undici/lib/dispatcher/client-h1.js`, `src/proxy/relay.js`, `node:net`. */
const shortUrl = (url) =>
  url
    .replace(/^file:\/\//, '')
    .replace(/^.*\/node_modules\//, '')
    .replace(/^.*\/dist\//, '');

/** The part of the program that a function belongs to. */
const placeOf = (url) => {
  if (url === '') return 'native code, garbage collection, kernel';
  const short = shortUrl(url);
  if (short.startsWith('node:')) return 'node: itself';
  const [first, second] = short.split('/');
  return first === 'src' || first.startsWith('@') ? `${first}/${second}` : first;
};

const addTo = (sums, key, us) => sums.set(key, (sums.get(key) ?? 0) + us);

const largest = (sums, total, count) =>
  [...sums]
    .sort(([, a], [, b]) => b - a)
    .slice(0, count)
    .map(([name, us]) => ({ name, us, share: us / total }));

/** Self time by function and by place, of the samples between `begin` and `end` (µs, monotonic clock); idle time excluded. */
export const selfTimes = (profile, { begin, end }) => {
  const frames = new Map(profile.nodes.map(({ id, callFrame }) => [id, callFrame]));
  const byFunction = new Map();
  const byPlace = new Map();
  let at = profile.startTime;
  let total = 0;
  profile.samples.forEach((id, index) => {
    const us = profile.timeDeltas[index];
    at += us;
    const { functionName, url } = frames.get(id);
    if (at < begin || at > end || notWork.has(functionName)) return;
    total += us;
    addTo(byPlace, placeOf(url), us);
    addTo(byFunction, nameOf(frames.get(id)), us);
  });
  return { totalUs: total, functions: largest(byFunction, total, topMax), places: largest(byPlace, total, placesMax) };
};

const nameOf = ({ functionName, url, lineNumber }) => (url === '' ? functionName : `${functionName || '(anonymous)'}  ${shortUrl(url)}:${lineNumber + 1}`);

/** The longest times between `begin` and `end` in which a thread never waited for anything, and the functions that took most of each. */
export const longestSpells = (profile, { begin, end }) => {
  const frames = new Map(profile.nodes.map(({ id, callFrame }) => [id, callFrame]));
  const spells = [];
  let at = profile.startTime;
  let spell;
  profile.samples.forEach((id, index) => {
    const us = profile.timeDeltas[index];
    at += us;
    const frame = frames.get(id);
    if (at < begin || at > end || frame.functionName === '(idle)') {
      spell = undefined;
      return;
    }
    if (spell === undefined) spells.push((spell = { us: 0, functions: new Map() }));
    spell.us += us;
    addTo(spell.functions, nameOf(frame), us);
  });
  return spells
    .sort((a, b) => b.us - a.us)
    .slice(0, spellsMax)
    .map(({ us, functions }) => ({ us, functions: largest(functions, us, functionsOfSpellMax) }));
};

/** The longest spells of the thread that relays. */
export const readSpells = (folder, windowUs) => {
  const file = readdirSync(folder).find((name) => name.endsWith('.cpuprofile') && name.split('.')[4] === '0');
  if (file === undefined) throw new Error(`expected a profile of the main thread in ${folder}`);
  return { file, spells: longestSpells(JSON.parse(readFileSync(join(folder, file), 'utf8')), windowUs) };
};

/** The threads of one process; `CPU.<date>.<time>.<pid>.<thread>.<number>.cpuprofile`, thread 0 being the main one. */
export const readProfiles = (folder, windowUs) =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.cpuprofile'))
    .sort()
    .map((file) => ({
      thread: Number(file.split('.')[4]),
      file,
      ...selfTimes(JSON.parse(readFileSync(join(folder, file), 'utf8')), windowUs),
    }))
    .filter(({ totalUs }) => totalUs > 0);
