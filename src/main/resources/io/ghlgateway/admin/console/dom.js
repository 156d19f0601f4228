// Small means to keep the page true to the data: a node stays the same node as long as what it shows is the same thing, so
// that focus, selection and a screen reader's place survive an update a second.

const SVG = 'http://www.w3.org/2000/svg';

export const byId = (id) => document.getElementById(id);

/** An element; properties are set as such, those with a dash or of SVG as attributes. Text is text, never markup. */
export function el(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes('-') || name === 'role' || name === 'scope') {
      node.setAttribute(name, value);
    } else {
      node[name] = value;
    }
  }
  node.append(...children);
  return node;
}

export function svg(tag, attributes = {}) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) {
    node.setAttribute(name, value);
  }
  return node;
}

/** Sets a property where it differs: an unchanged page costs nothing, and nothing is announced twice. */
export function set(node, property, value) {
  if (node[property] !== value) {
    node[property] = value;
  }
}

export function text(node, value) {
  set(node, 'textContent', value);
}

export function attribute(node, name, value) {
  if (node.getAttribute(name) !== String(value)) {
    node.setAttribute(name, value);
  }
}

/** Makes the container's children those of the items, in order; those that stay are the same nodes as before. */
export function keyed(container, items, keyOf, make, update) {
  const known = new Map();
  for (const child of container.children) {
    known.set(child.dataset.key, child);
  }
  const kept = new Set();
  let place = container.firstElementChild;
  for (const item of items) {
    const key = keyOf(item);
    let node = known.get(key);
    known.delete(key); // of two items of one key the second gets a node of its own
    if (!node) {
      node = make(item);
      node.dataset.key = key;
    }
    update(node, item);
    kept.add(node);
    if (node === place) {
      place = place.nextElementSibling;
    } else {
      container.insertBefore(node, place);
    }
  }
  [...container.children].filter((node) => !kept.has(node)).forEach((node) => node.remove());
}

/** A table's row with as many cells as names; the names are shown where there is no room for a head. */
export function row(names) {
  // Said outright, for a row that is laid out as a card is no row to browsers any more.
  return el('tr', { role: 'row' }, ...names.map((name, i) => {
    const cell = i === 0 ? el('th', { scope: 'row', role: 'rowheader' }) : el('td', { role: 'cell' });
    if (name) {
      cell.dataset.label = name;
    }
    return cell;
  }));
}

export function badge(kind, words) {
  return el('span', { className: `badge ${kind}` }, words);
}

/** A bar that says in words what it shows. */
export function bar(label) {
  const fill = el('span', { className: 'fill' });
  const track = el('div', { className: 'track', role: 'meter', 'aria-label': label, 'aria-valuemin': '0', 'aria-valuemax': '100' }, fill);
  const words = el('p', { className: 'words', 'aria-hidden': 'true' });
  const node = el('div', { className: 'bar-box' }, track, words);
  node.show = (part, said, kind = '') => {
    const percent = Math.round(100 * Math.max(0, Math.min(1, part)));
    attribute(track, 'aria-valuenow', percent);
    attribute(track, 'aria-valuetext', said);
    set(fill.style, 'width', `${percent}%`);
    set(track, 'className', `track ${kind}`);
    text(words, said);
  };
  return node;
}
