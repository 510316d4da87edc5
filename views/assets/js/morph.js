// Makes one element like another with as few changes as possible: focus, scroll positions and selections stay.
// By the attribute: a form that has a field named "id" answers with that field when it is asked for its id.
const keyOf = (node) => (node.nodeType === Node.ELEMENT_NODE ? node.dataset.key || (node.getAttribute('id') ?? '') : '');
const isLike = (one, other) => one.nodeName === other.nodeName && keyOf(one) === keyOf(other);
/** What the reader did, not the server. */
const isReaders = (element, name) => name === 'open' && (element.nodeName === 'DETAILS' || element.nodeName === 'DIALOG');

const copyAttributes = (live, fresh) => {
  for (const { name } of [...live.attributes]) if (!fresh.hasAttribute(name) && !isReaders(live, name)) live.removeAttribute(name);
  for (const { name, value } of fresh.attributes) if (live.getAttribute(name) !== value && !isReaders(live, name)) live.setAttribute(name, value);
};

/** The node of `live` that becomes `fresh`: with a key the one of that key, else the next one if it is of its kind. */
const matchOf = (fresh, next, keyed) => {
  const key = keyOf(fresh);
  if (key !== '') return keyed.get(key);
  return next !== null && isLike(next, fresh) ? next : undefined;
};

const morphNode = (live, fresh) => {
  if (live.nodeType !== Node.ELEMENT_NODE) {
    if (live.nodeValue !== fresh.nodeValue) live.nodeValue = fresh.nodeValue;
    return;
  }
  // What somebody types into stays as it is.
  if (live === document.activeElement && live.matches('input, select, textarea')) return;
  copyAttributes(live, fresh);
  morphChildren(live, fresh);
};

/**
 * Brings `match` to where `next` is and returns what comes after it. What has the focus is not moved, it would lose it (and
 * a field would report a change that nobody made): what stands before it goes to the end instead, to be found there.
 */
const place = (live, match, next) => {
  if (!match.contains(document.activeElement)) {
    if (match === next) return next.nextSibling;
    live.insertBefore(match, next);
    return next;
  }
  let before = next;
  while (before !== match && before !== null) { const passed = before; before = before.nextSibling; live.append(passed); }
  return match.nextSibling;
};

/** Makes the children of `live` those of `fresh`; these are used up. */
export const morphChildren = (live, fresh) => {
  const wanted = [...fresh.childNodes];
  const wantedKeys = new Set(wanted.map(keyOf));
  const keyed = new Map([...live.childNodes].filter((node) => keyOf(node) !== '').map((node) => [keyOf(node), node]));
  // Rows that are gone go first, so that those that stay need not be moved: moving takes the focus away.
  for (const [key, node] of keyed) if (!wantedKeys.has(key)) { node.remove(); keyed.delete(key); }
  let next = live.firstChild;
  for (const node of wanted) {
    const match = matchOf(node, next, keyed);
    if (match === undefined || !isLike(match, node)) { live.insertBefore(node, next); continue; }
    next = place(live, match, next);
    morphNode(match, node);
  }
  while (next !== null) { const gone = next; next = next.nextSibling; gone.remove(); }
};
