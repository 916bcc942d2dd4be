// Starts the app without a network: the files of one version are fetched together and kept
// together. A newer version waits until the person takes it or all windows are closed.
const VERSION = "VERSION_OF_THE_APP";
const FILES = ["FILES_OF_THE_APP"];

// The shell is served as the folder itself.
const addresses = FILES.map((name) => (name === "index.html" ? "./" : name));

addEventListener("install", (event) => {
  const fetched = addresses.map((address) => new Request(address, { cache: "no-cache" }));
  event.waitUntil(caches.open(VERSION).then((cache) => cache.addAll(fetched)));
});

addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const old = (await caches.keys()).filter((name) => name !== VERSION);
    await Promise.all(old.map((name) => caches.delete(name)));
    await clients.claim();
  })());
});

addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  const scope = new URL(registration.scope);
  const isOurs = url.origin === scope.origin && url.pathname.startsWith(scope.pathname);
  if (event.request.method !== "GET" || !isOurs) return;
  const wanted = event.request.mode === "navigate" ? scope.href : url.origin + url.pathname;
  event.respondWith((async () => {
    const kept = await (await caches.open(VERSION)).match(wanted);
    return kept ?? fetch(event.request);
  })());
});

addEventListener("message", (event) => {
  if (event.data === "take over") skipWaiting();
});
