// Deciding about suppliers by keyboard: arrows go from a company to the next, one key confirms, one sets aside.
const form = document.querySelector("[data-suppliers]");
const radios = () => [...form.querySelectorAll("[data-candidate], [data-none]")];

const go = (from, step) => {
  const all = radios();
  const next = all[all.indexOf(from) + step];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
};

// The next supplier's first company, so that one key after another decides a whole page.
const following = (radio) => radios().slice(radios().indexOf(radio)).find((one) => one.name !== radio.name);

const decide = (radio) => {
  if (!radio) return;
  radio.checked = true;
  (following(radio) ?? radio).focus();
};

form?.addEventListener("keydown", (event) => {
  const radio = event.target;
  if (!radio.matches("[data-candidate], [data-none]") || event.ctrlKey || event.metaKey || event.altKey) return;
  const none = form.querySelector(`[data-none][name="${CSS.escape(radio.name)}"]`);
  const acts = {
    ArrowDown: () => go(radio, 1),
    ArrowUp: () => go(radio, -1),
    " ": () => decide(radio),
    c: () => decide(radio),
    n: () => decide(none),
    Enter: () => form.requestSubmit(),
  };
  const act = acts[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!act) return;
  event.preventDefault();
  act();
});
