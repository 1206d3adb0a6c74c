import { Table, byId, el, health, json, millis, percent, rate } from './dom.js';

let table;
let latest = [];

export function start() {
  table = new Table(byId('endpoints-table'), 'Endpoints', [
    {
      title: 'Service', value: row => row.service + row.port, signature: row => [row.service, row.port],
      nodes: row => [el('b', { title: row.service }, row.name + ':' + row.port), el('span', { class: 'ns' }, row.namespace)],
    },
    { title: 'Address', class: 'mono', value: row => row.address, text: row => row.address },
    {
      title: 'Version', value: row => row.version, signature: row => [row.version, row.subsets, row.labels],
      nodes: row => [
        row.version ? el('span', { class: 'tag', title: labels(row) }, row.version) : el('span', { class: 'dim', title: labels(row) }, '–'),
        ...row.subsets.filter(subset => subset !== row.version).map(subset => el('span', { class: 'tag dim' }, 'subset ' + subset)),
      ],
    },
    {
      title: 'State', value: row => (row.used ? 1 : 0) + row.state, signature: row => [row.state, row.used],
      nodes: row => state(row),
    },
    { title: 'Locality', class: 'wide-only', value: row => row.locality, text: row => row.locality || '–' },
    { title: 'Weight', class: 'num wide-only', value: row => row.weight, text: row => row.weight },
    { title: 'In flight', class: 'num', value: row => row.inFlight, text: row => row.inFlight },
    { title: 'Attempts/s', class: 'num', value: row => row.rps, text: row => rate(row.rps) },
    {
      title: 'Success', class: 'num', value: row => row.success, signature: row => row.success,
      nodes: row => el('span', { class: 'text-' + health(row.success) }, percent(row.success)),
    },
    { title: 'p95', class: 'num', value: row => row.p95Ms, text: row => millis(row.p95Ms) },
  ], row => row.service + '|' + row.port + '|' + row.address, 'No endpoint is known, or none matches the filter.');
  byId('endpoints-filter').addEventListener('input', draw);
}

const labels = row => Object.entries(row.labels).map(([name, value]) => name + '=' + value).join(', ');

function state(row) {
  const comma = row.state.indexOf(', ');
  const word = comma < 0 ? row.state : row.state.slice(0, comma);
  const style = !row.used ? (word === 'ready' && !row.ejections.length ? 'idle' : 'bad') : row.state === 'ready' ? 'ok' : 'warn';
  return [
    el('span', { class: 'state ' + style }, word),
    comma < 0 ? null : el('span', { class: 'reason' }, row.state.slice(comma + 2)),
  ];
}

export async function refresh() {
  latest = (await json('api/endpoints')).endpoints;
  draw();
}

export function filter(text) {
  byId('endpoints-filter').value = text;
  draw();
}

function draw() {
  const wanted = byId('endpoints-filter').value.trim().toLowerCase();
  table.show(latest.filter(row =>
    [row.service, row.address, row.version, row.state, ...row.subsets].join(' ').toLowerCase().includes(wanted)));
}
