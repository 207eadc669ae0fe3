// Conveniences of a version's page. Everything works without them.
import { offerCopies } from "./copy.js";

offerCopies();
for (const button of document.querySelectorAll("[data-fold]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    for (const task of document.querySelectorAll("details.task")) task.open = button.dataset.fold !== "";
  });
}
// A link to a task opens it.
function unfold() {
  const task = document.getElementById(location.hash.slice(1));
  if (task instanceof HTMLDetailsElement) task.open = true;
}
addEventListener("hashchange", unfold);
unfold();
