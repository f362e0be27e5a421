// A large file goes up in pieces: a cut connection loses one piece at most, and the same file dropped again goes on from
// where it was. What the server answers is said in cabinet/web/large_files/views.py.
export const LARGE = 8 * 1024 * 1024;

// Seconds before each new try; any piece that passes starts them again. Then it is for a person to say.
const WAITS = [1, 2, 4, 8, 15, 30, 30, 30];

export class Refused extends Error {}

const ask = (method, url, { token, body, place, signal, progress }) => new Promise((resolve, reject) => {
  const request = new XMLHttpRequest();
  request.open(method, url);
  request.responseType = "json";
  request.setRequestHeader("X-CSRFToken", token);
  if (place !== undefined) {
    request.setRequestHeader("Upload-Offset", place);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.addEventListener("progress", (event) => progress(place + event.loaded));
  }
  const stop = () => request.abort();
  signal.addEventListener("abort", stop);
  request.addEventListener("loadend", () => {
    signal.removeEventListener("abort", stop);
    if (signal.aborted) reject(signal.reason);
    else resolve({ status: request.status, said: request.response ?? {} });
  });
  request.send(body);
});

const wait = (seconds, signal) => new Promise((resolve, reject) => {
  const timer = setTimeout(done, seconds * 1000);
  function done() {
    clearTimeout(timer);
    removeEventListener("online", done);
    if (signal.aborted) reject(signal.reason);
    else resolve();
  }
  addEventListener("online", done);
  signal.addEventListener("abort", done, { once: true });
});

const open = (file, url, token, signal) => {
  const body = new FormData();
  body.append("name", file.name);
  body.append("size", file.size);
  body.append("modified", file.lastModified);
  return ask("POST", url, { token, body, signal });
};

const giveUp = (url, token) => fetch(url, { method: "DELETE", headers: { "X-CSRFToken": token } }).catch(() => {});

// The upload's name, once the server has every byte. Rejects with Refused (its words), with the signal's reason, or with an
// Error when two minutes of tries have brought nothing.
export const sendLarge = async (file, { url, token, signal, progress, waiting }) => {
  let upload = null;
  signal.addEventListener("abort", () => { if (upload) giveUp(upload.url, token); }, { once: true });
  for (let tries = 0; ;) {
    const place = upload?.received;
    const body = upload && file.slice(place, place + upload.piece);
    const { status, said } = await (upload ? ask("PATCH", upload.url, { token, body, place, signal, progress }) : open(file, url, token, signal));
    if (status === 413) throw new Refused(`${said.message} ${said.remedy}`);
    if (status === 200 || status === 409) {
      if (upload && said.received > place) tries = 0;
      upload = said;
      progress(upload.received);
      if (upload.received >= file.size) return upload.id;
    } else if (status === 404) {
      upload = null; // it was forgotten: from the beginning
    }
    if (status === 200) continue;
    if (tries >= WAITS.length || (status >= 400 && status < 500 && status !== 404 && status !== 409)) throw new Error(String(status));
    waiting(WAITS[tries]);
    await wait(status === 409 ? 0 : WAITS[tries], signal);
    tries += 1;
  }
};
