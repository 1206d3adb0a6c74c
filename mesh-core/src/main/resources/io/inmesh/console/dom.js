// Elements, texts and figures. Whatever comes from the mesh goes in as text, never as markup.
const SVG = 'http://www.w3.org/2000/svg';
const SHAPES = new Set(['svg', 'g', 'rect', 'path', 'text', 'circle', 'title']);

export function el(tag, attributes, ...children) {
  const shape = SHAPES.has(tag);
  const made = shape ? document.createElementNS(SVG, tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name === 'onclick' || name === 'onkeydown' || name === 'onfocus' || name === 'onblur' || name === 'onmouseenter' || name === 'onmouseleave') {
      made.addEventListener(name.slice(2), value);
    } else if (name === 'width%') {
      made.style.width = value + '%';
    } else {
      made.setAttribute(name, String(value));
    }
  }
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    made.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return made;
}

export const byId = id => document.getElementById(id);

export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

export function rate(value) {
  if (!value) return '0';
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

export function percent(share) {
  if (share === null || share === undefined) return '–';
  const value = share * 100;
  if (value === 100 || value === 0) return value + ' %';
  return Math.min(99.99, value).toFixed(value >= 99.9 ? 2 : 1) + ' %';
}

export function millis(value) {
  if (value === null || value === undefined) return '–';
  if (value < 1) return '< 1 ms';
  if (value < 1000) return (value < 10 ? value.toFixed(1) : value.toFixed(0)) + ' ms';
  return (value / 1000).toFixed(value < 10000 ? 2 : 1) + ' s';
}

/** The colour of a share of successes: as Kiali's, degraded from 0.1 % of failures, failing from 20 %. */
export function health(success) {
  if (success === null || success === undefined) return 'idle';
  const failures = 1 - success;
  return failures >= 0.2 ? 'bad' : failures >= 0.001 ? 'warn' : 'ok';
}

export const stateClass = state =>
  ({ ok: 'ok', degraded: 'warn', failing: 'bad', down: 'bad' })[state] || 'idle';

export function stateBadge(state, reason) {
  return [
    el('span', { class: 'state ' + stateClass(state) }, state),
    reason ? el('span', { class: 'reason' }, reason) : null,
  ];
}

export function spark(calls, failed) {
  const most = Math.max(1, ...calls);
  const svg = el('svg', { class: 'spark wide-only', width: 78, height: 20, viewBox: '0 0 78 20', 'aria-hidden': 'true' });
  calls.forEach((count, i) => {
    const high = count === 0 ? 0 : Math.max(1.5, (count / most) * 19);
    const bad = count === 0 ? 0 : high * (failed[i] / count);
    if (high > 0) svg.append(el('rect', { class: 'all', x: i * 6, y: 20 - high, width: 4.6, height: high, rx: 1 }));
    if (bad > 0) svg.append(el('rect', { class: 'failed', x: i * 6, y: 20 - bad, width: 4.6, height: bad, rx: 1 }));
  });
  return svg;
}

/** What figures are of, as a window says it. */
export const span = seconds => 'last ' + (seconds < 58 ? Math.round(seconds) + ' s' : 'minute');

/** A document. Answers that are none fail, and those that take too long; a refusal is one only with the status that is asked for. */
export async function json(path, refusal = 0) {
  const answer = await fetch(path, { headers: { Accept: 'application/json' }, cache: 'no-store', signal: AbortSignal.timeout(10000) });
  if (!answer.ok && answer.status !== refusal) throw new Error('status ' + answer.status);
  return answer.json();
}

/**
 * A table that keeps its rows, so that focus and selection stay while figures change. A column has a title, what it shows of a row
 * (a text, or nodes), and, to be sorted by, a value.
 */
export class Table {
  constructor(place, caption, columns, key, empty) {
    Object.assign(this, { columns, key, empty });
    this.rows = new Map();
    this.sorted = null;
    this.heads = columns.map((column, index) => {
      const head = el('th', { scope: 'col', class: (column.class || '').replace('mono', '').trim() || null });
      if (column.value) {
        head.append(el('button', { type: 'button', onclick: () => this.sortBy(index) }, column.title));
      } else {
        head.append(column.title);
      }
      return head;
    });
    this.body = el('tbody');
    this.none = el('tbody', null, el('tr', null, el('td', { class: 'empty', colspan: columns.length }, empty)));
    this.table = el('table', { 'aria-label': caption }, el('thead', null, el('tr', null, this.heads)), this.body);
    place.replaceChildren(this.table);
  }

  sortBy(index) {
    const column = this.columns[index];
    const again = this.sorted && this.sorted.index === index;
    const down = again ? !this.sorted.down : column.class === 'num' || (column.class || '').startsWith('num');
    this.sorted = { index, down };
    this.heads.forEach((head, i) => {
      if (i === index) head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
      else head.removeAttribute('aria-sort');
    });
    if (this.shown) this.show(this.shown);
  }

  show(rows) {
    this.shown = rows;
    let ordered = rows;
    if (this.sorted) {
      const value = this.columns[this.sorted.index].value;
      const sign = this.sorted.down ? -1 : 1;
      ordered = [...rows].sort((a, b) => {
        const [x, y] = [value(a), value(b)];
        if (x === y) return 0;
        if (x === null || x === undefined) return 1;
        if (y === null || y === undefined) return -1;
        return (x < y ? -1 : 1) * sign;
      });
    }
    const kept = new Map();
    let before = null;
    for (const row of ordered) {
      const id = this.key(row);
      const known = this.rows.get(id) || this.makeRow();
      this.fill(known, row);
      const wanted = before ? before.nextSibling : this.body.firstChild;
      if (known.tr !== wanted) this.body.insertBefore(known.tr, wanted);
      before = known.tr;
      kept.set(id, known);
    }
    for (const [id, known] of this.rows) if (!kept.has(id)) known.tr.remove();
    this.rows = kept;
    const empty = ordered.length === 0;
    if (empty && !this.none.parentNode) this.table.append(this.none);
    if (!empty && this.none.parentNode) this.none.remove();
  }

  makeRow() {
    const cells = this.columns.map(column => el('td', { class: column.class }));
    return { tr: el('tr', null, cells), cells, signatures: [] };
  }

  fill(known, row) {
    this.columns.forEach((column, i) => {
      if (column.nodes) {
        const signature = JSON.stringify(column.signature(row));
        if (known.signatures[i] !== signature) {
          known.signatures[i] = signature;
          known.cells[i].replaceChildren(...[column.nodes(row)].flat().filter(Boolean));
        }
      } else {
        setText(known.cells[i], String(column.text(row)));
      }
    });
  }
}
