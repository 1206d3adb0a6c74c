import { byId, el, json } from './dom.js';

const WORDS = {
  forward: ['ok', 'Forwarded'], redirect: ['idle', 'Redirected by the mesh'], direct_response: ['idle', 'Answered by the mesh'],
  fault_abort: ['warn', 'Aborted by an injected fault'], no_route: ['bad', 'No route matches'], no_cluster: ['bad', 'Destination not known'],
  refused: ['bad', 'Refused'], no_endpoints: ['bad', 'No endpoint to use'], passthrough: ['idle', 'Passed through, as if there were no mesh'],
  blocked: ['bad', 'Blocked'], error: ['bad', 'Cannot be read'],
};

export function start() {
  byId('explain-form').addEventListener('submit', event => {
    event.preventDefault();
    ask();
  });
  // As in other forms of tools like this one: Ctrl+Enter from within the text area.
  byId('explain-headers').addEventListener('keydown', event => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) ask();
  });
}

let asked = 0;

async function ask() {
  const number = ++asked;
  const query = new URLSearchParams();
  query.set('method', byId('explain-method').value);
  query.set('url', byId('explain-url').value);
  for (const line of byId('explain-headers').value.split('\n')) if (line.trim()) query.append('header', line.trim());
  let result;
  try {
    result = draw(await json('api/explain?' + query, 400));
  } catch (failure) {
    result = [el('div', { class: 'card', role: 'alert' }, 'The console does not answer: ' + failure.message)];
  }
  if (number === asked) byId('explain-result').replaceChildren(...result);
}

function draw(answer) {
  if (answer.error) {
    return [el('div', { class: 'card problem error', role: 'alert' }, el('b', null, 'This request cannot be read'), el('p', null, answer.error))];
  }
  const [style, words] = WORDS[answer.decision] || ['idle', answer.decision];
  return [
    el('div', { class: 'card verdict', id: 'explain-verdict' },
      el('span', { class: 'state ' + style }, words),
      el('span', { class: 'big' }, answer.cluster || answer.location || (answer.status ? 'status ' + answer.status : answer.authority || '')),
      answer.virtualService ? el('span', { class: 'dim' }, 'by ' + answer.virtualService + (answer.route ? ', route ' + answer.route : '')) : null),
    el('div', { class: 'columns' },
      card('Routes tried, in order', routes(answer.routes)),
      card('Why', el('ol', { class: 'why' }, answer.why.map(line => el('li', null, line)))),
      answer.candidates.length > 1 ? card('Destinations', candidates(answer.candidates)) : null,
      answer.endpoints.length ? card('Endpoints', endpoints(answer.endpoints)) : null,
      answer.limits.length ? card('Limits of the destination', limits(answer.limits)) : null,
      card('What would be sent', facts(answer)),
      policies(answer)),
  ];
}

const card = (title, ...content) => el('div', { class: 'card' }, el('h3', null, title), content);

function routes(verdicts) {
  if (!verdicts.length) return el('p', { class: 'dim' }, 'No rule concerns the host.');
  return el('ul', { class: 'routes', id: 'explain-routes' }, verdicts.map(verdict => el('li', null,
    el('span', { class: 'mark ' + (verdict.matched ? 'text-ok' : 'dim'), 'aria-hidden': 'true' }, verdict.matched ? '✓' : '✗'),
    el('span', null,
      el('b', null, verdict.name || 'route without a name'),
      verdict.matched ? ' ' : ' does not match: ', verdict.reason,
      el('span', { class: 'ns mono' }, verdict.origin)))));
}

function candidates(list) {
  const total = list.reduce((sum, candidate) => sum + candidate.weight, 0);
  return el('div', { class: 'table-in' }, el('table', null, el('tbody', null, list.map(candidate => el('tr', null,
    el('td', { class: 'wrap' }, candidate.chosen ? el('b', null, candidate.cluster) : candidate.cluster),
    el('td', { class: 'num' }, total ? Math.round((candidate.weight / total) * 1000) / 10 + ' %' : '–'),
    el('td', null, candidate.chosen ? el('span', { class: 'state ok' }, 'drawn this time') : ''))))));
}

function endpoints(list) {
  return el('div', { class: 'table-in' }, el('table', { id: 'explain-endpoints' },
    el('thead', null, el('tr', null, ['Address', 'Version', 'State', 'In flight'].map(title => el('th', { scope: 'col' }, title)))),
    el('tbody', null, list.map(endpoint => el('tr', null,
      el('td', { class: 'mono' }, endpoint.address),
      el('td', null, endpoint.labels.version || '–'),
      el('td', { class: 'wrap' }, el('span', { class: endpoint.used ? 'text-ok' : 'text-bad' }, endpoint.state)),
      el('td', { class: 'num' }, endpoint.inFlight))))));
}

function limits(list) {
  return el('div', { class: 'table-in' }, el('table', { id: 'explain-limits' },
    el('thead', null, el('tr', null, ['Limit', 'In use', 'Most', 'Set by'].map(title => el('th', { scope: 'col' }, title)))),
    el('tbody', null, list.map(limit => el('tr', null,
      el('td', null, limit.limit),
      el('td', { class: 'num' }, el('span', { class: limit.inUse >= limit.most ? 'text-bad' : '' }, limit.inUse)),
      el('td', { class: 'num' }, limit.most),
      el('td', { class: 'mono wrap' }, limit.field))))));
}

function list(pairs) {
  return el('dl', null, pairs.filter(([, value]) => value !== null && value !== undefined && value !== '')
    .map(([name, value]) => [el('dt', null, name), el('dd', null, value)]));
}

function headers(map) {
  const lines = Object.entries(map).flatMap(([name, values]) => values.map(value => el('div', { class: 'mono' }, name + ': ' + value)));
  return lines.length ? el('div', null, lines) : null;
}

function facts(answer) {
  return list([
    ['Host', answer.authority], ['Path', answer.path], ['Status', answer.status || null], ['Location', answer.location], ['Body', answer.body],
    ['Place of the route', answer.routeOrigin],
    ['Timeout', answer.timeoutMs === null ? 'none' : answer.timeoutMs + ' ms'],
    ['Retries', retries(answer.retries)],
    ['Fault', answer.fault && (answer.fault.delayMs || answer.fault.abortStatus)
      ? [answer.fault.delayMs ? 'delay of ' + answer.fault.delayMs + ' ms' : '', answer.fault.abortStatus ? 'abort with ' + answer.fault.abortStatus : ''].filter(Boolean).join(', ') : null],
    ['Mirrors', answer.mirrors.join(', ')],
    ['Headers', headers(answer.requestHeaders)], ['Response headers', headers(answer.responseHeaders)],
  ]);
}

function retries(given) {
  if (!given) return null;
  const not = Object.entries(given.notInForce).map(([name, value]) => name + ': ' + value).join(', ');
  return (given.attempts ? given.attempts + ' on ' + given.on.join(', ') : 'none') + (not ? ' (without effect: ' + not + ')' : '');
}

function policies(answer) {
  const plain = Object.entries(answer.policies);
  if (!plain.length && !answer.clusterPolicy.length) return null;
  return card('Policies of the destination', list(plain), answer.clusterPolicy.map(block => el('div', null,
    el('p', null, el('b', null, block.name), ' ',
      block.inForce ? el('span', { class: 'state ok' }, 'in force: ' + block.inForce) : el('span', { class: 'state warn' }, 'without effect')),
    list(Object.entries(block.asked)))));
}
