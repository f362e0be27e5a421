// « Nouveau client ». A fragment that judges fields (data-judges: their ids, data-fault) says so to the fields themselves,
// which are not drawn again while one types in them.
const judge = () => {
  document.querySelectorAll("[data-judges]").forEach((verdict) => {
    verdict.dataset.judges.split(" ").forEach((id) => {
      const field = document.getElementById(id);
      if (field) field.setAttribute("aria-invalid", verdict.dataset.fault);
    });
  });
};
document.addEventListener("htmx:afterSettle", judge);

// An answer to a question that is no longer on the page (the number changed meanwhile) comes too late: it is dropped.
document.addEventListener("htmx:beforeSwap", (event) => {
  const asked = event.detail.requestConfig.elt;
  if (asked.matches("[data-passing]") && !asked.isConnected) event.detail.shouldSwap = false;
});

// A link to a field in the foot leads to the field itself, not only to its place.
document.addEventListener("click", (event) => {
  const link = event.target.closest(".bo-foot__blocks a");
  if (!link) return;
  const place = document.getElementById(link.hash.slice(1));
  const field = place?.matches("input, select, textarea") ? place : place?.querySelector("input, select, textarea, button, a");
  if (!field) return;
  event.preventDefault();
  field.focus();
  field.scrollIntoView({ block: "center" });
});

// What was typed, pasted or restored by the browser before anything listened (the scripts of the page, or htmx on a field that
// an answer has just drawn again) is asked for once it does.
const catchUp = (part) => {
  part.querySelectorAll("[data-early]").forEach((field) => {
    if (field.value !== field.defaultValue) window.htmx?.trigger(field, "typed-early");
  });
};
if (document.readyState === "complete") catchUp(document);
else window.addEventListener("load", () => catchUp(document));
document.addEventListener("htmx:load", (event) => {
  if (event.detail.elt !== document.body) catchUp(event.detail.elt);
});
