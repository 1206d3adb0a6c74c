import { Table, byId, el, health, json, millis, percent, rate, setText, span } from './dom.js';

const WIDTH = 196;
const ROOM = WIDTH - 15 - 12;
const LINE = 17;
const GAP_X = 150;
const GAP_Y = 26;
let table;
let selected = null;
let drawn = '';

export function start() {
  table = new Table(byId('graph-table'), 'Edges', [
    { title: 'From', value: row => row.from.name, text: row => row.from.name },
    { title: 'To', value: row => row.to.name, signature: row => [row.to.name, row.edge.versions],
      nodes: row => [el('b', null, row.to.name), ' ', ...row.edge.versions.filter(it => it.version).map(it => el('span', { class: 'tag' }, it.version))] },
    { title: 'Calls/s', class: 'num', value: row => row.edge.rps, text: row => rate(row.edge.rps) },
    { title: 'Success', class: 'num', value: row => row.edge.success, signature: row => row.edge.success,
      nodes: row => el('span', { class: 'text-' + health(row.edge.success) }, percent(row.edge.success)) },
    { title: 'p95', class: 'num', value: row => row.edge.p95Ms, text: row => millis(row.edge.p95Ms) },
    { title: 'Retries', class: 'num', value: row => row.edge.retries, text: row => row.edge.retries || 0 },
  ], row => row.from.id + '>' + row.to.id, 'This process has called nothing in the last minute.');
}

export async function refresh() {
  const answer = await json('api/graph');
  const graph = collect(answer.processes);
  setText(byId('graph-hint'), answer.peers.length
    ? 'Calls of this process and of ' + (answer.processes.length - 1) + ' of ' + answer.peers.length + ' peers, ' + span(answer.windowSeconds)
    : 'Calls that this process made, ' + span(answer.windowSeconds) + '. Name other consoles in mesh.console.peers to see more of the mesh.');
  table.show(graph.edges);
  peers(answer.peers);
  const text = JSON.stringify(graph.edges) + window.innerWidth + selected;
  if (text !== drawn) {
    drawn = text;
    draw(graph);
  }
}

/** Processes and what they call; a process and the service in front of it are one node. */
function collect(processes) {
  const nodes = new Map();
  const edges = new Map();
  const node = (given, kind) => {
    if (!nodes.has(given.id)) nodes.set(given.id, { id: given.id, name: given.name, namespace: given.namespace, kind, versions: new Map(), calls: 0, failed: 0 });
    return nodes.get(given.id);
  };
  processes.forEach((process, index) => {
    const from = node(process.self, 'process');
    from.self = from.self || index === 0;
    from.process = true;
    if (process.self.version && !from.versions.has(process.self.version)) from.versions.set(process.self.version, null);
    for (const edge of process.edges) {
      const to = node(edge.to, edge.to.kind);
      const judged = edge.calls - (edge.canceled || 0);
      to.calls += judged;
      to.failed += edge.failed || 0;
      for (const version of edge.versions) {
        if (!version.version) continue;
        const known = to.versions.get(version.version) || { calls: 0, failed: 0 };
        known.calls += version.calls;
        known.failed += version.failed || 0;
        to.versions.set(version.version, known);
      }
      const key = from.id + '>' + to.id;
      const known = edges.get(key);
      // Several processes of one name are several instances of it.
      edges.set(key, { from, to, edge: known ? added(known.edge, edge) : edge });
    }
  });
  return { nodes: [...nodes.values()], edges: [...edges.values()] };
}

function added(one, other) {
  const sum = { ...one };
  for (const figure of ['calls', 'failed', 'canceled', 'rps', 'retries']) sum[figure] = (one[figure] || 0) + (other[figure] || 0);
  const judged = sum.calls - sum.canceled;
  sum.success = judged ? 1 - sum.failed / judged : null;
  for (const figure of ['p50Ms', 'p95Ms', 'p99Ms']) sum[figure] = Math.max(one[figure] || 0, other[figure] || 0) || null;
  const names = new Set(one.versions.map(version => version.version));
  sum.versions = one.versions.concat(other.versions.filter(version => !names.has(version.version)));
  return sum;
}

const success = counted => (counted && counted.calls ? 1 - counted.failed / counted.calls : null);

/** Columns by the longest way from a beginning; within a column near to those that call. */
function layout({ nodes, edges }) {
  const out = new Map(nodes.map(node => [node, []]));
  edges.forEach(edge => out.get(edge.from).push(edge.to));
  const open = new Set();
  const done = new Set();
  const forward = [];
  const visit = node => {
    open.add(node);
    for (const next of out.get(node)) {
      if (open.has(next)) continue;
      forward.push([node, next]);
      if (!done.has(next)) visit(next);
    }
    open.delete(node);
    done.add(node);
  };
  const called = new Set(edges.filter(edge => edge.from !== edge.to).map(edge => edge.to));
  [...nodes.filter(node => !called.has(node)), ...nodes.filter(node => node.self), ...nodes].forEach(node => done.has(node) || visit(node));
  nodes.forEach(node => { node.column = 0; });
  for (let round = 0; round < nodes.length; round++) {
    let changed = false;
    for (const [from, to] of forward) if (to.column <= from.column) { to.column = from.column + 1; changed = true; }
    if (!changed) break;
  }
  const columns = [];
  nodes.forEach(node => (columns[node.column] = columns[node.column] || []).push(node));
  columns.forEach(column => column.sort((a, b) => a.id.localeCompare(b.id)).forEach((node, i) => { node.order = i; }));
  for (const column of columns.slice(1)) {
    for (const node of column) {
      const before = edges.filter(edge => edge.to === node && edge.from.column < node.column).map(edge => edge.from.order / columns[edge.from.column].length);
      node.weight = before.length ? before.reduce((a, b) => a + b, 0) / before.length : 1;
    }
    column.sort((a, b) => a.weight - b.weight || a.order - b.order).forEach((node, i) => { node.order = i; });
  }
  const height = node => 46 + Math.max(node.versions.size, 0) * LINE + (node.versions.size ? 8 : 0);
  const total = column => column.reduce((sum, node) => sum + height(node) + GAP_Y, -GAP_Y);
  const tall = Math.max(150, ...columns.map(total));
  columns.forEach((column, x) => {
    let y = (tall - total(column)) / 2;
    for (const node of column) {
      Object.assign(node, { x: x * (WIDTH + GAP_X), y, height: height(node) });
      y += node.height + GAP_Y;
    }
  });
  return { width: columns.length * (WIDTH + GAP_X) - GAP_X, height: tall };
}

function draw(graph) {
  const box = byId('graph-box');
  if (!graph.edges.length) {
    box.replaceChildren(el('p', { class: 'empty' }, 'No calls in the last minute. The graph shows them as soon as there are some.'));
    return;
  }
  const focused = box.contains(document.activeElement) ? document.activeElement.getAttribute('data-id') : null;
  const size = layout(graph);
  const svg = el('svg', { width: size.width + 24, height: size.height + 24, viewBox: [-12, -12, size.width + 24, size.height + 24].join(' '),
    role: 'group', 'aria-label': 'Graph of calls; the table below says the same' });
  const near = selected && graph.nodes.some(node => node.id === selected)
    ? new Set(graph.edges.filter(edge => edge.from.id === selected || edge.to.id === selected).flatMap(edge => [edge.from.id, edge.to.id]).concat(selected)) : null;
  const labels = [];
  graph.edges.forEach(edge => svg.append(flow(edge, labels, near && edge.from.id !== selected && edge.to.id !== selected)));
  graph.nodes.forEach(node => svg.append(shape(node, near && !near.has(node.id))));
  svg.append(...labels);
  box.replaceChildren(svg);
  if (focused) box.querySelector('[data-id="' + CSS.escape(focused) + '"]')?.focus();
}

function flow({ from, to, edge }, labels, faint) {
  const back = to.column <= from.column;
  const x1 = from.x + WIDTH;
  const y1 = from.y + from.height / 2;
  const x2 = back ? to.x + WIDTH : to.x;
  const y2 = to.y + to.height / 2;
  const bend = back ? 90 : Math.max(40, (x2 - x1) / 2);
  const path = `M${x1} ${y1} C${x1 + bend} ${y1} ${x2 + (back ? bend : -bend)} ${y2} ${x2} ${y2}`;
  const style = health(edge.success) + (faint ? ' faint' : '');
  const width = Math.min(9, 1.6 + Math.log2(1 + edge.rps) * 1.1);
  // Near its end, where edges from one node have parted.
  const at = back ? 0.5 : 0.6;
  const [lx, ly] = point(at, [x1, y1], [x1 + bend, y1], [x2 + (back ? bend : -bend), y2], [x2, y2]);
  const text = rate(edge.rps) + '/s' + (edge.success === null || edge.success === undefined || edge.success === 1 ? '' : ' · ' + percent(edge.success));
  const wide = text.length * 6.3 + 14;
  labels.push(el('g', { class: 'edge-label' + (faint ? ' faint' : ''), 'aria-hidden': 'true' },
    el('rect', { x: lx - wide / 2, y: ly - 10, width: wide, height: 20, rx: 10 }),
    el('text', { x: lx, y: ly + 4, 'text-anchor': 'middle' }, text)));
  return el('g', null,
    el('path', { class: 'flow ' + style, d: path, 'stroke-width': width, 'stroke-opacity': .35 }),
    edge.rps > 0 ? el('path', { class: 'flow moving ' + style, d: path, 'stroke-width': Math.max(2, width / 2) }) : null,
    el('title', null, from.name + ' to ' + to.name + ': ' + text + ', p95 ' + millis(edge.p95Ms)));
}

function point(t, ...points) {
  while (points.length > 1) {
    points = points.slice(1).map((next, i) => [points[i][0] + (next[0] - points[i][0]) * t, points[i][1] + (next[1] - points[i][1]) * t]);
  }
  return points[0];
}

/** Sizes and weights of style.css. */
const FONTS = { title: '650 14px ', sub: '11.5px ', version: '13px ' };
const pen = document.createElement('canvas').getContext('2d');

function lengthOf(text, font) {
  pen.font = FONTS[font] + getComputedStyle(document.body).fontFamily;
  return pen.measureText(text).width;
}

/** As much of a text as there is room for. */
function cut(text, font, room) {
  if (lengthOf(text, font) <= room) return text;
  let length = text.length - 1;
  while (length > 1 && lengthOf(text.slice(0, length) + '…', font) > room) length--;
  return text.slice(0, length) + '…';
}

function shape(node, faint) {
  const style = health(success(node));
  const versions = [...node.versions.entries()].sort(([a], [b]) => a.localeCompare(b));
  const calls = versions.reduce((sum, [, counted]) => sum + (counted ? counted.calls : 0), 0);
  const under = node.self ? 'this process' : node.process ? 'process' : ({ outside: 'outside of the mesh', mesh: 'answered by the mesh' })[node.kind] || node.namespace;
  const pick = () => { selected = selected === node.id ? null : node.id; refresh(); };
  return el('g', {
    class: ['node', style, node.self ? 'self' : '', selected === node.id ? 'marked' : '', faint ? 'faint' : ''].join(' '),
    transform: `translate(${node.x} ${node.y})`, tabindex: 0, role: 'button', 'data-id': node.id, 'aria-pressed': selected === node.id,
    'aria-label': node.name + ', ' + under + (node.calls ? ', success ' + percent(success(node)) : '') + '. Shows only its own edges.',
    onclick: pick, onkeydown: event => { if (event.key === 'Enter' || event.key === ' ') { event.preventDefault(); pick(); } },
  },
  el('rect', { class: 'box', width: WIDTH, height: node.height, rx: 10 }),
  el('rect', { class: 'edge-bar', x: 0, y: 9, width: 4, height: node.height - 18, rx: 2 }),
  el('title', null, node.name + (node.namespace ? ' in ' + node.namespace : '')),
  el('text', { class: 'title', x: 15, y: 21 }, cut(node.name, 'title', ROOM)),
  el('text', { class: 'sub', x: 15, y: 37 }, cut(under || '', 'sub', ROOM)),
  versions.map(([version, counted], i) => {
    const figures = !counted ? ''
      : (calls ? Math.round((counted.calls / calls) * 100) + ' %' : '') + (counted.failed ? ', ' + counted.failed + ' failed' : '');
    return [
      el('text', { x: 15, y: 58 + i * LINE }, cut(version, 'version', ROOM - (figures ? lengthOf(figures, 'sub') + 8 : 0)), el('title', null, version)),
      figures ? el('text', { class: 'sub', x: WIDTH - 12, y: 58 + i * LINE, 'text-anchor': 'end' }, figures) : null,
    ];
  }));
}

function peers(list) {
  byId('graph-peers').replaceChildren(...(list.length ? [el('div', { class: 'card' }, el('h3', null, 'Peers'), el('div', { class: 'table-in' },
    el('table', { 'aria-label': 'Peers' }, el('tbody', null, list.map(peer => el('tr', null,
      el('td', { class: 'mono wrap' }, peer.uri), el('td', null, peer.name || '–'),
      el('td', { class: 'wrap' }, el('span', { class: 'state ' + (peer.reachable ? 'ok' : 'bad') }, peer.reachable ? 'answers' : 'no answer'),
        peer.error ? el('span', { class: 'reason' }, peer.error) : null)))))))] : []));
}
