// What a page shows, without the shapes of a machine's own fonts: every word with its colours,
// sizes and lines, in the order of the page. Evaluated in the page; gives one text.
() => {
  const properties = [
    "color", "backgroundColor", "fontSize", "fontWeight", "fontStyle", "fontFamily", "textTransform", "textDecorationLine",
    "textAlign", "display", "position", "float", "paddingTop", "paddingRight", "paddingBottom", "paddingLeft", "marginTop",
    "marginBottom", "borderTopWidth", "borderTopStyle", "borderTopColor", "borderLeftWidth", "borderLeftColor",
    "borderTopLeftRadius", "columnGap", "rowGap", "opacity", "boxShadow", "fill", "stroke",
  ];
  const told = [];
  for (const element of document.body.querySelectorAll("*")) {
    if (!element.checkVisibility() || element.closest(".visually-hidden, .skip, .tip, datalist, option")) continue;
    const words = [...element.childNodes].filter((one) => one.nodeType === 3).map((one) => one.data.trim()).join(" ");
    const style = getComputedStyle(element);
    const before = getComputedStyle(element, "::before");
    const shape = element.getAttribute("d") || element.getAttribute("alt") || element.value || "";
    told.push([
      element.tagName, words, shape, before.content, before.backgroundColor, ...properties.map((name) => style[name]),
    ].join("|"));
  }
  return told.join("\n").replace(/127\.0\.0\.1:\d+/g, "here")
    .replace(/[0-9a-f]{10,}…/g, "a hash, which no two worlds share");
}
