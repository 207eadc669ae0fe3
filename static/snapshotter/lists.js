// A workflow's history by keyboard: j k move, c left side, d compare, r roll back, / search, ? help.
// The page works without it: links, radio buttons and the form are all there.

const list = document.querySelector("ol.timeline");
const help = document.querySelector("dialog#keys");
const rows = list ? [...list.querySelectorAll("li.v")] : [];
const pick = (row, side) => row.querySelector(`input[name=${side}]`);

function current() {
  return rows.find((row) => row.contains(document.activeElement));
}

function move(step) {
  const here = rows.indexOf(current());
  const next = rows[here < 0 ? 0 : Math.min(Math.max(here + step, 0), rows.length - 1)];
  next?.querySelector(".l1 a").focus();
  next?.scrollIntoView({ block: "nearest" });
}

// A version is not compared with itself: what is chosen on one side can't be chosen on the other.
function exclude() {
  const left = rows.find((row) => pick(row, "left").checked);
  for (const row of rows) pick(row, "right").disabled = row === left && rows.length > 1;
  const right = rows.find((row) => pick(row, "right").checked);
  if (left && left === right && rows.length > 1) {
    pick(rows.find((row) => row !== left), "right").checked = true;
  }
}

function choose() {
  const row = current();
  if (!row) return;
  pick(row, "left").checked = true;
  exclude();
}

function compare() {
  const row = current();
  const left = rows.find((other) => pick(other, "left").checked);
  if (!row || !left) return;
  const before = row === left ? rows[rows.indexOf(row) + 1] : left; // on the left side itself: with the version before
  if (!before) return;
  const query = new URLSearchParams({ left: before.dataset.version, right: row.dataset.version });
  location.assign(`${list.dataset.diff}?${query}`);
}

function rollBack() {
  const link = current()?.querySelector("a[data-rollback]");
  if (link) location.assign(link.href);
}

const keys = {
  j: () => move(1),
  k: () => move(-1),
  c: choose,
  d: compare,
  r: rollBack,
  "/": () => document.querySelector("[data-search]")?.focus(),
  "?": () => help?.showModal(),
};

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input:not([type=radio]), select, textarea, [contenteditable]");
  if (typing || event.ctrlKey || event.metaKey || event.altKey || help?.open) return;
  const act = keys[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

list?.addEventListener("change", exclude);
exclude();

document.querySelector("[data-keys]")?.addEventListener("click", (event) => {
  event.preventDefault();
  help.showModal();
});
help?.querySelector("[data-close]")?.addEventListener("click", (event) => {
  event.preventDefault();
  help.close();
});
