// Pan, zoom and search of the graphs. Without it they are shown whole and their links work.

const STEP = 1.25; // of one press of + or -
const READABLE = 0.4; // below this scale a graph opens at its first change instead of whole
const TINY = 0.22; // below this scale boxes are blots and texts are left out
const CLOSEST = 3; // screen pixels per unit

class Graphs {
  constructor(section) {
    this.section = section;
    this.frames = [...section.querySelectorAll(".g-view")];
    this.drawings = this.frames.map((frame) => frame.querySelector("svg"));
    this.whole = this.drawings[0].viewBox.baseVal;
    this.whole = { x: this.whole.x, y: this.whole.y, w: this.whole.width, h: this.whole.height };
    this.pointers = new Map();
    this.freeze();
    this.frames.forEach((frame) => this.listen(frame));
    this.bar();
    this.open();
  }

  // -- where one looks: all drawings show the same part, in units of the drawing; `scale` is pixels per unit

  get size() {
    const { clientWidth, clientHeight } = this.frames[0];
    return { w: clientWidth || 1, h: clientHeight || 1 };
  }

  get fitting() {
    return Math.min(1, this.size.w / this.whole.w, this.size.h / this.whole.h);
  }

  look(x, y, scale) {
    if (this.isPrinting) return;
    this.scale = Math.max(this.fitting, Math.min(CLOSEST, scale));
    const w = this.size.w / this.scale, h = this.size.h / this.scale;
    this.at = { x: within(x, this.whole.x, this.whole.w, w), y: within(y, this.whole.y, this.whole.h, h), w, h };
    const box = [this.at.x, this.at.y, w, h].map((value) => value.toFixed(1)).join(" ");
    this.drawings.forEach((drawing) => drawing.setAttribute("viewBox", box));
    this.frames.forEach((frame) => frame.classList.toggle("tiny", this.scale < TINY));
  }

  get isWhole() {
    return this.scale <= this.fitting * 1.001;
  }

  fit() {
    this.look(this.whole.x, this.whole.y, 0);
  }

  center(x, y, scale) {
    scale = Math.max(scale, this.fitting);
    this.look(x - this.size.w / scale / 2, y - this.size.h / scale / 2, scale);
  }

  // Frames get their height from the drawing's shape; once that is looked at in part, it must stay.
  freeze() {
    const height = Math.max(...this.frames.map((frame) => frame.getBoundingClientRect().height));
    this.frames.forEach((frame) => (frame.style.height = `${Math.max(160, Math.round(height))}px`));
  }

  // All, if it can be read; else all changes, if they can; else where most of them are; without changes the beginning.
  open() {
    const changed = [...this.section.querySelectorAll(".g-view .n.A, .g-view .n.M, .g-view .n.D")];
    const first = changed[0] || this.section.querySelector(".g-view .n");
    if (this.fitting >= READABLE || !first) return this.fit();
    const places = changed.map(corner), xs = places.map(({ x }) => x), ys = places.map(({ y }) => y);
    const left = Math.min(...xs) - 60, top = Math.min(...ys) - 60, w = Math.max(...xs) + 280 - left, h = Math.max(...ys) + 108 - top;
    const scale = Math.min(1, this.size.w / w, this.size.h / h);
    if (changed.length && scale >= READABLE) return this.center(left + w / 2, top + h / 2, scale);
    const w2 = this.size.w / 0.75 / 2 - 240, h2 = this.size.h / 0.75 / 2 - 60; // how far one sees to each side
    const seen = (at) => places.filter(({ x, y }) => Math.abs(x - at.x) < w2 && Math.abs(y - at.y) < h2).length;
    const best = places.slice(0, 200).reduce((one, at) => (one && seen(one) >= seen(at) ? one : at), null) || corner(first);
    this.center(changed.length ? best.x + 110 : best.x + this.size.w / 0.75 / 2 - 40, best.y + 24, 0.75);
  }

  print() {
    this.isPrinting = true;
    this.drawings.forEach((drawing) => drawing.setAttribute("viewBox", Object.values(this.whole).join(" ")));
  }

  printed() {
    this.isPrinting = false;
    this.look(this.at.x, this.at.y, this.scale);
  }

  zoom(factor, clientX, clientY) {
    const frame = this.frames[0].getBoundingClientRect();
    const px = clientX === undefined ? frame.width / 2 : clientX, py = clientY === undefined ? frame.height / 2 : clientY;
    const x = this.at.x + px / this.scale, y = this.at.y + py / this.scale;
    const scale = Math.max(this.fitting, Math.min(CLOSEST, this.scale * factor));
    this.look(x - px / scale, y - py / scale, scale);
  }

  pan(dx, dy) {
    this.look(this.at.x + dx / this.scale, this.at.y + dy / this.scale, this.scale);
  }

  show(node) {
    const { x, y } = corner(node);
    const inside = x >= this.at.x && y >= this.at.y && x + 220 <= this.at.x + this.at.w && y + 48 <= this.at.y + this.at.h;
    if (!inside) this.center(x + 110, y + 24, this.scale);
  }

  // -- hands

  listen(frame) {
    frame.classList.add("live");
    frame.addEventListener("wheel", (event) => this.wheel(event, frame), { passive: false });
    frame.addEventListener("pointerdown", (event) => this.down(event));
    frame.addEventListener("pointermove", (event) => this.move(event, frame));
    for (const end of ["pointerup", "pointercancel"]) frame.addEventListener(end, (event) => this.up(event));
    frame.addEventListener("click", (event) => this.click(event), true);
    frame.addEventListener("dblclick", () => this.fit());
    frame.addEventListener("dragstart", (event) => event.preventDefault());
    frame.addEventListener("keydown", (event) => this.key(event));
    frame.addEventListener("focusin", (event) => this.focus(event, frame));
    frame.addEventListener("focusout", () => this.light(null));
    frame.addEventListener("pointerover", (event) => this.light(event.target.closest(".n")));
    frame.addEventListener("pointerleave", () => this.light(null));
    frame.addEventListener("scroll", () => frame.scrollTo(0, 0)); // a focused box is brought into view by `show`
    new ResizeObserver(() => (this.isWhole ? this.fit() : this.look(this.at.x, this.at.y, this.scale))).observe(frame);
  }

  wheel(event, frame) {
    if (!event.ctrlKey && !event.metaKey) return; // the page scrolls
    event.preventDefault();
    const rect = frame.getBoundingClientRect();
    this.zoom(Math.exp(-event.deltaY * 0.002), event.clientX - rect.left, event.clientY - rect.top);
  }

  down(event) {
    if (event.button) return;
    this.pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    this.dragged = false;
  }

  move(event, frame) {
    const last = this.pointers.get(event.pointerId);
    if (!last) return;
    const now = { x: event.clientX, y: event.clientY };
    if (!this.dragged && Math.hypot(now.x - last.x, now.y - last.y) < 4) return;
    if (!this.dragged) frame.setPointerCapture(event.pointerId);
    this.dragged = true;
    const other = [...this.pointers].find(([id]) => id !== event.pointerId)?.[1];
    this.pointers.set(event.pointerId, now);
    if (!other) return this.pan(last.x - now.x, last.y - now.y);
    this.pan((last.x - now.x) / 2, (last.y - now.y) / 2); // as far as the middle between two fingers went
    const rect = frame.getBoundingClientRect();
    const factor = Math.hypot(now.x - other.x, now.y - other.y) / (Math.hypot(last.x - other.x, last.y - other.y) || 1);
    this.zoom(factor, (now.x + other.x) / 2 - rect.left, (now.y + other.y) / 2 - rect.top);
  }

  up(event) {
    this.pointers.delete(event.pointerId);
  }

  click(event) {
    if (this.dragged && event.detail) { // not Enter on a box
      event.preventDefault();
      event.stopPropagation();
      this.dragged = false;
      return;
    }
    const link = event.target.closest("a");
    const place = link && document.getElementById(link.getAttribute("href").slice(1));
    for (let at = place; at; at = at.parentElement) if (at instanceof HTMLDetailsElement) at.open = true;
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const moves = { ArrowLeft: [-60, 0], ArrowRight: [60, 0], ArrowUp: [0, -60], ArrowDown: [0, 60] };
    if (moves[event.key]) this.pan(...moves[event.key]);
    else if (event.key === "+" || event.key === "=") this.zoom(STEP);
    else if (event.key === "-") this.zoom(1 / STEP);
    else if (event.key === "0") this.fit();
    else return;
    event.preventDefault();
  }

  focus(event, frame) {
    const node = event.target.closest(".n");
    frame.scrollTo(0, 0);
    if (!node || !node.matches(":focus-visible")) return;
    this.show(node);
    this.light(node);
  }

  light(node) {
    if (node === this.lit) return;
    this.lit = node;
    for (const path of this.section.querySelectorAll(".lit")) path.classList.remove("lit");
    if (!node) return;
    const place = String([...node.ownerSVGElement.querySelectorAll(".n")].indexOf(node));
    for (const path of node.ownerSVGElement.querySelectorAll(`[data-e^="${place} "], [data-e$=" ${place}"]`)) path.classList.add("lit");
  }

  // -- the bar

  bar() {
    const bar = this.section.querySelector(".g-bar");
    bar.hidden = false;
    const acts = { in: () => this.zoom(STEP), out: () => this.zoom(1 / STEP), fit: () => this.fit(), only: (button) => this.only(button) };
    for (const button of bar.querySelectorAll("[data-do]")) button.addEventListener("click", () => acts[button.dataset.do](button));
    this.told = bar.querySelector("output");
    const field = bar.querySelector("input");
    field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      this.find(field.value, event.shiftKey ? -1 : 1);
    });
    field.addEventListener("input", () => this.find(field.value, 0));
  }

  only(button) {
    const on = this.section.classList.toggle("only");
    button.setAttribute("aria-pressed", String(on));
  }

  find(text, step) {
    for (const node of this.section.querySelectorAll(".hit")) node.classList.remove("hit");
    this.told.textContent = "";
    const wanted = text.trim().toLocaleLowerCase();
    if (!wanted) return;
    const places = new Map(); // a task that stands on both sides is one hit
    for (const node of this.section.querySelectorAll(".n")) {
      if (!node.ownerSVGElement.parentElement.matches(".g-view") || getComputedStyle(node).display === "none") continue;
      const title = node.querySelector("title").textContent;
      if (!title.toLocaleLowerCase().includes(wanted)) continue;
      const key = `${title}\n${node.getAttribute("transform")}`;
      places.set(key, [...(places.get(key) || []), node]);
    }
    const hits = [...places.values()];
    if (!hits.length) return void (this.told.textContent = this.told.dataset.none);
    this.hit = step && this.sought === wanted ? (this.hit + step + hits.length) % hits.length : 0;
    this.sought = wanted;
    hits[this.hit].forEach((node) => node.classList.add("hit"));
    const { x, y } = corner(hits[this.hit][0]);
    this.center(x + 110, y + 24, Math.max(this.scale, 0.8));
    this.told.textContent = `${this.hit + 1} / ${hits.length}`;
  }
}

function corner(node) {
  const { e, f } = node.transform.baseVal.consolidate().matrix;
  return { x: e, y: f };
}

// Keep a span of `length` from `start` over the whole: centred where it is longer than the whole.
function within(start, from, whole, length) {
  if (length >= whole) return from - (length - whole) / 2;
  return Math.max(from, Math.min(from + whole - length, start));
}

function start(section) {
  const graphs = new Graphs(section);
  addEventListener("beforeprint", () => graphs.print());
  addEventListener("afterprint", () => graphs.printed());
}

// A frame in a closed tab or fold has no size yet; it is started when it is first seen.
for (const section of document.querySelectorAll(".graphs")) {
  const frame = section.querySelector(".g-view");
  if (!frame) continue;
  new ResizeObserver((_, observer) => {
    if (!frame.clientWidth) return;
    observer.disconnect();
    start(section);
  }).observe(frame);
}
