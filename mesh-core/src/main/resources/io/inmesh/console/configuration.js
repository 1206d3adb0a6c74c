import { byId, el, json, setText } from './dom.js';

let drawn = '';

export async function refresh() {
  const answer = await json('api/configuration');
  setText(byId('configuration-hint'), 'Generation ' + answer.generation
    + (answer.publishedAt ? ', in force since ' + new Date(answer.publishedAt).toLocaleString() : ''));
  const text = JSON.stringify(answer);
  if (text === drawn) return;
  drawn = text;
  const errors = answer.problems.filter(problem => problem.severity === 'error');
  byId('configuration-body').replaceChildren(...[
    summary(answer, errors),
    ...answer.problems.map(problem),
    ...answer.changes.map(change),
    sources(answer.sources),
    routes(answer.routes),
  ].filter(Boolean));
}

function summary(answer, errors) {
  const words = errors.length
    ? ['bad', errors.length + (errors.length === 1 ? ' error' : ' errors') + '; the last good rules are in force where there were some']
    : answer.problems.length ? ['warn', 'All rules are in force; ' + answer.problems.length + (answer.problems.length === 1 ? ' remark' : ' remarks')]
      : ['ok', 'All rules are in force, nothing is wrong with them'];
  return el('div', { class: 'card verdict', role: 'status' }, el('span', { class: 'state ' + words[0] }, words[1]),
    el('span', { class: 'dim small' }, answer.files.length + (answer.files.length === 1 ? ' file' : ' files')));
}

function problem(given) {
  const place = given.line ? given.source + ':' + given.line + (given.column ? ':' + given.column : '') : given.source;
  return el('article', { class: 'card problem ' + given.severity },
    el('div', null, el('span', { class: 'state ' + ({ error: 'bad', warning: 'warn' }[given.severity] || 'idle') }, given.severity), ' ',
      el('span', { class: 'place' }, place)),
    el('p', null, given.path ? el('code', null, given.path + ': ') : null, el('b', null, given.message)),
    given.fix ? el('p', null, 'What to do: ' + given.fix) : null,
    el('p', { class: 'dim small' }, [given.object, given.check].filter(Boolean).join(' · ')),
    given.excerpt.length ? el('pre', { class: 'code', tabindex: 0, 'aria-label': 'Lines of ' + given.source },
      given.excerpt.map(line => el('span', { class: line.line === given.line ? 'hit' : null },
        el('span', { class: 'nr' }, line.line), line.text))) : null);
}

function change(given) {
  return el('article', { class: 'card' },
    el('h3', null, 'Not in force: ', el('span', { class: 'place' }, given.file), ' compared with its last good state'),
    el('pre', { class: 'code', tabindex: 0, 'aria-label': 'Changes of ' + given.file },
      given.lines.map(line => el('span', { class: line.kind },
        el('span', { class: 'nr' }, line.kind === 'gap' ? '' : line.kind === 'removed' ? line.before : line.after),
        line.kind === 'gap' ? '⋯' : ({ added: '+ ', removed: '- ' }[line.kind] || '  ') + line.text))));
}

function sources(list) {
  return el('div', { class: 'card' }, el('h3', null, 'Sources'), el('div', { class: 'table-in' }, el('table', null,
    el('thead', null, el('tr', null, ['Source', 'Tells of', 'State', 'Heard at'].map(title => el('th', { scope: 'col' }, title)))),
    el('tbody', null, list.map(source => el('tr', null,
      el('td', { class: 'mono wrap' }, source.name),
      el('td', null, source.kind === 'config' ? 'rules' : source.kind),
      el('td', null, el('span', { class: 'state ' + (source.current ? 'ok' : 'bad') }, source.current ? 'current' : 'not current')),
      el('td', { class: 'dim' }, source.updatedAt ? new Date(source.updatedAt).toLocaleString() : '–')))))));
}

function routes(list) {
  if (!list.length) return null;
  return el('details', { class: 'card' }, el('summary', null, 'Rules in force (' + list.length + (list.length === 1 ? ' host)' : ' hosts)')),
    list.map(host => el('div', null, el('p', { class: 'place' }, host.host),
      el('ol', { class: 'why mono' }, host.routes.map(route => el('li', null, route))))));
}
