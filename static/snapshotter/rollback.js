// Conveniences of rollback's pages: choices show at once what they change, and a running rollback is followed. Everything works without it.
import { refreshTimes } from "./times.js";

const form = document.querySelector("form.rollback");

// What follows from the choices is fetched by the address that says them; what was ticked and typed stays.
async function follow() {
  const query = new URLSearchParams(location.search);
  for (const name of ["online", "schedule", "schedule_state", "with_name", "with_layout"]) {
    const chosen = form.elements[name]?.value;
    if (chosen) query.set(name, chosen);
  }
  query.delete("from");
  const address = `${location.pathname}?${query}`;
  const answer = await fetch(address, { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const ticked = new Set([...form.querySelectorAll("[name=acknowledged]:checked")].map((box) => box.value));
  for (const part of document.querySelectorAll("[data-follows]")) {
    const other = fresh.querySelector(`[data-follows="${part.dataset.follows}"]`);
    if (other) part.replaceWith(other);
  }
  for (const box of form.querySelectorAll("[name=acknowledged]")) box.checked = ticked.has(box.value);
  history.replaceState(null, "", address);
  refreshTimes();
}

if (form) {
  const look = form.querySelector("[data-look]"); // none where there is nothing to choose
  if (look) look.hidden = true;
  for (const part of form.querySelectorAll("[data-choices]")) part.addEventListener("change", follow);
  document.getElementById("problems")?.focus();
}

// A running one: the page's own part is fetched again until it has ended. Somebody typing is not disturbed.
function watch() {
  const part = document.querySelector("[data-live]");
  if (part) setTimeout(() => refresh(part), Number(part.dataset.live) * 1000);
}

async function refresh(part) {
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    const fresh = answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(part.id) : null;
    if (fresh && !part.contains(document.activeElement?.closest("input, textarea"))) {
      part.replaceWith(fresh);
      refreshTimes();
    }
  } catch {
    // away for a moment: the next look tells
  }
  watch();
}

watch();
