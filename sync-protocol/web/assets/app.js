// The page: shows the screens that the worker answers with, and hands on what is tapped and typed.
// Every screen has an address after the #, so that the tablet's back button works.
const app = document.getElementById("app");
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
let worker;
let number = 0;
const waiting = new Map();
let isLeaving = false;
// What was shown last: the same again is left alone, with whatever a finger is on.
const last = {};
// How far Hari ini was read: whoever comes back from a child goes on there.
const isList = () => location.hash.length < 3;
let listTop = 0;

navigator.locks.request("timbang", { ifAvailable: true }, (lock) => {
  if (!lock) return showPlain("Timbang sudah terbuka di tab lain.", "Pakai tab itu, atau tutup lalu muat ulang halaman ini.");
  start();
  return new Promise(() => {});
});

function start() {
  worker = new Worker("worker.js", { type: "module" });
  worker.onmessage = ({ data }) => {
    if (data.failed) return fail(data.failed);
    if (data.held) return showWait();
    if (data.news) return showNews(data.news);
    waiting.get(data.number)?.(data);
    waiting.delete(data.number);
  };
  worker.onerror = (event) => fail(event.message);
  history.scrollRestoration = "manual";
  addEventListener("scroll", () => { if (isList()) listTop = scrollY; }, { passive: true });
  addEventListener("hashchange", show);
  addEventListener("online", () => ask({ wake: true }));
  document.addEventListener("submit", submit);
  document.addEventListener("input", live);
  document.addEventListener("change", live);
  document.addEventListener("click", click);
  show();
  tellFacts();
  keepOffline();
}

// Asks the worker for a screen, or sends it a form.
function ask(question) {
  number += 1;
  const answer = new Promise((done) => waiting.set(number, done));
  worker.postMessage({ number, path: location.hash.slice(1), fields: [], ...question });
  return answer;
}

const fieldsOf = (form, button) => [...new FormData(form, button)].map(([name, value]) => [name, String(value)]);

async function show() {
  render(await ask({}));
}

// The same screen again, where what it shows has changed: nothing moves under the reader.
async function renew() {
  const search = app.querySelector("form[data-live=only]");
  if (search) return follow(search);
  const path = location.hash;
  const answer = await ask({});
  if (location.hash === path && answer.html !== last.html) put(answer);
}

function render(answer) {
  if (answer.file) save(answer.file);
  if (answer.refused) return refuse(answer.refused);
  if (answer.go) {
    // The screen that was left has no place in the way back.
    history.replaceState(null, "", answer.go);
    return show();
  }
  if (answer.html === undefined) return;
  put(answer);
  const first = app.querySelector("[data-look]") ?? app.querySelector("[aria-invalid=true], [role=alert], h1");
  first?.setAttribute("tabindex", first.tabIndex < 0 ? "-1" : first.tabIndex);
  scrollTo(0, isList() ? listTop : 0);
  first?.focus({ preventScroll: first.tagName === "H1" });
}

// Nothing was saved, so the form stays as it is.
function refuse(why) {
  app.querySelector("[role=alert]")?.remove();
  app.querySelector("h1").insertAdjacentHTML("afterend", why);
  scrollTo(0, 0);
}

function put({ html, title }) {
  app.innerHTML = last.html = html;
  last.strip = last.sync = undefined;
  document.title = `${title} · Timbang`;
  document.body.dataset.screen = title;
}

async function submit(event) {
  event.preventDefault();
  const form = event.target;
  if (form.dataset.live === "only") return;
  const button = event.submitter;
  if (button) button.disabled = true;
  if (form.dataset.ask === "persist") {
    // The first run stays on its own screen until the worker begins.
    history.replaceState(null, "", form.getAttribute("action"));
    await tellFacts(true);
  }
  const path = form.getAttribute("action")?.slice(1) ?? location.hash.slice(1);
  render(await ask({ path, fields: fieldsOf(form, button), sent: true }));
  if (button?.isConnected) button.disabled = false;
}

// While somebody types, the part of the form that tells what it means follows.
let typing = 0;
function live(event) {
  const form = event.target.form;
  if (form?.dataset.live) follow(form);
}

async function follow(form) {
  const turn = (typing += 1);
  const { part } = await ask({ fields: fieldsOf(form), live: true });
  const shown = document.getElementById("live");
  if (part !== undefined && shown && turn === typing) shown.innerHTML = part;
}

function click(event) {
  if (event.target.id === "update-now") takeUpdate();
  if (event.target.dataset?.reload !== undefined) location.reload();
  if (event.target.dataset?.aside) saveAside(event.target.dataset.aside).catch((error) => refuse(notSaved(error)));
}

function showNews(news) {
  const strip = document.getElementById("strip");
  if (strip && news.strip !== last.strip) strip.outerHTML = last.strip = news.strip;
  const part = document.getElementById("sync");
  if (part && news.sync !== last.sync) part.innerHTML = last.sync = news.sync;
  const isTyping = document.querySelector("form[method=post] :is(input, select, textarea)");
  if (news.renew && !isTyping) renew();
}

// A damaged database and its journal, out of the slots that SQLite's files lie in: the name first, the
// file from 4096 on.
async function saveAside(name) {
  const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle("timbang");
  const slots = await folder.getDirectoryHandle(".opaque");
  let isFound = false;
  for await (const slot of slots.values()) {
    const file = await slot.getFile();
    const called = await nameIn(file);
    // SQLite adds to a name what the file is to it: its journal, for one.
    if (called.replace(/-[a-z]+$/, "") !== name) continue;
    isFound ||= called === name;
    download(called, file.slice(4096));
  }
  if (!isFound) throw new Error(name);
}

// A snapshot is void once its file is written to: such a file is one in use, and none that was set aside.
async function nameIn(file) {
  try {
    return (await file.slice(0, 512).text()).split("\0")[0];
  } catch (error) {
    if (error.name === "NotReadableError") return "";
    throw error;
  }
}

const notSaved = (error) => {
  const told = document.createElement("p");
  told.className = "notice wrong";
  told.setAttribute("role", "alert");
  told.textContent = `Berkas tidak dapat disimpan. Beri tahu penyelia, dan jangan hapus data browser. (${error.message})`;
  return told.outerHTML;
};

// A file for somebody to carry.
function save({ name, text }) {
  download(name, new Blob([text], { type: "application/json" }));
}

function download(name, content) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  wait(60_000).then(() => URL.revokeObjectURL(link.href));
}

// What only the page can find out: whether the browser promises to keep the data, and how much room.
async function tellFacts(isAsked = false) {
  const kept = isAsked ? await navigator.storage.persist() : await navigator.storage.persisted();
  const { usage = 0, quota = 0 } = await navigator.storage.estimate();
  await ask({ facts: { persisted: kept, used_bytes: usage, free_bytes: Math.max(0, quota - usage) } });
}

// A server with a certificate that is not trusted gives no service worker; the app works all the same.
async function keepOffline() {
  try {
    const registration = await navigator.serviceWorker.register("sw.js", { updateViaCache: "none" });
    const offer = () => { document.getElementById("update").hidden = !(registration.waiting && navigator.serviceWorker.controller); };
    registration.addEventListener("updatefound", () => registration.installing.addEventListener("statechange", offer));
    offer();
    document.addEventListener("visibilitychange", () => lookForUpdate(registration));
    await navigator.serviceWorker.ready;
    await ask({ facts: { offline: true } });
  } catch {
    await ask({ facts: { offline: false } });
  }
}

// An app that stays open for days starts never: it looks for a newer one when it is taken up again.
let looked = Date.now();
function lookForUpdate(registration) {
  if (document.hidden || Date.now() - looked < 3_600_000) return;
  looked = Date.now();
  // Without a signal there is none; the next look finds it.
  registration.update().catch(() => {});
}

async function takeUpdate() {
  const registration = await navigator.serviceWorker.getRegistration();
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload());
  registration?.waiting?.postMessage("take over");
}

addEventListener("pagehide", () => { isLeaving = true; });

function fail(reason) {
  if (isLeaving) return;
  worker.terminate();
  showPlain("Aplikasi berhenti.", "Yang sudah tersimpan tetap ada. Muat ulang untuk melanjutkan.", reason);
}

// The screen that every start begins with, and what it waits for.
function showWait() {
  app.querySelector("main p:not(.brand)").textContent = "Menunggu halaman Timbang yang baru saja ditutup …";
}

function showPlain(title, advice, reason = "") {
  app.innerHTML = '<main class="bare"><p class="brand">Timbang</p><h1></h1><p></p><p><button type="button" data-reload>Muat ulang</button></p><p class="soft"></p></main>';
  app.querySelector("h1").textContent = title;
  app.querySelectorAll("p")[1].textContent = advice;
  app.querySelectorAll("p")[3].textContent = reason;
}
