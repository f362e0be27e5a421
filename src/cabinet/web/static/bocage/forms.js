// Fields that help: restoring a corrected value, typing a name to confirm.
document.addEventListener("click", (event) => {
  const restore = event.target.closest("[data-restore]");
  if (!restore) return;
  const field = document.getElementById(restore.dataset.restoreInto);
  field.value = restore.dataset.restore;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
  field.focus();
  restore.closest(".bo-field__corrected").remove();
});

// A button that shows more fields on a phone: aria-controls names them.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-expand]");
  if (!button) return;
  const open = button.getAttribute("aria-expanded") !== "true";
  button.setAttribute("aria-expanded", String(open));
  document.getElementById(button.getAttribute("aria-controls")).classList.toggle("bo-filters--open", open);
});

const same = (a, b) => a.trim().replace(/\s+/g, " ").localeCompare(b.trim(), "fr", { sensitivity: "variant" }) === 0;

const guard = (form) => {
  const field = form.querySelector("[data-confirm-field]");
  const submit = form.querySelector("[data-confirm-submit]");
  const update = () => { submit.disabled = !same(field.value, form.dataset.confirmTyping); };
  field.addEventListener("input", update);
  update();
};

// Enter in the search of a list looks for nothing more, and does not save the form.
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.closest?.("[data-picker-search]")) event.preventDefault();
});

const prepare = (part) => {
  part.querySelectorAll("form[data-confirm-typing]").forEach(guard);
};
prepare(document);
document.addEventListener("htmx:afterSwap", (event) => prepare(event.detail.target ?? event.target));

// The box of a table's head checks or clears every box of that name in the table.
document.addEventListener("change", (event) => {
  const all = event.target.closest("[data-check-all]");
  if (!all) return;
  all.closest("table").querySelectorAll(`input[name="${all.dataset.checkAll}"]:enabled`).forEach((box) => { box.checked = all.checked; });
});
