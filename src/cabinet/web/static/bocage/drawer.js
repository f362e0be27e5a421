// The drawer: <a href="/…/" hx-get="/…/" hx-target="#drawer-content">. The view answers with {% drawer %} when
// request.htmx.target is "drawer-content", with the whole page otherwise. <dialog> keeps focus in and gives it back.
const drawer = document.getElementById("drawer");
if (drawer) {
  const content = document.getElementById("drawer-content");
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target === content && !drawer.open) drawer.showModal();
  });
  drawer.addEventListener("click", (event) => {
    if (event.target === drawer) drawer.close();
  });
  drawer.addEventListener("close", () => content.replaceChildren());
}
