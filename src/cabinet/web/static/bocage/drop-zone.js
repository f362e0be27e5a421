// Files dropped or chosen, and those of dropped folders, go up one by one, two at a time, each with its progress.
//
// Contract. {% drop_zone form.files url=… list_id="fichiers" %} with <ul class="bo-list bo-panel" id="fichiers"> under it.
// Each file is POSTed alone to `url`, under the field's own name, with the form's CSRF token and the header
// "X-Bocage-Upload: 1". The answer is a fragment: one <li> (or several, for an archive), put in place of the line that
// showed the progress; htmx reads it, so it may poll. An answer 4xx may hold an <li> too: the refusal and its remedy.
// Anything else (network cut, 5xx) writes a line with "Envoyer de nouveau". A large file goes to data-drop-pieces first,
// piece by piece (large-files.js), and the POST names it in the field "envoi" instead of carrying it. When a batch is over the list receives the
// event "bocage:uploaded". Without JavaScript the field is a plain file field of its form, `multiple`, read on POST.
import { LARGE, Refused, sendLarge } from "./large-files.js";

const AT_ONCE = 2;
const SIGN = '<svg class="bo-icon" viewBox="0 0 24 24" width="20" height="20" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="M14 3v4a1 1 0 0 0 1 1h4"/><path d="M17 21h-10a2 2 0 0 1 -2 -2v-14a2 2 0 0 1 2 -2h7l5 5v11a2 2 0 0 1 -2 2"/></svg>';

const size = (bytes) => {
  const [value, unit] = bytes < 1e6 ? [bytes / 1e3, "Ko"] : bytes < 1e9 ? [bytes / 1e6, "Mo"] : [bytes / 1e9, "Go"];
  return `${value.toLocaleString("fr-FR", { maximumFractionDigits: unit === "Ko" ? 0 : 1 })}\u00a0${unit}`.replace("\u202f", "\u00a0");
};

const button = (words, act, kind = "secondary") => {
  const made = document.createElement("button");
  made.type = "button";
  made.className = `bo-btn bo-btn--${kind} bo-btn--small`;
  made.textContent = words;
  made.addEventListener("click", act);
  return made;
};

const line = (file) => {
  const item = document.createElement("li");
  item.innerHTML = `${SIGN}<div><p class="bo-list__title"></p><p class="bo-list__text" data-said></p></div><div class="bo-list__end"></div>
    <div class="bo-list__wide bo-progress bo-progress--compact"><progress class="bo-progress__bar" max="100" value="0"></progress><p class="bo-progress__doing">En attente</p></div>`;
  item.querySelector(".bo-list__title").textContent = file.name;
  item.querySelector("[data-said]").textContent = size(file.size);
  item.querySelector("progress").setAttribute("aria-label", `Envoi de ${file.name}`);
  return item;
};

const settle = (item, html) => {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  const fresh = [...holder.content.children];
  item.replaceWith(...fresh);
  fresh.forEach((node) => window.htmx?.process(node));
};

const fail = (item, words, ...actions) => {
  item.querySelector(".bo-progress").remove();
  item.querySelector("[data-said]").textContent = words;
  item.querySelector(".bo-list__end").replaceChildren(...actions);
};

const post = (url, data, signal, progress) => new Promise((resolve, reject) => {
  const request = new XMLHttpRequest();
  request.open("POST", url);
  request.setRequestHeader("X-Bocage-Upload", "1");
  request.upload.addEventListener("progress", (event) => event.lengthComputable && progress(event.loaded, event.total));
  signal.addEventListener("abort", () => request.abort());
  request.addEventListener("loadend", () => (signal.aborted ? reject(signal.reason) : resolve(request)));
  request.send(data);
});

// What the form is sent with: the file, or the name of the upload that brought it.
const carry = async (zone, field, file, signal, show) => {
  const token = field.form?.elements.csrfmiddlewaretoken?.value ?? "";
  const data = new FormData();
  data.append("csrfmiddlewaretoken", token);
  if (!zone.dataset.dropPieces || file.size <= LARGE) {
    data.append(field.name, file);
    return data;
  }
  const progress = (sent) => show(sent, file.size);
  const waiting = (seconds) => show(null, null, `Connexion perdue, nouvel essai dans ${seconds}\u00a0s`);
  data.append("envoi", await sendLarge(file, { url: zone.dataset.dropPieces, token, signal, progress, waiting }));
  return data;
};

// Resolves with "kept", "lost" or "dropped" (by who sent it).
const send = async (zone, field, file, item) => {
  const stop = new AbortController();
  const bar = item.querySelector("progress");
  const doing = item.querySelector(".bo-progress__doing");
  const show = (sent, total, words) => {
    if (total) bar.value = (100 * sent) / total;
    if (total && sent >= total) item.querySelector(".bo-list__end").replaceChildren(); // too late to take it back
    doing.textContent = words ?? (bar.value < 100 ? `${Math.floor(bar.value)}\u00a0%, envoi` : "Envoyé, vérification");
  };
  const again = () => { const next = line(file); item.replaceWith(next); send(zone, field, file, next); };
  const leave = () => { stop.abort(); item.remove(); };
  item.querySelector(".bo-list__end").replaceChildren(button("Annuler", leave, "link"));
  try {
    const data = await carry(zone, field, file, stop.signal, show);
    const request = await post(zone.dataset.dropUrl, data, stop.signal, data.has("envoi") ? () => {} : show);
    const html = request.responseText.trim();
    if (request.status >= 200 && request.status < 500 && html.startsWith("<li")) {
      settle(item, html);
      return "kept";
    }
    throw new Error(String(request.status));
  } catch (error) {
    if (stop.signal.aborted) return "dropped";
    const large = zone.dataset.dropPieces && file.size > LARGE;
    const resume = [button(large ? "Reprendre l’envoi" : "Envoyer de nouveau", again), button("Retirer", leave, "link")];
    if (error instanceof Refused) fail(item, error.message, button("Retirer", leave, "link"));
    else if (large) fail(item, "L’envoi s’est interrompu\u00a0: ce qui est arrivé est gardé un jour, l’envoi reprendra où il en était.", ...resume);
    else fail(item, "L’envoi s’est interrompu\u00a0: rien n’a été enregistré.", ...resume);
    return "lost";
  }
};

// The files of what was dropped, those of its folders too; hidden ones are left out.
const filesOf = async (entry) => {
  if (/^(\.|__MACOSX$|Thumbs\.db$)/.test(entry.name)) return [];
  if (entry.isFile) return [await new Promise((resolve, reject) => { entry.file(resolve, reject); })];
  const reader = entry.createReader();
  const found = [];
  for (let some = null; !some || some.length; ) { // a hundred at a time, an empty answer at the end
    some = await new Promise((resolve, reject) => { reader.readEntries(resolve, reject); });
    for (const inside of some) found.push(...await filesOf(inside));
  }
  return found;
};

const dropped = async (transfer) => {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  const files = [...transfer.files];
  if (!entries.some((entry) => entry.isDirectory)) return files;
  return (await Promise.all(entries.map(filesOf))).flat();
};

const start = (zone) => {
  const field = zone.querySelector('input[type="file"]');
  const list = document.getElementById(zone.dataset.dropList);
  const status = zone.querySelector("[data-drop-status]");
  if (!field || !list) return;
  const upload = async (files) => {
    const queue = [...files].map((file) => [file, line(file)]);
    queue.forEach(([, item]) => item.querySelector(".bo-list__end").append(button("Annuler", () => item.remove(), "link")));
    const total = queue.length;
    if (!total) return;
    list.append(...queue.map(([, item]) => item));
    status.textContent = total > 1 ? `Envoi de ${total} fichiers.` : "Envoi d’un fichier.";
    const ends = { kept: 0, lost: 0, dropped: 0 };
    const worker = async () => {
      for (let next = queue.shift(); next; next = queue.shift()) {
        if (!next[1].isConnected) continue; // taken back before its turn
        const end = await send(zone, field, ...next); // apart: two workers share the counts
        ends[end] += 1;
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    status.textContent = ends.lost ? `Envoi terminé\u00a0: ${ends.lost} à envoyer de nouveau.` : "Envoi terminé.";
    list.dispatchEvent(new CustomEvent("bocage:uploaded", { bubbles: true, detail: { total, kept: ends.kept } }));
  };
  field.addEventListener("change", () => {
    const files = [...field.files];
    field.value = "";
    upload(files);
  });
  let depth = 0;
  const over = (on) => zone.classList.toggle("bo-drop--over", on);
  zone.addEventListener("dragenter", (event) => { event.preventDefault(); depth += 1; over(true); });
  zone.addEventListener("dragleave", () => { depth -= 1; if (depth <= 0) { depth = 0; over(false); } });
  zone.addEventListener("dragover", (event) => event.preventDefault());
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    depth = 0;
    over(false);
    dropped(event.dataTransfer).then(upload);
  });
};

document.querySelectorAll("[data-drop]").forEach(start);
document.addEventListener("htmx:afterSwap", (event) => (event.detail.target ?? event.target).querySelectorAll("[data-drop]").forEach(start));
