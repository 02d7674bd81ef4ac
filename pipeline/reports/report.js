const form = document.querySelector("form");
const items = [...document.querySelectorAll("li")];
const count = document.getElementById("count");
const all = count.textContent;

function show() {
  const wanted = Object.fromEntries(new FormData(form));
  const text = wanted.text.toLowerCase();
  let shown = 0;
  for (const item of items) {
    const fits = ["severity", "check", "file"].every(
      (key) => !wanted[key] || item.dataset[key] === wanted[key]);
    item.hidden = !(fits && item.textContent.toLowerCase().includes(text));
    shown += !item.hidden;
  }
  for (const section of document.querySelectorAll("section")) {
    section.hidden = !section.querySelector("li:not([hidden])");
  }
  const values = { shown, count: items.length, summary: all };
  count.textContent = shown === items.length ? all
    : count.dataset.shown.replace(/{(\w+)}/g, (_, name) => values[name]);
}

if (form) {
  form.hidden = false;
  form.addEventListener("input", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  show();
}
