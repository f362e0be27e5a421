// Small behaviours of the frame.
// "/" goes to the search field, unless one is already typing.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const field = document.querySelector('[data-shortcut="/"]');
  if (!field || !field.offsetParent) return;
  event.preventDefault();
  field.focus();
});

// The left menu of a phone.
const toggle = document.querySelector("[data-navigation]");
if (toggle) {
  const side = document.getElementById(toggle.getAttribute("aria-controls"));
  const show = (open) => {
    toggle.setAttribute("aria-expanded", String(open));
    side.classList.toggle("bo-side--open", open);
  };
  toggle.addEventListener("click", () => {
    const open = toggle.getAttribute("aria-expanded") !== "true";
    show(open);
    if (open) side.querySelector("a")?.focus();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && toggle.getAttribute("aria-expanded") === "true") {
      show(false);
      toggle.focus();
    }
  });
  document.addEventListener("click", (event) => {
    if (!side.contains(event.target) && !toggle.contains(event.target)) show(false);
  });
}

// Toasts stay ten seconds, longer while one reads or aims at them.
const dismiss = (toast) => toast.remove();
const arm = (toast) => {
  let timer = setTimeout(dismiss, 10000, toast);
  const hold = () => clearTimeout(timer);
  const resume = () => { hold(); timer = setTimeout(dismiss, 4000, toast); };
  toast.addEventListener("pointerenter", hold);
  toast.addEventListener("pointerleave", resume);
  toast.addEventListener("focusin", hold);
  toast.addEventListener("focusout", resume);
};
document.querySelectorAll("[data-toast]").forEach(arm);
document.addEventListener("click", (event) => {
  const close = event.target.closest("[data-toast-close]");
  if (close) dismiss(close.closest("[data-toast]"));
});

// Parts of a long page that fold: on a phone the first one alone begins open, and the one that the address or a link names.
const folds = [...document.querySelectorAll("[data-fold]")];
const unfold = (hash) => {
  const fold = hash.length > 1 && document.getElementById(hash.slice(1))?.closest("[data-fold]");
  if (fold) fold.open = true;
};
if (folds.length) {
  const narrow = matchMedia("(max-width: 767px)");
  const shorten = () => {
    if (narrow.matches) for (const fold of folds.slice(1)) fold.open = false;
    unfold(location.hash);
  };
  narrow.addEventListener("change", shorten);
  shorten();
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    if (link) unfold(link.getAttribute("href"));
  });
}

// « Copier » and « Imprimer ».
document.addEventListener("click", async (event) => {
  const copy = event.target.closest("[data-copy]");
  if (copy) {
    const field = document.getElementById(copy.dataset.copy);
    const said = document.querySelector("[data-copied]");
    try {
      await navigator.clipboard.writeText(field.value);
      said.textContent = "Copié";
    } catch {
      field.select();
      said.textContent = "Le texte est sélectionné : copiez-le au clavier.";
    }
  }
  if (event.target.closest("[data-print]")) window.print();
});

// What is folded is printed open.
const opened = [];
window.addEventListener("beforeprint", () => {
  document.querySelectorAll("main details:not([open], [data-menu])").forEach((one) => {
    one.open = true;
    opened.push(one);
  });
});
window.addEventListener("afterprint", () => {
  opened.splice(0).forEach((one) => { one.open = false; });
});
