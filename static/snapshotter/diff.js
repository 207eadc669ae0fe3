// Conveniences of the difference page. Everything works without them.
import { offerCopies } from "./copy.js";

const isTyping = (event) => event.target.closest("input, select, textarea, [contenteditable]") !== null;
const places = [...document.querySelectorAll(".task-diff")];

// Show which change is the present one, also where the page is too short to move.
function here(place) {
  for (const other of places) other.classList.toggle("here", other === place);
}

// Go to the change after (1) or before (-1) the one at the top of the window.
function jump(step) {
  const tops = places.map((place) => place.getBoundingClientRect().top);
  const present = places.findIndex((place) => place.classList.contains("here"));
  const seen = step > 0 ? tops.findIndex((top) => top > 60) : tops.findLastIndex((top) => top < 40);
  const at = present >= 0 ? present + step : seen;
  if (!places[at]) return;
  places[at].scrollIntoView();
  here(places[at]);
}

// One version can't stand on both sides.
function exclude(changed, other) {
  for (const option of other.options) option.disabled = option.value === changed.value;
}

offerCopies();
if (places.length > 1) {
  for (const bar of document.querySelectorAll(".jumps")) bar.hidden = false;
  for (const button of document.querySelectorAll("[data-jump]")) {
    button.addEventListener("click", () => jump(Number(button.dataset.jump)));
  }
  document.addEventListener("keydown", (event) => {
    if (isTyping(event) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "n") jump(1);
    if (event.key === "p") jump(-1);
  });
}
const [left, right] = document.querySelectorAll(".pair select");
if (left && right) {
  left.addEventListener("change", () => exclude(left, right));
  right.addEventListener("change", () => exclude(right, left));
  exclude(left, right);
  exclude(right, left);
}
