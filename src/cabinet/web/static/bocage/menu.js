// Menus (<details data-menu>): one open at a time, arrows, Home, End, Esc, and a place that no scrolling box cuts.
const items = (menu) => [...menu.querySelectorAll("[data-menu-item]")];

const place = (menu) => {
  const list = menu.querySelector(".bo-menu__list");
  const anchor = menu.querySelector("summary").getBoundingClientRect();
  Object.assign(list.style, { position: "fixed", inset: "auto" });
  const { width, height } = list.getBoundingClientRect();
  const below = anchor.bottom + 4 + height <= innerHeight || anchor.top < height;
  list.style.top = `${below ? anchor.bottom + 4 : anchor.top - 4 - height}px`;
  list.style.left = `${Math.max(8, Math.min(anchor.right - width, innerWidth - width - 8))}px`;
};

const closeAll = (except) => {
  document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
    if (menu !== except) menu.open = false;
  });
};

document.addEventListener("toggle", (event) => {
  const menu = event.target;
  if (!menu.matches?.("details[data-menu]") || !menu.open) return;
  closeAll(menu);
  place(menu);
}, true);

document.addEventListener("click", (event) => closeAll(event.target.closest("details[data-menu]")));
// An open menu follows its row, until the row leaves the window.
addEventListener("scroll", () => {
  const menu = document.querySelector("details[data-menu][open]");
  if (!menu) return;
  const { top, bottom } = menu.querySelector("summary").getBoundingClientRect();
  if (bottom < 0 || top > innerHeight) closeAll();
  else place(menu);
}, { passive: true, capture: true });
addEventListener("resize", () => closeAll());

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.("details[data-menu]");
  if (!menu) return;
  if (event.key === "Escape" && menu.open) {
    menu.open = false;
    menu.querySelector("summary").focus();
    event.stopPropagation();
    return;
  }
  const all = items(menu);
  const at = all.indexOf(document.activeElement);
  const next = { ArrowDown: at + 1, ArrowUp: at < 0 ? all.length - 1 : at - 1, Home: 0, End: all.length - 1 }[event.key];
  if (next === undefined || !all.length || (!menu.open && event.key !== "ArrowDown")) return;
  event.preventDefault();
  menu.open = true;
  all[(next + all.length) % all.length].focus();
});

document.addEventListener("focusin", (event) => closeAll(event.target.closest("details[data-menu]")));
