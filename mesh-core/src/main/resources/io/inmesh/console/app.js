import { byId, json, setText } from './dom.js';
import * as services from './services.js';
import * as graph from './graph.js';
import * as endpoints from './endpoints.js';
import * as explain from './explain.js';
import * as configuration from './configuration.js';
import * as tail from './tail.js';

const VIEWS = ['services', 'graph', 'endpoints', 'explain', 'configuration', 'tail'];
const POLLED = { graph, endpoints, configuration };
let current = '';

function open(view, focus) {
  current = view;
  for (const name of VIEWS) {
    const tab = byId('tab-' + name);
    const chosen = name === view;
    tab.setAttribute('aria-selected', String(chosen));
    tab.tabIndex = chosen ? 0 : -1;
    byId(name).hidden = !chosen;
    if (chosen && focus) tab.focus();
  }
  byId('tab-' + view).scrollIntoView({ block: 'nearest', inline: 'nearest' });
  // No element's id: a browser would begin there with the next Tab.
  if (location.hash !== '#/' + view) history.replaceState(null, '', '#/' + view);
  if (view === 'tail') tail.shown();
  poll();
}

const asking = new Set();
const silent = new Set();

async function poll() {
  const view = POLLED[current];
  if (!view) showLive();
  if (!view || document.hidden || asking.has(view)) return;
  asking.add(view);
  try {
    await view.refresh();
    silent.delete(view);
  } catch (failure) {
    silent.add(view);
  }
  asking.delete(view);
  showLive();
}

let connection = ['', 'connecting'];

function live(style, words) {
  connection = [style, words];
  showLive();
}

/** The stream may go on where the view that is open gets no answer. */
function showLive() {
  const [style, words] = connection[0] !== 'bad' && silent.has(POLLED[current]) ? ['bad', 'no answer'] : connection;
  byId('live-pill').className = 'pill ' + style;
  setText(byId('live-pill'), words);
}

function showState(state) {
  const pill = byId('rules-pill');
  const others = state.problems - state.errors;
  pill.className = 'pill ' + (state.errors ? 'bad' : others ? 'warn' : 'ok');
  setText(pill, 'rules ' + state.generation + (state.errors ? ' · ' + state.errors + (state.errors === 1 ? ' error' : ' errors')
    : others ? ' · ' + others + (others === 1 ? ' remark' : ' remarks') : ' · in force'));
  if (current === 'configuration') poll();
}

function showServices(document_) {
  const self = document_.self;
  setText(byId('self'), self.name + (self.version ? ' ' + self.version : '') + (self.namespace ? ' in ' + self.namespace : ''));
  document.title = 'InMesh · ' + self.name;
  services.show(document_);
}

let stream = null;
let fallback = 0;

function listen() {
  stream = new EventSource('api/events');
  stream.onopen = () => {
    clearInterval(fallback);
    fallback = 0;
    live('ok', '● live');
  };
  stream.onerror = () => {
    live('bad', 'no connection');
    // A stream may be refused where there are too many; the table goes on by polling.
    if (!fallback) fallback = setInterval(async () => {
      const answered = await json('api/services').then(answer => showServices(answer) || true, () => false);
      // The stream may have been faster.
      if (!fallback) return;
      live(answered ? 'warn' : 'bad', answered ? 'polling' : 'no connection');
      if (stream.readyState === EventSource.CLOSED) listenAgain();
    }, 3000);
  };
  stream.addEventListener('services', event => showServices(JSON.parse(event.data)));
  stream.addEventListener('calls', event => tail.add(JSON.parse(event.data)));
  stream.addEventListener('state', event => showState(JSON.parse(event.data)));
}

let waits = 0;

function listenAgain() {
  if (++waits % 3 === 0) {
    stream.close();
    listen();
  }
}

function start() {
  services.start(service => {
    endpoints.filter(service);
    open('endpoints', true);
  });
  graph.start();
  endpoints.start();
  explain.start();
  tail.start();
  VIEWS.forEach((view, index) => {
    const tab = byId('tab-' + view);
    tab.addEventListener('click', () => open(view, true));
    tab.addEventListener('keydown', event => {
      const to = { ArrowRight: index + 1, ArrowLeft: index - 1, Home: 0, End: VIEWS.length - 1 }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      open(VIEWS[(to + VIEWS.length) % VIEWS.length], true);
    });
  });
  byId('rules-pill').addEventListener('click', () => open('configuration', true));
  const wanted = () => VIEWS.find(view => '#/' + view === location.hash || '#' + view === location.hash);
  window.addEventListener('hashchange', () => {
    if (wanted()) open(wanted());
  });
  document.querySelector('.skip').addEventListener('click', event => {
    event.preventDefault();
    byId('main').focus();
  });
  document.addEventListener('visibilitychange', poll);
  setInterval(poll, 2000);
  open(wanted() || 'services');
  listen();
}

start();
