// Buttons that copy: [data-copy] the text of the element it names; [data-copy-from] what an address answers, or, with a path, the value
// there in its JSON: a script whole and exact, however the page shows it. Hidden without scripts.
async function textOf(button) {
  if (button.dataset.copy) return document.querySelector(button.dataset.copy).textContent;
  const answer = await fetch(button.dataset.copyFrom, { headers: { Accept: "text/plain, application/json" } });
  if (!answer.ok) throw new Error(answer.statusText);
  const path = button.dataset.copyPath;
  return path ? path.split(".").reduce((value, key) => value[key], await answer.json()) : answer.text();
}

// Where the clipboard is refused (plain http), a selection still can be copied.
async function put(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "sr";
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  if (!done) throw new Error("refused");
}

export function offerCopies() {
  for (const button of document.querySelectorAll("[data-copy], [data-copy-from]")) {
    const name = button.textContent;
    button.hidden = false;
    button.setAttribute("aria-live", "polite");
    button.addEventListener("click", async () => {
      try {
        await put(await textOf(button));
        button.textContent = "✓ " + name;
      } catch {
        button.textContent = "✖ " + name;
      }
      setTimeout(() => { button.textContent = name; }, 2000);
    });
  }
}
