import { byId, el, millis, setText } from './dom.js';

const MOST = 300;
let entries = [];
let paused = false;
let held = [];
let missed = 0;
let body;
let started = '';
let newest = -1;

export function start() {
  body = el('tbody');
  const heads = [['Time'], ['Status'], ['Method'], ['Host and path'], ['Went to'], ['Rule', 'wide-only'], ['Took', 'num'], ['Attempts', 'num']];
  byId('tail-table').replaceChildren(el('table', { 'aria-label': 'Calls' },
    el('thead', null, el('tr', null, heads.map(([title, style]) => el('th', { scope: 'col', class: style }, title)))), body));
  byId('tail-filter').addEventListener('input', draw);
  byId('tail-failures').addEventListener('change', draw);
  byId('tail-pause').addEventListener('click', () => {
    paused = !paused;
    byId('tail-pause').setAttribute('aria-pressed', String(paused));
    setText(byId('tail-pause'), paused ? 'Resume' : 'Pause');
    if (!paused) {
      entries = entries.concat(held).slice(-MOST);
      held = [];
      draw();
    }
  });
  byId('tail-clear').addEventListener('click', () => {
    entries = [];
    held = [];
    missed = 0;
    draw();
  });
  draw();
}

/** The stream begins with calls that were told already when it was away; in a process that was started again numbers begin at 0. */
export function add(document) {
  if (document.started !== started) newest = -1;
  started = document.started;
  // What ended while the stream was away, or faster than it goes.
  missed += newest < 0 || !document.calls.length ? document.missed : Math.max(0, document.calls[0].number - newest - 1);
  const fresh = document.calls.filter(call => call.number > newest);
  if (fresh.length) newest = fresh[fresh.length - 1].number;
  if (paused) {
    missed += Math.max(0, held.length + fresh.length - MOST);
    held = held.concat(fresh).slice(-MOST);
    return;
  }
  entries = entries.concat(fresh).slice(-MOST);
  draw();
}

const failed = call => Boolean(call.flag) || call.status >= 500;

function wanted(call) {
  if (byId('tail-failures').checked && !failed(call)) return false;
  const text = byId('tail-filter').value.trim().toLowerCase();
  return !text || [call.status, call.flag, call.method, call.authority + call.path, call.service, call.endpoint, call.version, call.rule, call.route]
    .join(' ').toLowerCase().includes(text);
}

function draw() {
  if (byId('tail').hidden) return;
  setText(byId('tail-missed'), missed ? missed + (missed === 1 ? ' call' : ' calls') + ' went by too fast to be shown' : '');
  const rows = entries.filter(wanted).reverse().map(row);
  body.replaceChildren(...(rows.length ? rows
    : [el('tr', null, el('td', { class: 'empty', colspan: 8 }, 'No calls yet. Those that end from now on are shown here.'))]));
}

export const shown = draw;

function row(call) {
  const bad = failed(call);
  const style = bad ? 'bad' : call.status >= 400 ? 'warn' : 'ok';
  const rule = [call.rule, call.route].filter(Boolean).join(' · ');
  return el('tr', { class: bad ? 'call-bad' : null },
    el('td', { class: 'mono' }, new Date(call.at).toLocaleTimeString([], { hour12: false }) + '.' + call.at.replace(/^[^.]*\.?/, "").replace("Z", "").slice(0, 3).padEnd(3, "0")),
    el('td', null,
      el('b', { class: 'text-' + style }, call.status || '–'),
      call.flag ? el('span', { class: 'tag', title: call.flagText }, call.flag) : null),
    el('td', null, call.method),
    el('td', { class: 'mono wrap' }, call.authority + call.path, call.query ? el('span', { class: 'dim', title: 'the query is not shown' }, '?…') : null),
    el('td', null, call.endpoint
      ? [el('span', { class: 'mono' }, call.endpoint), ' ', call.version ? el('span', { class: 'tag' }, call.version) : null]
      : el('span', { class: 'dim' }, call.flagText || 'its own address')),
    el('td', { class: 'dim small wide-only' }, rule || '–'),
    el('td', { class: 'num' }, millis(call.ms)),
    el('td', { class: 'num' }, call.attempts));
}
