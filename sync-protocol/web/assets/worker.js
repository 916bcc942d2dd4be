// The worker that owns the tablet's database. It hands the page's questions to the app, and carries
// the app's requests to the server; what is said and when is decided in there.
import init, { open } from "./tablet.js";

// A line that says nothing for this long is gone.
const PATIENCE_MS = 60_000;
// Smaller bodies do not get smaller by packing.
const PACK_FROM_BYTES = 1024;

// A page that was just left holds the files until its worker has ended, which it does by itself.
const HELD_TRIES = 60;
const HELD_PAUSE_MS = 250;

const ready = init().then(opened);
let isTalking = false;
let alarm;

onmessage = async ({ data }) => {
  try {
    const tablet = await ready;
    const answer = JSON.parse(tablet.answer(JSON.stringify(data)));
    postMessage({ number: data.number, ...answer });
    if (answer.talk) talk(tablet);
  } catch (error) {
    fail(error);
  }
};

ready.then(talk, fail);

async function opened() {
  for (let left = HELD_TRIES; ; left -= 1) {
    try {
      return await open(location.origin);
    } catch (error) {
      if (!left || !String(error).includes("NoModificationAllowedError")) throw error;
      postMessage({ held: true });
      await new Promise((done) => setTimeout(done, HELD_PAUSE_MS));
    }
  }
}

// Holds the conversation with the server until the app has nothing more to ask.
async function talk(tablet) {
  if (isTalking) return;
  isTalking = true;
  clearTimeout(alarm);
  try {
    for (let asked; (asked = tablet.next_request()); ) {
      tell(tablet);
      const request = JSON.parse(asked);
      try {
        const { status, retryAfter, etag, body } = await carry(request);
        tablet.take_answer(status, retryAfter, etag, body);
      } catch (error) {
        tablet.take_silence(error.name === "TimeoutError");
      }
    }
    tell(tablet);
    alarm = setTimeout(() => talk(tablet), tablet.pause_ms());
  } catch (error) {
    fail(error);
  } finally {
    isTalking = false;
  }
}

async function carry({ method, path, token, etag, body }) {
  const headers = { Accept: "application/json" };
  if (token) headers.Authorization = `Bearer ${token}`;
  if (etag) headers["If-None-Match"] = etag;
  if (body) headers["Content-Type"] = "application/json";
  if (body && body.length >= PACK_FROM_BYTES) {
    headers["Content-Encoding"] = "gzip";
    body = await new Response(new Blob([body]).stream().pipeThrough(new CompressionStream("gzip"))).blob();
  }
  const signal = AbortSignal.timeout(PATIENCE_MS);
  // A redirect is a login page, never our server.
  const reply = await fetch(path, { method, headers, body, signal, redirect: "error", cache: "no-store", credentials: "omit" });
  return {
    status: reply.status,
    retryAfter: Number(reply.headers.get("Retry-After")) || undefined,
    etag: reply.headers.get("ETag") ?? undefined,
    body: new Uint8Array(await reply.arrayBuffer()),
  };
}

// What changed while nobody asked.
function tell(tablet) {
  postMessage({ news: JSON.parse(tablet.news()) });
}

function fail(error) {
  postMessage({ failed: String(error?.message ?? error) });
}
