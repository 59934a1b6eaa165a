// What a person sees of one page at one size. Evaluated in the page; gives plain values.
() => {
  const root = document.documentElement;
  const name = (element) => {
    const id = element.id ? `#${element.id}` : "";
    const classes = [...element.classList].map((one) => `.${one}`).join("");
    const text = (element.innerText || element.value || "").trim().replace(/\s+/g, " ").slice(0, 40);
    return `${element.tagName.toLowerCase()}${id}${classes} “${text}”`;
  };
  const shown = (element) => element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true });
  const hiddenForEyes = (element) => element.closest(".visually-hidden, .skip, .tip") !== null;

  // The part of a box that no scrolling frame around it cuts off; what is above is worked out once.
  const all = { left: -Infinity, top: -Infinity, right: Infinity, bottom: Infinity };
  const frames = new Map([[document.body, all], [root, all]]);
  const frameOf = (element) => {
    if (!element) return all;
    if (frames.has(element)) return frames.get(element);
    let frame = frameOf(element.parentElement);
    const style = getComputedStyle(element);
    if (style.overflowX !== "visible" || style.overflowY !== "visible") {
      const box = element.getBoundingClientRect();
      frame = {
        left: Math.max(frame.left, box.left), right: Math.min(frame.right, box.right),
        top: Math.max(frame.top, box.top), bottom: Math.min(frame.bottom, box.bottom),
      };
    }
    frames.set(element, frame);
    return frame;
  };
  const visibleBox = (element, box = element.getBoundingClientRect()) => {
    const frame = frameOf(element.parentElement);
    const left = Math.max(box.left, frame.left), right = Math.min(box.right, frame.right);
    const top = Math.max(box.top, frame.top), bottom = Math.min(box.bottom, frame.bottom);
    return { left, top, right, bottom, width: right - left, height: bottom - top };
  };
  const afloat = new Map([[document.body, false], [root, false], [null, false]]);
  const floats = (element) => {
    if (!afloat.has(element)) {
      afloat.set(element, ["fixed", "sticky"].includes(getComputedStyle(element).position) || floats(element.parentElement));
    }
    return afloat.get(element);
  };

  const pieces = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.data.trim() || !element || ["SCRIPT", "STYLE", "OPTION", "TITLE"].includes(element.tagName)) continue;
    if (element.closest("svg, datalist") || hiddenForEyes(element) || !shown(element)) continue;
    pieces.push({ node, element });
  }

  const small = pieces
    .filter(({ element }) => parseFloat(getComputedStyle(element).fontSize) < 12)
    .map(({ element }) => `${name(element)} ${getComputedStyle(element).fontSize}`);

  const wide = [...document.querySelectorAll("main *, header *, footer *")]
    .filter((element) => visibleBox(element).right > innerWidth + 1 && shown(element) && !hiddenForEyes(element))
    .map((element) => `${name(element)} to ${Math.round(element.getBoundingClientRect().right)}`);

  // Lines of running text, in the width of the figure 0 of their own font.
  const canvas = document.createElement("canvas").getContext("2d");
  const zero = (element) => {
    const style = getComputedStyle(element);
    canvas.font = `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    return canvas.measureText("0").width;
  };
  const long = [];
  for (const { node, element } of pieces) {
    if (node.data.trim().length < 60 || element.closest("pre, code, textarea")) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const lines = [...range.getClientRects()];
    if (lines.length < 2) continue;
    const widest = Math.max(...lines.map((line) => line.width)) / zero(element);
    if (widest > 92) long.push(`${name(element)} ${Math.round(widest)}ch`);
  }

  // Words on words: boxes of text that lie on each other though neither element holds the other.
  const boxes = [];
  for (const { node, element } of pieces) {
    if (floats(element)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const line of range.getClientRects()) {
      const box = visibleBox(element, line);
      if (box.width > 2 && box.height > 2) boxes.push({ ...box, element });
    }
  }
  boxes.sort((a, b) => a.top - b.top);
  const overlapping = [];
  for (let i = 0; i < boxes.length && overlapping.length < 5; i += 1) {
    for (let j = i + 1; j < boxes.length && boxes[j].top < boxes[i].bottom - 3; j += 1) {
      const [a, b] = [boxes[i], boxes[j]];
      const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (across > 3 && down > 4 && a.element !== b.element) {
        overlapping.push(`${name(a.element)} and ${name(b.element)}`);
      }
    }
  }

  // Things to press: 24 by 24 at least, but for a link within a sentence or a list of words.
  const controls = [...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
    .filter((one) => one.type !== "hidden" && shown(one) && !hiddenForEyes(one));
  const inline = (one) => one.tagName === "A" && getComputedStyle(one).display.startsWith("inline") && !one.classList.contains("button");
  const fits = (one) => { const box = one.getBoundingClientRect(); return box.width > 23.5 && box.height > 23.5; };
  const tiny = controls
    .filter((one) => !inline(one) && !fits(one))
    .filter((one) => !["checkbox", "radio"].includes(one.type) || ![...(one.labels || [])].some(fits))
    .map((one) => { const box = one.getBoundingClientRect(); return `${name(one)} ${Math.round(box.width)}×${Math.round(box.height)}`; });

  const nameless = [...document.querySelectorAll("input, select, textarea")]
    .filter((one) => !["hidden", "submit", "button"].includes(one.type))
    .filter((one) => !(one.labels && one.labels.length) && !one.getAttribute("aria-label") && !one.getAttribute("aria-labelledby"))
    .map(name);

  const next = [...document.querySelectorAll("[data-next]")].filter(shown).map((element) => {
    const box = visibleBox(element);
    return {
      text: element.innerText.trim().replace(/\s+/g, " "),
      // A filled button, a link to what waits, a field to fill in, or words that say that nothing is.
      isPlain: element.matches(".button:not(.quiet), a.row-link, .notice a, summary, input, select, fieldset, .choices, .empty h2, h3")
        || /^Nothing|:$/.test(element.innerText.trim()),
      isSeen: box.top >= 0 && box.left >= 0 && box.bottom <= innerHeight && box.right <= innerWidth && box.height > 0,
      bottom: Math.round(box.bottom),
    };
  });

  return {
    scrolls: root.scrollWidth > innerWidth, wide: wide.slice(0, 8), small: small.slice(0, 8), long: long.slice(0, 8),
    overlapping, tiny: tiny.slice(0, 12), nameless, next,
    title: document.title, h1: [...document.querySelectorAll("h1")].map((one) => one.innerText),
    landmarks: ["header", "main", "footer"].map((one) => document.querySelectorAll(`body > ${one}`).length),
    language: root.lang,
  };
}
