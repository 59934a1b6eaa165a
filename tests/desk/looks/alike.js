// Elements to ask about colours: of those that look alike, the first few. Evaluated in the page.
// Alike: the same colour, size and weight of words, on the same backgrounds all the way up,
// and in the flow of the page to the same depth: what floats may lie on what does not hold it.
(most) => {
  const behind = new Map([[null, ""]]);
  const backgrounds = (element) => {
    if (!behind.has(element)) {
      const style = getComputedStyle(element);
      const own = [style.backgroundColor, style.backgroundImage, style.opacity, style.filter, style.mixBlendMode, style.position].join();
      const nothing = own === "rgba(0, 0, 0, 0),none,1,none,normal,static";
      behind.set(element, backgrounds(element.parentElement) + (nothing ? "" : `|${own}`));
    }
    return behind.get(element);
  };
  const says = (element) =>
    ["INPUT", "SELECT", "TEXTAREA"].includes(element.tagName) ||
    [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
  const seen = new Map();
  return [...document.body.querySelectorAll("*")].filter((element) => {
    if (!says(element) || !element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true })) return false;
    const { color, fontSize, fontWeight, textShadow } = getComputedStyle(element);
    const look = [color, fontSize, fontWeight, textShadow, backgrounds(element)].join(";");
    seen.set(look, (seen.get(look) || 0) + 1);
    return seen.get(look) <= most;
  });
}
