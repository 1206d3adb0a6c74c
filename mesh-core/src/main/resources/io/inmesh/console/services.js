import { Table, byId, el, health, millis, percent, rate, setText, span, spark, stateBadge, stateClass } from './dom.js';

const ORDER = { down: 0, failing: 1, degraded: 2, ok: 3, idle: 4 };
const KINDS = { mesh: 'answered or refused by the mesh', outside: 'outside of the mesh' };
let table;
let latest = [];

export function start(showEndpoints) {
  table = new Table(byId('services-table'), 'Services', [
    {
      title: 'State', value: row => ORDER[row.state], signature: row => [row.state, row.reason],
      nodes: row => stateBadge(row.state, row.state === 'ok' || row.state === 'idle' ? '' : row.reason),
    },
    {
      title: 'Service', value: row => row.name, signature: row => [row.service, row.kind],
      nodes: row => [
        el('button', { type: 'button', class: 'name', title: row.service, onclick: () => showEndpoints(row.service) }, row.name),
        el('span', { class: 'ns' }, KINDS[row.kind] || row.namespace || row.service),
      ],
    },
    {
      title: 'Success', class: 'num', value: row => row.success, signature: row => row.success,
      nodes: row => [
        el('span', { class: 'text-' + health(row.success) }, percent(row.success)),
        row.success === null ? null
          : el('span', { class: 'meter wide-only ' + health(row.success), 'aria-hidden': 'true' }, el('i', { 'width%': row.success * 100 })),
      ],
    },
    {
      title: 'Calls/s', class: 'num', value: row => row.rps, signature: row => [row.rps, row.series, row.failedSeries],
      nodes: row => [rateNode(row), spark(row.series, row.failedSeries)],
    },
    { title: 'p50', class: 'num', value: row => row.p50Ms, text: row => millis(row.p50Ms) },
    { title: 'p95', class: 'num', value: row => row.p95Ms, text: row => millis(row.p95Ms) },
    { title: 'p99', class: 'num', value: row => row.p99Ms, text: row => millis(row.p99Ms) },
    { title: 'Retries', class: 'num', value: row => row.retries, text: row => row.retries },
    { title: 'In flight', class: 'num wide-only', value: row => row.inFlight, text: row => row.inFlight },
    {
      title: 'Limits', class: 'num', value: row => (row.limits.length ? share(tightest(row)) : null),
      signature: row => [row.limits, row.overflows], nodes: limits,
    },
    {
      title: 'Healthy', class: 'num', value: row => (row.total ? row.healthy / row.total : null),
      signature: row => [row.healthy, row.total],
      nodes: row => el('span', { class: row.healthy < row.total ? 'text-' + (row.healthy ? 'warn' : 'bad') : '' },
        row.kind === 'service' ? row.healthy + ' / ' + row.total : '–'),
    },
  ], row => row.kind + row.service, 'No service is known yet. Services appear once rules, discovery or calls name them.');
  byId('services-filter').addEventListener('input', draw);
}

// A limit of 0 is one that nothing may use.
const share = limit => (limit.most ? limit.inUse / limit.most : 1);

const tightest = row => row.limits.reduce((a, b) => (share(b) > share(a) ? b : a));

function limits(row) {
  const keptOut = row.overflows ? el('span', { class: 'ns text-bad' }, row.overflows + ' kept out') : null;
  if (!row.limits.length) return keptOut || '–';
  const limit = tightest(row);
  const all = row.limits.map(one => (one.subset ? one.subset + ' ' : '') + ':' + one.port + ' ' + one.limit + ' ' + one.inUse + ' of ' + one.most + ' (' + one.field + ')');
  return [
    el('span', { class: share(limit) >= 1 ? 'text-bad' : share(limit) >= 0.8 ? 'text-warn' : '', title: all.join('\n') },
      limit.inUse + ' / ' + limit.most + ' ' + limit.limit),
    keptOut,
  ];
}

const rateNode = row => el('span', null, rate(row.rps));

export function show(document) {
  latest = [...document.services].sort((a, b) => (b.calls > 0) - (a.calls > 0) || a.service.localeCompare(b.service));
  const time = span(document.windowSeconds);
  setText(byId('window'), time);
  draw();
  tiles(document.services, time);
}

function draw() {
  const wanted = byId('services-filter').value.trim().toLowerCase();
  table.show(latest.filter(row => row.service.toLowerCase().includes(wanted)));
}

let tileNodes = null;

function tiles(rows, time) {
  const judged = rows.reduce((sum, row) => sum + row.calls - row.canceled, 0);
  const failed = rows.reduce((sum, row) => sum + row.failed, 0);
  const success = judged ? 1 - failed / judged : null;
  const wrong = rows.filter(row => stateClass(row.state) === 'bad' || stateClass(row.state) === 'warn').length;
  const figures = [
    ['calls per second', rate(rows.reduce((sum, row) => sum + row.rps, 0)), ''],
    ['success', percent(success), 'text-' + health(success)],
    ['in flight', String(rows.reduce((sum, row) => sum + row.inFlight, 0)), ''],
    ['retries, ' + time, String(rows.reduce((sum, row) => sum + row.retries, 0)), ''],
    [wrong === 1 ? 'service that needs a look' : 'services that need a look', String(wrong), wrong ? 'text-warn' : 'text-ok'],
  ];
  if (!tileNodes) {
    tileNodes = figures.map(() => [el('b'), el('span')]);
    byId('tiles').replaceChildren(...tileNodes.map(pair => el('div', { class: 'tile' }, pair)));
  }
  figures.forEach(([label, value, style], i) => {
    setText(tileNodes[i][0], value);
    tileNodes[i][0].className = style;
    setText(tileNodes[i][1], label);
  });
}
