// Files dropped or chosen go up one by one, two at a time, each with its progress.
//
// Contract. {% drop_zone form.files url=… list_id="fichiers" %} with <ul class="bo-list bo-panel" id="fichiers"> under it.
// Each file is POSTed alone to `url`, under the field's own name, with the form's CSRF token and the header
// "X-Bocage-Upload: 1". The answer is a fragment: one <li> (or several, for an archive), put in place of the line that
// showed the progress; htmx reads it, so it may poll. An answer 4xx may hold an <li> too: the refusal and its remedy.
// Anything else (network cut, 5xx) writes a line with "Envoyer de nouveau". When a batch is over the list receives the
// event "bocage:uploaded". Without JavaScript the field is a plain file field of its form, `multiple`, read on POST.
const AT_ONCE = 2;
const SIGN = '<svg class="bo-icon" viewBox="0 0 24 24" width="20" height="20" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="M14 3v4a1 1 0 0 0 1 1h4"/><path d="M17 21h-10a2 2 0 0 1 -2 -2v-14a2 2 0 0 1 2 -2h7l5 5v11a2 2 0 0 1 -2 2"/></svg>';

const size = (bytes) => {
  const [value, unit] = bytes < 1e6 ? [bytes / 1e3, "Ko"] : bytes < 1e9 ? [bytes / 1e6, "Mo"] : [bytes / 1e9, "Go"];
  return `${value.toLocaleString("fr-FR", { maximumFractionDigits: unit === "Ko" ? 0 : 1 })}\u00a0${unit}`.replace("\u202f", "\u00a0");
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

const fail = (item, again) => {
  item.querySelector(".bo-progress").remove();
  item.querySelector("[data-said]").textContent = "L’envoi s’est interrompu\u00a0: rien n’a été enregistré.";
  const retry = document.createElement("button");
  retry.type = "button";
  retry.className = "bo-btn bo-btn--secondary bo-btn--small";
  retry.textContent = "Envoyer de nouveau";
  retry.addEventListener("click", again);
  item.querySelector(".bo-list__end").append(retry);
};

const send = (zone, field, file, item) => new Promise((done) => {
  const request = new XMLHttpRequest();
  const bar = item.querySelector("progress");
  const doing = item.querySelector(".bo-progress__doing");
  const form = field.form;
  const data = new FormData();
  data.append("csrfmiddlewaretoken", form?.elements.csrfmiddlewaretoken?.value ?? "");
  data.append(field.name, file);
  request.open("POST", zone.dataset.dropUrl);
  request.setRequestHeader("X-Bocage-Upload", "1");
  request.upload.addEventListener("progress", (event) => {
    if (!event.lengthComputable) return;
    bar.value = (100 * event.loaded) / event.total;
    doing.textContent = bar.value < 100 ? `${Math.floor(bar.value)}\u00a0%, envoi` : "Envoyé, vérification";
  });
  request.addEventListener("loadend", () => {
    const html = request.responseText.trim();
    const sound = request.status >= 200 && request.status < 500 && html.startsWith("<li");
    if (sound) settle(item, html);
    else fail(item, () => { const next = line(file); item.replaceWith(next); send(zone, field, file, next); });
    done(sound);
  });
  request.send(data);
});

const start = (zone) => {
  const field = zone.querySelector('input[type="file"]');
  const list = document.getElementById(zone.dataset.dropList);
  const status = zone.querySelector("[data-drop-status]");
  if (!field || !list) return;
  const upload = async (files) => {
    const queue = [...files].map((file) => [file, line(file)]);
    const total = queue.length;
    if (!total) return;
    list.append(...queue.map(([, item]) => item));
    status.textContent = total > 1 ? `Envoi de ${total} fichiers.` : "Envoi d’un fichier.";
    let kept = 0;
    const worker = async () => {
      for (let next = queue.shift(); next; next = queue.shift()) {
        const sound = await send(zone, field, ...next); // apart: two workers share the count
        if (sound) kept += 1;
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    status.textContent = kept === total ? "Envoi terminé." : `Envoi terminé\u00a0: ${total - kept} à envoyer de nouveau.`;
    list.dispatchEvent(new CustomEvent("bocage:uploaded", { bubbles: true, detail: { total, kept } }));
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
    upload(event.dataTransfer.files);
  });
};

document.querySelectorAll("[data-drop]").forEach(start);
document.addEventListener("htmx:afterSwap", (event) => (event.detail.target ?? event.target).querySelectorAll("[data-drop]").forEach(start));
